//! The schema's numbered migrations. Never edited once released, only appended to.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction};
use rusqlite_migration::{HookError, HookResult, M, Migrations};

use super::Failure;
use super::batch::Batch;
use super::tables::strings::StringCache;
use super::uuid_filter::UuidFilter;
use crate::error::{Error, Result};

const CORE: &str = include_str!("migrations/001_core.sql");
const LIVE: &str = include_str!("migrations/002_live.sql");
const ANALYTICS: &str = include_str!("migrations/003_analytics.sql");
const QUERIES: &str = include_str!("migrations/004_queries.sql");
const VECTORS: &str = include_str!("migrations/005_vectors.sql");
const QUESTIONS: &str = include_str!("migrations/006_questions.sql");
const PARENTS: &str = include_str!("migrations/007_parents.sql");

/// The newest schema number that this version knows: the number of the steps in [`migrate`].
pub(crate) const LATEST: i64 = 7;

/// The oldest version that may write, or read, what this version writes. Raised only by migrations that are not additive: a
/// writer has to keep `leader`, `message_uuids`, `message_times`, every sum, and the vectors of messages that change or go; a
/// reader has to find the sums, and parents.
const MIN_WRITER: i64 = 7;
const MIN_READER: i64 = 7;

/// What is to be done before the database can be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: the schema is ours, or newer and open to us.
    Ready,
    /// A writer has to migrate it first.
    NeedsMigration,
}

/// The schema's number.
pub(super) fn number(connection: &Connection, path: &Path) -> Result<i64> {
    let number = connection.query_row("PRAGMA user_version", [], |row| row.get(0));
    number.map_err(|error| Error::sqlite(path, error))
}

/// Looks at the schema number, and refuses a schema that is too new for the role.
pub(super) fn inspect(connection: &Connection, path: &Path, read_only: bool) -> Result<State> {
    let sqlite = |error| Error::sqlite(path, error);
    let found = number(connection, path)?;
    if found < LATEST {
        return match read_only {
            true => Err(Error::SchemaTooOld { path: path.into(), found, needed: LATEST }),
            false => Ok(State::NeedsMigration),
        };
    }
    let key = if read_only { "min_reader" } else { "min_writer" };
    let needed: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
        .optional()
        .map_err(sqlite)?;
    match needed.and_then(|text| text.parse::<i64>().ok()) {
        Some(needed) if needed <= LATEST => Ok(State::Ready),
        _ => Err(Error::SchemaTooNew { path: path.into(), found, known: LATEST }),
    }
}

/// Brings the schema up to date, in one transaction. The caller holds the write lock.
pub(super) fn migrate(connection: &mut Connection, path: &Path, time_zone: &str) -> Result<()> {
    let sqlite = |error| Error::sqlite(path, error);
    connection.pragma_update(None, "synchronous", "full").map_err(sqlite)?;
    let time_zone = time_zone.to_string();
    let created = move |transaction: &Transaction<'_>| {
        transaction.execute("INSERT INTO meta VALUES ('time_zone', ?1)", [&time_zone])?;
        Ok(())
    };
    let finished = |transaction: &Transaction<'_>| {
        for (key, value) in [("min_writer", MIN_WRITER), ("min_reader", MIN_READER)] {
            transaction.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", (key, value.to_string()))?;
        }
        rebuild_stale_sums(transaction)
    };
    // The last step finishes: the schema is then the one that the code knows.
    let steps = vec![
        M::up_with_hook(CORE, created),
        M::up(LIVE),
        M::up(ANALYTICS),
        M::up(QUERIES),
        M::up(VECTORS),
        M::up(QUESTIONS),
        M::up_with_hook(PARENTS, finished),
    ];
    Migrations::new(steps).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => Error::sqlite(path, err),
        other => Error::Corrupt { path: path.into(), reason: other.to_string() },
    })?;
    connection.pragma_update(None, "synchronous", "normal").map_err(sqlite)
}

/// Counts every sum anew, where a migration made room for new ones.
fn rebuild_stale_sums(transaction: &Transaction<'_>) -> HookResult {
    if transaction.execute("DELETE FROM meta WHERE key = 'sums_are_stale'", [])? == 0 {
        return Ok(());
    }
    let zone: String = transaction.query_row("SELECT value FROM meta WHERE key = 'time_zone'", [], |row| row.get(0))?;
    let zone = jiff::tz::TimeZone::get(&zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let (mut strings, mut uuids) = (StringCache::default(), UuidFilter::default());
    let rebuilt = Batch::new(transaction, &mut strings, &mut uuids, &zone).and_then(|mut batch| {
        batch.rebuild_sums()?;
        batch.finish()
    });
    rebuilt.map(|_| ()).map_err(|failure| match failure {
        Failure::Sqlite(error) => error.into(),
        Failure::Other(error) => HookError::Hook(error.to_string()),
    })
}

/// A database in memory without a row, for the tests of other modules.
#[cfg(test)]
pub(crate) fn empty_database() -> Connection {
    let mut connection = super::connection::open_in_memory().unwrap();
    migrate(&mut connection, Path::new(":memory:"), "UTC").unwrap();
    connection
}

#[cfg(test)]
#[path = "migrate_tests.rs"]
mod tests;
