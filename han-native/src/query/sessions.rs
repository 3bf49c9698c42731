//! Sessions: pages by last activity, batches by id.

use std::ops::Bound;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::clauses::Clauses;
use super::page::{self, Direction, Stretch, Window};
use super::rows;
use crate::error::Result;
use crate::model::{Page, Session, SessionQuery};
use crate::store::{Failure, Store};

const LIST: &str = "sessions";

/// Last activity and session id; both descend. Sessions without a time come last.
type Key = (Option<i64>, String);

pub(crate) fn list(store: &Store, query: &SessionQuery) -> Result<Page<Session>> {
    store.read(|connection| list_in(connection, query))
}

pub(crate) fn get(store: &Store, ids: &[String]) -> Result<Vec<Option<Session>>> {
    page::check_batch(ids)?;
    store.read(|connection| rows::sessions_by_name(connection, ids))
}

pub(super) fn list_in(connection: &Connection, query: &SessionQuery) -> Result<Page<Session>, Failure> {
    let slice = Window::<Key>::new(&query.page(), LIST)?.fill(|stretch, direction, limit| {
        // A comparison with null is neither true nor false, so those without a time are walked apart.
        let segments = match direction {
            Direction::Forward => [true, false],
            Direction::Backward => [false, true],
        };
        let mut found = Vec::new();
        for is_timed in segments {
            if found.len() < limit {
                found.extend(segment(connection, query, stretch, direction, limit - found.len(), is_timed)?);
            }
        }
        Ok(found)
    })?;
    slice.into_page(LIST, |ids| rows::sessions(connection, &ids))
}

/// The sessions with a time, or those without, that lie in the stretch.
fn segment(
    connection: &Connection,
    query: &SessionQuery,
    stretch: &Stretch<Key>,
    direction: Direction,
    limit: usize,
    is_timed: bool,
) -> Result<Vec<(Key, i64)>, Failure> {
    // The segment without times lies behind the other: a bound of the one includes or excludes the whole of the other.
    let (Some(lower), Some(upper)) = (
        inside(&stretch.lower, is_timed, |key_is_timed| key_is_timed),
        inside(&stretch.upper, is_timed, |key_is_timed| !key_is_timed),
    ) else {
        return Ok(Vec::new());
    };
    let (mut clauses, columns) = match is_timed {
        true => (Clauses::new("ended_at IS NOT NULL", []), "(ended_at, session_id)"),
        false => (Clauses::new("ended_at IS NULL", []), "(0, session_id)"),
    };
    clauses.and_lower(columns, lower, true);
    clauses.and_upper(columns, upper, true);
    if let Some(project) = &query.project_id {
        clauses.and("project_id = (SELECT id FROM projects WHERE slug = ?)", [project.clone().into()]);
    }
    if !query.include_empty.unwrap_or(false) {
        clauses.and("is_talk", []);
    }
    let order = direction.reversed().sql();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT ended_at, session_id, id FROM sessions WHERE {} ORDER BY ended_at {order}, session_id {order} LIMIT ?",
        clauses.sql()
    ))?;
    let values = clauses.values([(limit as i64).into()]);
    let rows = statement.query_map(params_from_iter(values), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A bound as it is within a segment; nothing where it shuts the segment out. `admits_other` says whether a bound in a
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
mod tests {
    use super::*;
    use crate::query::testing::Fixture;

    fn sessions() -> Fixture {
        let fixture = Fixture::new();
        fixture.session("a", Some(10), true);
        fixture.session("b", Some(30), true);
        fixture.session("c", Some(10), true);
        fixture.session("empty", Some(20), false);
        fixture.session("untimed1", None, false);
        fixture.session("untimed2", None, true);
        fixture.session_in("q", "other", Some(40), true);
        fixture
    }

    fn ids(page: &Page<Session>) -> Vec<String> {
        page.items.iter().map(|session| session.id.clone()).collect()
    }

    #[test]
    fn the_last_active_come_first() {
        let fixture = sessions();
        let of = |project: Option<&str>, include_empty| SessionQuery {
            project_id: project.map(str::to_owned),
            include_empty,
            ..SessionQuery::default()
        };
        let cases: &[(SessionQuery, &[&str])] = &[
            (of(None, None), &["other", "b", "c", "a", "untimed2"]),
            (of(None, Some(true)), &["other", "b", "empty", "c", "a", "untimed2", "untimed1"]),
            (of(Some("q"), None), &["other"]),
            (of(Some("unknown"), None), &[]),
        ];
        for (query, expected) in cases {
            assert_eq!(ids(&list_in(&fixture.connection, query).unwrap()), *expected, "{query:?}");
        }
    }

    #[test]
    fn pages_in_both_directions_join_to_the_list() {
        let fixture = sessions();
        let query = SessionQuery { include_empty: Some(true), ..SessionQuery::default() };
        let whole = ids(&list_in(&fixture.connection, &query).unwrap());
        for size in 1..=8 {
            let (mut forwards, mut after) = (Vec::new(), None);
            loop {
                let query = SessionQuery { first: Some(size), after: after.clone(), ..query.clone() };
                let page = list_in(&fixture.connection, &query).unwrap();
                assert_eq!(page.has_previous_page, after.is_some());
                forwards.extend(ids(&page));
                after = page.end_cursor;
                if !page.has_next_page {
                    break;
                }
            }
            assert_eq!(forwards, whole);
            let (mut backwards, mut before) = (Vec::new(), None);
            loop {
                let query = SessionQuery { last: Some(size), before: before.clone(), ..query.clone() };
                let page = list_in(&fixture.connection, &query).unwrap();
                assert_eq!(page.has_next_page, before.is_some());
                backwards.splice(0..0, ids(&page));
                before = page.start_cursor;
                if !page.has_previous_page {
                    break;
                }
            }
            assert_eq!(backwards, whole);
        }
    }

    #[test]
    fn sessions_are_found_with_their_sums() {
        let fixture = sessions();
        let main = fixture.file(2, "projects/p/b.jsonl", "main", None);
        fixture.file(2, "projects/p/b/tool-results/x.txt", "spill", None);
        let rollup =
            "INSERT INTO rollups (scope, bucket, project_id, model_id, input_tokens) VALUES (?1, 2, 1, ?2, ?3)";
        for (scope, model, tokens) in [(0, 1, 5), (0, 2, 7), (1, 1, 100)] {
            fixture.run(rollup, (scope, model, tokens));
        }
        let asked = ["b", "unknown", "a", "b", "a\0x"].map(str::to_owned);
        let get = || rows::sessions_by_name(&fixture.connection, &asked).unwrap();
        let found = get();
        let names: Vec<Option<&str>> = found.iter().map(|found| found.as_ref().map(|s| s.id.as_str())).collect();
        assert_eq!(names, [Some("b"), None, Some("a"), Some("b"), None]);
        let b = found[0].as_ref().unwrap();
        assert_eq!((b.tokens.input_tokens, b.is_missing, b.project_id.as_str()), (12, false, "p"));
        fixture.run("UPDATE files SET is_missing = 1 WHERE generation_id = ?1", [main]);
        assert!(get()[0].as_ref().unwrap().is_missing);
    }
}
