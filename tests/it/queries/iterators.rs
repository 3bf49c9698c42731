//! Iterators over pages yield what one large page has.

use std::fmt::Debug;

use han_native::model::{MessageQuery, ProblemFilter, SearchQuery, SessionQuery};
use han_native::{ErrorCode, Result};
use serde_json::json;

use crate::support::home::{Database, Home};

/// Four sessions of seven lines each, one of which is not a record.
fn database() -> Database {
    let home = Home::new();
    for session in ["s1", "s2", "s3", "s4"] {
        let prompt = |at: usize| {
            let message = json!({ "role": "user", "content": format!("water the tulip {at}") });
            json!({ "type": "user", "uuid": format!("{session}-{at}"), "message": message })
        };
        let mut text: String = (0..6).map(|at| format!("{}\n", prompt(at))).collect();
        text.push_str("[\"no record\"]\n");
        home.write(&format!("projects/-garden/{session}.jsonl"), text.as_bytes());
    }
    let database = home.database();
    database.scan();
    database
}

/// Pages of any size join to `whole`, forwards and, if `walk` says so, backwards.
fn assert_walks<T: Debug + PartialEq>(
    mut whole: Vec<T>,
    backwards: bool,
    walk: impl Fn(Option<i64>, Option<i64>) -> Result<Vec<T>>,
) {
    assert!(whole.len() >= 4, "{whole:?}");
    assert_eq!(walk(None, None).unwrap(), whole);
    for size in 1..=whole.len() as i64 + 1 {
        assert_eq!(walk(Some(size), None).unwrap(), whole, "pages of {size}");
    }
    if backwards {
        whole.reverse();
        for size in 1..=whole.len() as i64 + 1 {
            assert_eq!(walk(None, Some(size)).unwrap(), whole, "backwards in pages of {size}");
        }
    }
}

#[test]
fn pages_join_to_the_list() {
    let database = database();
    let han = &database.han;
    let sessions = han.sessions().list(&SessionQuery::default()).unwrap().items;
    assert_walks(sessions, true, |first, last| {
        han.sessions().iter(SessionQuery { first, last, with_total: true, ..SessionQuery::default() }).collect()
    });
    let of = |first, last| MessageQuery { session_id: "s2".into(), first, last, ..MessageQuery::default() };
    let messages = han.messages().list(&of(None, None)).unwrap().items;
    assert_walks(messages, true, |first, last| han.messages().iter(of(first, last)).collect());
    let problems = han.problems(&ProblemFilter::default()).unwrap().items;
    assert_walks(problems, true, |first, last| {
        han.problems_iter(ProblemFilter { first, last, ..ProblemFilter::default() }).collect()
    });
    let about = |first| SearchQuery { query: "tulip".into(), first, ..SearchQuery::default() };
    let hits = han.search(&about(Some(1_000))).unwrap().items;
    assert_walks(hits, false, |first, _| han.search_iter(about(first)).collect());
}

#[test]
fn a_walk_starts_at_a_cursor_and_reads_no_more_than_it_yields() {
    let database = database();
    let of = |first, after| MessageQuery { session_id: "s1".into(), first, after, ..MessageQuery::default() };
    let page = database.han.messages().list(&of(Some(2), None)).unwrap();
    let rest: Vec<_> = database.han.messages().iter(of(Some(2), page.end_cursor)).map(Result::unwrap).collect();
    let whole = database.han.messages().list(&of(None, None)).unwrap().items;
    assert_eq!(rest, whole[2..]);

    let mut walk = database.han.messages().iter(of(Some(1), None));
    assert_eq!(walk.next().unwrap().unwrap(), whole[0]);
    database.han.close();
    assert_eq!(walk.next().unwrap().unwrap_err().code(), ErrorCode::Closed);
    assert!(walk.next().is_none(), "an error ends it");
    let mut refused = database.han.messages().iter(of(Some(0), None));
    assert!(refused.next().unwrap().is_err() && refused.next().is_none());
}
