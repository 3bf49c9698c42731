//! Sessions by what they cost. Costs are computed when they are requested, so no index has this order: each page computes them
//! for all sessions.

use std::ops::Bound;

use rusqlite::{Connection, params_from_iter};

use super::analytics::session_costs;
use super::clauses::Clauses;
use super::page::{Direction, Slice, Stretch, Window};
use crate::cost::PriceTable;
use crate::store::Failure;

/// Picodollars and session id; both descend.
pub(super) type CostKey = (i128, String);

/// A page of the row ids of the sessions that a filter admits. What has no price costs nothing, and comes last.
pub(super) fn slice(
    connection: &Connection,
    window: Window<CostKey>,
    filter: &Clauses,
    prices: &PriceTable,
) -> Result<Slice<CostKey, i64>, Failure> {
    let costs = session_costs(connection, prices)?;
    let mut statement =
        connection.prepare_cached(&format!("SELECT session_id, id FROM sessions WHERE {}", filter.sql()))?;
    let rows = statement.query_map(params_from_iter(filter.values([])), |row| {
        let id = row.get(1)?;
        let cost = costs.get(&id).map_or(0, |cost| cost.picodollars());
        Ok(((cost, row.get(0)?), id))
    })?;
    let mut sessions = rows.collect::<rusqlite::Result<Vec<(CostKey, i64)>>>()?;
    sessions.sort_unstable_by(|left, right| right.cmp(left));
    window.fill(|stretch, direction, limit| {
        let inside = sessions.iter().filter(|(key, _)| is_inside(key, stretch)).cloned();
        Ok(match direction {
            Direction::Forward => inside.take(limit).collect(),
            Direction::Backward => inside.rev().take(limit).collect(),
        })
    })
}

/// The list descends: what comes after its lower bound is less.
fn is_inside(key: &CostKey, stretch: &Stretch<CostKey>) -> bool {
    let is_behind = match &stretch.lower {
        Bound::Unbounded => true,
        Bound::Included(edge) => key <= edge,
        Bound::Excluded(edge) => key < edge,
    };
    let is_before = match &stretch.upper {
        Bound::Unbounded => true,
        Bound::Included(edge) => key >= edge,
        Bound::Excluded(edge) => key > edge,
    };
    is_behind && is_before
}
