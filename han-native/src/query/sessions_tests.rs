use proptest::prelude::*;
use rusqlite::params;

use super::*;
use crate::error::Error;
use crate::model::{SessionStatus, Timestamp};
use crate::query::testing::{Fixture, PRICES};

/// The current time of these tests.
const NOW: i64 = 3_600_000;

fn list(fixture: &Fixture, query: &SessionQuery) -> Page<Session> {
    list_in(&fixture.connection, &PRICES, query, NOW).unwrap()
}

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
        (of(None, false), &["other", "b", "c", "a", "untimed2"]),
        (of(None, true), &["other", "b", "empty", "c", "a", "untimed2", "untimed1"]),
        (of(Some("q"), false), &["other"]),
        (of(Some("unknown"), false), &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(ids(&list(&fixture, query)), *expected, "{query:?}");
    }
}

/// The whole list, paged forwards and backwards by pages of a size.
fn paged(fixture: &Fixture, query: &SessionQuery, size: i64) -> [Vec<String>; 2] {
    let (mut forwards, mut after) = (Vec::new(), None);
    loop {
        let page = list(fixture, &SessionQuery { first: Some(size), after: after.clone(), ..query.clone() });
        assert_eq!(page.has_previous_page, after.is_some());
        forwards.extend(ids(&page));
        after = page.end_cursor;
        if !page.has_next_page {
            break;
        }
    }
    let (mut backwards, mut before) = (Vec::new(), None);
    loop {
        let page = list(fixture, &SessionQuery { last: Some(size), before: before.clone(), ..query.clone() });
        assert_eq!(page.has_next_page, before.is_some());
        backwards.splice(0..0, ids(&page));
        before = page.start_cursor;
        if !page.has_previous_page {
            break;
        }
    }
    [forwards, backwards]
}

#[test]
fn pages_in_both_directions_join_to_the_list() {
    let fixture = sessions();
    let query = SessionQuery { include_empty: true, ..SessionQuery::default() };
    let whole = ids(&list(&fixture, &query));
    for size in 1..=8 {
        assert_eq!(paged(&fixture, &query, size), [whole.clone(), whole.clone()]);
    }
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let fixture = sessions();
    let orders = [SessionOrder::Recent, SessionOrder::Longest, SessionOrder::MostTokens, SessionOrder::Costliest];
    for own in orders {
        let cursor = list(&fixture, &SessionQuery { order: Some(own), ..SessionQuery::default() }).start_cursor;
        for order in orders {
            let query = SessionQuery { order: Some(order), after: cursor.clone(), ..SessionQuery::default() };
            let answer = list_in(&fixture.connection, &PRICES, &query, NOW);
            assert_eq!(answer.is_ok(), order == own, "a cursor of {own:?} for {order:?}");
        }
    }
}

#[test]
fn filters_out_of_their_range_are_refused() {
    let fixture = sessions();
    let of = |status, active_minutes| SessionQuery { status, active_minutes, ..SessionQuery::default() };
    for query in
        [of(None, Some(10)), of(Some(SessionStatus::Active), Some(0)), of(Some(SessionStatus::Ended), Some(-5))]
    {
        let refused = list_in(&fixture.connection, &PRICES, &query, NOW);
        assert!(
            matches!(&refused, Err(Failure::Other(Error::InvalidArgument { name, .. })) if name == "activeMinutes"),
            "{query:?}: {refused:?}"
        );
    }
}

#[test]
fn the_total_is_that_of_the_whole_list() {
    let fixture = sessions();
    let page = |with_total| list(&fixture, &SessionQuery { first: Some(2), with_total, ..SessionQuery::default() });
    assert_eq!(page(false).total_count, None);
    assert_eq!((page(true).total_count, page(true).items.len()), (Some(5), 2));
}

#[test]
fn the_sum_of_tokens_follows_the_rollups() {
    let fixture = sessions();
    let total = |id: i64| -> i64 {
        fixture.connection.query_row("SELECT total_tokens FROM sessions WHERE id = ?1", [id], |row| row.get(0)).unwrap()
    };
    let insert =
        "INSERT INTO rollups (scope, bucket, project_id, model_id, input_tokens, output_tokens, cache_read_tokens,
                  cache_creation_tokens, cache_creation_5m_tokens) VALUES (?1, 2, ?2, ?3, 1, 10, 100, 1000, 1000)";
    for (scope, project, model) in [(0, 1, 1), (0, 1, 2), (0, 2, 1), (1, 1, 1), (2, 1, 1)] {
        fixture.run(insert, (scope, project, model));
    }
    assert_eq!((total(1), total(2)), (0, 3333));
    fixture.run("UPDATE rollups SET output_tokens = output_tokens - 10 WHERE model_id = 1", []);
    assert_eq!(total(2), 3313);
    fixture.run("UPDATE rollups SET messages = 7", []);
    assert_eq!(total(2), 3313);
    fixture.run("DELETE FROM rollups WHERE project_id = 2", []);
    assert_eq!(total(2), 2212);
    fixture.run("DELETE FROM rollups", []);
    assert_eq!(total(2), 0);
}

#[test]
fn the_costliest_come_first_and_what_has_no_price_last() {
    let fixture = sessions();
    let dear = fixture.string("claude-opus-4-1-20250805");
    let cheap = fixture.string("claude-3-haiku-20240307");
    let unknown = fixture.string("a-model-without-a-price");
    // More tokens of a cheap model cost less than few of an expensive one.
    for (session, model, tokens) in
        [("a", cheap, 3_000), ("b", unknown, 9_000_000), ("c", dear, 1_000), ("other", cheap, 2_000)]
    {
        fixture.spend(fixture.id_of_session(session), model, tokens);
    }
    let query = SessionQuery { order: Some(SessionOrder::Costliest), ..SessionQuery::default() };
    let expected = ["c", "a", "other", "untimed2", "b"].map(str::to_owned);
    assert_eq!(ids(&list(&fixture, &query)), expected);
    for size in 1..=6 {
        assert_eq!(paged(&fixture, &query, size), [expected.to_vec(), expected.to_vec()]);
    }
    let of_project = SessionQuery { project_id: Some("q".into()), ..query };
    assert_eq!(ids(&list(&fixture, &of_project)), ["other"]);
}

#[test]
fn costs_beyond_64_bits_are_told_apart() {
    let fixture = sessions();
    let dear = fixture.string("claude-opus-4-1-20250805");
    for (session, tokens) in [("a", 3_000_000_000_000), ("c", 1_000_000_000_000), ("other", 2_000_000_000_000)] {
        fixture.spend(fixture.id_of_session(session), dear, tokens);
    }
    let query = SessionQuery { order: Some(SessionOrder::Costliest), ..SessionQuery::default() };
    let expected = ["a", "other", "c", "untimed2", "b"].map(str::to_owned);
    assert_eq!(paged(&fixture, &query, 1), [expected.to_vec(), expected.to_vec()]);
}

/// What the filters see of a listed session.
#[derive(Debug, Clone)]
struct Facts {
    started_at: Option<i64>,
    ended_at: Option<i64>,
    project: usize,
    branch: Option<usize>,
    model: Option<usize>,
    messages: i64,
    tokens: i64,
    agents: i64,
    is_talk: bool,
}

const PROJECTS: [&str; 3] = ["p", "q", "r"];
/// The repository of each project.
const REPOSITORIES: [Option<&str>; 3] = [Some("/code"), Some("/code"), None];
const NAMES: [&str; 3] = ["main", "fix", "unused"];

fn facts() -> impl Strategy<Value = Facts> {
    let times = (proptest::option::of(0..5_i64), proptest::option::of(0..60_i64));
    let names = (0..3_usize, proptest::option::of(0..2_usize), proptest::option::of(0..2_usize));
    (times, names, 0..4_i64, 0..4_i64, 0..2_i64, any::<bool>()).prop_map(
        |((started_at, ended_at), (project, branch, model), messages, tokens, agents, is_talk)| Facts {
            started_at,
            ended_at: ended_at.map(|minute| minute * 60_000),
            project,
            branch,
            model,
            messages,
            tokens,
            agents,
            is_talk,
        },
    )
}

fn store(all: &[Facts]) -> Fixture {
    let fixture = Fixture::new();
    for (at, facts) in all.iter().enumerate() {
        let name = |index: Option<usize>| index.map(|index| fixture.string(NAMES[index]));
        let id = fixture.session_in(PROJECTS[facts.project], &format!("s{at:02}"), facts.ended_at, facts.is_talk);
        fixture.run(
            "UPDATE sessions SET started_at = ?2, git_branch_id = ?3, model_id = ?4, message_count = ?5, agent_count = ?6
             WHERE id = ?1",
            params![id, facts.started_at, name(facts.branch), name(facts.model), facts.messages, facts.agents],
        );
        fixture.run(
            "INSERT INTO rollups (scope, bucket, project_id, model_id, output_tokens) VALUES (0, ?1, 1, 0, ?2)",
            [id, facts.tokens],
        );
        fixture.spend(id, fixture.string("claude-3-haiku-20240307"), facts.tokens);
    }
    for (project, repository) in PROJECTS.iter().zip(REPOSITORIES) {
        if let Some(path) = repository {
            fixture.run("INSERT OR IGNORE INTO repos (path) VALUES (?1)", [path]);
            fixture.run("UPDATE projects SET repo_id = (SELECT id FROM repos) WHERE slug = ?1", [project]);
        }
    }
    fixture
}

fn query() -> impl Strategy<Value = SessionQuery> {
    let some = |range: std::ops::Range<usize>| proptest::option::weighted(0.3, range);
    let order = proptest::option::of(proptest::sample::select(vec![
        SessionOrder::Recent,
        SessionOrder::Longest,
        SessionOrder::MostTokens,
        SessionOrder::Costliest,
    ]));
    let status = proptest::option::weighted(
        0.4,
        (proptest::sample::select(vec![SessionStatus::Active, SessionStatus::Ended]), proptest::option::of(1..60_i64)),
    );
    let flags = (proptest::option::weighted(0.3, any::<bool>()), any::<bool>());
    let times = (proptest::option::weighted(0.3, 0..60_i64), proptest::option::weighted(0.3, 0..6_i64));
    (order, (some(0..4), some(0..2), some(0..3), some(0..3)), status, flags, times).prop_map(
        |(order, (project, repository, branch, model), status, (has_agents, include_empty), (since, until))| {
            SessionQuery {
                order,
                project_id: project.map(|index| PROJECTS.get(index).copied().unwrap_or("unknown").to_owned()),
                repository_path: repository.map(|index| ["/code", "/unknown"][index].to_owned()),
                git_branch: branch.map(|index| NAMES[index].to_owned()),
                model: model.map(|index| NAMES[index].to_owned()),
                status: status.map(|(status, _)| status),
                active_minutes: status.and_then(|(_, minutes)| minutes),
                has_agents,
                include_empty,
                since: since.map(|minute| Timestamp(minute * 60_000)),
                until: until.map(Timestamp),
                with_total: true,
                ..SessionQuery::default()
            }
        },
    )
}

/// Which sessions are listed, and in which order, written a second time.
fn listed(all: &[Facts], query: &SessionQuery) -> Vec<String> {
    let is = |asked: &Option<String>, name: Option<&str>| asked.as_deref().is_none_or(|asked| name == Some(asked));
    let named = |index: Option<usize>| index.map(|index| NAMES[index]);
    let is_wanted = |facts: &Facts| {
        let idle = facts.ended_at.map_or(i64::MAX, |time| NOW - time);
        let status = if idle <= query.active_minutes.unwrap_or(10) * 60_000 {
            SessionStatus::Active
        } else {
            SessionStatus::Ended
        };
        is(&query.project_id, Some(PROJECTS[facts.project]))
            && is(&query.repository_path, REPOSITORIES[facts.project])
            && is(&query.git_branch, named(facts.branch))
            && is(&query.model, named(facts.model))
            && query.status.is_none_or(|asked| asked == status)
            && query.has_agents.is_none_or(|asked| asked == (facts.agents > 0))
            && query.since.is_none_or(|since| facts.ended_at.is_some_and(|time| time >= since.0))
            && query.until.is_none_or(|until| facts.started_at.is_some_and(|time| time < until.0))
            && (facts.is_talk || query.include_empty)
    };
    let key = |facts: &Facts| match query.order {
        None | Some(SessionOrder::Recent) => facts.ended_at.unwrap_or(-1),
        Some(SessionOrder::Longest) => facts.messages,
        // All of one model.
        Some(SessionOrder::MostTokens | SessionOrder::Costliest) => facts.tokens,
    };
    let wanted = all.iter().enumerate().filter(|(_, facts)| is_wanted(facts));
    let mut found: Vec<(i64, String)> = wanted.map(|(at, facts)| (key(facts), format!("s{at:02}"))).collect();
    found.sort();
    found.into_iter().rev().map(|(_, id)| id).collect()
}

proptest! {
    #[test]
    fn lists_are_what_their_definition_says(
        all in proptest::collection::vec(facts(), 0..14),
        query in query(),
        size in 1..6_i64,
    ) {
        let fixture = store(&all);
        let page = list(&fixture, &query);
        let expected = listed(&all, &query);
        prop_assert_eq!(ids(&page), &expected[..]);
        prop_assert_eq!(page.total_count, Some(expected.len() as i64));
        prop_assert_eq!(paged(&fixture, &query, size), [expected.clone(), expected]);
    }
}

#[test]
fn sessions_are_found_with_their_sums() {
    let fixture = sessions();
    let main = fixture.file(2, "projects/p/b.jsonl", "main", None);
    fixture.file(2, "projects/p/b/tool-results/x.txt", "spill", None);
    let rollup = "INSERT INTO rollups (scope, bucket, project_id, model_id, input_tokens) VALUES (?1, 2, 1, ?2, ?3)";
    for (scope, model, tokens) in [(0, 1, 5), (0, 2, 7), (1, 1, 100)] {
        fixture.run(rollup, (scope, model, tokens));
    }
    let asked = ["b", "unknown", "a", "b", "a\0x"].map(str::to_owned);
    let get = || with_costs::sessions_by_name(&fixture.connection, &PRICES, &asked).unwrap();
    let found = get();
    let names: Vec<Option<&str>> = found.iter().map(|found| found.as_ref().map(|s| s.id.as_str())).collect();
    assert_eq!(names, [Some("b"), None, Some("a"), Some("b"), None]);
    let b = found[0].as_ref().unwrap();
    assert_eq!((b.tokens.input_tokens, b.is_missing, b.project_id.as_str()), (12, false, "p"));
    fixture.run("UPDATE files SET is_missing = 1 WHERE generation_id = ?1", [main]);
    assert!(get()[0].as_ref().unwrap().is_missing);
}

#[test]
fn sessions_are_found_by_the_start_of_their_ids() {
    let fixture = Fixture::new();
    for id in ["7f3c", "7f3d-1", "7f3d-2", "7f4", "8", "7F3C", "a%b", "a_b", "axb", "é1", "z\u{10ffff}"] {
        fixture.session(id, None, id != "7f4");
    }
    let cases: &[(&str, usize, &[&str])] = &[
        ("7f3", 10, &["7f3c", "7f3d-1", "7f3d-2"]),
        ("7f3", 2, &["7f3c", "7f3d-1"]),
        ("7f3d-1", 10, &["7f3d-1"]),
        ("7f4", 10, &["7f4"]),
        ("7f3d-11", 10, &[]),
        ("9", 10, &[]),
        ("a_", 10, &["a_b"]),
        ("a%", 10, &["a%b"]),
        ("", 3, &["7F3C", "7f3c", "7f3d-1"]),
        ("é", 10, &["é1"]),
        ("z\u{10ffff}", 10, &["z\u{10ffff}"]),
        ("7f3\u{0}", 10, &[]),
    ];
    for (prefix, limit, expected) in cases {
        let found = find_in(&fixture.connection, &PRICES, prefix, *limit).unwrap();
        let found: Vec<&str> = found.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(found, *expected, "{prefix:?}");
    }
}
