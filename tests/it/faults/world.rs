//! A folder with transcripts and databases in it, the lines of small transcripts, and what must hold of every database.

use std::path::{Path, PathBuf};

use han_native::model::{Page, SearchHit, SearchQuery};
use han_native::{DoctorOptions, Error, Han, OpenOptions, ScanOptions};
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A private folder, gone at the end of the test, with a config dir in it.
pub(super) struct World {
    folder: TempDir,
}

impl World {
    pub(super) fn new() -> World {
        let folder = tempfile::Builder::new().prefix("han-").tempdir().unwrap();
        let world = World { folder };
        std::fs::create_dir_all(world.config_dir().join("projects")).unwrap();
        world
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(super) fn config_dir(&self) -> PathBuf {
        self.path().join("claude")
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path().join("han.db")
    }

    /// Where the main file of a session of the one project is.
    pub(super) fn transcript(&self, session: &str) -> PathBuf {
        self.config_dir().join("projects/-code-shop").join(format!("{session}.jsonl"))
    }

    pub(super) fn write(&self, session: &str, lines: &str) -> PathBuf {
        let path = self.transcript(session);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, lines).unwrap();
        path
    }

    pub(super) fn options(&self) -> OpenOptions {
        options(&self.database(), &self.config_dir())
    }

    pub(super) fn open(&self) -> Han {
        Han::open(self.options()).unwrap()
    }

    /// The database, with everything in it that the config dir has.
    pub(super) fn scanned(&self) -> Han {
        let han = self.open();
        scan(&han);
        han
    }
}

pub(super) fn options(database: &Path, config_dir: &Path) -> OpenOptions {
    OpenOptions {
        db_path: Some(database.into()),
        config_dirs: Some(vec![config_dir.into()]),
        time_zone: Some("Asia/Kolkata".into()),
        ..OpenOptions::default()
    }
}

/// Scans the config dirs; nothing in them may be unreadable.
pub(super) fn scan(han: &Han) -> han_native::model::ScanReport {
    let report = han.scan(ScanOptions::default()).unwrap();
    assert_eq!(report.errors, []);
    report
}

/// A prompt and its answer, as two lines.
pub(super) fn turn(session: &str, number: usize, words: &str) -> String {
    let (prompt, answer) = (uuid(session, number * 2), uuid(session, number * 2 + 1));
    let (minute, second) = (number / 60 % 60, number % 60);
    let hour = number / 3_600 % 24;
    let time = format!("2026-03-01T{hour:02}:{minute:02}:{second:02}");
    format!(
        r#"{{"type":"user","uuid":"{prompt}","parentUuid":null,"timestamp":"{time}.000Z","sessionId":"{session}","cwd":"/code/shop","version":"2.1.0","gitBranch":"main","isSidechain":false,"userType":"external","message":{{"role":"user","content":"please {words}"}}}}
{{"type":"assistant","uuid":"{answer}","parentUuid":"{prompt}","timestamp":"{time}.500Z","sessionId":"{session}","cwd":"/code/shop","version":"2.1.0","gitBranch":"main","isSidechain":false,"userType":"external","requestId":"req_{session}_{number}","message":{{"id":"msg_{session}_{number}","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{{"type":"text","text":"done with {words}"}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{"input_tokens":7,"output_tokens":11,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}}}}}}
"#
    )
}

/// So many turns with words that differ from turn to turn.
pub(super) fn turns(session: &str, count: usize) -> String {
    const NOUNS: [&str; 7] = ["parser", "ledger", "window", "socket", "garden", "bridge", "matrix"];
    (0..count).map(|number| turn(session, number, &format!("the {} number{number}", NOUNS[number % 7]))).collect()
}

fn uuid(session: &str, number: usize) -> String {
    let mut random =
        Random::new(session.bytes().fold(number as u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte)));
    let (high, low) = (random.next(), random.next());
    let group = |value: u64, digits: u32| value & ((1 << (digits * 4)) - 1);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        group(high, 8),
        group(high >> 32, 4),
        group(high >> 48, 3),
        group(low >> 48, 3),
        group(low, 12)
    )
}

/// SplitMix64: the same numbers for the same seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

pub(super) fn search(han: &Han, query: &str) -> Result<Page<SearchHit>, Error> {
    han.search(&SearchQuery { query: query.into(), first: Some(1_000), ..SearchQuery::default() })
}

/// The ids of the messages that match, sorted.
pub(super) fn found(han: &Han, query: &str) -> Vec<String> {
    let mut ids: Vec<String> = search(han, query).unwrap().items.iter().map(|hit| hit.message.id.to_string()).collect();
    ids.sort();
    ids
}

/// The doctor and SQLite's own check find nothing.
pub(super) fn assert_sound(han: &Han, database: &Path) {
    let report = han.doctor(DoctorOptions::default()).unwrap();
    assert!(report.is_healthy, "the doctor finds {:#?}", report.issues);
    assert_eq!(integrity(database), ["ok"]);
}

pub(super) fn integrity(database: &Path) -> Vec<String> {
    let connection = reader(database);
    let mut statement = connection.prepare("PRAGMA integrity_check").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

pub(super) fn reader(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).unwrap()
}

/// Writes to the database behind the back of the library.
pub(super) fn meddle(database: &Path, sql: &str) {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch(sql).unwrap();
}

/// The code of a failure.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.expect_err("this has to fail").code().as_str()
}

/// Whether the tests may do what only the superuser may.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says why a test does nothing here.
pub(super) fn skip(reason: &str) {
    eprintln!("skipped: {reason}");
}
