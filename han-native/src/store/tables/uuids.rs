//! Table `message_uuids`: messages by the key of their uuid.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, params};

use crate::row::Uuid;
use crate::store::failure::Failure;

/// Registers the function `uuid_key`, which is [`Uuid::key`]; null for null.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_that_are_counted_up_have_keys_of_their_own() {
        let keys: std::collections::HashSet<i64> = (0..1_000_u128)
            .flat_map(|number| [number.to_be_bytes(), (number << 64).to_be_bytes()])
            .map(|bytes| Uuid::Bytes(bytes).key())
            .collect();
        assert_eq!(keys.len(), 1_999, "the first of both is the same");
    }

    #[test]
    fn sql_knows_the_key() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        for uuid in [Uuid::Bytes([7; 16]), Uuid::Text("odd".into())] {
            let key: i64 = connection.query_row("SELECT uuid_key(?1)", [&uuid], |row| row.get(0)).unwrap();
            assert_eq!(key, uuid.key());
        }
        assert!(connection.query_row("SELECT uuid_key(NULL) IS NULL", [], |row| row.get::<_, bool>(0)).unwrap());
    }
}
