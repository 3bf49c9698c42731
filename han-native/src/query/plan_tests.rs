//! How SQLite answers: the statements that are really run are caught, and what SQLite says about each is judged. Batches run as
//! many statements for many ids as for one, and nothing is scanned that could be sought.

use rusqlite::Connection;

use super::record::bytes::{self, Extent};
use super::testing::{Fixture, Line, PRICES, id, path_hash, traced};
use super::{files, message_blocks, messages, session_state, sessions, tool_calls, usage};
use crate::model::{AgentSelection, MessageQuery, SessionOrder, SessionQuery, Timestamp, ToolCallOptions};
use crate::row;
use crate::store::Failure;

/// The statements that `read` runs, with their values.
pub(super) fn statements(fixture: &Fixture, read: impl FnOnce(&Connection)) -> Vec<String> {
    traced(|| read(&fixture.connection))
}

/// Lists of ours that statements walk from end to end: they are no longer than what was requested.
const OURS: [&str; 3] = ["wanted", "place", "about"];

/// Steps that look at all of a table, or walk through an index from its start, if that is not the requested order.
pub(super) fn scans(fixture: &Fixture, sql: &str, ordered_by: Option<&str>) -> Vec<String> {
    let is_ours = |step: &str| {
        OURS.iter().any(|name| step == format!("SCAN {name}"))
            || step.contains(" VIRTUAL TABLE INDEX ")
            || ordered_by.is_some_and(|index| step.ends_with(&format!(" USING INDEX {index}")))
    };
    let is_bad = |step: &String| step.starts_with("SCAN ") && !is_ours(step) || step.contains("AUTOMATIC");
    fixture.plan(sql).into_iter().filter(is_bad).collect()
}

fn is_sorted_anew(fixture: &Fixture, sql: &str) -> bool {
    fixture.plan(sql).iter().any(|step| step.contains("TEMP B-TREE"))
}

/// Sessions, each with a message that everything else depends on.
fn stage(count: usize) -> Fixture {
    let fixture = Fixture::new();
    let name = fixture.string("Bash");
    for at in 0..count {
        let session = fixture.session(&format!("s{at}"), Some(at as i64), true);
        let main = fixture.file(session, &format!("projects/p/s{at}.jsonl"), "main", None);
        let message = fixture.line(main, Line::new(1, Some(at as i64), "text"));
        let call = format!("toolu_{at}");
        let key = row::tool_use_key(&call);
        fixture.run("INSERT INTO tool_calls VALUES (?1, 0, ?2, ?3, ?4)", (message, key, &call, name));
        fixture.run("INSERT INTO tool_results VALUES (?1, 0, ?2, 0, NULL)", [message, key]);
        fixture.run("INSERT INTO session_todos VALUES (?1, ?2, '[]')", [message, session]);
        fixture.run(
            "INSERT INTO session_file_changes VALUES (?1, 0, ?2, 'a', 'update', 1, 1, ?3)",
            [message, session, name],
        );
        fixture.run(
            "INSERT INTO hook_executions VALUES (?1, 0, ?2, 'Stop', NULL, NULL, NULL, NULL, 0)",
            [message, session],
        );
        fixture.run("INSERT INTO session_summaries VALUES (?1, ?2, 'away', NULL, 'text')", [message, session]);
        fixture.run("INSERT INTO native_tasks (session_id, task_id) VALUES (?1, '1')", [session]);
        fixture.run(
            "INSERT INTO rollups (scope, bucket, project_id, model_id, api_messages) VALUES (0, ?1, 1, 0, 1)",
            [session],
        );
    }
    fixture
}

/// Counts what a batch found.
fn found<T>(answer: Result<Vec<Option<T>>, Failure>) -> usize {
    answer.unwrap().iter().flatten().count()
}

type Read = fn(&Connection, usize) -> usize;

fn sessions_of(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("s{at}")).collect()
}

fn calls_of(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("toolu_{at}")).collect()
}

fn paths_of(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|at| format!("projects/p/s{at}.jsonl"))
}

/// Every batch, for this many ids; each returns how many it found.
const BATCHES: [(&str, Read); 13] = [
    ("sessions.get", |connection, count| {
        found(super::with_costs::sessions_by_name(connection, &PRICES, &sessions_of(count)))
    }),
    ("messages.get", |connection, count| {
        found(messages::get_in(connection, &paths_of(count).map(|path| id(&path, 1)).collect::<Vec<_>>()))
    }),
    ("messages.countBatch", |connection, count| {
        messages::count_batch_in(connection, &sessions_of(count)).unwrap().values().filter(|count| **count == 1).count()
    }),
    ("messages.timestampsBatch", |connection, count| {
        found(messages::timestamps_batch_in(connection, &sessions_of(count)))
    }),
    ("files.get", |connection, count| {
        let ids: Vec<String> = paths_of(count).map(|path| format!("{:016x}", path_hash(&path))).collect();
        found(files::get_in(connection, &ids))
    }),
    ("files.bySession", |connection, count| found(files::by_session_in(connection, &sessions_of(count)))),
    ("toolCalls.get", |connection, count| {
        found(tool_calls::get_in(connection, &calls_of(count), ToolCallOptions::default()))
    }),
    ("todos.get", |connection, count| found(session_state::todos_in(connection, &sessions_of(count)))),
    ("tasks.get", |connection, count| found(session_state::tasks_in(connection, &sessions_of(count)))),
    ("fileChanges.get", |connection, count| found(session_state::file_changes_in(connection, &sessions_of(count)))),
    ("hookExecutions.get", |connection, count| {
        found(session_state::hook_executions_in(connection, &sessions_of(count)))
    }),
    ("summaries.get", |connection, count| found(session_state::summaries_in(connection, &sessions_of(count)))),
    ("usage.bySession", |connection, count| found(usage::by_session_in(connection, &PRICES, &sessions_of(count)))),
];

#[test]
fn batches_seek_and_run_as_many_statements_for_many_ids_as_for_one() {
    let fixture = stage(40);
    for (name, read) in BATCHES {
        let of = |count: usize| statements(&fixture, |connection| assert_eq!(read(connection, count), count, "{name}"));
        let (one, many) = (of(1), of(40));
        assert_eq!(one.len(), many.len(), "{name}: {many:?}");
        assert!((1..=3).contains(&many.len()), "{name}: {many:?}");
        for sql in &many {
            assert_eq!(scans(&fixture, sql, None), [""; 0], "{name}: {sql}");
        }
    }
}

#[test]
fn blocks_take_three_statements_beside_the_records() {
    let fixture = stage(40);
    let ids: Vec<String> = paths_of(40).map(|path| id(&path, 1)).collect();
    let read = |connection: &Connection| assert_eq!(found(message_blocks::get_in(connection, &ids, 100)), 40);
    let statements = statements(&fixture, read);
    assert_eq!(statements.iter().filter(|sql| !sql.contains("raw_blocks")).count(), 3, "{statements:?}");
    for sql in &statements {
        assert_eq!(scans(&fixture, sql, None), [""; 0], "{sql}");
    }
}

#[test]
fn stored_bytes_are_read_once_for_all_of_their_records() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let generation_id = fixture.file(session, "projects/p/s1.jsonl", "main", None);
    fixture.append(generation_id, b"one\ntwo\nthree\n");
    let extent = |offset, length| Extent { generation_id, offset, length };
    let count = |extents: &[Extent]| {
        let read = |connection: &Connection| drop(bytes::read_all(connection, extents).unwrap());
        statements(&fixture, read).len()
    };
    let one = count(&[extent(4, 3)]);
    assert_eq!(count(&[extent(8, 5), extent(0, 3), extent(4, 3), extent(8, 5)]), one);
}

#[test]
fn lists_of_sessions_walk_through_the_index_of_their_order() {
    let fixture = stage(4);
    let orders = [
        (SessionOrder::Recent, "sessions_by_activity"),
        (SessionOrder::Longest, "sessions_by_length"),
        (SessionOrder::MostTokens, "sessions_by_tokens"),
    ];
    for (order, index) in orders {
        let of = |query: &SessionQuery| sessions::list_in(&fixture.connection, &PRICES, query, 0).unwrap();
        let first = of(&SessionQuery { order: Some(order), first: Some(2), ..SessionQuery::default() });
        let behind = SessionQuery { order: Some(order), after: first.end_cursor, ..SessionQuery::default() };
        let last = SessionQuery { order: Some(order), last: Some(2), ..SessionQuery::default() };
        let since = SessionQuery { since: Some(Timestamp(1)), ..behind.clone() };
        for query in [SessionQuery { order: Some(order), ..SessionQuery::default() }, behind.clone(), last, since] {
            for sql in statements(&fixture, |_| drop(of(&query))) {
                assert_eq!(scans(&fixture, &sql, Some(index)), [""; 0], "{order:?}: {sql}");
                assert!(sql.contains("FROM json_each") || !is_sorted_anew(&fixture, &sql), "{order:?}: {sql}");
            }
        }
        let sought = statements(&fixture, |_| drop(of(&behind)));
        assert!(
            fixture.plan(&sought[0])[0].starts_with(&format!("SEARCH sessions USING INDEX {index}")),
            "{}",
            sought[0]
        );
    }
}

#[test]
fn a_list_of_a_project_or_repository_looks_at_nothing_else() {
    let fixture = stage(4);
    let text = |text: &str| Some(text.to_owned());
    for query in [
        SessionQuery { project_id: text("p"), ..SessionQuery::default() },
        SessionQuery { repository_path: text("/code"), ..SessionQuery::default() },
        SessionQuery { project_id: text("p"), order: Some(SessionOrder::Longest), ..SessionQuery::default() },
        SessionQuery { project_id: text("p"), with_total: true, ..SessionQuery::default() },
    ] {
        let list = |connection: &Connection| drop(sessions::list_in(connection, &PRICES, &query, 0).unwrap());
        for sql in statements(&fixture, list) {
            assert_eq!(scans(&fixture, &sql, None), [""; 0], "{query:?}: {sql}");
        }
    }
}

#[test]
fn the_start_of_an_id_is_sought() {
    let fixture = stage(40);
    let found = statements(&fixture, |connection| {
        assert_eq!(sessions::find_in(connection, &PRICES, "s1", 5).unwrap().len(), 5);
    });
    assert_eq!(found.len(), 3, "{found:?}");
    let plan = fixture.plan(&found[0]);
    assert_eq!(plan, ["SEARCH sessions USING COVERING INDEX sqlite_autoindex_sessions_1 (session_id>?)"]);
    for sql in &found[1..] {
        assert_eq!(scans(&fixture, sql, None), [""; 0], "{sql}");
    }
}

#[test]
fn lists_of_messages_seek_their_session() {
    let fixture = stage(4);
    let query = || MessageQuery { session_id: "s1".into(), with_total: true, ..MessageQuery::default() };
    let filtered = || MessageQuery {
        types: Some(vec!["user".into()]),
        tool: Some("Bash".into()),
        since: Some(Timestamp(0)),
        only_errors: false,
        ..query()
    };
    let all = Some(AgentSelection::All);
    let cases = [
        query(),
        filtered(),
        MessageQuery { agents: all, ..query() },
        MessageQuery { agents: all, last: Some(1), ..filtered() },
    ];
    for query in cases {
        let list = |connection: &Connection| {
            let page = messages::list_in(connection, &query).unwrap();
            assert_eq!((page.items.len(), page.total_count), (1, Some(1)), "{query:?}");
        };
        for sql in statements(&fixture, list) {
            assert_eq!(scans(&fixture, &sql, None), [""; 0], "{query:?}: {sql}");
        }
    }
}

#[test]
fn a_scan_is_noticed() {
    let fixture = stage(1);
    assert_eq!(scans(&fixture, "SELECT * FROM messages WHERE preview = 'x'", None), ["SCAN messages"]);
    assert_eq!(
        scans(&fixture, "SELECT session_id FROM sessions ORDER BY ended_at", None),
        ["SCAN sessions USING COVERING INDEX sessions_by_activity"]
    );
    let sql = "SELECT * FROM sessions ORDER BY message_count, session_id";
    assert_eq!(scans(&fixture, sql, Some("sessions_by_length")), [""; 0]);
    assert!(is_sorted_anew(&fixture, "SELECT * FROM sessions ORDER BY title"));
}
