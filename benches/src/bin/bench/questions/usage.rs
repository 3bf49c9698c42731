//! How long does the dashboard of all time take, and how much memory, in a process of its own, over very many sessions?

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use han_native::model::AnalyticsFilter;
use han_native::{Han, OpenOptions};
use rusqlite::Connection;

use super::memory::peak_kibibytes;
use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};
use crate::statistics::Sample;

const SESSIONS: i64 = 100_000;
const ROUNDS: usize = 5;

/// Copies the existing sessions, with their sums, until there are this many.
const MORE: &str = "
    CREATE TEMP TABLE copies AS WITH RECURSIVE copy (number) AS (
        SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number * (SELECT count(*) FROM sessions) < ?1)
        SELECT number, number * (SELECT max(id) + 1 FROM sessions) AS shift FROM copy;";
const SESSION_ROWS: &str = "
    INSERT INTO sessions (id, session_id, project_id, title, started_at, ended_at, model_id, message_count, prompt_count,
        assistant_count, is_talk)
    SELECT id + shift, session_id || '-' || number, project_id, title, started_at, ended_at, model_id, message_count,
        prompt_count, assistant_count, is_talk FROM sessions, copies LIMIT ?1";
const SUM_ROWS: &str = "
    INSERT INTO session_sums SELECT scope, span, session_id + shift, sums, calls FROM copies, session_sums
    WHERE session_id + shift IN (SELECT id FROM sessions)";

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let database = context.copy_of_indexed()?;
    fill(&database)?;
    let (mut milliseconds, mut megabytes) = (Vec::new(), 0_f64);
    for _ in 0..ROUNDS {
        let output = Command::new(std::env::current_exe()?).arg("--child-usage").arg(&database).output()?;
        if !output.status.success() {
            return Err(format!("the child failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
        }
        let text = String::from_utf8(output.stdout)?;
        let (time, peak) = text.trim().split_once(' ').ok_or("the child printed something else")?;
        milliseconds.push(std::time::Duration::from_secs_f64(time.parse()?));
        megabytes = megabytes.max(peak.parse::<f64>()? * 1024.0 / 1e6);
    }
    let sample = Sample::of_durations(&milliseconds);
    let what = "dashboard of 100,000 sessions";
    let time = format!("p50 {:.0} ms, max {:.0} ms", sample.median(), sample.greatest());
    Ok(vec![
        Row::new(what, time, sample.median(), " ms").goal(Bound::AtMost(300.0)),
        Row::new(format!("{what}, peak memory"), format!("{megabytes:.0} MB"), megabytes, " MB")
            .goal(Bound::AtMost(80.0)),
    ])
}

fn fill(database: &Path) -> Result<()> {
    let mut connection = Connection::open(database)?;
    let transaction = connection.transaction()?;
    let known: i64 = transaction.query_row("SELECT count(*) FROM sessions", [], |row| row.get(0))?;
    transaction.execute_batch(&MORE.replace("?1", &SESSIONS.to_string()))?;
    transaction.execute(SESSION_ROWS, [SESSIONS - known])?;
    transaction.execute(SUM_ROWS, [])?;
    transaction.commit()?;
    connection.pragma_update(None, "wal_checkpoint", "truncate")?;
    Ok(())
}

/// The child: opens, queries once, and prints the seconds it took, and its peak memory, in KiB.
pub(crate) fn ask_and_print(database: &Path) -> Result<()> {
    let start = Instant::now();
    let options = OpenOptions {
        db_path: Some(database.to_owned()),
        config_dirs: Some(Vec::new()),
        read_only: true,
        ..OpenOptions::default()
    };
    let han = Han::open(options)?;
    let dashboard = han.dashboard(&AnalyticsFilter::default())?;
    let seconds = start.elapsed().as_secs_f64();
    if dashboard.sessions < SESSIONS / 2 {
        return Err(format!("only {} sessions were talked in", dashboard.sessions).into());
    }
    println!("{seconds} {}", peak_kibibytes()?);
    Ok(())
}
