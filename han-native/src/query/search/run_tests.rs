use super::*;
use crate::model::Timestamp;
use crate::query::testing::{Fixture, Line, id};

const MAIN: &str = "projects/p/s1.jsonl";

fn query(text: &str) -> SearchQuery {
    SearchQuery { query: text.into(), ..SearchQuery::default() }
}

fn previews(fixture: &Fixture, query: &SearchQuery) -> Vec<String> {
    let page = search_in(&fixture.connection, query).unwrap();
    page.items.into_iter().map(|hit| hit.message.preview).collect()
}

/// Two projects, a replay, a superseded generation, and progress of an agent that has its own file.
fn messages() -> Fixture {
    let fixture = Fixture::new();
    let session = fixture.session("s1", Some(9), true);
    let old = fixture.file(session, MAIN, "main", None);
    fixture.line(old, Line::new(1, Some(1), "fox superseded"));
    let main = fixture.generation(fixture.file_of(old), 2);
    let original = fixture.line(main, Line::new(1, Some(10), "fox"));
    fixture.line(main, Line { replay_of: Some(original), ..Line::new(2, Some(11), "fox copied") });
    fixture.line(main, Line::new(3, Some(30), "a fox and a hen and a lot of other animals"));
    let progress =
        |number, uuid| Line { carried_uuid: Some([uuid; 16]), ..Line::new(number, Some(40), "fox progress") };
    fixture.line(main, progress(4, 1));
    fixture.line(main, Line { text: "fox progress alone", ..progress(5, 2) });
    let agent = fixture.file(session, "projects/p/s1/subagents/agent-a1.jsonl", "agent", Some("a1"));
    fixture.line(agent, Line { uuid: Some([1; 16]), ..Line::new(1, Some(20), "fox of the agent") });
    let other = fixture.session_in("q", "s2", Some(9), true);
    let other = fixture.file(other, "projects/q/s2.jsonl", "main", None);
    fixture.line(other, Line::new(1, None, "fox without time"));
    fixture
}

#[test]
fn which_messages_are_found() {
    let fixture = messages();
    let newest = |query: SearchQuery| SearchQuery { order: Some(SearchOrder::Newest), ..query };
    let long = "a fox and a hen and a lot of other animals";
    let cases: &[(SearchQuery, &[&str])] = &[
        (query("fox"), &["fox progress alone", long, "fox of the agent", "fox", "fox without time"]),
        (query("fox hen"), &[long]),
        (query("\"hen and\""), &[long]),
        (query("\"and hen\""), &[]),
        (query("ani"), &[long]),
        (query("absent"), &[]),
        (query("?!"), &[]),
        (SearchQuery { session_id: Some("s2".into()), ..query("fox") }, &["fox without time"]),
        (SearchQuery { session_id: Some("unknown".into()), ..query("fox") }, &[]),
        (SearchQuery { project_id: Some("q".into()), ..query("fox") }, &["fox without time"]),
        (SearchQuery { agent_id: Some("a1".into()), ..query("fox") }, &["fox of the agent"]),
        (
            SearchQuery { since: Some(Timestamp(20)), until: Some(Timestamp(40)), ..query("fox") },
            &[long, "fox of the agent"],
        ),
        (SearchQuery { fields: Some(vec![SearchField::User]), ..query("hen") }, &[long]),
        (SearchQuery { fields: Some(vec![SearchField::Title]), ..query("hen") }, &[]),
        (SearchQuery { include_superseded: true, ..query("superseded") }, &["fox superseded"]),
        (
            SearchQuery { include_replays: true, ..query("fox") },
            &["fox progress", "fox progress alone", long, "fox of the agent", "fox copied", "fox", "fox without time"],
        ),
        (SearchQuery { syntax: Some(SearchSyntax::Fts5), ..query("hen OR alone") }, &["fox progress alone", long]),
        (
            SearchQuery {
                syntax: Some(SearchSyntax::Fts5),
                fields: Some(vec![SearchField::User, SearchField::Other]),
                ..query("fox NOT (hen OR agent OR progress)")
            },
            &["fox", "fox without time"],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(previews(&fixture, &newest(query.clone())), *expected, "{query:?}");
        let mut ranked = previews(&fixture, query);
        ranked.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(ranked, expected, "{query:?}");
    }
}

#[test]
fn the_best_match_comes_first() {
    let fixture = messages();
    let page = search_in(&fixture.connection, &query("fox")).unwrap();
    assert_eq!(page.items[0].message.preview, "fox");
    assert!(page.items.is_sorted_by(|left, right| left.score >= right.score));
    assert!(page.items.iter().all(|hit| hit.score > 0.0 && !hit.is_partial));
    let newest = SearchQuery { order: Some(SearchOrder::Newest), ..query("fox") };
    for hit in search_in(&fixture.connection, &newest).unwrap().items {
        assert!(page.items.iter().any(|other| other.message.id == hit.message.id && other.score == hit.score));
    }
}

#[test]
fn pages_neither_repeat_nor_skip() {
    let fixture = messages();
    let session = fixture.session("s3", None, true);
    let many = fixture.file(session, "projects/p/s3.jsonl", "main", None);
    for number in 1..=40 {
        fixture.line(many, Line::new(number, Some(number % 4), "fox"));
    }
    for order in [SearchOrder::Relevance, SearchOrder::Newest] {
        let query = SearchQuery { order: Some(order), ..query("fox") };
        let whole = search_in(&fixture.connection, &SearchQuery { first: Some(1_000), ..query.clone() }).unwrap();
        assert_eq!((whole.items.len(), whole.has_next_page), (45, false));
        for size in [1, 7, 44, 45] {
            let (mut joined, mut after) = (Vec::new(), None);
            loop {
                let page = search_in(
                    &fixture.connection,
                    &SearchQuery { first: Some(size), after: after.clone(), ..query.clone() },
                )
                .unwrap();
                assert_eq!(page.has_previous_page, after.is_some());
                joined.extend(page.items);
                after = page.end_cursor;
                if !page.has_next_page {
                    break;
                }
            }
            assert_eq!(joined, whole.items);
        }
    }
}

#[test]
fn of_very_many_matches_the_newest_are_ranked() {
    let fixture = Fixture::new();
    let session = fixture.session("s1", None, true);
    let main = fixture.file(session, MAIN, "main", None);
    let record = crate::query::testing::record("fox");
    let offset = fixture.append(main, record.as_bytes());
    let kind = fixture.string("user");
    fixture.run(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20010)
         INSERT INTO messages (generation_id, line, part, offset, length, type_id, flags, time, preview)
         SELECT ?1, n, 0, ?2, ?4, ?3, 0, 100000 - n, 'fox' FROM number",
        (main, offset, kind, record.len() as i64),
    );
    fixture.run("INSERT INTO messages_fts (rowid, user) SELECT id, 'fox' FROM messages", []);
    let some = |first: i64| SearchQuery { first: Some(first), ..query("fox") };
    let page = search_in(&fixture.connection, &some(1)).unwrap();
    assert!(page.items[0].is_partial && page.has_next_page);
    assert_eq!(page.items[0].message.line_number, 1);
    // After the 20,000th of the newest nothing is ranked.
    let filtered = SearchQuery { until: Some(Timestamp(90_000)), ..some(1) };
    assert!(!search_in(&fixture.connection, &filtered).unwrap().items[0].is_partial);
    let newest = SearchQuery { order: Some(SearchOrder::Newest), ..some(1) };
    assert!(!search_in(&fixture.connection, &newest).unwrap().items[0].is_partial);

    let filter = filter::clauses(&query("fox"));
    let connection = &fixture.connection;
    for is_narrow in [false, true] {
        let order = SearchOrder::Relevance;
        let search = Search { connection, expression: "fox", is_raw: false, filter: &filter, is_narrow, order };
        let positions = search.top(&search.ranked().unwrap(), None, 30_000).unwrap();
        assert_eq!(positions.len(), 20_000);
        let oldest: i64 = connection
            .query_row(
                "SELECT min(time) FROM messages WHERE id IN (SELECT value FROM json_each(?1))",
                [crate::query::rows::json_array(&positions.iter().map(|found| found.row_id).collect::<Vec<_>>())],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(oldest, 100_000 - 20_000);
    }
}

#[test]
fn a_hit_shows_where_it_matches() {
    let fixture = messages();
    fixture.run("UPDATE sessions SET title = 'Animals'", []);
    let hit = search_in(&fixture.connection, &query("hen")).unwrap().items.remove(0);
    assert_eq!(hit.message.id.to_string(), id(MAIN, 3));
    assert_eq!((hit.field, hit.snippet.as_str()), (SearchField::User, "a fox and a hen and a lot of other animals"));
    assert_eq!(hit.matches, [crate::model::MatchRange { start: 12, end: 15 }]);
    assert_eq!((hit.project_id.as_str(), hit.session_title.as_deref()), ("p", Some("Animals")));
}

#[test]
fn only_raw_expressions_can_be_wrong() {
    let fixture = messages();
    let raw = |text: &str| SearchQuery { syntax: Some(SearchSyntax::Fts5), ..query(text) };
    for text in ["\"open", "fox AND", "nowhere : fox", "*reads", " *id", "(", "NEAR(fox", "^", "fox)"] {
        let refused = search_in(&fixture.connection, &raw(text));
        assert!(matches!(refused, Err(Failure::Other(Error::QuerySyntax { .. }))), "{text}: {refused:?}");
        search_in(&fixture.connection, &query(text)).unwrap();
    }
    for text in ["", "  ", "\0"] {
        assert_eq!(search_in(&fixture.connection, &raw(text)).unwrap().items, []);
    }
}

#[test]
fn bad_requests_are_refused() {
    let fixture = messages();
    let cursor = search_in(&fixture.connection, &query("fox")).unwrap().end_cursor;
    let cases = [
        SearchQuery { first: Some(0), ..query("fox") },
        SearchQuery { first: Some(1_001), ..query("fox") },
        SearchQuery { after: Some("nonsense".into()), ..query("fox") },
        SearchQuery { after: cursor, order: Some(SearchOrder::Newest), ..query("fox") },
        query(&"x".repeat(LONGEST_QUERY + 1)),
    ];
    for query in cases {
        let refused = search_in(&fixture.connection, &query);
        assert!(matches!(refused, Err(Failure::Other(Error::InvalidArgument { .. }))), "{refused:?}");
    }
}

#[test]
fn the_index_leads_and_no_statement_scans_the_messages() {
    let fixture = messages();
    let whole = SearchQuery {
        session_id: Some("s1".into()),
        project_id: Some("p".into()),
        agent_id: Some("a1".into()),
        since: Some(Timestamp(0)),
        ..query("fox")
    };
    for query in [query("fox"), whole] {
        let filter = filter::clauses(&query);
        let plan = fixture.plan(&format!(
            "SELECT message.time, message.id FROM messages_fts CROSS JOIN messages AS message
             ON message.id = messages_fts.rowid WHERE messages_fts MATCH 'fox' AND {}",
            filter.sql()
        ));
        assert!(plan[0].starts_with("SCAN messages_fts VIRTUAL TABLE INDEX"), "{plan:#?}");
        assert!(
            plan.iter().all(|step| !step.starts_with("SCAN message ") && !step.starts_with("SCAN own")),
            "{plan:#?}"
        );
    }
}
