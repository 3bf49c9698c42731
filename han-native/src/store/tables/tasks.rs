//! Tables `task_events` and `native_tasks`: what happened to a task, and what it is now.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

use crate::row::TaskEventRow;
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
        connection
            .prepare_cached(
                "INSERT INTO task_events (message_id, ordinal, session_id, task_id, patch) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![message_id, ordinal as i64, session_id, event.task_id, event.patch])?;
    }
    Ok(())
}

/// The tasks that a message's events are about.
pub(crate) fn touched_by(connection: &Connection, message_id: i64) -> Result<Vec<(i64, String)>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT session_id, task_id FROM task_events WHERE message_id = ?1")?;
    let rows = statement.query_map([message_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn remove_events(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM task_events WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Folds the events of a task, in (time, path, line) order, into its row.
pub(crate) fn fold(connection: &Connection, session_id: i64, task_id: &str) -> Result<(), Failure> {
    let task_id = match task_id.strip_prefix(CALL) {
        None => task_id.to_string(),
        // The call of a task that was created: it is folded under the id that its result gave, if that is known.
        Some(call) => match created_by(connection, session_id, call)? {
            Some(task_id) => task_id,
            None => return Ok(()),
        },
    };
    let events = events(connection, session_id, &task_id)?;
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
            events.iter().find(|event| event.patch.contains_key("created")).and_then(|event| event.time),
            events.iter().filter_map(|event| event.time).max(),
        ])?;
    Ok(())
}

struct Event {
    time: Option<i64>,
    patch: Map<String, Value>,
}

fn events(connection: &Connection, session_id: i64, task_id: &str) -> Result<Vec<Event>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.time, e.patch FROM task_events e JOIN messages m ON m.id = e.message_id
         JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
         JOIN config_dirs d ON d.id = f.config_dir_id
         WHERE e.session_id = ?1 AND e.task_id = ?2 AND m.replay_of IS NULL AND g.is_superseded = 0
         ORDER BY m.time, f.path, d.path, m.line, m.part, e.ordinal",
    )?;
    let rows = statement.query_map(params![session_id, task_id], |row| {
        let patch = serde_json::from_str(&row.get::<_, String>(1)?)
            .map_err(|error| super::damaged(format!("an event of task {task_id:?} cannot be read: {error}")))?;
        Ok(Event { time: row.get(0)?, patch })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn created_by(connection: &Connection, session_id: i64, call: &str) -> Result<Option<String>, Failure> {
    let mut statement = connection
        .prepare_cached("SELECT task_id FROM task_events WHERE session_id = ?1 AND patch ->> 'call' = ?2 LIMIT 1")?;
    Ok(statement.query_row(params![session_id, call], |row| row.get(0)).optional()?)
}

fn merge(task: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (name, value) in patch {
        match (name.as_str(), value) {
            ("addBlockedBy", Value::Array(added)) => {
                let blocked = task.entry("blockedBy").or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(blocked) = blocked {
                    blocked.extend(added.into_iter().filter(|id| !id.is_null()));
                    let mut seen = std::collections::HashSet::new();
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
