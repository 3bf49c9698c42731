//! Tables `projects` and `config_dirs`.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::failure::Failure;

/// The id of a config dir, which is added if it is new.
pub(crate) fn config_dir(connection: &Connection, path: &str) -> Result<i64, Failure> {
    Ok(find_or_insert(connection, "config_dirs", "path", path)?)
}

/// The id of a project, which is added if it is new.
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

/// Whether a project's slug is the encoding of a working directory, in whichever case its drive is written.
pub(crate) fn is_path_of(slug: &str, cwd: &str) -> bool {
    let encoded = encode(cwd);
    encoded == slug || (encoded.get(1..) == slug.get(1..) && has_drive_of(slug, cwd))
}

fn has_drive_of(slug: &str, cwd: &str) -> bool {
    let drive =
        |text: &str| text.bytes().next().filter(u8::is_ascii_alphabetic).map(|drive| drive.to_ascii_uppercase());
    cwd.as_bytes().get(1) == Some(&b':') && drive(cwd).is_some() && drive(cwd) == drive(slug)
}

/// Offers a true path, named by a line of a file: one whose encoding is the slug wins, then the first by (path, line). Returns whether
/// it is the path now.
pub(crate) fn offer_path(
    connection: &Connection,
    project_id: i64,
    cwd: &str,
    is_match: bool,
    path: &str,
    line: i64,
) -> Result<bool, Failure> {
    let rank = format!("{}:{path}:{line:012}", i32::from(!is_match));
    let known: Option<String> = connection
        .prepare_cached("SELECT path_rank FROM projects WHERE id = ?1")?
        .query_row([project_id], |row| row.get(0))?;
    if known.is_some_and(|known| known <= rank) {
        return Ok(false);
    }
    connection
        .prepare_cached("UPDATE projects SET path = ?2, path_rank = ?3 WHERE id = ?1")?
        .execute(params![project_id, cwd, rank])?;
    Ok(true)
}

/// Finds the true path again among the current generations of the project's files, after something was taken away.
pub(crate) fn find_path(connection: &Connection, project_id: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE projects SET path = NULL, path_rank = NULL WHERE id = ?1")?
        .execute([project_id])?;
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(g.project_cwd, g.cwd), g.project_cwd IS NOT NULL, f.path,
         coalesce(g.project_cwd_line, g.cwd_line)
         FROM files f JOIN generations g ON g.id = f.generation_id WHERE f.project_id = ?1 AND g.cwd IS NOT NULL",
    )?;
    let mut rows = statement.query([project_id])?;
    while let Some(row) = rows.next()? {
        let (cwd, path): (String, String) = (row.get(0)?, row.get(2)?);
        offer_path(connection, project_id, &cwd, row.get(1)?, &path, row.get(3)?)?;
    }
    Ok(())
}

/// The folder name that a working directory gets: every character but ASCII letters and digits becomes `-`. Characters are
/// UTF-16 code units, as in JavaScript.
pub(crate) fn encode(cwd: &str) -> String {
    cwd.encode_utf16()
        .map(|unit| match char::from_u32(u32::from(unit)) {
            Some(character) if character.is_ascii_alphanumeric() => character,
            _ => '-',
        })
        .collect()
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
    fn a_drive_has_two_spellings() {
        for (slug, cwd, is_path) in [
            ("C--Users-a", "C:\\Users\\a", true),
            ("c--Users-a", "C:\\Users\\a", true),
            ("C--Users-a", "c:/Users/a", true),
            ("C--Users-A", "C:\\Users\\a", false),
            ("-Users-a", "/Users/a", true),
            ("-users-a", "/Users/a", false),
        ] {
            assert_eq!(is_path_of(slug, cwd), is_path, "{slug} {cwd}");
        }
    }
}
