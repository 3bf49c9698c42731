//! The schema's numbered migrations. Never edited once released, only appended to.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use super::batch::Batch;
use super::failure::Failure;
use super::tables::strings::StringCache;
use super::time_zone;
use super::uuid_filter::UuidFilter;
use crate::error::{Error, Result};

/// Every migration, in order. The schema's number, SQLite's `user_version`, is how many of them a database has.
const MIGRATIONS: [&str; 11] = [
    include_str!("migrations/001_core.sql"),
    include_str!("migrations/002_live.sql"),
    include_str!("migrations/003_analytics.sql"),
    include_str!("migrations/004_queries.sql"),
    include_str!("migrations/005_vectors.sql"),
    include_str!("migrations/006_questions.sql"),
    include_str!("migrations/007_parents.sql"),
    include_str!("migrations/008_forks.sql"),
    include_str!("migrations/009_costs.sql"),
    include_str!("migrations/010_state.sql"),
    include_str!("migrations/011_request_log.sql"),
];

/// The newest schema number that this version knows.
pub(crate) const LATEST: i64 = MIGRATIONS.len() as i64;

/// The oldest version that may write, or read, what this version writes. Raised only by migrations that are not additive: a
/// writer has to keep `leader`, `message_uuids`, `message_times`, every sum, the vectors of messages that change or are removed, and what
/// blocks share; a reader has to find the sums, the rates that they are of, parents, and what was left out of blocks.
const MIN_WRITER: i64 = 11;
const MIN_READER: i64 = 11;

/// What has to be done before the database can be used.
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

/// Brings the schema up to date, in one transaction: an older version never sees, nor writes to, a half-migrated schema. Power loss
/// does not undo it. The caller holds the write lock.
pub(super) fn migrate(connection: &mut Connection, path: &Path, zone_name: &str) -> Result<()> {
    let sqlite = |error| Error::sqlite(path, error);
    connection.pragma_update(None, "synchronous", "full").map_err(sqlite)?;
    apply_pending(connection, path, zone_name).map_err(|failure| failure.at(path))?;
    connection.pragma_update(None, "synchronous", "normal").map_err(sqlite)
}

fn apply_pending(connection: &mut Connection, path: &Path, zone_name: &str) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = number(&transaction, path)?;
    let Ok(applied) = usize::try_from(found) else {
        let reason = format!("its schema number is {found}");
        return Err(Error::Corrupt { path: path.into(), reason }.into());
    };
    let Some(pending) = MIGRATIONS.get(applied..) else {
        return Err(Error::SchemaTooNew { path: path.into(), found, known: LATEST }.into());
    };
    if pending.is_empty() {
        return Ok(());
    }
    for sql in pending {
        transaction.execute_batch(sql)?;
    }
    if applied == 0 {
        transaction.execute("INSERT INTO meta VALUES ('time_zone', ?1)", [zone_name])?;
    }
    for (key, value) in [("min_writer", MIN_WRITER), ("min_reader", MIN_READER)] {
        transaction.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", (key, value.to_string()))?;
    }
    rebuild_stale_sums(&transaction)?;
    transaction.pragma_update(None, "user_version", LATEST)?;
    Ok(transaction.commit()?)
}

/// Counts every sum again if a migration made room for new ones.
fn rebuild_stale_sums(transaction: &Transaction<'_>) -> Result<(), Failure> {
    if transaction.execute("DELETE FROM meta WHERE key = 'sums_are_stale'", [])? == 0 {
        return Ok(());
    }
    let zone = time_zone::stored(transaction)?;
    let (mut strings, mut uuids) = (StringCache::default(), UuidFilter::default());
    let mut batch = Batch::new(transaction, &mut strings, &mut uuids, &zone)?;
    batch.rebuild_sums()?;
    batch.finish()?;
    Ok(())
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
