//! Table `message_uuids`: messages by the key of their uuid.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, params};

use crate::row::Uuid;
use crate::store::Failure;

/// Gives SQL the function `uuid_key`, which is [`Uuid::key`]; null of null.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("uuid_key", 1, flags, |context| {
        Ok(Option::<Uuid>::column_result(context.get_raw(0))?.map(|uuid| uuid.key()))
    })
}

/// Adds messages by the keys of their uuids; sorted, they go into neighbouring places.
pub(crate) fn insert(connection: &Connection, added: &mut Vec<(i64, i64)>) -> Result<(), Failure> {
    added.sort_unstable();
    let mut insert = connection.prepare_cached("INSERT INTO message_uuids (key, message_id) VALUES (?1, ?2)")?;
    for (key, message_id) in added.drain(..) {
        insert.execute([key, message_id])?;
    }
    Ok(())
}

/// Whether some message has this uuid.
pub(crate) fn exists(connection: &Connection, uuid: &Uuid) -> Result<bool, Failure> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM message_uuids u JOIN messages m ON m.id = u.message_id WHERE u.key = ?1 AND m.uuid = ?2
             LIMIT 1",
        )?
        .query_row(params![uuid.key(), uuid], |_| Ok(()))
        .optional()?
        .is_some())
}

pub(crate) fn remove(connection: &Connection, uuid: &Uuid, message_id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("DELETE FROM message_uuids WHERE key = ?1 AND message_id = ?2")?
        .execute([uuid.key(), message_id])?;
    Ok(())
}
