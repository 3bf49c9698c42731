//! Which files and generations a request means.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::places::{Place, PlaceKey};
use crate::store::Failure;

/// Which files of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selection<'a> {
    Main,
    Agent(&'a str),
    All,
}

/// The generations of a session's transcripts, in the order of (path, config dir, current one first, newest first).
pub(super) fn session_places(
    connection: &Connection,
    session_id: &str,
    selection: Selection<'_>,
    include_superseded: bool,
) -> Result<Vec<Place>, Failure> {
    let (kind, agent) = match selection {
        Selection::Main => (Some("main"), None),
        Selection::Agent(agent) => (Some("agent"), Some(agent)),
        Selection::All => (None, None),
    };
    let mut statement = connection.prepare_cached(
        "SELECT generation.id, file.path, config_dir.path, generation.number, generation.is_superseded
         FROM sessions AS session
         CROSS JOIN files AS file ON file.session_id = session.id
         CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         CROSS JOIN generations AS generation ON generation.file_id = file.id
         LEFT JOIN strings AS agent ON agent.id = file.agent_id
         WHERE session.session_id = ?1 AND file.kind <> 'spill' AND (?2 IS NULL OR file.kind = ?2)
           AND (?3 IS NULL OR agent.value = ?3) AND (?4 OR NOT generation.is_superseded)",
    )?;
    let rows = statement.query_map(params![session_id, kind, agent, include_superseded], |row| {
        let is_superseded: bool = row.get(4)?;
        Ok(Place {
            generation_id: row.get(0)?,
            key: PlaceKey {
                path: row.get(1)?,
                config_dir: row.get(2)?,
                superseded: if is_superseded { Some(row.get(3)?) } else { None },
            },
        })
    })?;
    let mut places = rows.collect::<rusqlite::Result<Vec<Place>>>()?;
    places.sort_by(|left, right| left.key.cmp(&right.key));
    Ok(places)
}

/// A file that the database knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownFile {
    pub id: i64,
    /// The current generation.
    pub generation_id: i64,
}

/// The files that a path names: an absolute one, or one below a config dir. One that is still on the disk comes first, then
/// the least config dir.
pub(super) fn files_of_path(connection: &Connection, path: &str) -> Result<Vec<KnownFile>, Failure> {
    let found = files_spelled(connection, path)?;
    if !found.is_empty() {
        return Ok(found);
    }
    // Config dirs are kept without symbolic links; the path may go through one.
    match without_links(Path::new(path)) {
        Some(resolved) if resolved != Path::new(path) => files_spelled(connection, &resolved.to_string_lossy()),
        _ => Ok(found),
    }
}

fn files_spelled(connection: &Connection, path: &str) -> Result<Vec<KnownFile>, Failure> {
    let mut dirs = connection.prepare_cached("SELECT id, path FROM config_dirs ORDER BY path")?;
    let dirs =
        dirs.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    let mut statement = connection
        .prepare_cached("SELECT id, generation_id, is_missing FROM files WHERE config_dir_id = ?1 AND path = ?2")?;
    let mut found: Vec<(bool, KnownFile)> = Vec::new();
    for (dir_id, dir) in &dirs {
        // Only the root ends with a separator.
        let below = path.strip_prefix(dir.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/'));
        let below = below.filter(|_| !dir.is_empty());
        for candidate in [Some(path), below].into_iter().flatten() {
            let rows = statement.query_map(params![dir_id, candidate], |row| {
                Ok((row.get(2)?, KnownFile { id: row.get(0)?, generation_id: row.get(1)? }))
            })?;
            for row in rows {
                found.push(row?);
            }
        }
    }
    found.sort_by_key(|(is_missing, _)| *is_missing);
    Ok(found.into_iter().map(|(_, file)| file).collect())
}

/// An absolute path with the links of those of its folders that exist followed.
fn without_links(path: &Path) -> Option<PathBuf> {
    if !path.is_absolute() {
        return None;
    }
    let folder = path.ancestors().skip(1).find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    let (folder, resolved) = folder?;
    Some(resolved.join(path.strip_prefix(folder).ok()?))
}
