//! Tables `session_file_changes`, `session_todos` and `session_summaries`: events of a session, whose state is read from the
//! last ones in (time, path, line) order, so that the order of arrival does not matter.

use rusqlite::{Connection, params};

use super::strings::StringCache;
use crate::row::{FileChangeRow, SummaryRow};
use crate::store::failure::Failure;

pub(crate) fn insert_file_changes(
    connection: &Connection,
    strings: &mut StringCache,
    message_id: i64,
    session_id: i64,
    changes: &[FileChangeRow],
) -> Result<(), Failure> {
    for (ordinal, change) in changes.iter().enumerate() {
        let tool_id = strings.intern(connection, &change.tool)?;
        connection
            .prepare_cached(
                "INSERT INTO session_file_changes (message_id, ordinal, session_id, path, action, lines_added,
                 lines_removed, tool_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                message_id,
                ordinal as i64,
                session_id,
                change.path,
                change.action,
                change.lines_added,
                change.lines_removed,
                tool_id
            ])?;
    }
    Ok(())
}

pub(crate) fn insert_todos(
    connection: &Connection,
    message_id: i64,
    session_id: i64,
    todos: &str,
) -> Result<(), Failure> {
    connection
        .prepare_cached("INSERT INTO session_todos (message_id, session_id, todos) VALUES (?1, ?2, ?3)")?
        .execute(params![message_id, session_id, todos])?;
    Ok(())
}

pub(crate) fn insert_summary(
    connection: &Connection,
    message_id: i64,
    session_id: i64,
    summary: &SummaryRow,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO session_summaries (message_id, session_id, kind, leaf_uuid, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![message_id, session_id, summary.kind, summary.leaf_uuid, summary.text])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    for table in ["session_file_changes", "session_todos", "session_summaries"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE message_id = ?1"))?.execute([message_id])?;
    }
    Ok(())
}
