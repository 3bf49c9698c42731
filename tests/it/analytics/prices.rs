//! Prices: models that have none, files that override them.

use han_native::{Han, OpenOptions, ScanOptions};
use serde_json::json;

use super::transcript::{MAIN, OTHER, answer, dashboard, indexed, with, write};
use crate::support::home::Home;

const DAY: &str = "2026-03-01T10:00:00.000Z";

#[test]
fn a_model_without_a_price_is_named_and_never_free() {
    let unknown = with(answer("u1", DAY, "msg_1", 100, 40), &[("/message/model", "mystery-1".into())]);
    let nameless =
        with(answer("u2", DAY, "msg_2", 10, 4), &[("/message/model", json!(null)), ("/sessionId", "s2".into())]);
    let known = answer("u3", DAY, "msg_3", 1_000_000, 0);
    let (_home, database) = indexed(&[(MAIN, &[unknown, known]), (OTHER, &[nameless])]);
    let answer = dashboard(&database);
    assert_eq!((answer.cost, answer.api_messages, answer.unpriced_api_messages), (15.0, 3, 2));
    let named: Vec<_> =
        answer.unpriced_models.iter().map(|model| (model.model.as_deref(), model.tokens.input_tokens)).collect();
    assert_eq!(named, [(Some("mystery-1"), 100), (None, 10)]);
    let costs: Vec<_> = answer.models.iter().map(|model| (model.model.as_deref(), model.cost)).collect();
    assert_eq!(costs, [(Some("claude-opus-4-1-20250805"), Some(15.0)), (Some("mystery-1"), None), (None, None)]);
    let top: Vec<_> = answer
        .top_sessions_by_cost
        .iter()
        .map(|session| (session.session_id.as_str(), session.unpriced_api_messages))
        .collect();
    assert_eq!(top, [("s1", 1), ("s2", 1)]);
    assert!(answer.bottom_sessions_by_cost.is_empty(), "what is not known to be cheap is not among the cheapest");
}

#[test]
fn a_file_has_other_prices_and_a_bad_one_is_refused() {
    let home = Home::new();
    write(&home, MAIN, &[with(answer("u1", DAY, "msg_1", 1_000_000, 0), &[("/message/model", "mystery-1".into())])]);
    let path = home.file("prices.json");
    let open = |content: &str| {
        std::fs::write(&path, content).unwrap();
        Han::open(OpenOptions {
            in_memory: true,
            config_dirs: Some(vec![home.config_dir()]),
            price_file: Some(path.clone()),
            ..OpenOptions::default()
        })
    };
    let han = open(r#"{"mystery-1": {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}}"#).unwrap();
    han.scan(ScanOptions::default()).unwrap();
    let answer = han.dashboard(&Default::default()).unwrap();
    assert_eq!((answer.cost, answer.unpriced_models.len()), (2.0, 0));
    assert_eq!(answer.prices.own_file.as_deref(), path.to_str());
    assert!(answer.prices.source.contains("list prices") && answer.prices.date.is_some());
    for bad in ["", "{}", r#"{"m": {"input_cost_per_token": -1, "output_cost_per_token": 0}}"#] {
        assert_eq!(open(bad).unwrap_err().code().as_str(), "HAN_INVALID_ARGUMENT", "{bad}");
    }
    let missing =
        OpenOptions { in_memory: true, price_file: Some("/nowhere/prices.json".into()), ..OpenOptions::default() };
    assert_eq!(Han::open(missing).unwrap_err().code().as_str(), "HAN_NOT_FOUND");
}
