//! Row ids of messages: a row that takes the place of a removed one takes its id as well, and an id is never assigned to another place
//! again, so that stored ranges of ids stay true.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::failure::Failure;

/// A row's line and part in its generation, and its id.
pub(super) type PlacedId = (i64, i64, i64);

/// Where the smallest id that may be assigned is kept, as long as it is greater than SQLite's own choice.
const LEAST_NEW: &str = "least_new_message_id";

/// What one transaction knows of ids.
#[derive(Default)]
pub(super) struct RowIds {
    /// By generation, in the order of their places.
    kept: HashMap<i64, Vec<PlacedId>>,
    /// In the same way, the ids that rows had before they became others.
    given_up: HashMap<i64, Vec<PlacedId>>,
    /// No new row may have a smaller id.
    least_new: i64,
    is_loaded: bool,
    /// Whether SQLite's own choice, the greatest id and one more, is a new one.
    is_clear: bool,
    has_removed: bool,
}

impl RowIds {
    /// Notes that a row was removed, for now or for good.
    pub(super) fn note_removed(&mut self, id: i64) {
        self.least_new = self.least_new.max(id + 1);
        self.is_clear = false;
        self.has_removed = true;
    }

    /// Keeps the ids of removed rows of a generation for those that come to their places.
    pub(super) fn keep(&mut self, generation_id: i64, places: Vec<PlacedId>) {
        let kept = self.kept.entry(generation_id).or_default();
        kept.extend(places);
        kept.sort_unstable();
    }

    /// Gives up the ids that were kept of a generation: its rows are others from now on.
    pub(super) fn give_up(&mut self, generation_id: i64) {
        self.given_up.extend(self.kept.remove_entry(&generation_id));
    }

    /// The id of the row that was at this place, to be taken by the one that comes to it.
    pub(super) fn kept(&self, generation_id: i64, line: i64, part: i64) -> Option<i64> {
        at(self.kept.get(&generation_id)?, line, part)
    }

    /// The id of the row that was at this place, of which only what depends on its text is taken over.
    pub(super) fn given_up(&self, generation_id: i64, line: i64, part: i64) -> Option<i64> {
        at(self.given_up.get(&generation_id)?, line, part)
    }

    /// The id of a row at a new place; `None` if SQLite's own choice will do.
    pub(super) fn new_id(&mut self, connection: &Connection) -> Result<Option<i64>, Failure> {
        if self.is_clear {
            return Ok(None);
        }
        self.load(connection)?;
        self.is_clear = true;
        Ok((self.least_new > 0 && greatest(connection)? + 1 < self.least_new).then_some(self.least_new))
    }

    /// Remembers what later transactions have to know.
    pub(super) fn finish(&mut self, connection: &Connection) -> Result<(), Failure> {
        if !self.has_removed {
            return Ok(());
        }
        self.load(connection)?;
        if greatest(connection)? + 1 < self.least_new {
            connection
                .prepare_cached(
                    "INSERT INTO meta (key, value) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![LEAST_NEW, self.least_new.to_string()])?;
        }
        Ok(())
    }

    fn load(&mut self, connection: &Connection) -> Result<(), Failure> {
        if !std::mem::replace(&mut self.is_loaded, true) {
            let text: Option<String> = connection
                .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
                .query_row([LEAST_NEW], |row| row.get(0))
                .optional()?;
            self.least_new = self.least_new.max(text.and_then(|text| text.parse().ok()).unwrap_or(0));
        }
        Ok(())
    }
}

fn at(places: &[PlacedId], line: i64, part: i64) -> Option<i64> {
    let at = places.binary_search_by(|place| (place.0, place.1).cmp(&(line, part))).ok()?;
    places.get(at).map(|place| place.2)
}

fn greatest(connection: &Connection) -> Result<i64, Failure> {
    let greatest: Option<i64> =
        connection.prepare_cached("SELECT max(id) FROM messages")?.query_row([], |row| row.get(0))?;
    Ok(greatest.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OpenOptions;
    use crate::store::Store;

    fn insert(connection: &Connection, id: Option<i64>, line: i64) -> i64 {
        connection
            .execute(
                "INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, flags, preview)
                 VALUES (?1, 1, ?2, 0, 0, 1, 1, 0, '')",
                params![id, line],
            )
            .unwrap();
        connection.last_insert_rowid()
    }

    fn add(connection: &Connection, ids: &mut RowIds, line: i64) -> i64 {
        let id = ids.kept(1, line, 0).or(ids.new_id(connection).unwrap());
        insert(connection, id, line)
    }

    fn remove(connection: &Connection, ids: &mut RowIds, id: i64) {
        connection.execute("DELETE FROM messages WHERE id = ?1", [id]).unwrap();
        ids.note_removed(id);
    }

    #[test]
    fn a_place_keeps_its_id_and_no_other_place_is_given_it() {
        let store = Store::open(OpenOptions { in_memory: true, ..OpenOptions::default() }).unwrap();
        let writing = store.begin_writing().unwrap();
        writing
            .connection(|connection| {
                let mut ids = RowIds::default();
                assert_eq!([1, 2, 3].map(|line| add(connection, &mut ids, line)), [1, 2, 3]);
                ids.finish(connection)?;

                // Two rows are replaced, and one line is new before them.
                let mut ids = RowIds::default();
                remove(connection, &mut ids, 2);
                remove(connection, &mut ids, 3);
                ids.keep(1, vec![(20, 0, 2), (30, 0, 3)]);
                assert_eq!([10, 20, 30, 40].map(|line| add(connection, &mut ids, line)), [4, 2, 3, 5]);
                ids.finish(connection)?;

                // The last ones go for good.
                let mut ids = RowIds::default();
                remove(connection, &mut ids, 5);
                remove(connection, &mut ids, 4);
                ids.finish(connection)?;
                let mut ids = RowIds::default();
                assert_eq!([50, 60].map(|line| add(connection, &mut ids, line)), [6, 7]);
                remove(connection, &mut ids, 7);
                ids.keep(1, vec![(60, 0, 7)]);
                ids.give_up(1);
                assert_eq!(add(connection, &mut ids, 60), 8);
                assert_eq!([60, 61].map(|line| ids.given_up(1, line, 0)), [Some(7), None]);
                ids.finish(connection)
            })
            .unwrap();
    }
}
