//! Table `sessions`.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::failure::Failure;

/// The row of a session, if there is one.
pub(crate) fn find(connection: &Connection, session: &str) -> Result<Option<i64>, Failure> {
    Ok(connection
        .prepare_cached("SELECT id FROM sessions WHERE session_id = ?1")?
        .query_row([session], |row| row.get(0))
        .optional()?)
}

/// Adds a session.
pub(crate) fn insert(connection: &Connection, session: &str, project_id: i64) -> Result<i64, Failure> {
    connection
        .prepare_cached("INSERT INTO sessions (session_id, project_id) VALUES (?1, ?2)")?
        .execute(params![session, project_id])?;
    Ok(connection.last_insert_rowid())
}

/// Widens the time of a session: all that an append to one of its agents' files changes.
pub(crate) fn widen(
    connection: &Connection,
    id: i64,
    first: Option<i64>,
    last: Option<i64>,
    is_talk: bool,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE sessions SET started_at = coalesce(min(started_at, ?2), started_at, ?2),
             ended_at = coalesce(max(ended_at, ?3), ended_at, ?3), is_talk = max(is_talk, ?4) WHERE id = ?1",
        )?
        .execute(params![id, first, last, is_talk])?;
    Ok(())
}

/// Brings the counts of a session, and what its last records say, up to date with its main files.
pub(crate) fn refresh_main(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE sessions SET (message_count, prompt_count, assistant_count, copied_count) = (
                 SELECT coalesce(sum(g.messages - g.logged - g.replays), 0), coalesce(sum(g.prompts), 0),
                        coalesce(sum(g.assistants), 0), coalesce(sum(g.replays), 0)
                 FROM files f JOIN generations g ON g.id = f.generation_id
                 WHERE f.session_id = ?1 AND f.kind = 'main')
             WHERE id = ?1",
        )?
        .execute([id])?;
    for name in ["model", "git_branch", "version"] {
        connection
            .prepare_cached(&format!(
                "UPDATE sessions SET {name}_id = (
                     SELECT g.{name}_id FROM files f JOIN generations g ON g.id = f.generation_id
                     WHERE f.session_id = ?1 AND f.kind = 'main' AND g.{name}_id IS NOT NULL
                     ORDER BY g.{name}_time DESC, f.path DESC LIMIT 1)
                 WHERE id = ?1"
            ))?
            .execute([id])?;
    }
    connection
        .prepare_cached(
            "UPDATE sessions SET cwd = (
                 SELECT g.cwd FROM files f JOIN generations g ON g.id = f.generation_id
                 WHERE f.session_id = ?1 AND f.kind = 'main' AND g.cwd IS NOT NULL ORDER BY f.path LIMIT 1)
             WHERE id = ?1",
        )?
        .execute([id])?;
    Ok(())
}

/// Brings everything of a session up to date with all of its files: after something was removed, or a file added.
pub(crate) fn refresh_all(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE sessions SET (started_at, ended_at, agent_count) = (
                 SELECT min(g.first_time), max(g.last_time), coalesce(sum(f.kind = 'agent'), 0)
                 FROM files f JOIN generations g ON g.id = f.generation_id WHERE f.session_id = ?1),
             project_id = coalesce((
                 SELECT f.project_id FROM files f JOIN projects p ON p.id = f.project_id WHERE f.session_id = ?1
                 ORDER BY f.kind <> 'main', p.slug, f.path LIMIT 1), project_id)
             WHERE id = ?1",
        )?
        .execute([id])?;
    refresh_main(connection, id)?;
    refresh_copies(connection, id)
}

/// Brings up to date what depends on which records of a session are copies: whether anything was said in it itself, and which
/// session the last of them is from.
pub(crate) fn refresh_copies(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE sessions SET is_talk = (
                 SELECT coalesce(max(g.talk > 0), 0) FROM files f JOIN generations g ON g.id = f.generation_id
                 WHERE f.session_id = ?1),
             forked_from_id = (
                 SELECT source.session_id FROM files f CROSS JOIN messages m ON m.generation_id = f.generation_id
                 CROSS JOIN messages original ON original.id = m.replay_of
                 CROSS JOIN generations g ON g.id = original.generation_id CROSS JOIN files source ON source.id = g.file_id
                 WHERE f.session_id = ?1 AND f.kind = 'main' AND source.session_id <> ?1
                 ORDER BY f.path DESC, m.line DESC, m.part DESC LIMIT 1)
             WHERE id = ?1",
        )?
        .execute([id])?;
    Ok(())
}

/// Sets the title, if it changed.
pub(crate) fn set_title(connection: &Connection, id: i64, title: Option<&str>) -> Result<bool, Failure> {
    let changed = connection
        .prepare_cached("UPDATE sessions SET title = ?2 WHERE id = ?1 AND title IS NOT ?2")?
        .execute(params![id, title])?;
    Ok(changed > 0)
}

/// Removes a session that has no file left.
pub(crate) fn remove_if_empty(connection: &Connection, id: i64) -> Result<bool, Failure> {
    let removed = connection
        .prepare_cached(
            "DELETE FROM sessions WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE session_id = ?1)",
        )?
        .execute([id])?;
    Ok(removed > 0)
}

/// The sessions of this name, or of this project, or whose last activity was before this time.
pub(crate) fn to_forget(
    connection: &Connection,
    session: Option<&str>,
    project: Option<&str>,
    before: Option<i64>,
) -> Result<Vec<(i64, String)>, Failure> {
    let mut statement = connection.prepare(
        "SELECT s.id, s.session_id FROM sessions s JOIN projects p ON p.id = s.project_id
         WHERE s.session_id = ?1 OR p.slug = ?2 OR s.ended_at < ?3 ORDER BY s.id",
    )?;
    let rows = statement.query_map(params![session, project, before], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
