//! Table `session_titles`: what a session may be called. Filled from title records, summaries and first prompts.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::row::Uuid;
use crate::store::failure::Failure;

/// The rank of a title that a person chose.
const CUSTOM: i64 = 0;
/// The rank of a summary whose last message is in the session.
const SUMMARY: i64 = 3;
/// The rank of the first prompt of a file.
const PROMPT: i64 = 4;

/// Offers a title. A file that repeats its last one adds nothing, except for prompts, which may be taken back one by one.
pub(crate) fn offer(
    connection: &Connection,
    session_id: i64,
    message_id: i64,
    generation_id: i64,
    rank: i64,
    title: &str,
) -> Result<(), Failure> {
    if rank == PROMPT {
        return insert(connection, session_id, message_id, rank, title);
    }
    let last: Option<(String, i64)> = connection
        .prepare_cached(
            "SELECT t.title, m.generation_id FROM session_titles t JOIN messages m ON m.id = t.message_id
             WHERE t.session_id = ?1 AND t.rank = ?2 ORDER BY t.message_id DESC LIMIT 1",
        )?
        .query_row([session_id, rank], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if last.is_some_and(|(last, generation)| generation == generation_id && last == title) {
        return Ok(());
    }
    insert(connection, session_id, message_id, rank, title)
}

fn insert(connection: &Connection, session_id: i64, message_id: i64, rank: i64, title: &str) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO session_titles (session_id, message_id, rank, title) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![session_id, message_id, rank, title])?;
    Ok(())
}

/// Offers a summary to every session that has the message that it names; returns which.
pub(crate) fn offer_summary(connection: &Connection, message_id: i64) -> Result<Vec<i64>, Failure> {
    let summary: Option<(Uuid, String)> = connection
        .prepare_cached(
            "SELECT leaf_uuid, text FROM session_summaries WHERE message_id = ?1 AND leaf_uuid IS NOT NULL",
        )?
        .query_row([message_id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((leaf, text)) = summary else { return Ok(Vec::new()) };
    let sessions: Vec<i64> = connection
        .prepare_cached(
            "SELECT DISTINCT f.session_id FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id
             JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             WHERE u.key = ?1 AND m.uuid = ?2 AND g.is_superseded = 0",
        )?
        .query_map(params![leaf.key(), leaf], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for session_id in &sessions {
        insert(connection, *session_id, message_id, SUMMARY, &text)?;
    }
    Ok(sessions)
}

/// The summaries that name a message.
pub(crate) fn summaries_of(connection: &Connection, message_id: i64) -> Result<Vec<i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT s.message_id FROM messages m CROSS JOIN session_summaries s ON s.leaf_uuid = m.uuid WHERE m.id = ?1",
    )?;
    Ok(statement.query_map([message_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Calls `each` with every summary that names a message, and that message's uuid.
pub(crate) fn for_each_leaf(connection: &Connection, each: &mut dyn FnMut(i64, &Uuid)) -> Result<(), Failure> {
    let mut statement =
        connection.prepare_cached("SELECT message_id, leaf_uuid FROM session_summaries WHERE leaf_uuid IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, &row.get(1)?);
    }
    Ok(())
}

/// Offers a session its summaries again, after messages of it were removed.
pub(crate) fn relink_summaries(connection: &Connection, session_id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("DELETE FROM session_titles WHERE session_id = ?1 AND rank = ?2")?
        .execute([session_id, SUMMARY])?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO session_titles (session_id, message_id, rank, title)
             SELECT ?1, s.message_id, ?2, s.text FROM session_summaries s
             WHERE s.leaf_uuid IS NOT NULL AND EXISTS (
                 SELECT 1 FROM message_uuids u CROSS JOIN messages m ON m.id = u.message_id
                 JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
                 WHERE u.key = uuid_key(s.leaf_uuid) AND m.uuid = s.leaf_uuid AND g.is_superseded = 0
                 AND f.session_id = ?1)",
        )?
        .execute([session_id, SUMMARY])?;
    Ok(())
}

/// The title that wins. A title beside the transcript is one that a person chose, too: the later of both; but one that was taken over
/// from another session comes after what a record says.
pub(crate) fn best(connection: &Connection, session_id: i64) -> Result<Option<String>, Failure> {
    let recorded = best_recorded(connection, session_id)?;
    let Some(beside) = beside(connection, session_id)? else { return Ok(recorded.map(|recorded| recorded.title)) };
    let custom = recorded.filter(|recorded| recorded.rank == CUSTOM);
    Ok(Some(match custom {
        Some(custom) if beside.is_carried || custom.time > beside.at => custom.title,
        _ => beside.title,
    }))
}

/// A title that is beside the session's transcript.
struct Beside {
    title: String,
    at: Option<i64>,
    is_carried: bool,
}

/// The title beside the main file; one that a person chose comes before one that was taken over from another session.
fn beside(connection: &Connection, session_id: i64) -> Result<Option<Beside>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT title, title_at, is_title_carried FROM files
         WHERE session_id = ?1 AND kind = 'main' AND title IS NOT NULL
         ORDER BY is_title_carried, title_at DESC, path DESC, title LIMIT 1",
    )?;
    let found = statement
        .query_row([session_id], |row| Ok(Beside { title: row.get(0)?, at: row.get(1)?, is_carried: row.get(2)? }));
    Ok(found.optional()?)
}

/// A title from a record.
struct Recorded {
    title: String,
    rank: i64,
    time: Option<i64>,
}

fn best_recorded(connection: &Connection, session_id: i64) -> Result<Option<Recorded>, Failure> {
    const FROM: &str = "FROM session_titles t JOIN messages m ON m.id = t.message_id
        JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
        WHERE t.session_id = ?1 AND g.is_superseded = 0";
    let named = connection
        .prepare_cached(&format!(
            "SELECT t.title, t.rank, m.time {FROM} AND t.rank < ?2
             ORDER BY t.rank, (f.kind = 'main' AND f.session_id = ?1) DESC, f.path DESC, m.line DESC, m.part DESC LIMIT 1"
        ))?
        .query_row([session_id, PROMPT], recorded)
        .optional()?;
    if named.is_some() {
        return Ok(named);
    }
    Ok(connection
        .prepare_cached(&format!(
            "SELECT t.title, t.rank, m.time {FROM} AND t.rank = ?2 AND f.kind = 'main' ORDER BY f.path, m.line, m.part LIMIT 1"
        ))?
        .query_row([session_id, PROMPT], recorded)
        .optional()?)
}

fn recorded(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    Ok(Recorded { title: row.get(0)?, rank: row.get(1)?, time: row.get(2)? })
}

/// Removes the titles of a message; returns the sessions that lose one.
pub(crate) fn remove(connection: &Connection, message_id: i64) -> Result<Vec<i64>, Failure> {
    let mut statement =
        connection.prepare_cached("DELETE FROM session_titles WHERE message_id = ?1 RETURNING session_id")?;
    Ok(statement.query_map([message_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The sessions that records of a generation offer a title.
pub(crate) fn sessions_named_by(connection: &Connection, generation_id: i64) -> Result<Vec<i64>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT t.session_id FROM messages m CROSS JOIN session_titles t ON t.message_id = m.id
         WHERE m.generation_id = ?1",
    )?;
    Ok(statement.query_map([generation_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
