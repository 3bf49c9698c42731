//! The costs that the agent program itself reports, next to the sum of the answers.

use han_native::model::{AnalyticsFilter, ReportedCost};
use serde_json::{Value, json};

use super::transcript::{MAIN, OTHER, answer, dashboard, days, indexed, with, write};
use crate::support::home::{Database, Home};

const DAY: &str = "2026-11-02T10:00:00.000Z";
const LATER: &str = "2026-11-02T11:00:00.000Z";

/// A million tokens of the input of Opus 5: five dollars.
fn asked(uuid: &str, time: &str, session: &str) -> Value {
    let changes = [("/message/model", json!("claude-opus-5")), ("/sessionId", session.into())];
    with(answer(uuid, time, &format!("msg_{uuid}"), 1_000_000, 0), &changes)
}

fn said(total: f64, models: &[(&str, f64)]) -> Value {
    let models: serde_json::Map<String, Value> = models
        .iter()
        .map(|(model, cost)| {
            ((*model).to_owned(), json!({ "costUSD": cost, "inputTokens": 7, "webSearchRequests": 2 }))
        })
        .collect();
    json!({ "type": "cost-state", "sessionId": "s1", "totalCostUSD": total, "modelUsage": models, "hasUnknownModelCost": false })
}

fn reported(database: &Database, session: &str) -> Option<ReportedCost> {
    database.han.usage().by_session([session]).unwrap().pop().flatten().unwrap().reported
}

#[test]
fn it_is_shown_beside_the_answers_with_the_difference_by_model() {
    let records = [
        asked("u1", DAY, "s1"),
        said(5.0, &[("claude-opus-5[1m]", 5.0)]),
        said(5.75, &[("claude-opus-5[1m]", 5.0), ("claude-haiku-4-5-20251001", 0.75)]),
    ];
    let (_home, database) = indexed(&[(MAIN, &records)]);
    let reported = reported(&database, "s1").unwrap();
    assert_eq!(
        (reported.cost, reported.difference),
        (5.75, 0.75),
        "the last one counts, and is not added to the first"
    );
    assert_eq!(reported.reported_at.unwrap().to_string(), DAY);
    let models: Vec<_> = reported
        .by_model
        .iter()
        .map(|model| (model.model.as_str(), model.cost, model.answers_cost, model.difference, model.web_searches))
        .collect();
    assert_eq!(
        models,
        [("claude-haiku-4-5-20251001", 0.75, 0.0, 0.75, 2), ("claude-opus-5[1m]", 5.0, 5.0, 0.0, 2)],
        "one model, whatever it is called"
    );
    let all = dashboard(&database).reported.unwrap();
    assert_eq!((all.sessions, all.cost, all.difference, &all.by_model), (1, 5.75, 0.75, &reported.by_model));
    assert_eq!(dashboard(&database).cost, 5.0, "what no answer shows is not in the cost");
    let bounded = database.han.dashboard(&days(Some("2026-11-02"), None, "UTC")).unwrap();
    assert_eq!(bounded.reported, None, "nothing is said of days");
}

#[test]
fn only_sessions_of_which_something_is_said_are_compared() {
    let records = [asked("u1", DAY, "s1"), said(4.0, &[("claude-opus-5", 4.0)])];
    let others = [asked("u2", DAY, "s2")];
    let (_home, database) = indexed(&[(MAIN, &records), (OTHER, &others)]);
    assert_eq!(reported(&database, "s2"), None);
    let all = dashboard(&database).reported.unwrap();
    assert_eq!((all.sessions, all.cost, all.difference), (1, 4.0, -1.0));
    let elsewhere = AnalyticsFilter { project_id: Some("elsewhere".into()), ..AnalyticsFilter::default() };
    assert_eq!(database.han.dashboard(&elsewhere).unwrap().reported, None);
}

#[test]
fn the_last_in_time_counts_in_whichever_order_files_arrive_and_is_removed_with_its_lines() {
    let early = [asked("u1", DAY, "s1"), said(1.0, &[])];
    let late = [asked("u2", LATER, "s1"), said(2.0, &[])];
    let elsewhere = "projects/-code-lib/s1.jsonl";
    for order in [[MAIN, elsewhere], [elsewhere, MAIN]] {
        let home = Home::new();
        let database = home.database();
        for path in order {
            write(&home, path, if path == MAIN { &late } else { &early });
            database.scan();
        }
        assert_eq!(reported(&database, "s1").unwrap().cost, 2.0);
        // The file is rewritten without them.
        write(&home, MAIN, &late[..1]);
        database.scan();
        assert_eq!(reported(&database, "s1").unwrap().cost, 1.0);
    }
}

#[test]
fn a_record_of_it_is_bookkeeping_that_says_what_it_is() {
    let (_home, database) = indexed(&[(MAIN, &[asked("u1", DAY, "s1"), said(5.0, &[("claude-opus-5", 5.0)])])]);
    let query = han_native::model::MessageQuery { session_id: "s1".into(), ..Default::default() };
    let items = database.han.messages().list(&query).unwrap().items;
    assert_eq!(items[1].preview, "the session cost $5.0000 so far: claude-opus-5 $5.0000");
    let found =
        database.han.search(&han_native::model::SearchQuery { query: "opus".into(), ..Default::default() }).unwrap();
    assert!(found.items.is_empty(), "nobody said it");
    let rows = database
        .han
        .sql("SELECT reported_cost FROM v_sessions", &Default::default(), &Default::default())
        .unwrap()
        .rows;
    assert_eq!(rows, [[json!(5.0)]]);
}
