//! Tables `files` and `generations`: what was read of which file.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::sums::Sums;
use crate::source_file::{Cursor, FileKind, FileStat, GivenTitle, SourceFile};
use crate::store::failure::Failure;

/// A file as it is known, with the cursor of its current generation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredFile {
    pub id: i64,
    pub config_dir: String,
    pub path: String,
    pub kind: FileKind,
    pub project_id: i64,
    pub project: String,
    pub session_id: i64,
    pub session: String,
    pub agent: Option<String>,
    pub is_missing: bool,
    pub stat: FileStat,
    /// Nanoseconds; when it was last read.
    pub checked_at: i64,
    pub generation: StoredGeneration,
}

impl StoredFile {
    /// Where the file is, or was, on the disk.
    pub(crate) fn absolute(&self) -> PathBuf {
        Path::new(&self.config_dir).join(&self.path)
    }

    /// The file as a walk would have found it.
    pub(crate) fn to_source(&self) -> SourceFile {
        SourceFile {
            absolute: self.absolute(),
            config_dir: self.config_dir.clone(),
            path: self.path.clone(),
            kind: self.kind,
            project: self.project.clone(),
            session: Some(self.session.clone()),
            agent: self.agent.clone(),
            agent_type: None,
            agent_description: None,
            workflow: None,
            title: None,
            stat: self.stat,
        }
    }
}

/// The cursor of a generation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredGeneration {
    pub id: i64,
    pub number: i64,
    pub cursor: Cursor,
    pub derive_revision: i64,
    pub carry: Vec<u8>,
    /// Whether it is known to share records with other files.
    pub is_sharing: bool,
}

/// The revision of rows that have to be derived again regardless of the rules: older than any. An append leaves it, so that the mark
/// lasts until that is done.
pub(crate) const STALE: i64 = 0;

const SELECT: &str = "SELECT f.id, d.path, f.path, f.kind, f.project_id, f.session_id, s.session_id, f.is_missing,
    f.device, f.inode, f.size, f.mtime, f.checked_at,
    g.id, g.number, g.offset, g.line, g.tail_offset, g.head_hash, g.tail_hash, g.derive_revision, g.carry, g.own_since IS NOT NULL,
    p.slug, a.value
    FROM files f JOIN config_dirs d ON d.id = f.config_dir_id JOIN sessions s ON s.id = f.session_id
    JOIN generations g ON g.id = f.generation_id JOIN projects p ON p.id = f.project_id
    LEFT JOIN strings a ON a.id = f.agent_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        id: row.get(0)?,
        config_dir: row.get(1)?,
        path: row.get(2)?,
        kind: kind(row, 3)?,
        project_id: row.get(4)?,
        project: row.get(23)?,
        session_id: row.get(5)?,
        session: row.get(6)?,
        agent: row.get(24)?,
        is_missing: row.get(7)?,
        stat: FileStat { device: row.get(8)?, inode: row.get(9)?, size: row.get(10)?, mtime: row.get(11)? },
        checked_at: row.get(12)?,
        generation: generation_from_row(row, 13)?,
    })
}

/// A generation, whose columns start at `first`.
fn generation_from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<StoredGeneration> {
    Ok(StoredGeneration {
        id: row.get(first)?,
        number: row.get(first + 1)?,
        cursor: Cursor {
            offset: row.get(first + 2)?,
            line: row.get(first + 3)?,
            tail_offset: row.get(first + 4)?,
            head_hash: row.get(first + 5)?,
            tail_hash: row.get(first + 6)?,
        },
        derive_revision: row.get(first + 7)?,
        carry: row.get::<_, Option<Vec<u8>>>(first + 8)?.unwrap_or_default(),
        is_sharing: row.get(first + 9)?,
    })
}

/// A column with the kind of a file. An unknown name is damage: no version has written another.
pub(crate) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<FileKind> {
    let name: String = row.get(column)?;
    FileKind::from_name(&name).ok_or_else(|| super::damaged(format!("a file is of the unknown kind {name:?}")))
}

/// The file of a place.
pub(crate) fn find(connection: &Connection, config_dir: &str, path: &str) -> Result<Option<StoredFile>, Failure> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE d.path = ?1 AND f.path = ?2"))?;
    Ok(statement.query_row([config_dir, path], from_row).optional()?)
}

/// The file of an id.
pub(crate) fn by_id(connection: &Connection, id: i64) -> Result<StoredFile, Failure> {
    Ok(connection.prepare_cached(&format!("{SELECT} WHERE f.id = ?1"))?.query_row([id], from_row)?)
}

/// Files that had this inode.
pub(crate) fn by_inode(connection: &Connection, inode: i64) -> Result<Vec<StoredFile>, Failure> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE f.inode = ?1"))?;
    Ok(statement.query_map([inode], from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// Transcripts that have to be derived again, see [`STALE`].
pub(crate) fn stale(connection: &Connection) -> Result<Vec<StoredFile>, Failure> {
    let mut statement =
        connection.prepare_cached(&format!("{SELECT} WHERE g.derive_revision = ?1 AND f.kind <> 'spill'"))?;
    Ok(statement.query_map([STALE], from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// Marks a transcript as one that has to be derived again.
pub(crate) fn mark_stale(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE generations SET derive_revision = ?2 WHERE id = (SELECT generation_id FROM files WHERE id = ?1)",
        )?
        .execute([id, STALE])?;
    Ok(())
}

/// Every file.
pub(crate) fn all(connection: &Connection) -> Result<Vec<StoredFile>, Failure> {
    let mut statement = connection.prepare_cached(SELECT)?;
    Ok(statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// XXH3-64 of a path below its config dir, as SQLite stores it.
pub(crate) fn path_hash(path: &str) -> i64 {
    xxhash_rust::xxh3::xxh3_64(path.as_bytes()) as i64
}

/// Ids that a file's row refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owners {
    pub config_dir_id: i64,
    pub project_id: i64,
    pub session_id: i64,
    pub agent_id: Option<i64>,
}

/// Adds a file, still without a generation, or puts one that was moved to its new place; returns its id.
pub(crate) fn put(connection: &Connection, id: Option<i64>, file: &SourceFile, owners: Owners) -> Result<i64, Failure> {
    // Neither an upsert nor RETURNING: both need a statement journal, and to begin one makes the full-text index write out
    // what it has gathered of the transaction so far.
    let sql = match id {
        None => {
            "INSERT INTO files (id, config_dir_id, path, path_hash, kind, project_id, session_id, agent_id, own_agent_type,
             own_agent_description, workflow) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        }
        Some(_) => {
            "UPDATE files SET config_dir_id = ?2, path = ?3, path_hash = ?4, kind = ?5, project_id = ?6, session_id = ?7,
             agent_id = ?8, own_agent_type = ?9, own_agent_description = ?10, workflow = ?11, is_missing = 0,
             title = NULL, title_at = NULL, is_title_carried = 0 WHERE id = ?1"
        }
    };
    let values = params![
        id,
        owners.config_dir_id,
        file.path,
        path_hash(&file.path),
        file.kind.as_str(),
        owners.project_id,
        owners.session_id,
        owners.agent_id,
        file.agent_type,
        file.agent_description,
        file.workflow,
    ];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(id.unwrap_or_else(|| connection.last_insert_rowid()))
}

/// Brings what is known of the file itself up to date: it was read just now.
pub(crate) fn touch(connection: &Connection, id: i64, file: &SourceFile, checked_at: i64) -> Result<(), Failure> {
    let stat = file.stat;
    connection
        .prepare_cached(
            "UPDATE files SET is_missing = 0, device = ?2, inode = ?3, size = ?4, mtime = ?5, checked_at = ?6,
             own_agent_type = coalesce(?7, own_agent_type),
             own_agent_description = coalesce(?8, own_agent_description),
             workflow = CASE WHEN instr(?9, ' ') THEN ?9 ELSE workflow END WHERE id = ?1",
        )?
        .execute(params![
            id,
            stat.device,
            stat.inode,
            stat.size,
            stat.mtime,
            checked_at,
            file.agent_type,
            file.agent_description,
            // With its name, once that is known.
            file.workflow,
        ])?;
    Ok(())
}

/// Sets the revision of the rules of every spill.
pub(crate) fn renew_spills(connection: &Connection, revision: i64) -> Result<(), Failure> {
    connection.execute(
        "UPDATE generations SET derive_revision = ?1
         WHERE derive_revision <> ?1 AND file_id IN (SELECT id FROM files WHERE kind = 'spill')",
        [revision],
    )?;
    Ok(())
}

/// Notes the title that is beside a transcript.
pub(crate) fn set_title(connection: &Connection, id: i64, title: &GivenTitle) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE files SET title = ?2, title_at = ?3, is_title_carried = ?4 WHERE id = ?1")?
        .execute(params![id, title.title, title.at, title.is_carried])?;
    Ok(())
}

/// Marks a file as gone from the disk.
pub(crate) fn mark_missing(connection: &Connection, id: i64) -> Result<(), Failure> {
    connection.prepare_cached("UPDATE files SET is_missing = 1 WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Adds a generation and makes it the current one.
pub(crate) fn insert_generation(connection: &Connection, file_id: i64, number: i64) -> Result<i64, Failure> {
    connection
        .prepare_cached("INSERT INTO generations (file_id, number) VALUES (?1, ?2)")?
        .execute([file_id, number])?;
    let id = connection.last_insert_rowid();
    connection.prepare_cached("UPDATE files SET generation_id = ?2 WHERE id = ?1")?.execute([file_id, id])?;
    Ok(id)
}

/// What a chunk adds to its generation.
#[derive(Debug, Default)]
pub(crate) struct GenerationDelta {
    pub lines: i64,
    pub messages: i64,
    /// Those of them that belong to the request log.
    pub logged: i64,
    pub prompts: i64,
    pub assistants: i64,
    pub talk: i64,
    pub problems: i64,
    pub notes: i64,
    pub first_time: Option<i64>,
    pub last_time: Option<i64>,
    pub model: Option<(i64, i64)>,
    pub git_branch: Option<(i64, i64)>,
    pub version: Option<(i64, i64)>,
    /// With its line, as the next one.
    pub cwd: Option<(String, i64)>,
    pub project_cwd: Option<(String, i64)>,
}

/// Moves the cursor and adds the counts, in one statement.
pub(crate) fn advance(
    connection: &Connection,
    generation_id: i64,
    cursor: &Cursor,
    carry: &[u8],
    derive_revision: i64,
    delta: &GenerationDelta,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE generations SET offset = ?2, line = ?3, tail_offset = ?4, head_hash = ?5, tail_hash = ?6, carry = ?7,
             derive_revision = ?8, lines = lines + ?9, messages = messages + ?10, prompts = prompts + ?11,
             assistants = assistants + ?12, talk = talk + ?13, problems = problems + ?14, notes = notes + ?15,
             logged = logged + ?28,
             first_time = coalesce(min(first_time, ?16), first_time, ?16),
             last_time = coalesce(max(last_time, ?17), last_time, ?17),
             model_id = CASE WHEN ?19 >= coalesce(model_time, ?19) THEN ?18 ELSE model_id END,
             model_time = CASE WHEN ?19 >= coalesce(model_time, ?19) THEN ?19 ELSE model_time END,
             git_branch_id = CASE WHEN ?21 >= coalesce(git_branch_time, ?21) THEN ?20 ELSE git_branch_id END,
             git_branch_time = CASE WHEN ?21 >= coalesce(git_branch_time, ?21) THEN ?21 ELSE git_branch_time END,
             version_id = CASE WHEN ?23 >= coalesce(version_time, ?23) THEN ?22 ELSE version_id END,
             version_time = CASE WHEN ?23 >= coalesce(version_time, ?23) THEN ?23 ELSE version_time END,
             cwd_line = CASE WHEN cwd IS NULL THEN ?25 ELSE cwd_line END, cwd = coalesce(cwd, ?24),
             project_cwd_line = CASE WHEN project_cwd IS NULL THEN ?27 ELSE project_cwd_line END,
             project_cwd = coalesce(project_cwd, ?26)
             WHERE id = ?1",
        )?
        .execute(params![
            generation_id,
            cursor.offset,
            cursor.line,
            cursor.tail_offset,
            cursor.head_hash,
            cursor.tail_hash,
            carry,
            derive_revision,
            delta.lines,
            delta.messages,
            delta.prompts,
            delta.assistants,
            delta.talk,
            delta.problems,
            delta.notes,
            delta.first_time,
            delta.last_time,
            delta.model.map(|pair| pair.0),
            delta.model.map(|pair| pair.1),
            delta.git_branch.map(|pair| pair.0),
            delta.git_branch.map(|pair| pair.1),
            delta.version.map(|pair| pair.0),
            delta.version.map(|pair| pair.1),
            delta.cwd.as_ref().map(|cwd| &cwd.0),
            delta.cwd.as_ref().map(|cwd| cwd.1),
            delta.project_cwd.as_ref().map(|cwd| &cwd.0),
            delta.project_cwd.as_ref().map(|cwd| cwd.1),
            delta.logged,
        ])?;
    Ok(())
}

/// Counts a message of a generation as an original that was a replay, or with `sign` -1 the other way around.
pub(crate) fn count_original(
    connection: &Connection,
    generation_id: i64,
    sums: &Sums,
    sign: i64,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE generations SET replays = replays - ?2, prompts = prompts + ?2 * ?3, assistants = assistants + ?2 * ?4,
             talk = talk + ?2 * ?5 WHERE id = ?1",
        )?
        .execute([generation_id, sign, sums.prompts, sums.assistants, sums.talk])?;
    Ok(())
}

/// Every generation of a file, the oldest first.
pub(crate) fn generations(connection: &Connection, file_id: i64) -> Result<Vec<StoredGeneration>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT id, number, offset, line, tail_offset, head_hash, tail_hash, derive_revision, carry, own_since IS NOT NULL
         FROM generations WHERE file_id = ?1 ORDER BY number",
    )?;
    let rows = statement.query_map([file_id], |row| generation_from_row(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Messages of a session's main file, replays and the request log left out.
pub(crate) fn count_messages(connection: &Connection, session: &str) -> Result<i64, Failure> {
    Ok(connection
        .prepare_cached(
            "SELECT coalesce(sum(g.messages - g.logged - g.replays), 0) FROM sessions s JOIN files f ON f.session_id = s.id
             JOIN generations g ON g.id = f.generation_id WHERE s.session_id = ?1 AND f.kind = 'main'",
        )?
        .query_row([session], |row| row.get(0))?)
}

/// The first session that a record of a generation names, if it is not the file's.
pub(crate) fn first_record_session(connection: &Connection, generation_id: i64) -> Result<Option<String>, Failure> {
    Ok(connection
        .prepare_cached(
            "SELECT n.value FROM messages m JOIN strings n ON n.id = m.record_session_id
             WHERE m.generation_id = ?1 ORDER BY m.line, m.part LIMIT 1",
        )?
        .query_row([generation_id], |row| row.get(0))
        .optional()?)
}
