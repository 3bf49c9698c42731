//! What does it cost to index one appended line, and does the cost grow with the session or the database?

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use han_benches::{Era, Generator};
use han_native::ScanOptions;
use rusqlite::Connection;

use crate::Result;
use crate::context::{Context, database_bytes, open};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const SESSIONS: &[usize] = &[1_000_000, 10_000_000, 100_000_000];
const LINES: usize = 400;
/// Warm-up appends.
const WARM_UP: usize = 20;
const LARGE_DATABASE: u64 = 1_000_000_000;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let lines: Vec<Vec<u8>> = (Generator::new(context.seed + 99).session(Era::V2_1))
        .filter(|line| line.bytes.len() < 16_000)
        .take(WARM_UP + LINES)
        .map(|line| [line.bytes.as_slice(), b"\n"].concat())
        .collect();
    let database = context.copy_of_indexed()?;
    let floor = Sample::of_durations(&bare_inserts(&database, &lines)?);
    let mut rows = Vec::new();
    let mut medians = Vec::new();
    for size in SESSIONS {
        let database = context.copy_of_indexed()?;
        let (row, median) = measure(context, &database, *size, &lines, &floor)?;
        rows.push(row);
        medians.push(median);
    }
    if context.large {
        let database = large_database(context)?;
        let (row, median) = measure(context, &database, 10_000_000, &lines, &floor)?;
        rows.push(row);
        medians.push(median);
    } else {
        rows.push(Row::skipped("append, 1 GB database", "ask for it with --large"));
    }
    let medians = Sample::new(medians);
    let flatness = medians.greatest() / medians.least();
    rows.push(
        Row::new("append, greatest / least p50", format!("{flatness:.2}"), flatness, "")
            .goal(Bound::AtMost(1.5))
            .must(Bound::AtMost(1.5)),
    );
    Ok(rows)
}

fn measure(
    context: &mut Context,
    database: &Path,
    size: usize,
    lines: &[Vec<u8>],
    floor: &Sample,
) -> Result<(Row, f64)> {
    let config_dir = context.new_folder()?;
    let project = config_dir.join("projects/-home-kim-append");
    std::fs::create_dir_all(&project)?;
    let generator = Generator::new(context.seed + size as u64);
    let path = project.join(format!("{}.jsonl", generator.session(Era::V2_1).session_id()));
    std::fs::write(&path, generator.single_session(size))?;

    let han = open(database, &config_dir)?;
    han.index_session_file(&path)?;
    let mut file = std::fs::OpenOptions::new().append(true).open(&path)?;
    let mut durations = Vec::new();
    for line in lines {
        file.write_all(line)?;
        let start = Instant::now();
        let result = han.index_session_file(&path)?;
        durations.push(start.elapsed());
        if result.messages_indexed != 1 {
            return Err(format!("an append of one line indexed {} messages", result.messages_indexed).into());
        }
    }
    han.close();
    drop(han);
    let megabytes = database_bytes(database) / 1_000_000;
    std::fs::remove_file(&path)?;

    let sample = Sample::of_durations(&durations[WARM_UP..]);
    let what = format!("append, {} MB session, {megabytes} MB database", size / 1_000_000);
    let measured =
        format!("p50 {:.2}, p99 {:.2}, max {:.1} ms", sample.median(), sample.quantile(0.99), sample.greatest());
    let row = Row::new(what, measured, sample.median(), " ms")
        .against(format!("p50 {:.2} ms", floor.median()), sample.median() / floor.median())
        .goal(Bound::AtMost(0.5))
        .must(Bound::AtMost(1.0));
    Ok((row, sample.median()))
}

/// The floor: a transaction that inserts one row of the same bytes into one indexed table of the same database.
fn bare_inserts(database: &Path, lines: &[Vec<u8>]) -> Result<Vec<Duration>> {
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.execute_batch(
        "CREATE TABLE bare (id INTEGER PRIMARY KEY, hash INTEGER, line BLOB); CREATE INDEX bare_by_hash ON bare (hash)",
    )?;
    let mut durations = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let start = Instant::now();
        let hash = (number as i64).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64);
        connection.prepare_cached("INSERT INTO bare (hash, line) VALUES (?1, ?2)")?.execute((hash, line))?;
        durations.push(start.elapsed());
    }
    Ok(durations)
}

/// Fills a database until it has 1 GB.
fn large_database(context: &mut Context) -> Result<std::path::PathBuf> {
    let database = context.copy_of_indexed()?;
    for number in 1.. {
        let bytes = database_bytes(&database);
        if bytes >= LARGE_DATABASE {
            break;
        }
        let config_dir = context.new_folder()?;
        Generator::new(context.seed + number).config_dir(&config_dir, 300_000_000)?;
        let han = open(&database, &config_dir)?;
        han.scan(ScanOptions::default())?;
        han.close();
        drop(han);
        std::fs::remove_dir_all(config_dir)?;
        if database_bytes(&database) <= bytes {
            return Err("the database does not grow".into());
        }
    }
    Ok(database)
}
