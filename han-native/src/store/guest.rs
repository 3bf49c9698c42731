//! Reading the database of another user: with the mistrust that an untrusted file deserves, and without creating one beside it, which
//! would be in the owner's way.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode};

use super::failure::Failure;
use super::path::with_suffix;
use crate::error::{Error, Result};
use crate::platform::permissions::OtherUser;

/// Lets nothing of it run: no trigger, no view, no function that its schema names.
pub(super) fn distrust(connection: &Connection) -> rusqlite::Result<()> {
    for (setting, is_on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    ] {
        connection.set_db_config(setting, is_on)?;
    }
    Ok(())
}

/// Reads from it for the first time, which shows whether it can be read.
pub(super) fn probe(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).map(drop)
}

/// Why it cannot be opened.
pub(super) fn error(path: &Path, owner: OtherUser, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => owner.may_alone(path, MENDING),
        _ => Error::sqlite(path, error),
    }
}

/// What SQLite cannot do without writing.
const MENDING: &str = "complete what its last writer left unfinished";

/// How SQLite reads the file without making another, as a URI parameter: with the log and its index if they exist, and without them
/// if everything is in the file itself.
pub(super) fn parameter(path: &Path) -> rusqlite::Result<&'static str> {
    let length = |suffix| std::fs::symlink_metadata(with_suffix(path, suffix)).ok().map(|metadata| metadata.len());
    if length("-journal").is_some_and(|length| length > 0) {
        return Err(unfinished());
    }
    match (length("-wal"), length("-shm")) {
        (Some(_), Some(_)) => Ok("readonly_shm=1"),
        (Some(1..), None) => Err(unfinished()),
        _ => Ok("immutable=1"),
    }
}

fn unfinished() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY), None)
}

/// Tables that are made for each model of vectors, and those of SQLite's own.
const OF_DATA: [&str; 2] = ["message_vectors_", "sqlite_"];

/// Refuses a schema that is not exactly the one that this version makes: what the statements find under these names would be something
/// else. `ours` has that one.
pub(super) fn check_schema(connection: &Connection, ours: &Connection, path: &Path) -> Result<()> {
    let differs = || -> Result<bool, Failure> {
        let (found, expected) = (schema(connection)?, schema(ours)?);
        Ok(found != expected)
    };
    match differs().map_err(|failure| failure.at(path))? {
        true => {
            Err(Error::ForeignDatabase { path: path.into(), reason: "its tables are not those of this version".into() })
        }
        false => Ok(()),
    }
}

fn schema(connection: &Connection) -> Result<BTreeSet<(String, String, Option<String>)>, Failure> {
    let mut statement = connection.prepare("SELECT type, name, sql FROM sqlite_schema")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut schema: BTreeSet<(String, String, Option<String>)> = rows.collect::<rusqlite::Result<_>>()?;
    // Views and triggers are compared whatever their name is.
    let is_of_data = |kind: &str, name: &str| {
        matches!(kind, "table" | "index") && OF_DATA.iter().any(|start| name.starts_with(start))
    };
    schema.retain(|(kind, name, _)| !is_of_data(kind, name));
    Ok(schema)
}
