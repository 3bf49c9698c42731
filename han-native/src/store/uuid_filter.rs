//! Whether a uuid is in the database, without a query: while an empty database is filled, nearly none is.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use rusqlite::Connection;

use super::failure::Failure;

/// Uuids that are remembered; beyond that the database is queried.
const CAPACITY: usize = 1_000_000;

/// Remembers the uuids of a database that it has seen from its beginning on.
#[derive(Default)]
pub(super) struct UuidFilter {
    /// `None` if there are uuids that it has not seen.
    seen: Option<HashSet<i64, ByItself>>,
}

impl UuidFilter {
    /// Starts again if the database has no message.
    pub(super) fn begin(&mut self, connection: &Connection) -> Result<(), Failure> {
        let is_empty: bool =
            connection.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM messages)")?.query_row([], |row| row.get(0))?;
        if is_empty {
            self.seen = Some(HashSet::default());
        }
        Ok(())
    }

    /// Forgets everything: another handle wrote, or a transaction was rolled back.
    pub(super) fn clear(&mut self) {
        self.seen = None;
    }

    /// Notes the key of a uuid; returns whether the database may have had it before.
    pub(super) fn may_be_known(&mut self, key: i64) -> bool {
        let Some(seen) = &mut self.seen else { return true };
        if seen.len() >= CAPACITY {
            self.seen = None;
            return true;
        }
        !seen.insert(key)
    }
}

/// Takes the key of a uuid, which is a hash already, by itself.
pub(super) type ByItself = BuildHasherDefault<KeyHasher>;

#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64(bytes);
    }

    fn write_i64(&mut self, key: i64) {
        self.0 = key as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
