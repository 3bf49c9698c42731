//! Table `tombstones`: what was forgotten stays forgotten.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::failure::Failure;

/// Whether a session was forgotten.
pub(crate) fn is_forgotten(connection: &Connection, session: &str) -> Result<bool, Failure> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM tombstones WHERE session_id = ?1")?
        .query_row([session], |_| Ok(()))
        .optional()?
        .is_some())
}

pub(crate) fn insert(connection: &Connection, session: &str, now: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO tombstones (session_id, time) VALUES (?1, ?2)")?
        .execute(params![session, now])?;
    Ok(())
}
