//! Tables `tool_calls` and `tool_results`: they meet in `tool_use_key`, whichever comes first.

use rusqlite::{Connection, Statement, params};

use super::strings::StringCache;
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

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM tool_calls WHERE message_id = ?1")?.execute([message_id])?;
    connection.prepare_cached("DELETE FROM tool_results WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}
