//! Which rows a search by vectors, and the list of what needs vectors, look at.

use super::plan_tests::{scans, statements};
use super::testing::{Fixture, Line};
use super::{search, vectors};
use crate::model::{SearchMode, SearchQuery, Timestamp};
use crate::row::flag;
use crate::store::vectors::{NewItem, advance, insert_model, model, replace};

/// Sessions of one message each, every one with a vector.
fn stage(count: usize) -> Fixture {
    let fixture = Fixture::new();
    let connection = &fixture.connection;
    let stored = insert_model(connection, "m", 2).unwrap();
    for at in 0..count {
        let session = fixture.session(&format!("s{at}"), Some(at as i64), true);
        let main = fixture.file(session, &format!("projects/p/s{at}.jsonl"), "main", None);
        let message_id = fixture.line(main, Line::new(1, Some(at as i64), "text"));
        let vector = [1.0, at as f32];
        let item = NewItem {
            message_id,
            chunk: 0,
            field: None,
            text_start: None,
            text_end: None,
            text_hash: 1,
            is_stale: false,
            vector: &vector,
        };
        replace(connection, &stored, &[item]).unwrap();
    }
    fixture.run("UPDATE messages SET flags = flags | ?1", [flag::SEARCHABLE]);
    advance(connection, &stored).unwrap();
    fixture
}

/// What is looked at from end to end, except the few models, the few superseded generations, and what sqlite-vec does itself.
fn scanned(fixture: &Fixture, sql: &str) -> Vec<String> {
    if sql.contains("message_vectors_1_") {
        return Vec::new();
    }
    let steps = scans(fixture, sql, Some("generations_superseded"));
    steps.into_iter().filter(|step| !step.starts_with("SCAN vector_models")).collect()
}

fn query() -> SearchQuery {
    SearchQuery {
        mode: Some(SearchMode::Vector),
        vector: Some(vec![1.0, 0.5]),
        first: Some(2),
        ..SearchQuery::default()
    }
}

#[test]
fn a_search_seeks_what_it_shows() {
    let fixture = stage(300);
    let after = search::search_in(&fixture.connection, &query()).unwrap().end_cursor;
    let cases = [query(), SearchQuery { after, ..query() }, SearchQuery { session_id: Some("s7".into()), ..query() }];
    for query in cases {
        let run = statements(&fixture, |connection| {
            assert!(!search::search_in(connection, &query).unwrap().items.is_empty());
        });
        for sql in &run {
            assert_eq!(scanned(&fixture, sql), [""; 0], "{query:?}: {sql}");
        }
    }
}

#[test]
fn a_filter_by_time_looks_at_each_vector_once() {
    let fixture = stage(300);
    let query = SearchQuery { since: Some(Timestamp(290)), ..query() };
    let run = statements(&fixture, |connection| {
        assert_eq!(search::search_in(connection, &query).unwrap().items.len(), 2);
    });
    let steps: Vec<String> = run.iter().flat_map(|sql| scanned(&fixture, sql)).collect();
    assert_eq!(steps, ["SCAN item USING COVERING INDEX vector_items_by_message"]);
}

#[test]
fn where_nothing_is_pending_only_what_is_new_is_looked_at() {
    let fixture = stage(300);
    let run = statements(&fixture, |connection| {
        assert!(vectors::pending_in(connection, "m", None, 10).unwrap().items.is_empty());
    });
    for sql in &run {
        assert_eq!(scanned(&fixture, sql), [""; 0], "{sql}");
    }
    let stored = model(&fixture.connection, "m").unwrap().unwrap();
    assert_eq!(stored.looked_id, 300, "the last message");
}
