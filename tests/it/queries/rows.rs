//! The rows of a database as they are, for answering queries a second time: slowly, and in a simple way.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, Row};

use crate::support::home::Database;

/// A message.
#[derive(Debug, Clone)]
pub(super) struct MessageRow {
    pub(super) id: String,
    pub(super) session: String,
    pub(super) time: Option<i64>,
    pub(super) path: String,
    pub(super) line: i64,
    pub(super) part: i64,
    pub(super) kind: String,
    pub(super) is_superseded: bool,
    pub(super) is_copy: bool,
    pub(super) uuid: Option<Vec<u8>>,
    pub(super) carried_uuid: Option<Vec<u8>>,
}

impl MessageRow {
    /// Its position in time.
    pub(super) fn when(&self) -> (Option<i64>, &str, i64, i64) {
        (self.time, &self.path, self.line, self.part)
    }
}

/// Every message by its row id, and the messages that agents' own files have.
pub(super) struct Messages {
    pub(super) rows: BTreeMap<i64, MessageRow>,
    of_agents: HashSet<Vec<u8>>,
}

impl Messages {
    pub(super) fn of(database: &Database) -> Messages {
        let rows = all(
            &database.connection(),
            "SELECT m.id, printf('%016x:%d:%d', f.path_hash, m.line, m.part), s.session_id, m.time, f.path, m.line, m.part,
                    f.kind, g.is_superseded, m.replay_of IS NOT NULL, CAST(m.uuid AS BLOB), CAST(m.carried_uuid AS BLOB)
             FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             JOIN sessions s ON s.id = f.session_id",
            |row| {
                let message = MessageRow {
                    id: row.get(1)?,
                    session: row.get(2)?,
                    time: row.get(3)?,
                    path: row.get(4)?,
                    line: row.get(5)?,
                    part: row.get(6)?,
                    kind: row.get(7)?,
                    is_superseded: row.get(8)?,
                    is_copy: row.get(9)?,
                    uuid: row.get(10)?,
                    carried_uuid: row.get(11)?,
                };
                Ok((row.get(0)?, message))
            },
        );
        let rows: BTreeMap<i64, MessageRow> = rows.into_iter().collect();
        let agents = rows.values().filter(|row| row.kind == "agent" && !row.is_superseded);
        let of_agents = agents.filter_map(|row| row.uuid.clone()).collect();
        Messages { rows, of_agents }
    }

    /// Whether what belongs to a message counts.
    pub(super) fn counts(&self, row_id: i64) -> bool {
        let row = &self.rows[&row_id];
        let is_echo = row.carried_uuid.as_ref().is_some_and(|uuid| self.of_agents.contains(uuid));
        !row.is_superseded && !row.is_copy && !is_echo
    }
}

/// Every row that a statement returns.
pub(super) fn all<T>(connection: &Connection, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], read).unwrap();
    rows.map(Result::unwrap).collect()
}
