//! Which repository a project belongs to: columns `projects.repo_id`, tables `repos` and `worktrees`.
//!
//! A worktree belongs to the repository that it was made from. Most say so by their path; others are found by the records of a
//! session, or by the name of a repository that some other project has. So it follows from all projects together, and is found
//! again when a path or a record comes or goes, whatever came first.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::row::WorktreeRow;
use crate::store::failure::Failure;

/// A worktree may have been made inside another one; what names itself in a circle ends here.
const DEPTH: usize = 8;

/// Adds what a message says about a worktree.
pub(crate) fn insert_worktree(connection: &Connection, message_id: i64, worktree: &WorktreeRow) -> Result<(), Failure> {
    connection
        .prepare_cached("INSERT INTO worktrees (message_id, path, original_path) VALUES (?1, ?2, ?3)")?
        .execute(params![message_id, worktree.path, worktree.original_path])?;
    Ok(())
}

/// Removes what a message says about a worktree; returns whether it says anything.
pub(crate) fn remove_worktree(connection: &Connection, message_id: i64) -> Result<bool, Failure> {
    Ok(connection.prepare_cached("DELETE FROM worktrees WHERE message_id = ?1")?.execute([message_id])? > 0)
}

/// Finds the repository of every project again.
pub(crate) fn settle(connection: &Connection) -> Result<(), Failure> {
    let worktrees = Worktrees::read(connection)?;
    let mut statement = connection.prepare_cached(
        "SELECT p.id, p.path, r.path FROM projects p LEFT JOIN repos r ON r.id = p.repo_id ORDER BY p.slug",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let projects: Vec<(i64, Option<String>, Option<String>)> = rows.collect::<rusqlite::Result<_>>()?;
    let found: Vec<Option<String>> =
        projects.iter().map(|(_, path, _)| path.as_deref().map(|path| worktrees.repository(path))).collect();
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for repository in found.iter().flatten().filter(|repository| named_in(repository).is_none()) {
        named.entry(last_part(repository)).or_default().insert(repository);
    }
    for ((id, _, known), found) in projects.iter().zip(&found) {
        let namesakes = found.as_deref().and_then(named_in).and_then(|name| named.get(name));
        let only = namesakes.filter(|namesakes| namesakes.len() == 1).and_then(|namesakes| namesakes.first().copied());
        let repository = only.or(found.as_deref());
        if repository != known.as_deref() {
            let repo_id = repository.map(|path| repository_id(connection, path)).transpose()?;
            connection
                .prepare_cached("UPDATE projects SET repo_id = ?2 WHERE id = ?1")?
                .execute(params![id, repo_id])?;
        }
    }
    Ok(())
}

/// The id of a repository, which is added if it is new.
fn repository_id(connection: &Connection, path: &str) -> Result<i64, Failure> {
    let known = connection
        .prepare_cached("SELECT id FROM repos WHERE path = ?1")?
        .query_row([path], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    connection.prepare_cached("INSERT INTO repos (path) VALUES (?1)")?.execute([path])?;
    Ok(connection.last_insert_rowid())
}

/// What records say about worktrees: where each is, and where it comes from.
struct Worktrees(BTreeMap<String, String>);

impl Worktrees {
    /// Of several records of one worktree the last in (time, path, line) order counts.
    fn read(connection: &Connection) -> Result<Worktrees, Failure> {
        let mut statement = connection.prepare_cached(
            "SELECT w.path, w.original_path FROM worktrees w JOIN messages m ON m.id = w.message_id
             JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
             JOIN config_dirs d ON d.id = f.config_dir_id WHERE g.is_superseded = 0
             ORDER BY m.time, f.path, d.path, m.line, m.part",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut worktrees = BTreeMap::new();
        for row in rows {
            let (path, original) = row?;
            worktrees.insert(normal(&path).into_owned(), normal(&original).into_owned());
        }
        Ok(Worktrees(worktrees))
    }

    /// The repository of a path, as far as the path and the records show it.
    fn repository(&self, path: &str) -> String {
        let mut path = normal(path).into_owned();
        for _ in 0..DEPTH {
            let origin = self.origin(&path).or_else(|| by_path(&path)).filter(|origin| *origin != path);
            match origin.map(str::to_owned) {
                Some(origin) => path = origin,
                None => break,
            }
        }
        path
    }

    /// The origin of the worktree in which a path lies; of worktrees inside each other that of the innermost.
    fn origin(&self, path: &str) -> Option<&str> {
        let ends = path.match_indices(separator(path)).map(|(end, _)| end).filter(|end| *end > 0);
        let mut folders: Vec<usize> = ends.chain([path.len()]).collect();
        folders.reverse();
        folders.into_iter().find_map(|end| self.0.get(&path[..end]).map(String::as_str))
    }
}

/// The folders that agents put worktrees in, inside their repository.
const INSIDE: [&[&str]; 2] = [&[".worktrees"], &[".claude", "worktrees"]];
/// The end of a folder of worktrees that is beside its repository, and begins with its name.
const BESIDE: &str = ".worktrees";
/// The folder that has the worktrees of all repositories, below their names.
const OF_ALL: &str = ".claude-worktrees";

/// The repository of a worktree whose path shows it. The path is a [`normal`] one.
fn by_path(path: &str) -> Option<&str> {
    let separator = separator(path);
    let parts: Vec<&str> = path.split(separator).collect();
    let mut start: usize = 0;
    for (index, part) in parts.iter().enumerate() {
        let is_folder = |folders: &&[&str]| parts[index..].starts_with(folders) && parts.len() > index + folders.len();
        let repository = if INSIDE.iter().any(is_folder) {
            start.checked_sub(1).map(|end| &path[..end])
        } else {
            let has_name = part.len() > BESIDE.len() && part.ends_with(BESIDE) && parts.len() > index + 1;
            has_name.then(|| &path[..start + part.len() - BESIDE.len()])
        };
        if let Some(repository) = repository.filter(|repository| !repository.is_empty()) {
            return Some(repository);
        }
        start += part.len() + 1;
    }
    None
}

/// The name of the repository of a worktree that is in the folder for all repositories.
fn named_in(path: &str) -> Option<&str> {
    let parts: Vec<&str> = path.split(separator(path)).collect();
    let at = parts.iter().position(|part| *part == OF_ALL)?;
    parts.get(at + 2).and_then(|_| parts.get(at + 1)).copied()
}

fn last_part(path: &str) -> &str {
    path.rsplit(separator(path)).next().unwrap_or(path)
}

/// A path in the one spelling in which paths are compared: of Windows with `\` and a capital letter for the drive, whichever system
/// reads it.
pub(crate) fn normal(path: &str) -> Cow<'_, str> {
    if !is_of_windows(path) {
        let trimmed = path.trim_end_matches('/');
        return Cow::Borrowed(if trimmed.is_empty() { path } else { trimmed });
    }
    let mut spelled = path.strip_prefix(r"\\?\").unwrap_or(path).replace('/', r"\");
    if let Some(drive) = spelled.get_mut(..1) {
        drive.make_ascii_uppercase();
    }
    let length = spelled.trim_end_matches('\\').len();
    // `C:\` keeps its end.
    if length > 2 {
        spelled.truncate(length);
    }
    Cow::Owned(spelled)
}

fn is_of_windows(path: &str) -> bool {
    let has_drive = |path: &str| {
        let bytes = path.as_bytes();
        bytes.len() >= 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes.get(2), None | Some(b'/' | b'\\'))
    };
    path.starts_with(r"\\") || has_drive(path)
}

fn separator(path: &str) -> char {
    if is_of_windows(path) { '\\' } else { '/' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_spelling() {
        for (path, expected) in [
            ("/src/app", "/src/app"),
            ("/src/app/", "/src/app"),
            ("/", "/"),
            (r"c:\src\app", r"C:\src\app"),
            ("C:/src/app/", r"C:\src\app"),
            (r"\\?\d:\src", r"D:\src"),
            ("c:/", r"C:\"),
            (r"\\server\share\app", r"\\server\share\app"),
            (r"/odd\name", r"/odd\name"),
            ("c:", "C:"),
            ("", ""),
        ] {
            assert_eq!(normal(path), expected, "{path}");
        }
    }

    #[test]
    fn worktrees_tell_their_repository_by_their_path() {
        for (path, repository) in [
            ("/src/app", None),
            ("/src/app/.worktrees/fix-1", Some("/src/app")),
            ("/src/app/.worktrees", None),
            ("/src/app/.claude/worktrees/fix/sub", Some("/src/app")),
            ("/src/app/.claude/other/fix", None),
            ("/src/app.worktrees/fix", Some("/src/app")),
            ("/src/app.worktrees", None),
            ("/.worktrees/fix", None),
            (r"C:\src\app\.claude\worktrees\fix", Some(r"C:\src\app")),
            (r"C:\src\app.worktrees\fix", Some(r"C:\src\app")),
            ("", None),
        ] {
            assert_eq!(by_path(path), repository, "{path}");
        }
    }

    #[test]
    fn a_worktree_among_those_of_all_names_its_repository() {
        for (path, name) in [
            ("/home/a/.claude-worktrees/shop/fix", Some("shop")),
            ("/home/a/.claude-worktrees/shop/fix/sub", Some("shop")),
            (r"C:\Users\a\.claude-worktrees\shop\fix", Some("shop")),
            ("/home/a/.claude-worktrees/shop", None),
            ("/home/a/shop/fix", None),
        ] {
            assert_eq!(named_in(path), name, "{path}");
        }
    }

    #[test]
    fn records_tell_where_a_worktree_comes_from() {
        let pairs = [("/wt/z", "/src/shop"), ("/wt/inner", "/wt/z/sub"), ("/wt/a", "/wt/b"), ("/wt/b", "/wt/a")];
        let worktrees = Worktrees(pairs.map(|(path, origin)| (path.to_owned(), origin.to_owned())).into());
        for (path, repository) in [
            ("/wt/z", "/src/shop"),
            ("/wt/z/deep/down", "/src/shop"),
            ("/wt/zebra", "/wt/zebra"),
            ("/wt/inner", "/src/shop"),
            ("/wt/z/.worktrees/fix", "/src/shop"),
            ("/src/shop", "/src/shop"),
            ("/wt/a", "/wt/a"),
        ] {
            assert_eq!(worktrees.repository(path), repository, "{path}");
        }
    }
}
