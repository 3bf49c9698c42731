//! Tables `task_events` and `native_tasks`: what happened to a task, and what it is now.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Map, Value};

use crate::row::{TaskEventRow, ToolResultRow, tool_use_key};
use crate::store::failure::Failure;

/// The prefix of the task id of a call whose task has no id yet: the id is in the call's result.
const CALL: &str = "call:";

pub(crate) fn insert_events(
    connection: &Connection,
    message_id: i64,
    session_id: i64,
    events: &[TaskEventRow],
) -> Result<(), Failure> {
    for (ordinal, event) in events.iter().enumerate() {
        let key = event.tool_use_id.as_deref().map(tool_use_key);
        connection
            .prepare_cached(
                "INSERT INTO task_events (message_id, ordinal, session_id, task_id, patch, tool_use_key, is_call)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![message_id, ordinal as i64, session_id, event.task_id, event.patch, key, event.is_call])?;
    }
    Ok(())
}

/// The tasks that a message's events are about, and those of the calls that it makes or answers: such an event may be true no
/// longer, or have another place. Some may be repeated.
pub(crate) fn touched_by(connection: &Connection, message_id: i64) -> Result<Vec<(i64, String)>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT session_id, task_id FROM task_events WHERE message_id = ?1
         UNION ALL SELECT event.session_id, event.task_id FROM tool_results AS result
         CROSS JOIN task_events AS event ON event.tool_use_key = result.tool_use_key WHERE result.message_id = ?1
         UNION ALL SELECT event.session_id, event.task_id FROM tool_calls AS call
         CROSS JOIN task_events AS event ON event.tool_use_key = call.tool_use_key WHERE call.message_id = ?1",
    )?;
    let rows = statement.query_map([message_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The tasks that calls are about whose results are these.
pub(crate) fn answered_by(connection: &Connection, results: &[ToolResultRow]) -> Result<Vec<(i64, String)>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT session_id, task_id FROM task_events WHERE tool_use_key = ?1")?;
    let mut tasks = Vec::new();
    for result in results {
        let rows = statement.query_map([tool_use_key(&result.tool_use_id)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        tasks.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(tasks)
}

pub(crate) fn remove_events(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM task_events WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Folds the events of a task into its row.
pub(crate) fn fold(connection: &Connection, session_id: i64, task_id: &str) -> Result<(), Failure> {
    match task_id.strip_prefix(CALL) {
        None => fold_one(connection, session_id, task_id),
        // The call of a task that was created: it is folded under the id that its result gave, if that is known.
        Some(call) => {
            let created = created_by(connection, session_id, call)?;
            created.iter().try_for_each(|task_id| fold_one(connection, session_id, task_id))
        }
    }
}

fn fold_one(connection: &Connection, session_id: i64, task_id: &str) -> Result<(), Failure> {
    let events = in_order(effective(connection, session_id, task_id)?);
    if events.is_empty() {
        connection
            .prepare_cached("DELETE FROM native_tasks WHERE session_id = ?1 AND task_id = ?2")?
            .execute(params![session_id, task_id])?;
        return Ok(());
    }
    let mut task = Map::new();
    for event in &events {
        if let Some(Value::String(call)) = event.patch.get("call") {
            for call in self::events(connection, session_id, &format!("{CALL}{call}"))? {
                merge(&mut task, call.patch);
            }
        }
        merge(&mut task, event.patch.clone());
    }
    let text = |name: &str| task.get(name).and_then(Value::as_str).map(str::to_string);
    let created_at = events.iter().filter(|event| event.patch.contains_key("created")).filter_map(|event| event.time());
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO native_tasks (session_id, task_id, subject, description, active_form, status, owner,
             blocked_by, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            session_id,
            task_id,
            text("subject"),
            text("description"),
            text("activeForm"),
            text("status").or_else(|| Some("pending".into())),
            text("owner"),
            task.get("blockedBy").map(Value::to_string),
            created_at.min(),
            events.iter().filter_map(Event::time).max(),
        ])?;
    Ok(())
}

/// Where something is said: time, path, config dir, line, part, and the places of the call and of the event in the message.
type Place = (Option<i64>, String, String, i64, i64, i64, i64);

struct Event {
    /// Where it is said.
    place: Place,
    patch: Map<String, Value>,
    tool_use_key: Option<i64>,
    is_call: bool,
    /// Where it was requested.
    asked: Place,
    /// Where it was done; of a result it is where it is said.
    done: Place,
}

impl Event {
    fn time(&self) -> Option<i64> {
        self.place.0
    }
}

/// The events of a task that changed something or showed it, each with its call and its result.
fn effective(connection: &Connection, session_id: i64, task_id: &str) -> Result<Vec<Event>, Failure> {
    let mut events = events(connection, session_id, task_id)?;
    let is_refusal = |event: &Event| event.patch.contains_key("refused");
    let refused: HashSet<i64> =
        events.iter().filter(|event| is_refusal(event)).filter_map(|event| event.tool_use_key).collect();
    events.retain(|event| !is_refusal(event));
    let mut effective = Vec::new();
    for mut event in events {
        if let Some(key) = event.tool_use_key {
            if event.is_call {
                let answer = answer(connection, key)?;
                if refused.contains(&key) || answer.as_ref().is_some_and(|(_, is_error)| *is_error) {
                    continue;
                }
                event.done = answer.map_or(event.done, |(place, _)| place);
            } else if let Some(asked) = asked(connection, key)? {
                event.asked = asked;
            }
        }
        effective.push(event);
    }
    Ok(effective)
}

/// The events in the order in which they apply: changes as they were requested. What a result shows is older than every change that
/// was not done yet when it was requested: of calls that run at the same time it is not known which was the first, but what was
/// changed stays so.
fn in_order(events: Vec<Event>) -> Vec<Event> {
    let changes: Vec<(Place, Place)> =
        events.iter().filter(|event| event.is_call).map(|event| (event.asked.clone(), event.done.clone())).collect();
    let mut keyed: Vec<_> = events
        .into_iter()
        .map(|event| {
            let overtaken =
                changes.iter().filter(|(asked, done)| !event.is_call && *asked < event.asked && *done > event.asked);
            let place = overtaken.map(|(asked, _)| asked).min().unwrap_or(&event.asked).clone();
            ((place, event.is_call, event.asked.clone(), event.place.clone()), event)
        })
        .collect();
    keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
    keyed.into_iter().map(|(_, event)| event).collect()
}

/// The tables that a row of `messages AS m` belongs to, and what counts.
const PLACED: &str = "JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
    JOIN config_dirs d ON d.id = f.config_dir_id";

/// The place in the first columns of a row.
fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn events(connection: &Connection, session_id: i64, task_id: &str) -> Result<Vec<Event>, Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT m.time, f.path, d.path, m.line, m.part, coalesce((
             SELECT min(c.ordinal) FROM tool_calls c WHERE c.message_id = m.id AND c.tool_use_key = e.tool_use_key), 0),
         e.ordinal, e.patch, e.tool_use_key, e.is_call FROM task_events e JOIN messages m ON m.id = e.message_id {PLACED}
         WHERE e.session_id = ?1 AND e.task_id = ?2 AND m.replay_of IS NULL AND g.is_superseded = 0
         ORDER BY m.time, f.path, d.path, m.line, m.part, e.ordinal"
    ))?;
    let rows = statement.query_map(params![session_id, task_id], |row| {
        let patch = serde_json::from_str(&row.get::<_, String>(7)?)
            .map_err(|error| super::damaged(format!("an event of task {task_id:?} cannot be read: {error}")))?;
        let place = place(row)?;
        let (asked, done) = (place.clone(), place.clone());
        Ok(Event { place, patch, tool_use_key: row.get(8)?, is_call: row.get(9)?, asked, done })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Where a call was made.
fn asked(connection: &Connection, key: i64) -> Result<Option<Place>, Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT m.time, f.path, d.path, m.line, m.part, c.ordinal, 0
         FROM tool_calls c CROSS JOIN messages m ON m.id = c.message_id {PLACED}
         WHERE c.tool_use_key = ?1 AND m.replay_of IS NULL AND g.is_superseded = 0
         ORDER BY m.carried_uuid IS NOT NULL, f.path, d.path, m.line, m.part, c.ordinal LIMIT 1"
    ))?;
    Ok(statement.query_row([key], place).optional()?)
}

/// Where a call was answered, and whether it failed.
fn answer(connection: &Connection, key: i64) -> Result<Option<(Place, bool)>, Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT m.time, f.path, d.path, m.line, m.part, r.ordinal, 0, r.is_error
         FROM tool_results r CROSS JOIN messages m ON m.id = r.message_id {PLACED}
         WHERE r.tool_use_key = ?1 AND m.replay_of IS NULL AND g.is_superseded = 0
         ORDER BY m.carried_uuid IS NOT NULL, f.path, d.path, m.line, m.part, r.ordinal LIMIT 1"
    ))?;
    Ok(statement.query_row([key], |row| Ok((place(row)?, row.get(7)?))).optional()?)
}

/// The tasks that the results of a call assigned an id.
fn created_by(connection: &Connection, session_id: i64, call: &str) -> Result<Vec<String>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT task_id FROM task_events
         WHERE tool_use_key = ?2 AND session_id = ?1 AND NOT is_call AND patch ->> 'created'",
    )?;
    let rows = statement.query_map([session_id, tool_use_key(call)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn merge(task: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match (name.as_str(), value) {
            ("addBlockedBy", Value::Array(added)) => {
                let blocked = task.entry("blockedBy").or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(blocked) = blocked {
                    blocked.extend(added.into_iter().filter(|id| !id.is_null()));
                    let mut seen = HashSet::new();
                    blocked.retain(|id| seen.insert(id.to_string()));
                }
            }
            (_, Value::Null) => {}
            (_, value) => {
                task.insert(name, value);
            }
        }
    }
}
