//! Messages: pages of a session's, batches by id, counts.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params, params_from_iter};

use super::clauses::Clauses;
use super::page::{self, Direction, Slice, Stretch, Window};
use super::per_session::Wanted;
use super::places::{self, Place, PlaceKey};
use super::record::bytes;
use super::sources::{self, Selection};
use super::{message_filter, rows};
use crate::error::Result;
use crate::model::{AgentSelection, Message, MessageId, MessageQuery, MessageTimestamps, Page};
use crate::row::flag;
use crate::store::{Failure, Store};

/// The list in the order of the files. A row there is (line, part).
const BY_PLACE: &str = "messages";
/// The list of a session and its agents, merged by time.
const BY_TIME: &str = "messages by time";

pub(crate) fn list(store: &Store, query: &MessageQuery) -> Result<Page<Message>> {
    store.read(|connection| list_in(connection, query))
}

pub(crate) fn get(store: &Store, ids: &[String]) -> Result<Vec<Option<Message>>> {
    page::check_batch(ids)?;
    store.read(|connection| get_in(connection, ids))
}

pub(crate) fn raw(store: &Store, ids: &[String]) -> Result<Vec<Option<String>>> {
    let records = raw_bytes(store, ids)?;
    Ok(records.into_iter().map(|record| record.map(text_of)).collect())
}

pub(crate) fn raw_bytes(store: &Store, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>> {
    page::check_batch(ids)?;
    store.read(|connection| raw_bytes_in(connection, ids))
}

pub(crate) fn count_batch(store: &Store, session_ids: &[String]) -> Result<BTreeMap<String, i64>> {
    page::check_batch(session_ids)?;
    store.read(|connection| count_batch_in(connection, session_ids))
}

pub(crate) fn timestamps_batch(store: &Store, session_ids: &[String]) -> Result<Vec<Option<MessageTimestamps>>> {
    page::check_batch(session_ids)?;
    store.read(|connection| timestamps_batch_in(connection, session_ids))
}

fn text_of(record: Vec<u8>) -> String {
    String::from_utf8(record).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

pub(super) fn list_in(connection: &Connection, query: &MessageQuery) -> Result<Page<Message>, Failure> {
    let selection = match (&query.agent_id, query.agents) {
        (Some(agent), _) => Selection::Agent(agent),
        (None, Some(AgentSelection::All)) => Selection::All,
        (None, _) => Selection::Main,
    };
    let list = if selection == Selection::All { BY_TIME } else { BY_PLACE };
    let superseded = query.include_superseded;
    let places = || sources::session_places(connection, &query.session_id, selection, superseded);
    let hydrate = |ids: Vec<i64>| rows::messages(connection, &ids);
    let filter = Filter::of(query);
    let (mut page, places) = if selection == Selection::All {
        let (window, places) = (Window::new(&query.page(), list)?, places()?);
        (merged(connection, window, &places, &filter)?.into_page(list, hydrate)?, places)
    } else {
        let (window, places) = (Window::new(&query.page(), list)?, places()?);
        let slice = window.fill(|stretch, direction, limit| {
            places::walk(&places, stretch, direction, limit, |generation_id, within, direction, limit| {
                of_generation(connection, generation_id, within, direction, limit, &filter)
            })
        })?;
        (slice.into_page(list, hydrate)?, places)
    };
    if query.with_total {
        page.total_count = Some(count(connection, &places, &filter)?);
    }
    Ok(page)
}

/// Which messages of the places are listed.
struct Filter {
    conditions: Clauses,
    include_replays: bool,
    /// Whether to include the rows of the request log that the conditions let through.
    include_request_log: bool,
}

impl Filter {
    fn of(query: &MessageQuery) -> Filter {
        let include_replays = query.include_replays;
        let include_request_log = message_filter::names_types(query);
        Filter { conditions: message_filter::conditions(query), include_replays, include_request_log }
    }

    fn clauses(&self) -> Clauses {
        let mut clauses = self.conditions.clone();
        if !self.include_request_log {
            clauses.and("NOT message.flags & ?", [flag::REQUEST_LOG.into()]);
        }
        if !self.include_replays {
            clauses.and("message.replay_of IS NULL", []);
        }
        clauses
    }
}

/// How many messages the list has. Without conditions it is known; else every message of the places is looked at.
fn count(connection: &Connection, places: &[Place], filter: &Filter) -> Result<i64, Failure> {
    let generations: Vec<i64> = places.iter().map(|place| place.generation_id).collect();
    let generations = rows::json_array(&generations);
    if filter.conditions.is_empty() {
        let mut statement = connection.prepare_cached(
            "SELECT coalesce(sum(generation.messages - generation.logged - CASE WHEN ?2 THEN 0 ELSE generation.replays END), 0)
             FROM json_each(?1) AS place CROSS JOIN generations AS generation ON generation.id = place.value",
        )?;
        return Ok(statement.query_row(params![generations, filter.include_replays], |row| row.get(0))?);
    }
    let clauses = filter.clauses();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT count(*) FROM json_each(?) AS place CROSS JOIN messages AS message ON message.generation_id = place.value
         WHERE {}",
        clauses.sql()
    ))?;
    let values = std::iter::once(generations.into()).chain(clauses.values([]));
    Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
}

/// Line and part.
type LineKey = (i64, i64);

fn of_generation(
    connection: &Connection,
    generation_id: i64,
    stretch: &Stretch<LineKey>,
    direction: Direction,
    limit: usize,
    filter: &Filter,
) -> Result<Vec<(LineKey, i64)>, Failure> {
    let edge = |key: &LineKey| [key.0.into(), key.1.into()];
    let mut clauses = filter.clauses();
    clauses.and("message.generation_id = ?", [generation_id.into()]);
    clauses.and_lower("(message.line, message.part)", stretch.lower.as_ref().map(edge), false);
    clauses.and_upper("(message.line, message.part)", stretch.upper.as_ref().map(edge), false);
    let order = direction.sql();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT message.line, message.part, message.id FROM messages AS message WHERE {}
         ORDER BY message.line {order}, message.part {order} LIMIT ?",
        clauses.sql()
    ))?;
    let values = clauses.values([(limit as i64).into()]);
    let rows = statement.query_map(params_from_iter(values), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Effective time (`None` sorts first), file, line, part.
type TimeKey = (Option<i64>, PlaceKey, i64, i64);

/// Merges the files of a session by time. Times are not sorted within a file, so every page looks at all of the session's
/// rows: its cost grows with the session, not with the database.
fn merged(
    connection: &Connection,
    window: Window<TimeKey>,
    places: &[Place],
    filter: &Filter,
) -> Result<Slice<TimeKey, i64>, Failure> {
    let generations: Vec<i64> = places.iter().map(|place| place.generation_id).collect();
    let generations = rows::json_array(&generations);
    // Known files take the odd positions, so that a file that is gone since has one between them.
    let position = |key: &PlaceKey| match places.binary_search_by(|place| place.key.cmp(key)) {
        Ok(index) => index as i64 * 2 + 1,
        Err(index) => index as i64 * 2,
    };
    let columns = "(coalesce(message.time, -9223372036854775808), place.key * 2 + 1, message.line, message.part)";
    let edge = |key: &TimeKey| [key.0.unwrap_or(i64::MIN).into(), position(&key.1).into(), key.2.into(), key.3.into()];
    window.fill(|stretch, direction, limit| {
        let mut clauses = filter.clauses();
        clauses.and_lower(columns, stretch.lower.as_ref().map(edge), false);
        clauses.and_upper(columns, stretch.upper.as_ref().map(edge), false);
        let order = direction.sql();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT message.time, place.key, message.line, message.part, message.id
             FROM json_each(?) AS place CROSS JOIN messages AS message ON message.generation_id = place.value
             WHERE {} ORDER BY message.time {order}, place.key {order}, message.line {order}, message.part {order} LIMIT ?",
            clauses.sql()
        ))?;
        let values = std::iter::once(generations.clone().into()).chain(clauses.values([(limit as i64).into()]));
        let mut found = statement.query(params_from_iter(values))?;
        let mut items = Vec::new();
        while let Some(row) = found.next()? {
            let Some(place) = places.get(rows::index(row, 1)?) else { continue };
            items.push(((row.get(0)?, place.key.clone(), row.get(2)?, row.get(3)?), row.get(4)?));
        }
        Ok(items)
    })
}

/// Where a message's record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub row_id: i64,
    pub record: bytes::Extent,
}

/// Ids as a list of [path hash, line, part, superseded generation] or null, to places.
const RESOLVE: &str = "
SELECT wanted.key, message.id, message.generation_id, message.offset, message.length
     FROM json_each(?1) AS wanted
     CROSS JOIN files AS file ON file.path_hash = wanted.value ->> 0
     CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
     CROSS JOIN generations AS generation ON generation.file_id = file.id
         AND CASE WHEN wanted.value ->> 3 IS NULL THEN NOT generation.is_superseded
                  ELSE generation.is_superseded AND generation.number = wanted.value ->> 3 END
     CROSS JOIN messages AS message ON message.generation_id = generation.id
         AND message.line = wanted.value ->> 1 AND message.part = wanted.value ->> 2
     WHERE wanted.value IS NOT NULL
     ORDER BY file.is_missing, config_dir.path";

/// The messages of ids, in one statement; `None` for an id that is malformed or unknown. Where two config dirs hold the same
/// path, the file that is still on the disk is meant, then that of the least config dir.
pub(super) fn resolve(connection: &Connection, ids: &[String]) -> Result<Vec<Option<Found>>, Failure> {
    let mut found = vec![None; ids.len()];
    for_each_found(connection, ids, &mut |at, message| found[at] = found[at].or(Some(message)))?;
    Ok(found)
}

/// Every message of each id: that of [`resolve`] first, then those of other config dirs.
pub(super) fn resolve_all(connection: &Connection, ids: &[String]) -> Result<Vec<Vec<Found>>, Failure> {
    let mut found = vec![Vec::new(); ids.len()];
    for_each_found(connection, ids, &mut |at, message| found[at].push(message))?;
    Ok(found)
}

/// Calls `take` with the position of an id and a message that has it.
fn for_each_found(connection: &Connection, ids: &[String], take: &mut dyn FnMut(usize, Found)) -> Result<(), Failure> {
    let wanted: Vec<Option<IdParts>> = ids.iter().map(|id| id_parts(id)).collect();
    let mut statement = connection.prepare_cached(RESOLVE)?;
    let mut rows = statement.query([rows::json_array(&wanted)])?;
    while let Some(row) = rows.next()? {
        let record = bytes::Extent { generation_id: row.get(2)?, offset: row.get(3)?, length: row.get(4)? };
        take(rows::index(row, 0)?, Found { row_id: row.get(1)?, record });
    }
    Ok(())
}

/// Path hash, line, part, superseded generation.
type IdParts = (i64, i64, i64, Option<i64>);

fn id_parts(id: &str) -> Option<IdParts> {
    let parsed: MessageId = id.parse().ok()?;
    // One message has one id: other spellings of its numbers are not ids.
    (parsed.to_string() == id).then_some((parsed.path_hash as i64, parsed.line, parsed.part, parsed.generation))
}

pub(super) fn get_in(connection: &Connection, ids: &[String]) -> Result<Vec<Option<Message>>, Failure> {
    let found = resolve(connection, ids)?;
    let row_ids: Vec<i64> = found.iter().flatten().map(|found| found.row_id).collect();
    let mut messages = rows::messages(connection, &row_ids)?.into_iter();
    Ok(found.into_iter().map(|found| found.and_then(|_| messages.next())).collect())
}

pub(super) fn raw_bytes_in(connection: &Connection, ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let found = resolve(connection, ids)?;
    let extents: Vec<bytes::Extent> = found.iter().flatten().map(|found| found.record).collect();
    let mut records = bytes::read_all(connection, &extents)?.into_iter();
    Ok(found.into_iter().map(|found| found.and_then(|_| records.next())).collect())
}

pub(super) fn count_batch_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<BTreeMap<String, i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT session.session_id, sum(generation.messages - generation.logged - generation.replays)
         FROM json_each(?1) AS wanted
         CROSS JOIN sessions AS session ON session.session_id = wanted.value
         CROSS JOIN files AS file ON file.session_id = session.id AND file.kind = 'main'
         CROSS JOIN generations AS generation ON generation.id = file.generation_id
         GROUP BY wanted.key",
    )?;
    let counted = statement
        .query_map([rows::json_array(session_ids)], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<HashMap<String, i64>>>()?;
    Ok(session_ids.iter().map(|id| (id.clone(), counted.get(id).copied().unwrap_or(0))).collect())
}

/// One row for each session, though it may have no main file.
const TIMESTAMPS: &str = "
    SELECT wanted.key, coalesce(sum(generation.messages - generation.logged - generation.replays), 0),
           min(generation.first_time), max(generation.last_time)
    FROM json_each(?1) AS wanted
    LEFT JOIN files AS file ON file.session_id = wanted.value AND file.kind = 'main'
    LEFT JOIN generations AS generation ON generation.id = file.generation_id
    GROUP BY wanted.key";

pub(super) fn timestamps_batch_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<Vec<Option<MessageTimestamps>>, Failure> {
    Wanted::find(connection, session_ids)?.row(connection, TIMESTAMPS, |row, session_id| {
        Ok(MessageTimestamps {
            session_id: session_id.to_owned(),
            count: row.get(1)?,
            first: rows::timestamp(row, 2)?,
            last: rows::timestamp(row, 3)?,
        })
    })
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
