//! Table `messages_fts`: the full-text index.

use rusqlite::{Connection, Statement, params};

use crate::model::SearchField;
use crate::store::Failure;

/// The statement of [`insert`].
pub(crate) const INSERT: &str = "
    INSERT INTO messages_fts (rowid, user, assistant, thinking, tool_input, tool_output, title, other)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

pub(crate) fn insert(
    statement: &mut Statement<'_>,
    message_id: i64,
    document: &[(SearchField, String)],
) -> Result<(), Failure> {
    let mut columns: [Option<&str>; SearchField::ALL.len()] = Default::default();
    for (field, text) in document {
        columns[*field as usize] = Some(text);
    }
    let [user, assistant, thinking, tool_input, tool_output, title, other] = columns;
    statement.execute(params![message_id, user, assistant, thinking, tool_input, tool_output, title, other])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM messages_fts WHERE rowid = ?1")?.execute([message_id])?;
    Ok(())
}
