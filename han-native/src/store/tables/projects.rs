//! Tables `projects`, `repos` and `config_dirs`.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::Failure;

/// The id of a config dir, which is added where it is new.
pub(crate) fn config_dir(connection: &Connection, path: &str) -> Result<i64, Failure> {
    Ok(find_or_insert(connection, "config_dirs", "path", path)?)
}

/// The id of a project, which is added where it is new.
pub(crate) fn project(connection: &Connection, slug: &str) -> Result<i64, Failure> {
    Ok(find_or_insert(connection, "projects", "slug", slug)?)
}

fn find_or_insert(connection: &Connection, table: &str, column: &str, value: &str) -> rusqlite::Result<i64> {
    let found = connection
        .prepare_cached(&format!("SELECT id FROM {table} WHERE {column} = ?1"))?
        .query_row([value], |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    connection.prepare_cached(&format!("INSERT INTO {table} ({column}) VALUES (?1)"))?.execute([value])?;
    Ok(connection.last_insert_rowid())
}

/// A candidate for a project's true path: a `cwd` of its records.
pub(crate) struct PathCandidate<'a> {
    pub slug: &'a str,
    pub cwd: &'a str,
    /// Of the file and the line that name it.
    pub path: &'a str,
    pub line: i64,
}

/// Offers a true path: one whose encoding is the slug wins, then the first by (path, line).
pub(crate) fn offer_path(
    connection: &Connection,
    project_id: i64,
    candidate: &PathCandidate<'_>,
) -> Result<(), Failure> {
    let mismatch = i32::from(encode(candidate.cwd) != candidate.slug);
    let rank = format!("{mismatch}:{}:{:012}", candidate.path, candidate.line);
    let known: Option<String> = connection
        .prepare_cached("SELECT path_rank FROM projects WHERE id = ?1")?
        .query_row([project_id], |row| row.get(0))?;
    if known.is_some_and(|known| known <= rank) {
        return Ok(());
    }
    let repo_id = find_or_insert(connection, "repos", "path", repository_of(candidate.cwd))?;
    connection
        .prepare_cached("UPDATE projects SET path = ?2, path_rank = ?3, repo_id = ?4 WHERE id = ?1")?
        .execute(params![project_id, candidate.cwd, rank, repo_id])?;
    Ok(())
}

/// The folder name that a working directory gets: every character but ASCII letters and digits becomes `-`. Characters are
/// UTF-16 code units, as in JavaScript.
fn encode(cwd: &str) -> String {
    cwd.encode_utf16()
        .map(|unit| match char::from_u32(u32::from(unit)) {
            Some(character) if character.is_ascii_alphanumeric() => character,
            _ => '-',
        })
        .collect()
}

/// The repository of a path: worktrees are folded into theirs by the path alone.
fn repository_of(path: &str) -> &str {
    ["/.claude/worktrees/", "/.worktrees/", "\\.claude\\worktrees\\", "\\.worktrees\\"]
        .iter()
        .filter_map(|mark| path.find(mark))
        .min()
        .map_or(path, |end| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_name_encodes_every_other_character() {
        for (cwd, slug) in [
            ("/Users/x/Desktop/项目", "-Users-x-Desktop---"),
            ("C:\\Users\\a", "C--Users-a"),
            ("/home/a/.config/x_y z", "-home-a--config-x-y-z"),
        ] {
            assert_eq!(encode(cwd), slug);
        }
    }

    #[test]
    fn worktrees_belong_to_their_repository() {
        for (path, repository) in [
            ("/src/app", "/src/app"),
            ("/src/app/.worktrees/fix-1", "/src/app"),
            ("/src/app/.claude/worktrees/fix/sub", "/src/app"),
        ] {
            assert_eq!(repository_of(path), repository);
        }
    }
}
