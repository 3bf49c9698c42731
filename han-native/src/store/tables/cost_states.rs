//! Tables `cost_states` and `reported_costs`: what the agent program itself says that sessions cost. Each time it says so is an event;
//! the last in (time, path, line) order counts, so that the order of arrival does not matter.

use rusqlite::{Connection, OptionalExtension, params};

use super::strings::StringCache;
use crate::row::{CostStateRow, ReportedRow};
use crate::store::failure::Failure;

/// The columns of what is said, in both tables.
const SAID: &str =
    "model_id, cost, web_searches, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
    cache_creation_5m_tokens, cache_creation_1h_tokens";

/// Adds what a message says, the whole under model 0.
pub(crate) fn insert(
    connection: &Connection,
    strings: &mut StringCache,
    message_id: i64,
    session_id: i64,
    state: &CostStateRow,
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "INSERT OR REPLACE INTO cost_states (message_id, session_id, {SAID})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    ))?;
    let whole = ReportedRow { cost: state.cost, ..ReportedRow::default() };
    for said in std::iter::once(&whole).chain(&state.models) {
        let model_id = if said.model.is_empty() { 0 } else { strings.intern(connection, &said.model)? };
        let tokens = said.tokens;
        statement.execute(params![
            message_id,
            session_id,
            model_id,
            said.cost,
            said.web_searches,
            tokens.input_tokens,
            tokens.output_tokens,
            tokens.cache_read_tokens,
            tokens.cache_creation_tokens,
            tokens.cache_creation5m_tokens,
            tokens.cache_creation1h_tokens,
        ])?;
    }
    Ok(())
}

/// Finds again what counts for a session.
pub(crate) fn settle(connection: &Connection, session_id: i64) -> Result<(), Failure> {
    let last: Option<i64> = connection
        .prepare_cached(
            "SELECT said.message_id FROM cost_states AS said
             CROSS JOIN messages AS message ON message.id = said.message_id
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
             CROSS JOIN files AS file ON file.id = generation.file_id
             CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
             WHERE said.session_id = ?1 AND said.model_id = 0 AND NOT generation.is_superseded
             AND message.replay_of IS NULL
             ORDER BY message.time DESC, file.path DESC, config_dir.path DESC, message.line DESC, message.part DESC
             LIMIT 1",
        )?
        .query_row([session_id], |row| row.get(0))
        .optional()?;
    connection.prepare_cached("DELETE FROM reported_costs WHERE session_id = ?1")?.execute([session_id])?;
    if let Some(message_id) = last {
        connection
            .prepare_cached(&format!(
                "INSERT INTO reported_costs (session_id, message_id, {SAID})
                 SELECT session_id, message_id, {SAID} FROM cost_states WHERE message_id = ?1"
            ))?
            .execute([message_id])?;
    }
    Ok(())
}

/// The session whose cost a message states.
pub(crate) fn told_by(connection: &Connection, message_id: i64) -> Result<Option<i64>, Failure> {
    let mut statement =
        connection.prepare_cached("SELECT session_id FROM cost_states WHERE message_id = ?1 AND model_id = 0")?;
    Ok(statement.query_row([message_id], |row| row.get(0)).optional()?)
}

/// Removes what a message says.
pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM cost_states WHERE message_id = ?1")?.execute([message_id])?;
    Ok(())
}
