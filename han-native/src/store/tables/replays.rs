//! Which of the messages with one uuid is the original: column `messages.replay_of`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, params};

use super::own_records::{self, Beginning};
use crate::row::{Uuid, flag};
use crate::store::failure::Failure;

/// A message among those with its uuid.
struct Candidate {
    id: i64,
    generation_id: i64,
    replay_of: Option<i64>,
    usage_id: Option<i64>,
    session_id: i64,
    session: String,
    /// Without a time of its own it comes last.
    time: i64,
    is_foreign: bool,
    path: String,
    line: i64,
    part: i64,
    config_dir: String,
}

/// A mark that has to change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub id: i64,
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// The API message that it belongs to, which may count elsewhere now.
    pub usage_id: Option<i64>,
    pub session_id: i64,
    /// Whether it took the place of an original that still exists.
    pub is_promoted: bool,
}

/// What decides between files, read once.
#[derive(Default)]
pub(crate) struct Beginnings(HashMap<i64, Beginning>);

impl Beginnings {
    fn of(&mut self, connection: &Connection, generation_id: i64) -> Result<&Beginning, Failure> {
        Ok(match self.0.entry(generation_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(own_records::beginning(connection, generation_id)?),
        })
    }
}

/// The marks that have to change among the messages of a uuid.
pub(crate) fn resolve(
    connection: &Connection,
    uuid: &Uuid,
    beginnings: &mut Beginnings,
) -> Result<Vec<Change>, Failure> {
    let candidates = candidates(connection, uuid)?;
    let Some(original) = original(connection, &candidates, beginnings)? else { return Ok(Vec::new()) };
    let ids: Vec<i64> = candidates.iter().map(|candidate| candidate.id).collect();
    let changes = candidates.into_iter().filter_map(|candidate| {
        let Candidate { id, replay_of: from, usage_id, session_id, .. } = candidate;
        let to = (id != original).then_some(original);
        let is_promoted = to.is_none() && from.is_some_and(|former| ids.contains(&former));
        (from != to).then_some(Change { id, from, to, usage_id, session_id, is_promoted })
    });
    Ok(changes.collect())
}

fn candidates(connection: &Connection, uuid: &Uuid) -> Result<Vec<Candidate>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.generation_id, m.replay_of, m.usage_id, s.session_id, m.time, m.flags,
         m.record_session_id IS NOT NULL, f.path, m.line, m.part, d.path, f.session_id
         FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id JOIN generations g ON g.id = m.generation_id
         JOIN files f ON f.id = g.file_id JOIN config_dirs d ON d.id = f.config_dir_id JOIN sessions s ON s.id = f.session_id
         WHERE u.key = ?1 AND m.uuid = ?2 AND g.is_superseded = 0",
    )?;
    let rows = statement.query_map(params![uuid.key(), uuid], |row| {
        let is_own_time = row.get::<_, i64>(6)? & flag::OWN_TIME != 0;
        Ok(Candidate {
            id: row.get(0)?,
            generation_id: row.get(1)?,
            replay_of: row.get(2)?,
            usage_id: row.get(3)?,
            session: row.get(4)?,
            time: row.get::<_, Option<i64>>(5)?.filter(|_| is_own_time).unwrap_or(i64::MAX),
            is_foreign: row.get(7)?,
            path: row.get(8)?,
            line: row.get(9)?,
            part: row.get(10)?,
            config_dir: row.get(11)?,
            session_id: row.get(12)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The least candidate: forks copy uuid, time and all, so that what is left to distinguish them is what their files say, and when
/// each of these began.
fn original(
    connection: &Connection,
    candidates: &[Candidate],
    beginnings: &mut Beginnings,
) -> Result<Option<i64>, Failure> {
    let mut least = None;
    for candidate in candidates {
        let beginning = beginnings.of(connection, candidate.generation_id)?;
        let is_origin =
            |other: &Candidate| other.generation_id != candidate.generation_id && beginning.names(&other.session);
        let is_copied = candidates.iter().any(is_origin);
        let Candidate { time, is_foreign, path, line, part, config_dir, id, .. } = candidate;
        let key = (time, is_foreign, is_copied, beginning.own_since, path, line, part, config_dir, id);
        if least.as_ref().is_none_or(|least| key < *least) {
            least = Some(key);
        }
    }
    Ok(least.map(|(.., id)| *id))
}
