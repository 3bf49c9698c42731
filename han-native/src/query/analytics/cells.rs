//! Reading the sums of some buckets, row by row.

use std::cmp::Reverse;
use std::collections::HashMap;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::days::Buckets;
use crate::query::clauses::Clauses;
use crate::store::Failure;
use crate::store::rollups::{COLUMNS, SESSION_COLUMNS, SHORT_SESSION_COLUMNS, Sums};

/// A row of `rollups`, or of `session_rollups`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) scope: i64,
    pub(super) bucket: i64,
    pub(super) project_id: i64,
    /// 0 in `rollups`.
    pub(super) session_id: i64,
    /// 0 where no model is named.
    pub(super) model_id: i64,
    pub(super) sums: Sums,
}

/// Gives every row of `rollups` in these buckets, of one project or of all.
pub(super) fn for_each(
    connection: &Connection,
    buckets: &[Buckets],
    project_id: Option<i64>,
    visit: &mut dyn FnMut(Cell) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let columns = format!("bucket, project_id, model_id, {}", COLUMNS.join(", "));
    for part in buckets {
        read(connection, &format!("SELECT {columns} FROM rollups"), *part, project_id, &mut |row| {
            visit(Cell {
                scope: part.scope,
                bucket: row.get(0)?,
                project_id: row.get(1)?,
                session_id: 0,
                model_id: row.get(2)?,
                sums: Sums::read(row, 3)?,
            })
        })?;
    }
    Ok(())
}

/// Gives every row of `session_rollups` in these buckets, of one project or of all; with `is_short` without what long requests
/// spent.
pub(super) fn for_each_of_sessions(
    connection: &Connection,
    buckets: &[Buckets],
    project_id: Option<i64>,
    is_short: bool,
    visit: &mut dyn FnMut(Cell) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let summed = if is_short { SHORT_SESSION_COLUMNS } else { SESSION_COLUMNS };
    let columns = format!("bucket, project_id, session_id, model_id, {}", summed.join(", "));
    for part in buckets {
        read(connection, &format!("SELECT {columns} FROM session_rollups"), *part, project_id, &mut |row| {
            visit(Cell {
                scope: part.scope,
                bucket: row.get(0)?,
                project_id: row.get(1)?,
                session_id: row.get(2)?,
                model_id: row.get(3)?,
                sums: Sums::read_session(row, 4, is_short)?,
            })
        })?;
    }
    Ok(())
}

/// Gives the scope, the bucket and the session of every row in which somebody talked.
pub(super) fn for_each_session_that_talked(
    connection: &Connection,
    buckets: Buckets,
    project_id: Option<i64>,
    visit: &mut dyn FnMut(i64, i64, i64),
) -> Result<(), Failure> {
    let sql = "SELECT bucket, session_id, talk FROM session_rollups";
    read(connection, sql, buckets, project_id, &mut |row| {
        if row.get::<_, i64>(2)? > 0 {
            visit(buckets.scope, row.get(0)?, row.get(1)?);
        }
        Ok(())
    })
}

/// The tools called most, and how often; at most `limit`.
pub(super) fn top_tools(
    connection: &Connection,
    buckets: &[Buckets],
    project_id: Option<i64>,
    limit: usize,
) -> Result<Vec<(String, i64)>, Failure> {
    let mut calls: HashMap<i64, i64> = HashMap::new();
    for part in buckets {
        read(connection, "SELECT name_id, calls FROM tool_rollups", *part, project_id, &mut |row| {
            *calls.entry(row.get(0)?).or_default() += row.get::<_, i64>(1)?;
            Ok(())
        })?;
    }
    let mut name = connection.prepare_cached("SELECT value FROM strings WHERE id = ?1")?;
    let named = calls.into_iter().map(|(id, calls)| Ok((name.query_row([id], |row| row.get(0))?, calls)));
    let mut tools: Vec<(String, i64)> = named.collect::<rusqlite::Result<_>>()?;
    tools.sort_by(|(name, calls), (other, more)| (Reverse(calls), name).cmp(&(Reverse(more), other)));
    tools.truncate(limit);
    Ok(tools)
}

fn read(
    connection: &Connection,
    select: &str,
    buckets: Buckets,
    project_id: Option<i64>,
    visit: &mut dyn FnMut(&rusqlite::Row<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let bounds: [Value; 3] = [buckets.scope.into(), buckets.start.into(), buckets.end.into()];
    let mut clauses = Clauses::new("scope = ? AND bucket >= ? AND bucket < ?", bounds);
    if let Some(project_id) = project_id {
        clauses.and("project_id = ?", [project_id.into()]);
    }
    let mut statement = connection.prepare_cached(&format!("{select} WHERE {}", clauses.sql()))?;
    let mut rows = statement.query(rusqlite::params_from_iter(clauses.values([])))?;
    while let Some(row) = rows.next()? {
        visit(row)?;
    }
    Ok(())
}
