//! The schema's numbered migrations. Never edited once released, only appended to.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction};
use rusqlite_migration::{M, Migrations};

use crate::error::{Error, Result};

const CORE: &str = include_str!("migrations/001_core.sql");

/// The newest schema number that this version knows: the number of the steps in [`migrate`].
pub(super) const LATEST: i64 = 1;

/// The oldest version that may write, or read, what this version writes. Raised only by migrations that are not additive.
const MIN_WRITER: i64 = 1;
const MIN_READER: i64 = 1;

/// What is to be done before the database can be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: the schema is ours, or newer and open to us.
    Ready,
    /// A writer has to migrate it first.
    NeedsMigration,
}

/// Looks at the schema number, and refuses a schema that is too new for the role.
pub(super) fn inspect(connection: &Connection, path: &Path, read_only: bool) -> Result<State> {
    let sqlite = |error| Error::sqlite(path, error);
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(sqlite)?;
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
    let steps = vec![M::up_with_hook(CORE, move |transaction: &Transaction<'_>| {
        let rows = [
            ("min_writer", MIN_WRITER.to_string()),
            ("min_reader", MIN_READER.to_string()),
            ("time_zone", time_zone.clone()),
        ];
        for (key, value) in rows {
            transaction.execute("INSERT INTO meta VALUES (?1, ?2)", (key, value))?;
        }
        Ok(())
    })];
    Migrations::new(steps).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => Error::sqlite(path, err),
        other => Error::Corrupt { path: path.into(), reason: other.to_string() },
    })?;
    connection.pragma_update(None, "synchronous", "normal").map_err(sqlite)
}
