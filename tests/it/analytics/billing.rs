//! What an answer states about its price besides its tokens: each changes the cost, and is listed separately.

use han_native::model::{Dashboard, ModelActivity};
use serde_json::{Value, json};

use super::transcript::{AGENT, MAIN, OTHER, answer, dashboard, days, indexed, with};
use crate::support::rollups;

const DAY: &str = "2026-11-02T10:00:00.000Z";
const NEXT_DAY: &str = "2026-11-03T10:00:00.000Z";

/// An answer of a model, with more in its usage.
fn billed(number: usize, model: &str, input: i64, output: i64, usage: Value) -> Value {
    let mut record = answer(&format!("u{number}"), DAY, &format!("msg_{number}"), input, output);
    record["message"]["model"] = model.into();
    record["message"]["usage"].as_object_mut().unwrap().extend(usage.as_object().unwrap().clone());
    record
}

fn asked(records: &[Value]) -> Dashboard {
    let (_home, database) = indexed(&[(MAIN, records)]);
    rollups::check(&database).unwrap();
    let dashboard = dashboard(&database);
    let session = database.han.sessions().get(["s1"]).unwrap().pop().flatten().unwrap();
    let usage = database.han.usage().by_session(["s1"]).unwrap().pop().flatten().unwrap();
    assert_eq!((session.cost, usage.cost), (dashboard.cost, dashboard.cost), "one cost, wherever it is queried");
    assert_eq!((&session.unpriced, &usage.unpriced), (&dashboard.unpriced_models, &dashboard.unpriced_models));
    assert_eq!((usage.tokens, &usage.by_model), (dashboard.tokens, &dashboard.models));
    dashboard
}

fn model<'d>(dashboard: &'d Dashboard, name: &str) -> &'d ModelActivity {
    dashboard.models.iter().find(|model| model.model.as_deref() == Some(name)).unwrap()
}

#[test]
fn the_fast_mode_multiplies_each_kind_of_token_by_model() {
    let cached = json!({ "speed": "fast", "cache_read_input_tokens": 10_000 });
    let dashboard = asked(&[
        billed(1, "claude-opus-4-7", 1_000, 1_000, cached),
        billed(2, "claude-opus-4-7", 1_000, 1_000, json!({ "speed": "standard" })),
        billed(3, "claude-opus-5", 1_000, 1_000, json!({ "speed": "fast" })),
        billed(4, "claude-sonnet-4-6", 1_000, 1_000, json!({ "speed": "fast" })),
    ]);
    assert_eq!(dashboard.cost, 0.21 + 0.03 + 0.06);
    let rates: Vec<_> = model(&dashboard, "claude-opus-4-7")
        .rates
        .iter()
        .map(|rate| (rate.rate.as_str(), rate.api_messages, rate.tokens.cache_read_tokens, rate.cost))
        .collect();
    assert_eq!(rates, [("standard", 1, 0, Some(0.03)), ("fast", 1, 10_000, Some(0.21))]);
    assert_eq!(model(&dashboard, "claude-opus-4-7").cost, Some(0.24));
    let [unpriced] = dashboard.unpriced_models.as_slice() else { panic!("{:?}", dashboard.unpriced_models) };
    let named = (unpriced.model.as_deref(), unpriced.rate.as_deref(), unpriced.api_messages);
    assert_eq!(named, (Some("claude-sonnet-4-6"), Some("fast"), 1), "a mode that the list does not price is named");
    assert_eq!((dashboard.unpriced_api_messages, model(&dashboard, "claude-sonnet-4-6").cost), (1, None));
}

#[test]
fn the_place_and_the_service_tier_have_their_prices() {
    let dashboard = asked(&[
        billed(1, "claude-opus-5", 100_000, 0, json!({ "inference_geo": "us" })),
        billed(2, "claude-opus-4-5", 100_000, 0, json!({ "inference_geo": "us" })),
        billed(3, "claude-opus-4-5", 100_000, 0, json!({ "service_tier": "batch" })),
        billed(4, "claude-opus-4-5", 100_000, 0, json!({ "service_tier": "priority" })),
    ]);
    assert_eq!(dashboard.cost, 0.55 + 0.5 + 0.25);
    let named: Vec<_> =
        dashboard.unpriced_models.iter().map(|unpriced| (unpriced.rate.as_deref(), unpriced.api_messages)).collect();
    assert_eq!(named, [(Some("priority"), 1)]);
}

#[test]
fn what_the_tokens_of_an_answer_leave_out_is_paid_at_its_own_model() {
    let part = |kind: &str, model: Value, input: i64, output: i64| json!({ "type": kind, "model": model, "input_tokens": input, "output_tokens": output });
    let dashboard = asked(&[
        billed(
            1,
            "claude-sonnet-4-6",
            10,
            200,
            json!({ "iterations": [
            part("message", Value::Null, 5, 100),
            part("advisor_message", json!("claude-opus-4-8"), 50_000, 2_000),
            part("message", Value::Null, 5, 100),
        ] }),
        ),
        billed(
            2,
            "claude-opus-4-7",
            20_000,
            100,
            json!({ "iterations": [
            part("compaction", Value::Null, 190_000, 4_000),
            part("message", Value::Null, 20_000, 100),
        ] }),
        ),
        billed(
            3,
            "claude-opus-4-8",
            300,
            100,
            json!({ "iterations": [
            part("message", json!("claude-fable-5"), 300, 0),
            part("message", json!("claude-fable-5"), 300, 20),
            part("fallback_message", json!("claude-opus-4-8"), 300, 100),
        ] }),
        ),
    ]);
    let (advised, compacted, fell_back) = (0.00303 + 0.3, 0.1025 + 1.05, 0.004 + 0.004);
    assert!((dashboard.cost - (advised + compacted + fell_back)).abs() < 1e-12, "{}", dashboard.cost);
    assert_eq!((dashboard.api_messages, dashboard.iterations), (3, 3));
    let opus = model(&dashboard, "claude-opus-4-8");
    assert_eq!((opus.api_messages, opus.iterations, opus.tokens.input_tokens), (1, 1, 50_300));
    let fable = model(&dashboard, "claude-fable-5");
    assert_eq!((fable.api_messages, fable.iterations, fable.tokens.output_tokens), (0, 1, 20));
}

#[test]
fn a_refusal_without_output_is_free_and_a_search_is_not() {
    let refused = |number: usize, model: &str, output: i64| {
        let record = billed(number, model, 100_000, output, json!({}));
        with(record, &[("/message/stop_reason", "refusal".into()), ("/message/content", json!([]))])
    };
    let searched = json!({ "server_tool_use": { "web_search_requests": 250, "web_fetch_requests": 900 } });
    let dashboard = asked(&[
        refused(1, "claude-fable-5", 0),
        refused(2, "claude-fable-5", 400),
        refused(3, "mystery-1", 0),
        billed(4, "claude-opus-4-6", 0, 0, searched),
    ]);
    assert_eq!(dashboard.cost, 1.02 + 2.5);
    assert_eq!((dashboard.api_messages, dashboard.web_searches), (4, 250));
    assert_eq!(
        (dashboard.unpriced_models.len(), dashboard.unpriced_api_messages),
        (0, 0),
        "what is free needs no price"
    );
    let rates: Vec<_> =
        model(&dashboard, "claude-fable-5").rates.iter().map(|rate| (rate.rate.as_str(), rate.cost)).collect();
    assert_eq!(rates, [("standard", Some(1.02)), ("refused", Some(0.0))]);
}

#[test]
fn the_line_that_says_most_of_an_answer_counts_in_whichever_order_lines_come() {
    let told = [
        json!({}),
        json!({ "speed": "fast" }),
        json!({ "speed": "fast", "server_tool_use": { "web_search_requests": 2 } }),
    ];
    let line = |number: usize, usage: &Value| {
        let record = billed(number, "claude-opus-4-8", 1_000, 1_000, usage.clone());
        with(record, &[("/message/id", "msg_1".into())])
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let lines: Vec<Value> = order.iter().map(|at| line(*at + 1, &told[*at])).collect();
        let dashboard = asked(&lines);
        assert_eq!((dashboard.cost, dashboard.api_messages), (0.06 + 0.02, 1), "{order:?}");
    }
    // In files of their own, the copy on another day.
    let files =
        [line(3, &told[2]), with(line(9, &told[0]), &[("/timestamp", NEXT_DAY.into()), ("/sessionId", "s2".into())])];
    let (_home, database) = indexed(&[(OTHER, &files[1..]), (MAIN, &files[..1]), (AGENT, &files[..1])]);
    let first_day = database.han.dashboard(&days(None, Some("2026-11-02"), "UTC")).unwrap();
    assert_eq!((first_day.cost, dashboard(&database).cost), (0.08, 0.08));
}

#[test]
fn views_have_the_same_costs() {
    let advice =
        json!({ "type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 50_000, "output_tokens": 0 });
    let records = [
        billed(1, "claude-opus-4-7", 1_000, 1_000, json!({ "speed": "fast", "iterations": [advice] })),
        billed(2, "claude-opus-4-7", 1_000, 1_000, json!({ "server_tool_use": { "web_search_requests": 2 } })),
        billed(3, "mystery-1", 1_000, 1_000, json!({ "service_tier": "priority" })),
    ];
    let (_home, database) = indexed(&[(MAIN, &records)]);
    let rows = |sql: &str| database.han.sql(sql, &Default::default(), &Default::default()).unwrap().rows;
    assert_eq!(
        rows("SELECT api_message_id, rate, web_searches, json_array_length(iterations), cost FROM v_usage ORDER BY 1"),
        [
            [json!("msg_1"), json!("fast"), json!(0), json!(1), json!(0.43)],
            [json!("msg_2"), json!("standard"), json!(2), json!(0), json!(0.05)],
            [json!("msg_3"), json!("priority"), json!(0), json!(0), Value::Null],
        ]
    );
    assert_eq!(
        rows(
            "SELECT model, rate, api_messages, iterations, web_searches, cost FROM v_days WHERE api_messages + iterations > 0 ORDER BY 1, 2"
        ),
        [
            [json!("claude-opus-4-7"), json!("fast"), json!(1), json!(0), json!(0), json!(0.18)],
            [json!("claude-opus-4-7"), json!("standard"), json!(1), json!(0), json!(2), json!(0.05)],
            [json!("claude-opus-4-8"), json!("standard"), json!(0), json!(1), json!(0), json!(0.25)],
            [json!("mystery-1"), json!("priority"), json!(1), json!(0), json!(0), Value::Null],
        ]
    );
    assert_eq!(rows("SELECT cost, reported_cost FROM v_sessions"), [[json!(0.48), Value::Null]]);
}

#[test]
fn the_export_says_what_a_session_cost() {
    let records = [
        billed(1, "claude-opus-4-7", 1_000, 1_000, json!({ "speed": "fast" })),
        billed(2, "mystery-1", 1_000, 1_000, json!({})),
    ];
    let (_home, database) = indexed(&[(MAIN, &records)]);
    let export = |format| database.han.export_session("s1", format, &Default::default()).unwrap();
    let text = export(han_native::model::ExportFormat::Markdown);
    assert!(text.contains("Cost: `$0.1800, no price is known of mystery-1 (1 requests)`"), "{text}");
    let json: Value = serde_json::from_str(&export(han_native::model::ExportFormat::Json)).unwrap();
    assert_eq!(
        (&json["session"]["cost"], &json["session"]["unpriced"][0]["model"]),
        (&json!(0.18), &json!("mystery-1"))
    );
}

#[test]
fn rows_of_an_older_version_get_what_their_bytes_say() {
    let advice =
        json!({ "type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 50_000, "output_tokens": 0 });
    let records = [
        billed(1, "claude-opus-4-7", 1_000, 1_000, json!({ "speed": "fast", "iterations": [advice] })),
        billed(2, "claude-opus-4-7", 1_000, 1_000, json!({ "server_tool_use": { "web_search_requests": 2 } })),
        json!({ "type": "cost-state", "sessionId": "s1", "totalCostUSD": 0.5, "modelUsage": {} }),
    ];
    let (home, fresh) = indexed(&[(MAIN, &records)]);
    home.scanned().close();
    // Like rows of earlier versions: the columns and tables exist, and are empty. The sums are not those of that version, which the
    // migration would have handled: the doctor does.
    let older = "UPDATE messages SET billing = NULL; UPDATE usage SET billing = NULL; DELETE FROM cost_states;
        DELETE FROM reported_costs; UPDATE generations SET derive_revision = 1";
    rusqlite::Connection::open(home.database_file()).unwrap().execute_batch(older).unwrap();
    let upgraded = home.open();
    let asked = || upgraded.dashboard(&Default::default()).unwrap();
    upgraded.doctor(han_native::DoctorOptions { fix: true }).unwrap();
    assert_eq!(asked(), dashboard(&fresh));
    assert_eq!(dashboard(&fresh).cost, 0.18 + 0.25 + 0.05);
}
