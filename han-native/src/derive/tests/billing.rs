//! What is read off an answer about its price, and what the agent program says about costs.

use serde_json::json;

use super::*;
use crate::cost::{Billing, Rate};

fn answer(model: &str, stop_reason: &str, content: Value, usage: Value) -> Value {
    json!({"type": "assistant", "uuid": "u", "message": {"id": "msg_1", "role": "assistant", "model": model,
        "content": content, "stop_reason": stop_reason, "usage": usage}})
}

fn billing_of(record: &Value) -> Billing {
    Billing::parse(row_of(record).usage.unwrap().billing.as_deref())
}

fn said() -> Value {
    json!([{"type": "text", "text": "no"}])
}

#[test]
fn an_answer_that_says_nothing_special_keeps_nothing() {
    for usage in [
        json!({"input_tokens": 1}),
        json!({"input_tokens": 1, "speed": "standard", "inference_geo": "not_available", "service_tier": "standard",
            "iterations": [], "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 9}}),
        json!({"input_tokens": 1, "speed": null, "inference_geo": "", "service_tier": null, "iterations": null,
            "server_tool_use": null}),
        json!({"input_tokens": 1, "speed": 5, "inference_geo": [], "iterations": {"a": 1}, "server_tool_use": 7}),
        json!({"input_tokens": 9, "output_tokens": 4, "iterations": [{"type": "message", "input_tokens": 9, "output_tokens": 4}]}),
    ] {
        let row = row_of(&answer("claude-x", "end_turn", said(), usage.clone()));
        assert_eq!(row.usage.unwrap().billing, None, "{usage}");
    }
}

#[test]
fn mode_place_tier_and_searches_are_kept() {
    let usage = json!({"input_tokens": 1, "speed": "FAST", "inference_geo": "us", "service_tier": "batch",
        "server_tool_use": {"web_search_requests": 100.0, "web_fetch_requests": 3}});
    let billing = billing_of(&answer("claude-x", "end_turn", said(), usage));
    assert_eq!(billing.rate, Rate::of(Some("fast"), Some("us"), Some("batch"), false));
    assert_eq!((billing.web_searches, billing.iterations.len()), (100, 0));
    let only_searched = json!({"server_tool_use": {"web_search_requests": 2}});
    assert_eq!(billing_of(&answer("claude-x", "end_turn", said(), only_searched)).web_searches, 2);
}

#[test]
fn a_refusal_is_free_only_before_any_output() {
    let words = json!([{"type": "text", "text": "I can not"}]);
    for (stop_reason, content, output, is_free) in [
        ("refusal", json!([]), 0, true),
        ("refusal", json!([]), 1, true),
        ("refusal", words.clone(), 0, true),
        ("refusal", words.clone(), 1, false),
        ("refusal", json!([]), 30, false),
        ("end_turn", json!([]), 0, false),
    ] {
        let record = answer("claude-x", stop_reason, content, json!({"input_tokens": 9, "output_tokens": output}));
        assert_eq!(billing_of(&record).rate.is_free(), is_free, "{record}");
    }
}

#[test]
fn requests_within_a_request_count_where_its_tokens_leave_them_out() {
    let part = |kind: &str, model: Value, input: i64, output: i64| json!({"type": kind, "model": model, "input_tokens": input, "output_tokens": output});
    let of = |iterations: Value, usage: Value| {
        let mut usage = usage;
        usage["iterations"] = iterations;
        let billing = billing_of(&answer("claude-opus-4-8-20260701", "end_turn", said(), usage));
        let found = billing.iterations.iter().map(|one| {
            (
                one.kind.clone(),
                one.model.clone(),
                one.rate.to_string(),
                one.tokens.input_tokens,
                one.tokens.output_tokens,
            )
        });
        found.collect::<Vec<_>>()
    };
    let own = json!({"input_tokens": 4, "output_tokens": 6, "speed": "fast", "inference_geo": "us"});
    let (none, other) = (json!(null), json!("claude-fable-5"));
    let kept = |kind: &str, model: Option<&str>, rate: &str, input: i64, output: i64| {
        vec![(kind.to_owned(), model.map(str::to_owned), rate.to_owned(), input, output)]
    };
    for (iteration, expected) in [
        (part("message", none.clone(), 4, 6), vec![]),
        (part("message", json!("claude-opus-4.8"), 4, 6), vec![]),
        (part("fallback_message", json!("anthropic/claude-opus-4-8"), 4, 6), vec![]),
        (part("something_new", none.clone(), 4, 6), vec![]),
        (part("message", other.clone(), 4, 6), kept("message", Some("claude-fable-5"), "speed=fast geo=us", 4, 6)),
        (part("message", other.clone(), 4, 0), vec![]),
        (
            part("fallback_message", other.clone(), 4, 6),
            kept("fallback_message", Some("claude-fable-5"), "speed=fast geo=us", 4, 6),
        ),
        (part("advisor_message", other.clone(), 4, 0), kept("advisor_message", Some("claude-fable-5"), "geo=us", 4, 0)),
        (part("compaction", none.clone(), 7, 1), kept("compaction", None, "speed=fast geo=us", 7, 1)),
        (json!({"type": "compaction"}), vec![]),
        (json!("compaction"), vec![]),
    ] {
        assert_eq!(of(json!([iteration]), own.clone()), expected, "{iteration}");
    }
    let many = vec![part("compaction", none, 1, 1); 5_000];
    assert_eq!(of(json!(many), own).len(), 1_000, "memory is bounded");
}

#[test]
fn an_answer_of_several_requests_is_long_where_one_of_them_is() {
    let part = |input: i64, cached: i64| json!({"type": "message", "input_tokens": input, "output_tokens": 5, "cache_read_input_tokens": cached});
    let above = |parts: Vec<Value>, input: i64, cached: i64, output: i64| {
        let usage = json!({"input_tokens": input, "output_tokens": output, "cache_read_input_tokens": cached, "iterations": parts});
        let above = billing_of(&answer("claude-x", "end_turn", said(), usage)).above;
        above.map(|above| above.map(|spent| (spent.input, spent.cache_read, spent.output)))
    };
    let short = vec![part(90_000, 0), part(20_000, 70_000)];
    assert_eq!(above(short, 110_000, 70_000, 10), Some([(0, 0, 0); 2]), "none of them is long");
    let one = vec![part(90_000, 0), part(120_000, 90_000)];
    assert_eq!(above(one, 210_000, 90_000, 10), Some([(120_000, 90_000, 5); 2]));
    assert_eq!(above(vec![part(90_000, 0), part(20_000, 0)], 500_000, 0, 10), None, "they are not all of it");
    assert_eq!(above(vec![part(3, 0), part(4, 0)], 7, 0, 10), None, "it makes no difference");
}

#[test]
fn what_the_agent_program_says_of_costs_is_read_and_said_in_words() {
    let record = json!({"type": "cost-state", "sessionId": "s", "totalCostUSD": 0.1575, "totalDuration": 3, "modelUsage": {
        "claude-haiku-4-5": {"inputTokens": 9, "outputTokens": 5, "cacheReadInputTokens": 4, "webSearchRequests": 2, "costUSD": 0.15,
            "cacheCreationInputTokens": 3, "cacheCreationEphemeral5mInputTokens": 1, "cacheCreationEphemeral1hInputTokens": 2},
        "claude-opus-5[1m]": {"costUSD": 0.0075, "inputTokens": null}, "odd": 7}});
    let row = row_of(&record);
    let state = row.cost_state.unwrap();
    assert_eq!(state.cost, 157_500_000_000);
    let models: Vec<_> = state.models.iter().map(|said| (said.model.as_str(), said.cost, said.web_searches)).collect();
    assert_eq!(
        models,
        [("claude-haiku-4-5", 150_000_000_000, 2), ("claude-opus-5[1m]", 7_500_000_000, 0), ("odd", 0, 0)]
    );
    let tokens = state.models[0].tokens;
    assert_eq!((tokens.input_tokens, tokens.output_tokens, tokens.cache_read_tokens), (9, 5, 4));
    assert_eq!((tokens.cache_creation5m_tokens, tokens.cache_creation1h_tokens), (1, 2));
    assert_eq!(
        row.preview,
        "the session cost $0.1575 so far: claude-haiku-4-5 $0.1500, claude-opus-5[1m] $0.0075, odd $0.0000"
    );
    assert_eq!((row.usage, row.flags & flag::SEARCHABLE), (None, 0));
}

#[test]
fn costs_that_are_none_are_passed_over() {
    for (record, cost) in [
        (json!({"type": "cost-state", "totalCostUSD": -3, "modelUsage": []}), Some(0)),
        (json!({"type": "cost-state", "totalCostUSD": 1e300}), Some(100_000_000_000_000_000)),
        (json!({"type": "cost-state", "totalCostUSD": "5"}), None),
        (json!({"type": "cost-state", "modelUsage": {"m": {"costUSD": 1}}}), None),
        (json!({"type": "mode", "totalCostUSD": 5}), None),
    ] {
        assert_eq!(row_of(&record).cost_state.map(|state| state.cost), cost, "{record}");
    }
    let many: String = (0..5_000).map(|model| format!("\"m{model}\":{{}},")).collect();
    let record = format!(r#"{{"type":"cost-state","totalCostUSD":1,"modelUsage":{{{many}"m0":{{"costUSD":2}}}}}}"#);
    let state = row_of(&serde_json::from_str(&record).unwrap()).cost_state.unwrap();
    assert_eq!(state.models.len(), 1_000, "memory is bounded");
}
