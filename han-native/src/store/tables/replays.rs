//! Which of the messages with one uuid is the original: column `messages.replay_of`.

use rusqlite::{Connection, params};

use crate::row::{Uuid, flag};
use crate::store::failure::Failure;

/// A message among those with its uuid; the least one is the original.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// Without a time of its own it comes last.
    time: i64,
    is_foreign: bool,
    path: String,
    line: i64,
    part: i64,
    config_dir: String,
    id: i64,
    replay_of: Option<i64>,
}

/// A mark that has to change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub id: i64,
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// The marks that have to change among the messages of a uuid.
pub(crate) fn resolve(connection: &Connection, uuid: &Uuid) -> Result<Vec<Change>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.time, m.flags, m.record_session_id IS NOT NULL, f.path, m.line, m.part, d.path, m.id, m.replay_of
         FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id JOIN generations g ON g.id = m.generation_id
         JOIN files f ON f.id = g.file_id JOIN config_dirs d ON d.id = f.config_dir_id
         WHERE u.key = ?1 AND m.uuid = ?2 AND g.is_superseded = 0",
    )?;
    let rows = statement.query_map(params![uuid.key(), uuid], |row| {
        let is_own = row.get::<_, i64>(1)? & flag::OWN_TIME != 0;
        Ok(Candidate {
            time: row.get::<_, Option<i64>>(0)?.filter(|_| is_own).unwrap_or(i64::MAX),
            is_foreign: row.get(2)?,
            path: row.get(3)?,
            line: row.get(4)?,
            part: row.get(5)?,
            config_dir: row.get(6)?,
            id: row.get(7)?,
            replay_of: row.get(8)?,
        })
    })?;
    let candidates: Vec<Candidate> = rows.collect::<rusqlite::Result<_>>()?;
    let Some(original) = candidates.iter().min().map(|candidate| candidate.id) else { return Ok(Vec::new()) };
    let changes = candidates.into_iter().filter_map(|candidate| {
        let to = (candidate.id != original).then_some(original);
        (candidate.replay_of != to).then_some(Change { id: candidate.id, from: candidate.replay_of, to })
    });
    Ok(changes.collect())
}
