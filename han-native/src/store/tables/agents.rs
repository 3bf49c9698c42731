//! Tables `agent_calls` and `agent_results`: what calls say about the agents that they start, and which agents those were. If
//! an agent's own file has no sidecar that says it, this is what is known of the agent.

use rusqlite::{Connection, params};

use crate::row::{AgentCallRow, AgentResultRow, tool_use_key};
use crate::store::failure::Failure;

/// A session, and the name of an agent in it.
pub(crate) type Agent = (i64, String);

pub(crate) fn insert_calls(connection: &Connection, message_id: i64, calls: &[AgentCallRow]) -> Result<(), Failure> {
    for (ordinal, call) in calls.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO agent_calls (message_id, ordinal, tool_use_key, agent_type, description)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                message_id,
                ordinal as i64,
                tool_use_key(&call.tool_use_id),
                call.agent_type,
                call.description
            ])?;
    }
    Ok(())
}

pub(crate) fn insert_result(
    connection: &Connection,
    message_id: i64,
    session_id: i64,
    result: &AgentResultRow,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO agent_results (message_id, session_id, tool_use_key, agent, agent_type)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![message_id, session_id, tool_use_key(&result.tool_use_id), result.agent, result.agent_type])?;
    Ok(())
}

/// The agents that a message names by its result or its calls, perhaps repeated.
pub(crate) fn touched_by(connection: &Connection, message_id: i64) -> Result<Vec<Agent>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT session_id, agent FROM agent_results WHERE message_id = ?1
         UNION ALL SELECT result.session_id, result.agent FROM agent_calls AS call
         CROSS JOIN agent_results AS result ON result.tool_use_key = call.tool_use_key WHERE call.message_id = ?1",
    )?;
    let rows = statement.query_map([message_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    for table in ["agent_calls", "agent_results"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE message_id = ?1"))?.execute([message_id])?;
    }
    Ok(())
}

/// Labels the files of an agent with what their sidecars say, else with what the first call said that started it.
pub(crate) fn label(connection: &Connection, (session_id, agent): &Agent) -> Result<(), Failure> {
    for (column, told) in
        [("agent_type", "coalesce(call.agent_type, result.agent_type)"), ("agent_description", "call.description")]
    {
        connection
            .prepare_cached(&format!(
                "UPDATE files SET {column} = coalesce(own_{column}, (
                     SELECT {told} FROM agent_results AS result
                     JOIN agent_calls AS call ON call.tool_use_key = result.tool_use_key
                     JOIN messages AS message ON message.id = call.message_id
                     JOIN generations AS generation ON generation.id = message.generation_id
                     JOIN files AS file ON file.id = generation.file_id
                     JOIN messages AS answer ON answer.id = result.message_id
                     JOIN generations AS answered ON answered.id = answer.generation_id
                     WHERE result.session_id = ?1 AND result.agent = ?2
                     AND NOT generation.is_superseded AND NOT answered.is_superseded
                     AND {told} IS NOT NULL
                     ORDER BY message.time, file.path, message.line, message.part, call.ordinal LIMIT 1))
                 WHERE session_id = ?1 AND kind = 'agent' AND agent_id = (SELECT id FROM strings WHERE value = ?2)"
            ))?
            .execute(params![session_id, agent])?;
    }
    Ok(())
}
