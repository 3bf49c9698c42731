//! What happened in sessions, and their current state: todo lists, tasks, file changes, hooks and summaries. Copies, older
//! generations, and what an agent's own file says as well, never count.

use rusqlite::Connection;

use super::page;
use super::per_session::Wanted;
use super::rows::{json, message_id, timestamp, uuid};
use crate::error::Result;
use crate::model::{FileChange, HookExecution, NativeTask, SessionSummary, TodoList};
use crate::store::{Failure, REPEATS_AN_AGENT, Store};

/// For each session that is known, its items.
pub(crate) type PerSession<T> = Vec<Option<Vec<T>>>;

pub(crate) fn todos(store: &Store, session_ids: &[String]) -> Result<Vec<Option<TodoList>>> {
    page::check_batch(session_ids)?;
    store.read(|connection| todos_in(connection, session_ids))
}

pub(crate) fn tasks(store: &Store, session_ids: &[String]) -> Result<PerSession<NativeTask>> {
    page::check_batch(session_ids)?;
    store.read(|connection| tasks_in(connection, session_ids))
}

pub(crate) fn file_changes(store: &Store, session_ids: &[String]) -> Result<PerSession<FileChange>> {
    page::check_batch(session_ids)?;
    store.read(|connection| file_changes_in(connection, session_ids))
}

pub(crate) fn hook_executions(store: &Store, session_ids: &[String]) -> Result<PerSession<HookExecution>> {
    page::check_batch(session_ids)?;
    store.read(|connection| hook_executions_in(connection, session_ids))
}

pub(crate) fn summaries(store: &Store, session_ids: &[String]) -> Result<PerSession<SessionSummary>> {
    page::check_batch(session_ids)?;
    store.read(|connection| summaries_in(connection, session_ids))
}

/// Where a message is, from the row of `messages AS message`.
const PLACE: &str = "
    CROSS JOIN generations AS generation ON generation.id = message.generation_id
    CROSS JOIN files AS file ON file.id = generation.file_id
    CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id";

/// Whether a message counts.
fn counts() -> String {
    format!("NOT generation.is_superseded AND message.replay_of IS NULL AND NOT ({REPEATS_AN_AGENT})")
}

/// The events of a table, in the order in which they happened. What all of them have comes first: eight columns.
fn events(table: &str, columns: &str, joins: &str) -> String {
    format!(
        "SELECT wanted.key, file.path_hash, message.line, message.part, generation.number, generation.is_superseded,
                message.time, coalesce(own_agent.value, file_agent.value), {columns}
         FROM json_each(?1) AS wanted
         CROSS JOIN {table} AS event ON event.session_id = wanted.value
         CROSS JOIN messages AS message ON message.id = event.message_id
         {PLACE} {joins}
         LEFT JOIN strings AS own_agent ON own_agent.id = message.agent_id
         LEFT JOIN strings AS file_agent ON file_agent.id = file.agent_id
         WHERE {}
         ORDER BY wanted.key, message.time, file.path, config_dir.path, message.line, message.part, event.ordinal",
        counts()
    )
}

pub(super) fn todos_in(connection: &Connection, session_ids: &[String]) -> Result<Vec<Option<TodoList>>, Failure> {
    let sql = format!(
        "SELECT wanted.key, file.path_hash, written.line, written.part, generation.number, generation.is_superseded,
                written.time, list.todos
         FROM json_each(?1) AS wanted
         CROSS JOIN session_todos AS list ON list.message_id = (
             SELECT event.message_id FROM session_todos AS event
             CROSS JOIN messages AS message ON message.id = event.message_id
             {PLACE}
             WHERE event.session_id = wanted.value AND {}
             ORDER BY message.time DESC, file.path DESC, config_dir.path DESC, message.line DESC, message.part DESC
             LIMIT 1)
         CROSS JOIN messages AS written ON written.id = list.message_id
         CROSS JOIN generations AS generation ON generation.id = written.generation_id
         CROSS JOIN files AS file ON file.id = generation.file_id",
        counts()
    );
    Wanted::find(connection, session_ids)?.row(connection, &sql, |row, session_id| {
        Ok(TodoList {
            session_id: session_id.to_owned(),
            message_id: message_id(row, 1)?,
            updated_at: timestamp(row, 6)?,
            items: json(row, 7)?.unwrap_or_default(),
        })
    })
}

/// Ids are numbers as a rule: the shorter one is the smaller.
const TASKS: &str = "
    SELECT wanted.key, task.task_id, task.subject, task.description, task.active_form, task.status, task.owner,
           task.blocked_by, task.created_at, task.updated_at
    FROM json_each(?1) AS wanted CROSS JOIN native_tasks AS task ON task.session_id = wanted.value
    ORDER BY wanted.key, length(task.task_id), task.task_id";

pub(super) fn tasks_in(connection: &Connection, session_ids: &[String]) -> Result<PerSession<NativeTask>, Failure> {
    Wanted::find(connection, session_ids)?.rows(connection, TASKS, |row, session_id| {
        Ok(NativeTask {
            session_id: session_id.to_owned(),
            id: row.get(1)?,
            subject: row.get(2)?,
            description: row.get(3)?,
            active_form: row.get(4)?,
            status: row.get(5)?,
            owner: row.get(6)?,
            blocked_by: json(row, 7)?.unwrap_or_default(),
            created_at: timestamp(row, 8)?,
            updated_at: timestamp(row, 9)?,
        })
    })
}

pub(super) fn file_changes_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<PerSession<FileChange>, Failure> {
    let sql = events(
        "session_file_changes",
        "event.path, event.action, event.lines_added, event.lines_removed, tool.value",
        "CROSS JOIN strings AS tool ON tool.id = event.tool_id",
    );
    Wanted::find(connection, session_ids)?.rows(connection, &sql, |row, session_id| {
        Ok(FileChange {
            session_id: session_id.to_owned(),
            message_id: message_id(row, 1)?,
            timestamp: timestamp(row, 6)?,
            agent_id: row.get(7)?,
            path: row.get(8)?,
            action: row.get(9)?,
            lines_added: row.get(10)?,
            lines_removed: row.get(11)?,
            tool: row.get(12)?,
        })
    })
}

pub(super) fn hook_executions_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<PerSession<HookExecution>, Failure> {
    let sql = events(
        "hook_executions",
        "event.event, event.name, event.command, event.duration_ms, event.exit_code, event.is_error",
        "",
    );
    Wanted::find(connection, session_ids)?.rows(connection, &sql, |row, session_id| {
        Ok(HookExecution {
            session_id: session_id.to_owned(),
            message_id: message_id(row, 1)?,
            timestamp: timestamp(row, 6)?,
            agent_id: row.get(7)?,
            event: row.get(8)?,
            name: row.get(9)?,
            command: row.get(10)?,
            duration_ms: row.get(11)?,
            exit_code: row.get(12)?,
            is_error: row.get(13)?,
        })
    })
}

pub(super) fn summaries_in(
    connection: &Connection,
    session_ids: &[String],
) -> Result<PerSession<SessionSummary>, Failure> {
    // A summary that names its last message is one of each session that has this message, wherever it is: those sessions
    // may get their title from it (rank 3). Any other one is a summary of the session that it is in.
    let sql = format!(
        "WITH about (key, message_id) AS (
             SELECT wanted.key, title.message_id FROM json_each(?1) AS wanted
             CROSS JOIN session_titles AS title ON title.session_id = wanted.value AND title.rank = 3
             UNION ALL
             SELECT wanted.key, own.message_id FROM json_each(?1) AS wanted
             CROSS JOIN session_summaries AS own ON own.session_id = wanted.value
             WHERE NOT EXISTS (
                 SELECT 1 FROM session_titles AS title WHERE title.message_id = own.message_id AND title.rank = 3))
         SELECT about.key, file.path_hash, message.line, message.part, generation.number, generation.is_superseded,
                message.time, summary.kind, summary.leaf_uuid, summary.text
         FROM about
         CROSS JOIN session_summaries AS summary ON summary.message_id = about.message_id
         CROSS JOIN messages AS message ON message.id = about.message_id
         {PLACE}
         WHERE {}
         ORDER BY about.key, message.time, file.path, config_dir.path, message.line, message.part",
        counts()
    );
    Wanted::find(connection, session_ids)?.rows(connection, &sql, |row, session_id| {
        Ok(SessionSummary {
            session_id: session_id.to_owned(),
            message_id: message_id(row, 1)?,
            timestamp: timestamp(row, 6)?,
            kind: row.get(7)?,
            leaf_uuid: uuid(row, 8)?,
            text: row.get(9)?,
        })
    })
}

#[cfg(test)]
#[path = "session_state_tests.rs"]
mod tests;
