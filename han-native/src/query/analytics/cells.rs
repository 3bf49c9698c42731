//! Reading the sums of some buckets, one by one.

use std::cmp::Reverse;
use std::collections::HashMap;

use rusqlite::Connection;

use super::days::Buckets;
use crate::query::rows::json_array;
use crate::store::Failure;
use crate::store::rollups::Sums;
use crate::store::session_sums::{self, Key, SpanOfSession};

/// What a session did in a bucket, for a project, with a model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'s> {
    pub(super) scope: i64,
    pub(super) bucket: i64,
    pub(super) project_id: i64,
    /// What the sums are stored under: the model, 0 if none is named, or its rate.
    pub(super) model_id: i64,
    pub(super) sums: &'s Sums,
}

/// How often each tool was called, by the id of its name.
pub(super) type Calls = HashMap<i64, i64>;

/// What is read: the sums of one project or of all, a session's at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'r> {
    scope: i64,
    row: SpanOfSession<'r>,
    project_id: Option<i64>,
}

/// Passes on every session's sums in these buckets. A session may come several times.
pub(super) fn for_each_part(
    connection: &Connection,
    buckets: &[Buckets],
    project_id: Option<i64>,
    visit: &mut dyn FnMut(Part<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for Buckets { scope, start, end } in buckets {
        session_sums::for_each(connection, *scope, *start, *end, &mut |row| {
            visit(Part { scope: *scope, row, project_id })
        })?;
    }
    Ok(())
}

/// As [`for_each_part`], of some sessions.
pub(super) fn for_each_part_of(
    connection: &Connection,
    session_ids: &[i64],
    buckets: &[Buckets],
    project_id: Option<i64>,
    visit: &mut dyn FnMut(Part<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for Buckets { scope, start, end } in buckets {
        session_sums::for_each_of(connection, session_ids, *scope, *start, *end, &mut |row| {
            visit(Part { scope: *scope, row, project_id })
        })?;
    }
    Ok(())
}

impl Part<'_> {
    pub(super) fn session_id(&self) -> i64 {
        self.row.session_id
    }

    pub(super) fn for_each_cell(&self, visit: &mut dyn FnMut(Cell<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
        let scope = self.scope;
        self.row.for_each_sum(&mut |key, sums| {
            let Key { bucket, project_id, name_id: model_id } = key;
            match self.project_id {
                Some(wanted) if wanted != project_id => Ok(()),
                _ => visit(Cell { scope, bucket, project_id, model_id, sums }),
            }
        })
    }

    pub(super) fn count_calls(&self, calls: &mut Calls) -> Result<(), Failure> {
        self.row.for_each_call(&mut |key, count| {
            if self.project_id.is_none_or(|wanted| wanted == key.project_id) {
                *calls.entry(key.name_id).or_default() += count;
            }
            Ok(())
        })
    }
}

/// The tools called most, and how often; at most `limit`.
pub(super) fn top_tools(connection: &Connection, calls: &Calls, limit: usize) -> Result<Vec<(String, i64)>, Failure> {
    let ids: Vec<i64> = calls.keys().copied().collect();
    let mut statement = connection.prepare_cached(
        "SELECT string.id, string.value FROM json_each(?1) AS wanted CROSS JOIN strings AS string ON string.id = wanted.value",
    )?;
    let mut rows = statement.query([json_array(&ids)])?;
    let mut tools = Vec::with_capacity(ids.len());
    while let Some(row) = rows.next()? {
        tools.push((row.get(1)?, calls.get(&row.get(0)?).copied().unwrap_or_default()));
    }
    tools.sort_by(|(name, calls): &(String, i64), (other, more)| (Reverse(calls), name).cmp(&(Reverse(more), other)));
    tools.truncate(limit);
    Ok(tools)
}
