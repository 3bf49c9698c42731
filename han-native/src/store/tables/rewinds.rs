//! Table `rewinds`: prompts that were taken back. Only the next prompt shows it, which answers a message before them.
//!
//! Two programs may write one session at the same time, and then each jumps over the prompts of the other. What was taken back is not
//! continued; so a prompt whose answer comes after all was not taken back: the last record about it decides.

use rusqlite::{Connection, OptionalExtension, params};

use crate::row::{Uuid, flag};
use crate::store::failure::Failure;

/// What the agent program writes for a person who stops it.
const INTERRUPTED: &str = "[Request interrupted";

/// How many messages are gone through from an answer back to its prompt.
const LONGEST_TURN: usize = 100_000;

/// A record that answers another than the one before it.
struct Jump {
    id: i64,
    generation_id: i64,
    line: i64,
    /// Whether a person continues from there; else it belongs to what was begun before.
    is_new: bool,
}

/// Notes the prompts that a message jumps over, and those that it continues.
pub(crate) fn note(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.generation_id, m.line, m.parent_uuid, m.flags & ?2 <> 0 AND substr(m.preview, 1, ?3) <> ?4
             AND NOT EXISTS (SELECT 1 FROM tool_results r WHERE r.message_id = m.id)
         FROM messages m WHERE m.id = ?1 AND typeof(m.parent_uuid) IN ('blob', 'text')",
    )?;
    let length = INTERRUPTED.len() as i64;
    let found = statement.query_row(params![message_id, flag::ROLE_USER, length, INTERRUPTED], |row| {
        let jump = Jump { id: message_id, generation_id: row.get(0)?, line: row.get(1)?, is_new: row.get(3)? };
        Ok((jump, row.get::<_, Uuid>(2)?))
    });
    let Some((jump, parent)) = found.optional()? else { return Ok(()) };
    let Some((parent_id, parent_line)) = place_of(connection, &jump, &parent)? else { return Ok(()) };
    let skipped = prompts_between(connection, &jump, parent_line)?;
    if skipped.is_empty() {
        return Ok(());
    }
    let about = if jump.is_new { skipped } else { prompts_above(connection, parent_id)? };
    for prompt_id in about {
        connection
            .prepare_cached("INSERT INTO rewinds (prompt_id, by_id, by_line, is_continued) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![prompt_id, jump.id, jump.line, !jump.is_new])?;
    }
    Ok(())
}

/// Removes what a message says about prompts, and what is known of it.
pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM rewinds WHERE prompt_id = ?1")?.execute([message_id])?;
    connection.prepare_cached("DELETE FROM rewinds WHERE by_id = ?1")?.execute([message_id])?;
    Ok(())
}

/// Where in the same file the answered message is.
fn place_of(connection: &Connection, jump: &Jump, uuid: &Uuid) -> Result<Option<(i64, i64)>, Failure> {
    Ok(connection
        .prepare_cached(
            "SELECT m.id, m.line FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id
             WHERE u.key = ?1 AND m.uuid = ?2 AND m.generation_id = ?3 AND m.line < ?4 ORDER BY m.line DESC, m.part LIMIT 1",
        )?
        .query_row(params![uuid.key(), uuid, jump.generation_id, jump.line], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

fn prompts_between(connection: &Connection, jump: &Jump, parent_line: i64) -> Result<Vec<i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM messages WHERE generation_id = ?1 AND line > ?2 AND line < ?3 AND flags & ?4 ORDER BY line, part",
    )?;
    let ids = statement.query_map([jump.generation_id, parent_line, jump.line, flag::PROMPT], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The prompt that a message belongs to, and those before it, as long as each of them seemed to be taken back.
fn prompts_above(connection: &Connection, message_id: i64) -> Result<Vec<i64>, Failure> {
    let mut parent = connection.prepare_cached(
        "SELECT p.id FROM messages m CROSS JOIN messages p ON p.id = CASE typeof(m.parent_uuid)
             WHEN 'integer' THEN (SELECT q.id FROM messages q
                 WHERE q.generation_id = m.generation_id AND q.line = m.line - m.parent_uuid AND q.part = 0)
             ELSE (SELECT q.id FROM message_uuids u CROSS JOIN messages q ON q.id = u.message_id
                 WHERE u.key = uuid_key(m.parent_uuid) AND q.uuid = m.parent_uuid AND q.generation_id = m.generation_id
                 AND q.line < m.line ORDER BY q.line DESC, q.part LIMIT 1) END
         WHERE m.id = ?1 AND m.parent_uuid IS NOT NULL",
    )?;
    let mut facts = connection.prepare_cached(
        "SELECT flags & ?2 <> 0, EXISTS (SELECT 1 FROM rewinds WHERE prompt_id = messages.id) FROM messages WHERE id = ?1",
    )?;
    let mut prompts = Vec::new();
    let mut at = Some(message_id);
    for _ in 0..LONGEST_TURN {
        let Some(id) = at else { break };
        let (is_prompt, was_skipped): (bool, bool) =
            facts.query_row([id, flag::PROMPT], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if is_prompt && !was_skipped {
            break;
        }
        prompts.extend(is_prompt.then_some(id));
        at = parent.query_row([id], |row| row.get(0)).optional()?;
    }
    Ok(prompts)
}
