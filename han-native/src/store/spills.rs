//! Spilled tool results as they are stored: which of them a transcript means, and which transcripts may mean one.
//!
//! A transcript names a spill by its file name alone, so a session with files in several config dirs, or in several projects, may
//! have more than one of that name. The one in the transcript's own folder comes first, as it does on the disk; then those of its
//! config dir; then those that are still on the disk; then the order of the paths decides. The answer depends on which files
//! there are, never on the order in which they arrived: whenever it may have changed, the transcripts are marked for deriving.

use rusqlite::{Connection, OptionalExtension, params};

use super::blocks;
use super::failure::Failure;
use super::tables::files;
use crate::model::ProblemKind;
use crate::spill::{self, LARGEST_BYTES, READ_BYTES, Spill, TOOL_RESULTS};

/// The spill that a generation of a transcript means by a file name.
///
/// # Errors
/// `CORRUPT` if its stored bytes are damaged.
pub(crate) fn read(connection: &Connection, generation_id: i64, name: &str) -> Result<Spill, Failure> {
    let Some(found) = find(connection, generation_id, name)? else { return Ok(Spill::Missing) };
    if found.length > LARGEST_BYTES {
        return Ok(Spill::TooLarge { bytes: found.length as u64 });
    }
    let bytes = blocks::read_bytes(connection, found.generation_id, 0, found.length.min(READ_BYTES))?;
    Ok(Spill::of(&bytes, found.length))
}

/// The bytes of a spill.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StoredSpill {
    pub generation_id: i64,
    pub length: i64,
}

/// Which spill a generation of a transcript means.
pub(super) fn find(connection: &Connection, generation_id: i64, name: &str) -> Result<Option<StoredSpill>, Failure> {
    let user = connection
        .prepare_cached(&format!(
            "SELECT {USER} FROM generations AS generation
             JOIN files AS file ON file.id = generation.file_id
             JOIN sessions AS session ON session.id = file.session_id
             WHERE generation.id = ?1"
        ))?
        .query_row([generation_id], user)?;
    let mut statement = connection.prepare_cached(
        "SELECT generation.id, generation.offset FROM files AS file
         JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         JOIN generations AS generation ON generation.id = file.generation_id
         WHERE file.session_id = ?1 AND file.kind = 'spill' AND substr(file.path, -length(?2)) = ?2
         ORDER BY file.config_dir_id = ?3 AND file.path = ?4 DESC, file.config_dir_id = ?3 DESC, file.is_missing,
                  config_dir.path, file.path
         LIMIT 1",
    )?;
    let own_path = user.folder.as_ref().map(|folder| format!("{folder}/{name}"));
    let found = statement.query_row(params![user.session_id, end_of_path(name), user.config_dir_id, own_path], |row| {
        Ok(StoredSpill { generation_id: row.get(0)?, length: row.get(1)? })
    });
    Ok(found.optional()?)
}

/// How the paths of all spills of a file name end.
fn end_of_path(name: &str) -> String {
    format!("/{TOOL_RESULTS}/{name}")
}

/// A transcript that may refer to a spill.
struct User {
    file_id: i64,
    session_id: i64,
    config_dir_id: i64,
    /// Of its own spills, below the config dir.
    folder: Option<String>,
}

/// The columns of [`user`].
const USER: &str = "file.id, file.session_id, file.config_dir_id, file.path, file.kind, session.session_id";

fn user(row: &rusqlite::Row<'_>) -> rusqlite::Result<User> {
    let (path, session): (String, String) = (row.get(3)?, row.get(5)?);
    let folder = spill::folder_of(path.as_ref(), files::kind(row, 4)?, Some(&session));
    Ok(User {
        file_id: row.get(0)?,
        session_id: row.get(1)?,
        config_dir_id: row.get(2)?,
        folder: folder.and_then(|folder| folder.to_str().map(str::to_owned)),
    })
}

/// What has changed of a spill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Its bytes, for the last time at this moment, in nanoseconds.
    Content { changed_at: i64 },
    /// Whether it is on the disk, or where.
    Place,
}

/// Marks the transcripts to be derived again whose rows may not be what they would be with this spill as it is now; returns
/// whether there are any.
pub(super) fn mark_users(connection: &Connection, file_id: i64, news: News) -> Result<bool, Failure> {
    let (session_id, config_dir_id, path): (i64, i64, String) = connection
        .prepare_cached("SELECT session_id, config_dir_id, path FROM files WHERE id = ?1")?
        .query_row([file_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let (folder, name) = path.rsplit_once('/').unwrap_or_default();
    let has_namesakes: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM files
             WHERE session_id = ?1 AND kind = 'spill' AND id <> ?2 AND substr(path, -length(?3)) = ?3)",
        )?
        .query_row(params![session_id, file_id, end_of_path(name)], |row| row.get(0))?;
    if news == News::Place && !has_namesakes {
        return Ok(false);
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {USER}, file.checked_at, max(EXISTS (
             SELECT 1 FROM problems AS problem WHERE problem.generation_id = message.generation_id
             AND problem.line = message.line AND problem.kind = ?3))
         FROM tool_results AS result
         JOIN messages AS message ON message.id = result.message_id
         JOIN generations AS generation ON generation.id = message.generation_id
         JOIN files AS file ON file.id = generation.file_id
         JOIN sessions AS session ON session.id = file.session_id
         WHERE result.spill = ?2 AND file.session_id = ?1 GROUP BY file.id"
    ))?;
    let users: Vec<(User, i64, bool)> = statement
        .query_map(params![session_id, name, ProblemKind::SpillMissing.as_str()], |row| {
            Ok((user(row)?, row.get(6)?, row.get(7)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut has_marked = false;
    for (user, checked_at, has_missed) in users {
        // A transcript reads the spills of its own folder from the disk: after the last change it has read what there is now.
        let is_own = user.config_dir_id == config_dir_id && user.folder.as_deref() == Some(folder);
        let is_older = matches!(news, News::Content { changed_at } if checked_at <= changed_at);
        if has_missed || has_namesakes || !is_own || is_older {
            files::mark_stale(connection, user.file_id)?;
            has_marked = true;
        }
    }
    Ok(has_marked)
}

/// Reads spills for a derivation, which cannot fail: the first failure is kept until its end.
pub(crate) struct SpillReader<'c> {
    connection: &'c Connection,
    generation_id: i64,
    failure: Option<Failure>,
}

impl<'c> SpillReader<'c> {
    /// For the records of one generation.
    pub(crate) fn new(connection: &'c Connection, generation_id: i64) -> SpillReader<'c> {
        SpillReader { connection, generation_id, failure: None }
    }

    pub(crate) fn read(&mut self, name: &str) -> Spill {
        read(self.connection, self.generation_id, name).unwrap_or_else(|failure| {
            self.failure.get_or_insert(failure);
            Spill::Missing
        })
    }

    /// What was derived counts only if this succeeds.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)
    }
}
