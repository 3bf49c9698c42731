//! Lists of row ids that a statement tests each of its rows against: the function `is_among(id, list)`. `IN (SELECT ...)` would
//! build a tree of the list first, and walk it for each row.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::FromSqlError;

const ID_BYTES: usize = size_of::<i64>();

/// A list as `is_among` takes it, of ids that ascend.
pub(crate) fn packed(row_ids: &[i64]) -> Vec<u8> {
    debug_assert!(row_ids.is_sorted());
    row_ids.iter().flat_map(|id| id.to_le_bytes()).collect()
}

/// Registers the function.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("is_among", 2, flags, |context| {
        let id = context.get_raw(0).as_i64()?;
        let (ids, rest) = context.get_raw(1).as_blob()?.as_chunks::<ID_BYTES>();
        match rest {
            [] => Ok(ids.binary_search_by_key(&id, |bytes| i64::from_le_bytes(*bytes)).is_ok()),
            _ => Err(FromSqlError::InvalidType.into()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_the_list_is_among_it() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        for list in [vec![], vec![7], vec![i64::MIN, -1, 0, 3, i64::MAX]] {
            for id in [i64::MIN, -1, 0, 3, 7, i64::MAX] {
                let answer = connection.query_row("SELECT is_among(?1, ?2)", (id, packed(&list)), |row| row.get(0));
                assert_eq!(answer, Ok(list.contains(&id)), "{id} in {list:?}");
            }
        }
        for odd in ["is_among('x', x'')", "is_among(1, x'00')", "is_among(1, NULL)"] {
            let refused = connection.query_row(&format!("SELECT {odd}"), [], |row| row.get::<_, bool>(0));
            assert!(refused.is_err(), "{odd}");
        }
    }
}
