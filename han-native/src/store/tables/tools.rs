//! Tables `tool_calls` and `tool_results`: they meet in `tool_use_key`, whichever comes first.

use rusqlite::{Connection, Statement, params};

use super::strings::StringCache;
use crate::model::ProblemKind;
use crate::row::{ToolCallRow, ToolResultRow, tool_use_key};
use crate::store::failure::Failure;

/// The statement of [`insert_calls`].
pub(crate) const INSERT_CALL: &str = "
    INSERT INTO tool_calls (message_id, ordinal, tool_use_key, tool_use_id, name_id) VALUES (?1, ?2, ?3, ?4, ?5)";
/// The statement of [`insert_results`].
pub(crate) const INSERT_RESULT: &str = "
    INSERT INTO tool_results (message_id, ordinal, tool_use_key, is_error, spill) VALUES (?1, ?2, ?3, ?4, ?5)";

pub(crate) fn insert_calls(
    connection: &Connection,
    statement: &mut Statement<'_>,
    strings: &mut StringCache,
    message_id: i64,
    calls: &[ToolCallRow],
) -> Result<(), Failure> {
    for (ordinal, call) in calls.iter().enumerate() {
        let name_id = strings.intern(connection, &call.name)?;
        statement.execute(params![
            message_id,
            ordinal as i64,
            tool_use_key(&call.tool_use_id),
            call.tool_use_id,
            name_id
        ])?;
    }
    Ok(())
}

pub(crate) fn insert_results(
    statement: &mut Statement<'_>,
    message_id: i64,
    results: &[ToolResultRow],
) -> Result<(), Failure> {
    for (ordinal, result) in results.iter().enumerate() {
        let key = tool_use_key(&result.tool_use_id);
        statement.execute(params![message_id, ordinal as i64, key, result.is_error, result.spill])?;
    }
    Ok(())
}

/// The generations, in one session, that were read before a spilled output of this name was last changed, or missed it.
pub(crate) fn waiting_for_spill(
    connection: &Connection,
    session_id: i64,
    name: &str,
    changed_at: i64,
) -> Result<Vec<i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT m.generation_id FROM tool_results t JOIN messages m ON m.id = t.message_id
         JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
         WHERE t.spill = ?2 AND f.session_id = ?1 AND (f.checked_at <= ?4 OR EXISTS (
             SELECT 1 FROM problems p WHERE p.generation_id = m.generation_id AND p.line = m.line AND p.kind = ?3))",
    )?;
    let missing = ProblemKind::SpillMissing.as_str();
    let rows = statement.query_map(params![session_id, name, missing, changed_at], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM tool_calls WHERE message_id = ?1")?.execute([message_id])?;
    connection.prepare_cached("DELETE FROM tool_results WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}
