//! Which records a file has alone, and so when it began: of two files with the same records, the one that began first has the
//! originals. Tables `generation_origins` and `lone_records`, column `generations.own_since`.
//!
//! A record is a file's own if no other file has it: none with its uuid or, if it has none, none that says the same.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::row::{LoneRow, Uuid, flag};
use crate::store::failure::Failure;

/// What a generation says about its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beginning {
    /// When its first own record was written; [`NEVER`] if it has none.
    pub(super) own_since: i64,
    /// The sessions that its records were copied from, as they say.
    origins: BTreeSet<String>,
}

impl Beginning {
    /// Whether it says that it was copied from a session.
    pub(super) fn names(&self, session: &str) -> bool {
        self.origins.contains(session)
    }
}

/// The beginning of a file that has no record of its own.
pub(crate) const NEVER: i64 = i64::MAX;

pub(super) fn beginning(connection: &Connection, generation_id: i64) -> Result<Beginning, Failure> {
    let own_since = stored(connection, generation_id)?.flatten().unwrap_or(NEVER);
    let mut statement = connection.prepare_cached("SELECT session FROM generation_origins WHERE generation_id = ?1")?;
    let origins = statement.query_map([generation_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(Beginning { own_since, origins })
}

/// Notes a session that a record of a generation names as its origin; returns whether it is the first to do so.
pub(crate) fn add_origin(connection: &Connection, generation_id: i64, session: &str) -> Result<bool, Failure> {
    let is_known = connection
        .prepare_cached("SELECT 1 FROM generation_origins WHERE generation_id = ?1 AND session = ?2")?
        .exists(params![generation_id, session])?;
    if !is_known {
        connection
            .prepare_cached("INSERT INTO generation_origins (generation_id, session) VALUES (?1, ?2)")?
            .execute(params![generation_id, session])?;
    }
    Ok(!is_known)
}

pub(crate) fn remove_origins(connection: &Connection, generation_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM generation_origins WHERE generation_id = ?1")?.execute([generation_id])?;
    Ok(())
}

pub(crate) fn add_lone(connection: &Connection, message_id: i64, lone: LoneRow) -> Result<(), Failure> {
    connection
        .prepare_cached("INSERT INTO lone_records (message_id, key, time) VALUES (?1, ?2, ?3)")?
        .execute([message_id, lone.key, lone.time])?;
    Ok(())
}

/// Removes what is known of a message without a uuid; returns its key.
pub(crate) fn remove_lone(connection: &Connection, message_id: i64) -> Result<Option<i64>, Failure> {
    let key = connection
        .prepare_cached("SELECT key FROM lone_records WHERE message_id = ?1")?
        .query_row([message_id], |row| row.get(0))
        .optional()?;
    if key.is_some() {
        connection.prepare_cached("DELETE FROM lone_records WHERE message_id = ?1")?.execute([message_id])?;
    }
    Ok(key)
}

/// The keys of the records without a uuid of a generation.
pub(crate) fn lone_keys(connection: &Connection, generation_id: i64) -> Result<Vec<i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT l.key FROM messages m CROSS JOIN lone_records l ON l.message_id = m.id WHERE m.generation_id = ?1",
    )?;
    Ok(statement.query_map([generation_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The current generations that have a record without a uuid of this key, each with whether it is known to share records with
/// others. One may be there more than once.
pub(crate) fn generations_with_lone(connection: &Connection, key: i64) -> Result<Vec<(i64, bool)>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT g.id, g.own_since IS NOT NULL FROM lone_records l CROSS JOIN messages m ON m.id = l.message_id
         CROSS JOIN generations g ON g.id = m.generation_id
         WHERE l.key = ?1 AND NOT g.is_superseded",
    )?;
    Ok(statement.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
}

/// The current generations that have a message of this uuid, each with whether it is known to share records with others.
pub(crate) fn generations_of(connection: &Connection, uuid: &Uuid) -> Result<Vec<(i64, bool)>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT g.id, g.own_since IS NOT NULL FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id
         CROSS JOIN generations g ON g.id = m.generation_id
         WHERE u.key = ?1 AND m.uuid = ?2 AND NOT g.is_superseded",
    )?;
    let rows = statement.query_map(params![uuid.key(), uuid], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is stored of the beginning of a current generation; `Some(None)` if it shares no records, as far as is known.
pub(crate) fn stored(connection: &Connection, generation_id: i64) -> Result<Option<Option<i64>>, Failure> {
    Ok(connection
        .prepare_cached("SELECT own_since FROM generations WHERE id = ?1 AND NOT is_superseded")?
        .query_row([generation_id], |row| row.get(0))
        .optional()?)
}

pub(crate) fn store(connection: &Connection, generation_id: i64, own_since: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE generations SET own_since = ?2 WHERE id = ?1")?
        .execute([generation_id, own_since])?;
    Ok(())
}

/// When the first own record of a generation was written, found by looking at all of its records.
pub(crate) fn find(connection: &Connection, generation_id: i64) -> Result<i64, Failure> {
    let mut earliest = NEVER;
    let mut statement = connection.prepare_cached(
        "SELECT uuid, time FROM messages WHERE generation_id = ?1 AND uuid IS NOT NULL AND time IS NOT NULL AND flags & ?2",
    )?;
    let mut rows = statement.query([generation_id, flag::OWN_TIME])?;
    while let Some(row) = rows.next()? {
        let time: i64 = row.get(1)?;
        // What is not earlier need not be looked up.
        if time < earliest && !is_shared(connection, generation_id, &row.get(0)?)? {
            earliest = time;
        }
    }
    let mut statement = connection.prepare_cached(
        "SELECT l.key, l.time FROM messages m CROSS JOIN lone_records l ON l.message_id = m.id WHERE m.generation_id = ?1",
    )?;
    let mut rows = statement.query([generation_id])?;
    while let Some(row) = rows.next()? {
        let time: i64 = row.get(1)?;
        if time < earliest && !is_lone_shared(connection, generation_id, row.get(0)?)? {
            earliest = time;
        }
    }
    Ok(earliest)
}

/// The uuids of a generation that another one has, too.
pub(crate) fn shared_uuids(connection: &Connection, generation_id: i64) -> Result<Vec<Uuid>, Failure> {
    let mut shared = Vec::new();
    let mut statement =
        connection.prepare_cached("SELECT uuid FROM messages WHERE generation_id = ?1 AND uuid IS NOT NULL")?;
    let mut rows = statement.query([generation_id])?;
    while let Some(row) = rows.next()? {
        let uuid = row.get(0)?;
        if is_shared(connection, generation_id, &uuid)? {
            shared.push(uuid);
        }
    }
    Ok(shared)
}

fn is_shared(connection: &Connection, generation_id: i64, uuid: &Uuid) -> Result<bool, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id
         CROSS JOIN generations g ON g.id = m.generation_id
         WHERE u.key = ?1 AND m.uuid = ?2 AND m.generation_id <> ?3 AND NOT g.is_superseded",
    )?;
    Ok(statement.exists(params![uuid.key(), uuid, generation_id])?)
}

fn is_lone_shared(connection: &Connection, generation_id: i64, key: i64) -> Result<bool, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM lone_records l CROSS JOIN messages m ON m.id = l.message_id
         CROSS JOIN generations g ON g.id = m.generation_id
         WHERE l.key = ?1 AND m.generation_id <> ?2 AND NOT g.is_superseded",
    )?;
    Ok(statement.exists([key, generation_id])?)
}
