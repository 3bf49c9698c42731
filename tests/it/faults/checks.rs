//! What has to hold of every database, and short ways to query and to damage one.

use std::path::Path;

use han_native::model::{Page, SearchHit, SearchQuery};
use han_native::{DoctorOptions, Error, Han, ScanOptions};
use rusqlite::{Connection, OpenFlags};

pub(super) use crate::support::home::options;

/// Scans the config dirs; nothing in them may be unreadable.
pub(super) fn scan(han: &Han) -> han_native::model::ScanReport {
    let report = han.scan(ScanOptions::default()).unwrap();
    assert_eq!(report.errors, []);
    report
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

/// Writes to the database without the library.
pub(super) fn meddle(database: &Path, sql: &str) {
    let connection = Connection::open(database).unwrap();
    connection.execute_batch(sql).unwrap();
}

/// The code of a failure.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.expect_err("this has to fail").code().as_str()
}

/// Whether the tests run with the rights of the superuser.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Prints why a test does nothing here.
pub(super) fn skip(reason: &str) {
    eprintln!("skipped: {reason}");
}
