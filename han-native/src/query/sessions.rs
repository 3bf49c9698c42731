//! Sessions: pages in several orders, batches by id.

use std::ops::Bound;

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::clauses::Clauses;
use super::page::{self, Direction, Stretch, Window};
use super::{costliest, session_filter, with_costs};
use crate::clock;
use crate::cost::PriceTable;
use crate::error::Result;
use crate::model::{Page, Session, SessionFind, SessionOrder, SessionQuery};
use crate::store::{Failure, Store};

/// The names of the lists, by their orders.
const RECENT: &str = "sessions";
const LONGEST: &str = "sessions by length";
const MOST_TOKENS: &str = "sessions by tokens";
const COSTLIEST: &str = "sessions by cost";

/// The most sessions that are found by the start of their ids.
const FIND_MAXIMUM: i64 = 1_000;
/// How many are found if the caller does not say.
const FIND_DEFAULT: i64 = 10;

/// Last activity and session id; both descend. Sessions without a time come last.
type Key = (Option<i64>, String);

/// A number and session id; both descend.
type NumberKey = (i64, String);

pub(crate) fn list(store: &Store, prices: &PriceTable, query: &SessionQuery) -> Result<Page<Session>> {
    store.read(|connection| list_in(connection, prices, query, clock::now_millis()))
}

pub(crate) fn get(store: &Store, prices: &PriceTable, ids: &[String]) -> Result<Vec<Option<Session>>> {
    page::check_batch(ids)?;
    store.read(|connection| with_costs::sessions_by_name(connection, prices, ids))
}

pub(crate) fn find(store: &Store, prices: &PriceTable, query: &SessionFind) -> Result<Vec<Session>> {
    let limit = page::checked_limit("limit", query.limit.unwrap_or(FIND_DEFAULT), FIND_MAXIMUM)?;
    store.read(|connection| find_in(connection, prices, &query.prefix, limit))
}

/// Ids that share a start are neighbours in the index: those from the prefix on are looked at, as far as they have it.
pub(super) fn find_in(
    connection: &Connection,
    prices: &PriceTable,
    prefix: &str,
    limit: usize,
) -> Result<Vec<Session>, Failure> {
    let mut statement = connection
        .prepare_cached("SELECT session_id, id FROM sessions WHERE session_id >= ?1 ORDER BY session_id LIMIT ?2")?;
    let mut rows = statement.query(params![prefix, limit as i64])?;
    let mut row_ids = Vec::new();
    while let Some(row) = rows.next()? {
        if !row.get::<_, String>(0)?.starts_with(prefix) {
            break;
        }
        row_ids.push(row.get(1)?);
    }
    with_costs::sessions(connection, prices, &row_ids)
}

pub(super) fn list_in(
    connection: &Connection,
    prices: &PriceTable,
    query: &SessionQuery,
    now: i64,
) -> Result<Page<Session>, Failure> {
    let filter = session_filter::conditions(query, now)?;
    let mut page = match query.order.unwrap_or_default() {
        SessionOrder::Recent => recent(connection, prices, query, &filter)?,
        SessionOrder::Longest => greatest(connection, prices, query, &filter, "message_count", LONGEST)?,
        SessionOrder::MostTokens => greatest(connection, prices, query, &filter, "total_tokens", MOST_TOKENS)?,
        SessionOrder::Costliest => {
            let window = Window::new(&query.page(), COSTLIEST)?;
            let slice = costliest::slice(connection, window, &filter, prices)?;
            slice.into_page(COSTLIEST, |ids| with_costs::sessions(connection, prices, &ids))?
        }
    };
    if query.with_total {
        page.total_count = Some(count(connection, &filter)?);
    }
    Ok(page)
}

/// How many sessions the list has: looks at each one that an index on the filter does not leave out.
fn count(connection: &Connection, filter: &Clauses) -> Result<i64, Failure> {
    let mut statement = connection.prepare_cached(&format!("SELECT count(*) FROM sessions WHERE {}", filter.sql()))?;
    Ok(statement.query_row(params_from_iter(filter.values([])), |row| row.get(0))?)
}

/// By a number that every session has, the greatest first.
fn greatest(
    connection: &Connection,
    prices: &PriceTable,
    query: &SessionQuery,
    filter: &Clauses,
    column: &str,
    list: &str,
) -> Result<Page<Session>, Failure> {
    let edge = |(number, id): &NumberKey| [(*number).into(), id.clone().into()];
    let slice = Window::<NumberKey>::new(&query.page(), list)?.fill(|stretch, direction, limit| {
        let mut clauses = filter.clone();
        let columns = format!("({column}, session_id)");
        clauses.and_lower(&columns, stretch.lower.as_ref().map(edge), true);
        clauses.and_upper(&columns, stretch.upper.as_ref().map(edge), true);
        let order = direction.reversed().sql();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {column}, session_id, id FROM sessions WHERE {} ORDER BY {column} {order}, session_id {order} LIMIT ?",
            clauses.sql()
        ))?;
        let values = clauses.values([(limit as i64).into()]);
        let rows = statement.query_map(params_from_iter(values), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })?;
    slice.into_page(list, |ids| with_costs::sessions(connection, prices, &ids))
}

fn recent(
    connection: &Connection,
    prices: &PriceTable,
    query: &SessionQuery,
    filter: &Clauses,
) -> Result<Page<Session>, Failure> {
    let slice = Window::<Key>::new(&query.page(), RECENT)?.fill(|stretch, direction, limit| {
        // A comparison with null is neither true nor false, so those without a time are walked apart.
        let segments = match direction {
            Direction::Forward => [true, false],
            Direction::Backward => [false, true],
        };
        let mut found = Vec::new();
        for is_timed in segments {
            if found.len() < limit {
                found.extend(segment(connection, filter, stretch, direction, limit - found.len(), is_timed)?);
            }
        }
        Ok(found)
    })?;
    slice.into_page(RECENT, |ids| with_costs::sessions(connection, prices, &ids))
}

/// The sessions with a time, or those without, that lie in the stretch.
fn segment(
    connection: &Connection,
    filter: &Clauses,
    stretch: &Stretch<Key>,
    direction: Direction,
    limit: usize,
    is_timed: bool,
) -> Result<Vec<(Key, i64)>, Failure> {
    // The segment without times comes after the other: a bound of the one includes or excludes the whole of the other.
    let (Some(lower), Some(upper)) = (
        inside(&stretch.lower, is_timed, |key_is_timed| key_is_timed),
        inside(&stretch.upper, is_timed, |key_is_timed| !key_is_timed),
    ) else {
        return Ok(Vec::new());
    };
    let (condition, columns) = match is_timed {
        true => ("ended_at IS NOT NULL", "(ended_at, session_id)"),
        false => ("ended_at IS NULL", "(0, session_id)"),
    };
    let mut clauses = filter.clone();
    clauses.and(condition, []);
    clauses.and_lower(columns, lower, true);
    clauses.and_upper(columns, upper, true);
    let order = direction.reversed().sql();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT ended_at, session_id, id FROM sessions WHERE {} ORDER BY ended_at {order}, session_id {order} LIMIT ?",
        clauses.sql()
    ))?;
    let values = clauses.values([(limit as i64).into()]);
    let rows = statement.query_map(params_from_iter(values), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A bound as it is within a segment; `None` if it excludes the segment. `admits_other` says whether a bound in a
/// segment (timed or not) leaves the other one inside the stretch.
fn inside(bound: &Bound<Key>, is_timed: bool, admits_other: impl Fn(bool) -> bool) -> Option<Bound<[Value; 2]>> {
    match bound {
        Bound::Included((time, _)) | Bound::Excluded((time, _)) if time.is_some() != is_timed => {
            admits_other(time.is_some()).then_some(Bound::Unbounded)
        }
        bound => Some(bound.as_ref().map(|(time, id)| [time.unwrap_or(0).into(), id.clone().into()])),
    }
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
