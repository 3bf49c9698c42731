//! Table `strings`: names that repeat, each stored once.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::store::failure::Failure;

/// Names kept in memory; past it the cache starts again.
const CAPACITY: usize = 10_000;

/// Remembers the ids of names from one transaction to the next. Rows of this table are never changed or removed.
#[derive(Default)]
pub(crate) struct StringCache {
    ids: HashMap<String, i64>,
}

impl StringCache {
    /// The id of a name, which is added if it is new.
    pub(crate) fn intern(&mut self, connection: &Connection, value: &str) -> Result<i64, Failure> {
        if let Some(id) = self.ids.get(value) {
            return Ok(*id);
        }
        let found = connection
            .prepare_cached("SELECT id FROM strings WHERE value = ?1")?
            .query_row([value], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                connection.prepare_cached("INSERT INTO strings (value) VALUES (?1)")?.execute([value])?;
                connection.last_insert_rowid()
            }
        };
        if self.ids.len() >= CAPACITY {
            self.ids.clear();
        }
        self.ids.insert(value.into(), id);
        Ok(id)
    }

    /// The id of a name that may be missing.
    pub(crate) fn intern_option(
        &mut self,
        connection: &Connection,
        value: Option<&str>,
    ) -> Result<Option<i64>, Failure> {
        value.map(|value| self.intern(connection, value)).transpose()
    }

    /// Forgets everything: after a rollback the ids may not exist.
    pub(crate) fn clear(&mut self) {
        self.ids.clear();
    }
}
