//! Reading the outbox: the stored changes after a place, and the messages that one is about. Knows nothing about subscribers.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failure::Failure;
pub(crate) use super::tables::changes::{Topic, trimmed};
use crate::model::MessageId;
use crate::row::flag;

/// A row of `changes`.
#[derive(Debug, Clone)]
pub(crate) struct StoredChange {
    pub seq: i64,
    /// Milliseconds.
    pub time: i64,
    pub topic: String,
    session_id: i64,
    /// The session's name; `None` for session-less changes.
    pub session: Option<String>,
    /// The row ids of the first and the last message, if it is about messages.
    pub messages: Option<(i64, i64)>,
    /// How many messages were announced, copies left out; at least 1 if it is not about messages.
    pub count: i64,
}

/// A change whose session is gone is left out: it would belong to none.
const CHANGES: &str =
    "SELECT c.seq, c.time, c.topic, c.session_id, s.session_id, c.first_message_id, c.last_message_id, c.count
    FROM changes c LEFT JOIN sessions s ON s.id = c.session_id WHERE (c.session_id = 0 OR s.id IS NOT NULL) AND ";

fn stored_change(row: &Row<'_>) -> rusqlite::Result<StoredChange> {
    let ends: (Option<i64>, Option<i64>) = (row.get(5)?, row.get(6)?);
    Ok(StoredChange {
        seq: row.get(0)?,
        time: row.get(1)?,
        topic: row.get(2)?,
        session_id: row.get(3)?,
        session: row.get(4)?,
        messages: ends.0.zip(ends.1),
        count: row.get(7)?,
    })
}

/// The sequence of the newest change there ever was, as far as is known: later ones come after it.
pub(crate) fn newest(connection: &Connection) -> Result<i64, Failure> {
    let stored: Option<i64> =
        connection.prepare_cached("SELECT max(seq) FROM changes")?.query_row([], |row| row.get(0))?;
    Ok(stored.unwrap_or(0).max(trimmed(connection)?))
}

/// The greatest sequence that was ever assigned.
pub(crate) fn last_given(connection: &Connection) -> Result<i64, Failure> {
    let given = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(given.unwrap_or(0))
}

/// The change of a sequence.
pub(crate) fn change(connection: &Connection, seq: i64) -> Result<Option<StoredChange>, Failure> {
    Ok(connection.prepare_cached(&format!("{CHANGES} c.seq = ?1"))?.query_row([seq], stored_change).optional()?)
}

/// The first changes after a sequence.
pub(crate) fn changes_behind(connection: &Connection, seq: i64, limit: usize) -> Result<Vec<StoredChange>, Failure> {
    let mut statement = connection.prepare_cached(&format!("{CHANGES} c.seq > ?1 ORDER BY c.seq LIMIT ?2"))?;
    let rows = statement.query_map(params![seq, limit as i64], stored_change)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether messages of a topic are looked for in a range, and in which table they are marked by a row of theirs.
fn mark_of(topic: &str) -> Option<Option<&'static str>> {
    let topic = Topic::OF_MESSAGES.into_iter().find(|known| known.name() == topic)?;
    Some(match topic {
        Topic::ToolResultAdded => Some("tool_results"),
        Topic::TodosChanged => Some("session_todos"),
        Topic::TasksChanged => Some("task_events"),
        Topic::FilesChanged => Some("session_file_changes"),
        Topic::HooksChanged | Topic::HookResultAdded => Some("hook_lines"),
        _ => None,
    })
}

impl StoredChange {
    /// Whether it can be reported message by message. Not if a newer version stored it under a topic of its own.
    pub(crate) fn has_messages(&self) -> bool {
        self.messages.is_some() && mark_of(&self.topic).is_some()
    }

    /// The end of a statement over messages `m`: those of the range that belong to the change, none of the request log. Parameters: row ids after
    /// which and up to which, the session's row id.
    fn belonging(&self) -> String {
        // The unary plus keeps SQLite at the range of row ids: by generation it would read whole files.
        let mut clause = format!(
            "m.id > ?1 AND m.id <= ?2 AND m.replay_of IS NULL AND NOT m.flags & {} AND +m.generation_id IN (
                 SELECT f.generation_id FROM files f WHERE f.session_id = ?3)",
            flag::REQUEST_LOG
        );
        if let Some(Some(table)) = mark_of(&self.topic) {
            clause.push_str(&format!(" AND EXISTS (SELECT 1 FROM {table} mark WHERE mark.message_id = m.id)"));
        }
        clause
    }

    /// The first messages that belong to it, with row ids after `after`: no copies, none that are superseded by now.
    pub(crate) fn messages_behind(
        &self,
        connection: &Connection,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, MessageId)>, Failure> {
        let Some((_, last)) = self.messages else { return Ok(Vec::new()) };
        let mut statement = connection.prepare_cached(&format!(
            "SELECT m.id, f.path_hash, m.line, m.part FROM messages m CROSS JOIN generations g ON g.id = m.generation_id
             CROSS JOIN files f ON f.id = g.file_id WHERE {} ORDER BY m.id LIMIT ?4",
            self.belonging()
        ))?;
        let rows = statement.query_map(params![after, last, self.session_id, limit as i64], message)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The first and the last message that belong to it, after `after`; `None` if all are gone, copies or superseded.
    pub(crate) fn ends_behind(
        &self,
        connection: &Connection,
        after: i64,
    ) -> Result<Option<(MessageId, MessageId)>, Failure> {
        let Some((_, last)) = self.messages else { return Ok(None) };
        let end = |order: &str| -> Result<Option<(i64, MessageId)>, Failure> {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT m.id, f.path_hash, m.line, m.part FROM messages m
                 CROSS JOIN generations g ON g.id = m.generation_id CROSS JOIN files f ON f.id = g.file_id
                 WHERE {} ORDER BY m.id {order} LIMIT 1",
                self.belonging()
            ))?;
            Ok(statement.query_row(params![after, last, self.session_id], message).optional()?)
        };
        Ok(end("ASC")?.zip(end("DESC")?).map(|((_, first), (_, last))| (first, last)))
    }

    /// How many messages belong to it after `after`.
    pub(crate) fn count_behind(&self, connection: &Connection, after: i64) -> Result<i64, Failure> {
        let Some((_, last)) = self.messages else { return Ok(0) };
        Ok(connection
            .prepare_cached(&format!("SELECT count(*) FROM messages m WHERE {}", self.belonging()))?
            .query_row(params![after, last, self.session_id], |row| row.get(0))?)
    }
}

/// Only rows of current generations: their ids name no generation.
fn message(row: &Row<'_>) -> rusqlite::Result<(i64, MessageId)> {
    let path_hash = row.get::<_, i64>(1)? as u64;
    Ok((row.get(0)?, MessageId { path_hash, line: row.get(2)?, part: row.get(3)?, generation: None }))
}
