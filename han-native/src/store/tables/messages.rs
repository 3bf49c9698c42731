//! Table `messages`.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::rollups::{Place, Sums};
use crate::row::{MessageRow, Parent, Uuid, flag};
use crate::store::failure::Failure;

impl ToSql for Uuid {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Uuid::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Uuid::Text(text) => ToSqlOutput::Owned(Value::Text(text.clone())),
        })
    }
}

impl ToSql for Parent {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Parent::Uuid(uuid) => uuid.to_sql(),
            Parent::LinesBefore(lines) => lines.to_sql(),
        }
    }
}

impl FromSql for Uuid {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Uuid> {
        match value {
            ValueRef::Blob(bytes) => bytes.try_into().map(Uuid::Bytes).map_err(|_| FromSqlError::InvalidType),
            ValueRef::Text(_) => value.as_str().map(|text| Uuid::Text(text.into())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// Whether `message` is progress of an agent that repeats a message of the agent's own file.
pub(crate) const REPEATS_AN_AGENT: &str = "message.carried_uuid IS NOT NULL AND EXISTS (
    SELECT 1 FROM message_uuids AS known
    CROSS JOIN messages AS own ON own.id = known.message_id
    CROSS JOIN generations AS own_generation ON own_generation.id = own.generation_id
    CROSS JOIN files AS own_file ON own_file.id = own_generation.file_id
    WHERE known.key = uuid_key(message.carried_uuid) AND own.uuid = message.carried_uuid
    AND own_file.kind = 'agent' AND NOT own_generation.is_superseded)";

/// Interned names of a message row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Names {
    pub type_id: i64,
    pub subtype_id: Option<i64>,
    /// Only if it differs from the file's session.
    pub record_session_id: Option<i64>,
    /// Only if it differs from the file's agent.
    pub agent_id: Option<i64>,
    pub model_id: Option<i64>,
}

/// The statement of [`insert`].
pub(crate) const INSERT: &str = "
    INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, subtype_id, flags, time, uuid,
        parent_uuid, carried_uuid, record_session_id, agent_id, model_id, usage_id, input_tokens, output_tokens,
        cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens, preview, billing)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
        ?25)";

/// Adds a message, under this row id or, if there is none, the next one.
pub(crate) fn insert(
    connection: &Connection,
    statement: &mut Statement<'_>,
    id: Option<i64>,
    generation_id: i64,
    row: &MessageRow,
    names: Names,
    usage_id: Option<i64>,
) -> Result<i64, Failure> {
    let tokens = row.usage.as_ref().map(|usage| usage.tokens);
    statement.execute(params![
        id,
        generation_id,
        row.line,
        row.part,
        row.offset,
        row.length,
        names.type_id,
        names.subtype_id,
        row.flags,
        row.time,
        row.uuid,
        row.parent,
        row.carried_uuid,
        names.record_session_id,
        names.agent_id,
        names.model_id,
        usage_id,
        tokens.map(|tokens| tokens.input_tokens),
        tokens.map(|tokens| tokens.output_tokens),
        tokens.map(|tokens| tokens.cache_read_tokens),
        tokens.map(|tokens| tokens.cache_creation_tokens),
        tokens.map(|tokens| tokens.cache_creation5m_tokens),
        tokens.map(|tokens| tokens.cache_creation1h_tokens),
        row.preview,
        row.usage.as_ref().and_then(|usage| usage.billing.as_deref()),
    ])?;
    Ok(connection.last_insert_rowid())
}

/// What a message adds to the rollups, and where, as long as it is neither a replay nor superseded.
pub(crate) struct Contribution {
    pub generation_id: i64,
    pub place: Place,
    pub sums: Sums,
    /// One for each of its tool calls.
    pub tool_name_ids: Vec<i64>,
    pub is_replay: bool,
    pub is_superseded: bool,
    /// Whether it belongs to the request log, which adds nothing.
    pub is_request_log: bool,
}

/// The contribution of a new row. Hooks are counted when all lines that report them are written, see [`super::hooks`].
pub(crate) fn sums_of(row: &MessageRow) -> Sums {
    let sums = Sums {
        messages: i64::from(!row.is_request_log()),
        prompts: i64::from(row.flags & flag::PROMPT != 0),
        assistants: is_assistant_line(row.flags),
        talk: i64::from(row.flags & flag::TALK != 0),
        compactions: is_compaction(row.flags),
        tool_calls: row.tool_calls.len() as i64,
        tool_errors: row.tool_results.iter().filter(|result| result.is_error).count() as i64,
        lines_added: row.file_changes.iter().map(|change| change.lines_added).sum(),
        lines_removed: row.file_changes.iter().map(|change| change.lines_removed).sum(),
        ..Sums::default()
    };
    without_echo(sums, row.carried_uuid.is_some(), row.flags)
}

/// What a record of an agent's progress carries is in the agent's own file, and what was done is counted there. Its tokens
/// are counted by their own rule, once.
fn without_echo(sums: Sums, has_carried_uuid: bool, flags: i64) -> Sums {
    match has_carried_uuid || flags & flag::CARRIED_USAGE != 0 {
        true => Sums { tool_calls: 0, tool_errors: 0, lines_added: 0, lines_removed: 0, ..sums },
        false => sums,
    }
}

fn is_assistant_line(flags: i64) -> i64 {
    i64::from(flags & flag::TALK != 0 && flags & flag::ROLE_ASSISTANT != 0)
}

/// The summary that a compaction leaves in place of a prompt.
fn is_compaction(flags: i64) -> i64 {
    i64::from(flags & flag::TALK != 0 && flags & flag::COMPACT_SUMMARY != 0)
}

/// Where in the rollups a message is counted.
pub(crate) fn place(connection: &Connection, id: i64) -> Result<Place, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT f.session_id, f.project_id, coalesce(m.model_id, 0), m.time
         FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id WHERE m.id = ?1",
    )?;
    let place = statement.query_row([id], |row| {
        Ok(Place { session_id: row.get(0)?, project_id: row.get(1)?, model_id: row.get(2)?, time: row.get(3)? })
    })?;
    Ok(place)
}

/// The contribution of a stored row.
pub(crate) fn contribution(connection: &Connection, id: i64) -> Result<Contribution, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.generation_id, f.session_id, f.project_id, coalesce(m.model_id, 0), m.time, m.flags,
         m.replay_of IS NOT NULL,
         (SELECT count(*) FROM tool_calls t WHERE t.message_id = m.id),
         (SELECT coalesce(sum(t.is_error), 0) FROM tool_results t WHERE t.message_id = m.id),
         (SELECT coalesce(sum(c.lines_added), 0) FROM session_file_changes c WHERE c.message_id = m.id),
         (SELECT coalesce(sum(c.lines_removed), 0) FROM session_file_changes c WHERE c.message_id = m.id),
         g.is_superseded,
         (SELECT count(*) FROM hook_executions h WHERE h.message_id = m.id),
         (SELECT coalesce(sum(h.is_error), 0) FROM hook_executions h WHERE h.message_id = m.id),
         m.carried_uuid IS NOT NULL
         FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
         WHERE m.id = ?1",
    )?;
    let mut contribution = statement.query_row([id], |row| {
        let flags: i64 = row.get(5)?;
        let is_request_log = flags & flag::REQUEST_LOG != 0;
        let sums = Sums {
            messages: i64::from(!is_request_log),
            prompts: i64::from(flags & flag::PROMPT != 0),
            assistants: is_assistant_line(flags),
            talk: i64::from(flags & flag::TALK != 0),
            compactions: is_compaction(flags),
            tool_calls: row.get(7)?,
            tool_errors: row.get(8)?,
            lines_added: row.get(9)?,
            lines_removed: row.get(10)?,
            hooks: row.get(12)?,
            hook_errors: row.get(13)?,
            ..Sums::default()
        };
        Ok(Contribution {
            generation_id: row.get(0)?,
            place: Place { session_id: row.get(1)?, project_id: row.get(2)?, model_id: row.get(3)?, time: row.get(4)? },
            is_replay: row.get(6)?,
            is_superseded: row.get(11)?,
            is_request_log,
            tool_name_ids: Vec::new(),
            sums: without_echo(sums, row.get(14)?, flags),
        })
    })?;
    if contribution.sums.tool_calls > 0 {
        let mut statement = connection.prepare_cached("SELECT name_id FROM tool_calls WHERE message_id = ?1")?;
        let name_ids = statement.query_map([id], |row| row.get(0))?;
        contribution.tool_name_ids = name_ids.collect::<rusqlite::Result<_>>()?;
    }
    Ok(contribution)
}

/// Marks a message as a copy of another, or as an original.
pub(crate) fn set_replay_of(connection: &Connection, id: i64, original: Option<i64>) -> Result<(), Failure> {
    connection.prepare_cached("UPDATE messages SET replay_of = ?2 WHERE id = ?1")?.execute(params![id, original])?;
    Ok(())
}

/// A message that is about to be removed, or superseded.
pub(crate) struct Identity {
    pub id: i64,
    pub uuid: Option<Uuid>,
    pub usage_id: Option<i64>,
    pub flags: i64,
    pub line: i64,
    pub part: i64,
}

/// The messages of a generation from a line on, in the order of their places.
pub(crate) fn from_line(connection: &Connection, generation_id: i64, line: i64) -> Result<Vec<Identity>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT id, uuid, usage_id, flags, line, part FROM messages WHERE generation_id = ?1 AND line >= ?2
         ORDER BY line, part",
    )?;
    let rows = statement.query_map([generation_id, line], |row| {
        Ok(Identity {
            id: row.get(0)?,
            uuid: row.get(1)?,
            usage_id: row.get(2)?,
            flags: row.get(3)?,
            line: row.get(4)?,
            part: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The id and the flags of the message at a place.
pub(crate) fn at(
    connection: &Connection,
    generation_id: i64,
    (line, part): (i64, i64),
) -> Result<Option<(i64, i64)>, Failure> {
    Ok(connection
        .prepare_cached("SELECT id, flags FROM messages WHERE generation_id = ?1 AND line = ?2 AND part = ?3")?
        .query_row([generation_id, line, part], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Sets what is known of a message.
pub(crate) fn set_flags(connection: &Connection, id: i64, flags: i64) -> Result<(), Failure> {
    connection.prepare_cached("UPDATE messages SET flags = ?2 WHERE id = ?1")?.execute([id, flags])?;
    Ok(())
}

/// Removes a message's row; what depends on it is removed by its own table.
pub(crate) fn remove(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM messages WHERE id = ?1")?.execute([id])?;
    Ok(())
}
