//! Answers for many sessions at once: one statement finds the sessions, one more the rows of all of them.

use rusqlite::{Connection, Row};

use super::rows::{index, json_array};
use crate::store::Failure;

/// The sessions that were requested.
pub(super) struct Wanted {
    /// Where each is among the known ones, in the order of asking; `None` for an unknown one.
    asked: Vec<Option<usize>>,
    known: Vec<Known>,
}

struct Known {
    row_id: i64,
    name: String,
}

const FIND: &str = "SELECT wanted.key, session.id, session.session_id FROM json_each(?1) AS wanted
    CROSS JOIN sessions AS session ON session.session_id = wanted.value";

impl Wanted {
    /// Finds the sessions of these ids; an id may come more than once.
    pub(super) fn find(connection: &Connection, ids: &[String]) -> Result<Wanted, Failure> {
        let mut wanted = Wanted { asked: vec![None; ids.len()], known: Vec::new() };
        let mut places = std::collections::HashMap::new();
        let mut statement = connection.prepare_cached(FIND)?;
        let mut rows = statement.query([json_array(ids)])?;
        while let Some(row) = rows.next()? {
            let (at, row_id, name): (usize, i64, String) = (index(row, 0)?, row.get(1)?, row.get(2)?);
            // SQLite ends a text of JSON at a NUL: what it found may not be what was requested.
            if ids.get(at) != Some(&name) {
                continue;
            }
            let place = *places.entry(row_id).or_insert_with(|| {
                wanted.known.push(Known { row_id, name });
                wanted.known.len() - 1
            });
            wanted.asked[at] = Some(place);
        }
        Ok(wanted)
    }

    /// The rows of each session, in the order of asking and, for one session, in that of the statement; `None` for an
    /// unknown session. The statement takes the list of the sessions' row ids as `?1`; its first column is the position there.
    /// `read` also gets the session's id.
    pub(super) fn rows<T: Clone>(
        &self,
        connection: &Connection,
        sql: &str,
        mut read: impl FnMut(&Row<'_>, &str) -> rusqlite::Result<T>,
    ) -> Result<Vec<Option<Vec<T>>>, Failure> {
        let mut found: Vec<Vec<T>> = vec![Vec::new(); self.known.len()];
        if !found.is_empty() {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query([json_array(&self.row_ids())])?;
            while let Some(row) = rows.next()? {
                let at = index(row, 0)?;
                if let (Some(list), Some(session)) = (found.get_mut(at), self.known.get(at)) {
                    list.push(read(row, &session.name)?);
                }
            }
        }
        Ok(self.deal(found))
    }

    /// As [`rows`](Wanted::rows), if a session has one row at most: `None` also if it has none.
    pub(super) fn row<T: Clone>(
        &self,
        connection: &Connection,
        sql: &str,
        read: impl FnMut(&Row<'_>, &str) -> rusqlite::Result<T>,
    ) -> Result<Vec<Option<T>>, Failure> {
        let found = self.rows(connection, sql, read)?;
        Ok(found.into_iter().map(|rows| rows.and_then(|rows| rows.into_iter().next())).collect())
    }

    /// The row ids and the ids of the asked sessions; `None` for an unknown one.
    pub(super) fn known(&self) -> impl Iterator<Item = Option<(i64, &str)>> {
        let known = |place: usize| self.known.get(place).map(|session| (session.row_id, session.name.as_str()));
        self.asked.iter().map(move |place| place.and_then(known))
    }

    /// The row ids of the known sessions, each once.
    pub(super) fn row_ids(&self) -> Vec<i64> {
        self.known.iter().map(|session| session.row_id).collect()
    }

    /// Assigns each asked id its list; only a list that is needed again is copied.
    fn deal<T: Clone>(&self, mut found: Vec<Vec<T>>) -> Vec<Option<Vec<T>>> {
        let mut askers = vec![0_usize; found.len()];
        for place in self.asked.iter().flatten() {
            askers[*place] += 1;
        }
        let mut give = |place: usize| {
            askers[place] -= 1;
            if askers[place] == 0 { std::mem::take(&mut found[place]) } else { found[place].clone() }
        };
        self.asked.iter().map(|place| place.map(&mut give)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::Fixture;

    #[test]
    fn each_asker_gets_its_answer_in_the_order_of_asking() {
        let fixture = Fixture::new();
        let (first, second) = (fixture.session("a", Some(1), true), fixture.session("b", None, true));
        fixture.session("none", None, true);
        for (session, path) in [(second, "2"), (first, "1"), (second, "3")] {
            fixture.file(session, path, "main", None);
        }
        let asked = ["b", "unknown", "none", "a", "b", "a\0x", ""].map(str::to_owned);
        let wanted = Wanted::find(&fixture.connection, &asked).unwrap();
        let sql = "SELECT wanted.key, file.path FROM json_each(?1) AS wanted
            CROSS JOIN files AS file ON file.session_id = wanted.value ORDER BY file.path DESC";
        let paths = |row: &Row<'_>, name: &str| Ok(format!("{name}{}", row.get::<_, String>(1)?));
        let some = |paths: &[&str]| Some(paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            wanted.rows(&fixture.connection, sql, paths).unwrap(),
            [some(&["b3", "b2"]), None, some(&[]), some(&["a1"]), some(&["b3", "b2"]), None, None]
        );
        let firsts = wanted.row(&fixture.connection, sql, paths).unwrap();
        let firsts: Vec<Option<&str>> = firsts.iter().map(Option::as_deref).collect();
        assert_eq!(firsts, [Some("b3"), None, None, Some("a1"), Some("b3"), None, None]);
    }

    #[test]
    fn nobody_asked_for_is_no_question() {
        let fixture = Fixture::new();
        let wanted = Wanted::find(&fixture.connection, &[]).unwrap();
        let nothing = wanted.rows(&fixture.connection, "no statement", |_, _| Ok(())).unwrap();
        assert!(nothing.is_empty());
    }
}
