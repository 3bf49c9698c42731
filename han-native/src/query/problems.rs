//! Problems: lines that became no message, and notes on messages.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::clauses::Clauses;
use super::page::{Direction, Stretch, Window};
use super::places::{self, Place, PlaceKey};
use super::rows::{self, json_array};
use super::sources;
use crate::error::Result;
use crate::model::{Page, Problem, ProblemFilter, ProblemKind};
use crate::store::{Failure, Store};

const LIST: &str = "problems";

/// Line, part, name of the kind.
type RowKey = (i64, i64, String);

pub(crate) fn list(store: &Store, filter: &ProblemFilter) -> Result<Page<Problem>> {
    store.read(|connection| list_in(connection, filter))
}

pub(super) fn list_in(connection: &Connection, filter: &ProblemFilter) -> Result<Page<Problem>, Failure> {
    let window = Window::new(&filter.page(), LIST)?;
    let places = places_with_problems(connection, filter)?;
    let slice = window.fill(|stretch, direction, limit| {
        places::walk(&places, stretch, direction, limit, |generation_id, within, direction, limit| {
            of_generation(connection, generation_id, within, direction, limit, filter)
        })
    })?;
    slice.into_page(LIST, Ok)
}

/// The generations that have problems, in the order of their absolute paths.
fn places_with_problems(connection: &Connection, filter: &ProblemFilter) -> Result<Vec<Place>, Failure> {
    let mut clauses = Clauses::new("generation.problems + generation.notes > 0", []);
    if !filter.include_superseded {
        clauses.and("NOT generation.is_superseded", []);
    }
    if let Some(session_id) = &filter.session_id {
        clauses.and("file.session_id = (SELECT id FROM sessions WHERE session_id = ?)", [session_id.clone().into()]);
    }
    if let Some(path) = &filter.path {
        let files: Vec<i64> = sources::files_of_path(connection, path)?.iter().map(|file| file.id).collect();
        clauses.and("file.id IN (SELECT value FROM json_each(?))", [json_array(&files).into()]);
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT generation.id, {ABSOLUTE_PATH}, generation.number, generation.is_superseded
         FROM files AS file
         JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         JOIN generations AS generation ON generation.file_id = file.id
         WHERE {}",
        clauses.sql()
    ))?;
    let rows = statement.query_map(params_from_iter(clauses.values([])), |row| {
        let is_superseded: bool = row.get(3)?;
        let superseded = if is_superseded { Some(row.get(2)?) } else { None };
        // The absolute path says the config dir, too.
        let key = PlaceKey { path: row.get(1)?, config_dir: String::new(), superseded };
        Ok(Place { generation_id: row.get(0)?, key })
    })?;
    let mut places = rows.collect::<rusqlite::Result<Vec<Place>>>()?;
    places.sort_by(|left, right| left.key.cmp(&right.key));
    Ok(places)
}

const ABSOLUTE_PATH: &str =
    "CASE WHEN config_dir.path = '' THEN file.path ELSE rtrim(config_dir.path, '/') || '/' || file.path END";

fn of_generation(
    connection: &Connection,
    generation_id: i64,
    stretch: &Stretch<RowKey>,
    direction: Direction,
    limit: usize,
    filter: &ProblemFilter,
) -> Result<Vec<(RowKey, Problem)>, Failure> {
    let edge = |key: &RowKey| -> [Value; 3] { [key.0.into(), key.1.into(), key.2.clone().into()] };
    let columns = "(problem.line, problem.part, problem.kind)";
    let mut clauses = Clauses::new("problem.generation_id = ?", [generation_id.into()]);
    clauses.and_lower(columns, stretch.lower.as_ref().map(edge), false);
    clauses.and_upper(columns, stretch.upper.as_ref().map(edge), false);
    if let Some(kinds) = &filter.kinds {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        clauses.and("problem.kind IN (SELECT value FROM json_each(?))", [json_array(&names).into()]);
    }
    if let Some(notes) = filter.notes {
        clauses.and("problem.is_note = ?", [notes.into()]);
    }
    let order = direction.sql();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT file.path_hash, problem.line, problem.part, generation.number, generation.is_superseded,
                problem.kind, session.session_id, {ABSOLUTE_PATH}, problem.offset, problem.length, problem.detail
         FROM problems AS problem
         CROSS JOIN generations AS generation ON generation.id = problem.generation_id
         CROSS JOIN files AS file ON file.id = generation.file_id
         CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
         CROSS JOIN sessions AS session ON session.id = file.session_id
         WHERE {}
         ORDER BY problem.line {order}, problem.part {order}, problem.kind {order} LIMIT ?",
        clauses.sql()
    ))?;
    let rows = statement.query_map(params_from_iter(clauses.values([(limit as i64).into()])), problem)?;
    Ok(rows
        .map(|row| row.map(|problem| ((problem.line_number, problem.part, problem.kind.as_str().to_owned()), problem)))
        .collect::<rusqlite::Result<_>>()?)
}

fn problem(row: &Row<'_>) -> rusqlite::Result<Problem> {
    let kind: String = row.get(5)?;
    let unknown = || rusqlite::Error::InvalidColumnType(5, kind.clone(), rusqlite::types::Type::Text);
    let kind = ProblemKind::from_name(&kind).ok_or_else(unknown)?;
    Ok(Problem {
        id: rows::message_id(row, 0)?,
        kind,
        is_note: kind.is_note(),
        session_id: row.get(6)?,
        path: row.get(7)?,
        line_number: row.get(1)?,
        part: row.get(2)?,
        offset: row.get(8)?,
        length: row.get(9)?,
        detail: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{Fixture, path_hash};

    fn problems() -> Fixture {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let other = fixture.session("s2", None, true);
        let add = |generation: i64, line: i64, kind: ProblemKind| {
            fixture.run(
                "INSERT INTO problems (generation_id, line, part, offset, length, kind, is_note, detail)
                 VALUES (?1, ?2, 0, 7, 9, ?3, ?4, ?3)",
                (generation, line, kind.as_str(), kind.is_note()),
            );
            fixture.run("UPDATE generations SET problems = problems + 1 WHERE id = ?1", [generation]);
        };
        let outside = fixture.file_in("", other, "/b/z.jsonl", "main", None);
        add(outside, 1, ProblemKind::TornTail);
        let main = fixture.file(session, "projects/p/s1.jsonl", "main", None);
        add(main, 9, ProblemKind::InvalidJson);
        let main = fixture.generation(fixture.file_of(main), 2);
        add(main, 2, ProblemKind::TextTruncated);
        add(main, 2, ProblemKind::GluedRecords);
        add(main, 1, ProblemKind::NotObject);
        fixture
    }

    fn shown(fixture: &Fixture, filter: &ProblemFilter) -> Vec<(String, i64, &'static str)> {
        let page = list_in(&fixture.connection, filter).unwrap();
        page.items.into_iter().map(|problem| (problem.path, problem.line_number, problem.kind.as_str())).collect()
    }

    #[test]
    fn which_problems_are_listed_and_in_which_order() {
        let fixture = problems();
        let (outside, main) = ("/b/z.jsonl".to_owned(), "/c/projects/p/s1.jsonl".to_owned());
        let torn = (outside.clone(), 1, "torn_tail");
        let object = (main.clone(), 1, "not_object");
        let glued = (main.clone(), 2, "glued_records");
        let cut = (main.clone(), 2, "text_truncated");
        let old = (main.clone(), 9, "invalid_json");
        let none = ProblemFilter::default;
        let all = [&torn, &object, &glued, &cut];
        let of_main = [&object, &glued, &cut];
        let cases: &[(ProblemFilter, &[&(String, i64, &str)])] = &[
            (none(), &all),
            (ProblemFilter { include_superseded: true, ..none() }, &[&torn, &object, &glued, &cut, &old]),
            (ProblemFilter { notes: Some(true), ..none() }, &[&glued, &cut]),
            (ProblemFilter { notes: Some(false), ..none() }, &[&torn, &object]),
            (
                ProblemFilter { kinds: Some(vec![ProblemKind::TornTail, ProblemKind::NotObject]), ..none() },
                &[&torn, &object],
            ),
            (ProblemFilter { kinds: Some(Vec::new()), ..none() }, &[]),
            (ProblemFilter { session_id: Some("s1".into()), ..none() }, &of_main),
            (ProblemFilter { path: Some(main.clone()), ..none() }, &of_main),
            (ProblemFilter { path: Some("projects/p/s1.jsonl".into()), ..none() }, &of_main),
            (ProblemFilter { path: Some(outside.clone()), ..none() }, &[&torn]),
            (ProblemFilter { path: Some("/elsewhere".into()), ..none() }, &[]),
        ];
        for (filter, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|problem| (*problem).clone()).collect();
            assert_eq!(shown(&fixture, filter), expected, "{filter:?}");
        }
    }

    #[test]
    fn a_path_below_the_root_is_spelled_as_one() {
        let fixture = Fixture::new();
        let session = fixture.session("s1", None, true);
        let main = fixture.file_in("/", session, "projects/p/s1.jsonl", "main", None);
        fixture.run(
            "INSERT INTO problems (generation_id, line, part, offset, length, kind, is_note, detail)
             VALUES (?1, 1, 0, 0, 1, 'not_object', 0, '')",
            [main],
        );
        fixture.run("UPDATE generations SET problems = 1 WHERE id = ?1", [main]);
        let path = "/projects/p/s1.jsonl".to_owned();
        let filter = ProblemFilter { path: Some(path.clone()), ..ProblemFilter::default() };
        assert_eq!(shown(&fixture, &filter), [(path, 1, "not_object")]);
    }

    #[test]
    fn pages_join_to_the_list() {
        let fixture = problems();
        let all = ProblemFilter { include_superseded: true, ..ProblemFilter::default() };
        let whole = list_in(&fixture.connection, &all).unwrap();
        let mut joined = Vec::new();
        let mut after = None;
        loop {
            let page = list_in(&fixture.connection, &ProblemFilter { first: Some(1), after, ..all.clone() }).unwrap();
            joined.extend(page.items);
            after = page.end_cursor;
            if !page.has_next_page {
                break;
            }
        }
        assert_eq!(joined, whole.items);
        let before = ProblemFilter { last: Some(2), before: whole.end_cursor, ..all };
        let page = list_in(&fixture.connection, &before).unwrap();
        assert_eq!(page.items, whole.items[2..4]);
        assert!(page.has_next_page && page.has_previous_page);
    }

    #[test]
    fn a_problem_says_its_place() {
        let fixture = problems();
        let problem = list_in(&fixture.connection, &ProblemFilter::default()).unwrap().items.remove(1);
        assert_eq!(problem.id.to_string(), format!("{:016x}:1:0", path_hash("projects/p/s1.jsonl")));
        assert_eq!((problem.offset, problem.length, problem.detail.as_str()), (7, 9, "not_object"));
    }
}
