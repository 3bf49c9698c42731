//! Table `problems`.

use rusqlite::{Connection, params};

use crate::row::ProblemRow;
use crate::store::failure::Failure;

pub(crate) fn insert(connection: &Connection, generation_id: i64, problem: &ProblemRow) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO problems (generation_id, line, part, offset, length, kind, is_note, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            generation_id,
            problem.line,
            problem.part,
            problem.offset,
            problem.length,
            problem.kind.as_str(),
            problem.kind.is_note(),
            problem.detail
        ])?;
    Ok(())
}

/// Removes the problems of a generation from a line on; returns of each its line and whether it is a note.
pub(crate) fn remove_from_line(
    connection: &Connection,
    generation_id: i64,
    line: i64,
) -> Result<Vec<(i64, bool)>, Failure> {
    let mut statement = connection
        .prepare_cached("DELETE FROM problems WHERE generation_id = ?1 AND line >= ?2 RETURNING line, is_note")?;
    let rows = statement.query_map([generation_id, line], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
