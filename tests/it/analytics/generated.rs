//! Strategies for transcripts with everything that makes counting hard: streamed answers, copies with other times, forks, agents and
//! their progress, side questions, long prompts, and times at the edges of days in several time zones.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::records::SESSIONS;
use crate::support::transcripts::places;

/// Around midnight, daylight saving and changes of prices: a quarter hour has messages on one side of a day's end only.
const TIMES: [&str; 16] = [
    "2025-10-26T00:30:00.000Z",
    "2025-10-26T01:30:00.000Z",
    "2025-11-02T05:59:59.999Z",
    "2025-11-02T06:00:00.000Z",
    "2026-03-12T23:45:00.000Z",
    "2026-03-13T00:15:00.000Z",
    "2026-03-28T18:14:59.999Z",
    "2026-03-28T18:30:00.000Z",
    "2026-03-28T22:00:00.000Z",
    "2026-03-28T22:59:59.999Z",
    "2026-03-29T00:59:59.999Z",
    "2026-03-29T01:00:00.000Z",
    "2026-04-04T15:15:00.000Z",
    "2026-10-06T21:59:59.999Z",
    "2026-10-06T22:00:00.000Z",
    "2026-10-07T05:00:00.000+05:30",
];

const UUIDS: [&str; 9] = ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "aaaaaaaa-0000-4000-8000-000000000001"];

const MODELS: [&str; 11] = [
    "claude-opus-4-1-20250805",
    "claude-sonnet-4-5-20250929",
    "claude-sonnet-4-6",
    "claude-haiku-5-5",
    "claude-sonnet-5-5",
    "claude-sonnet-4-20250514[1m]",
    "claude-opus-4-6",
    "openrouter/anthropic/claude-4.5-sonnet",
    "claude-4-1-opus-thinking",
    "mystery-1",
    "<synthetic>",
];

/// Files below a config dir, each with its records.
pub(super) type World = Vec<(String, Vec<Value>)>;

/// Up to this many records in each of some files.
pub(super) fn world(most_records: usize) -> impl Strategy<Value = World> {
    proptest::sample::subsequence(places(), 1..=6).prop_flat_map(move |places| {
        let count = places.len();
        vec(vec(record(), 1..=most_records), count).prop_map(move |files| {
            let files = places.iter().cloned().zip(files);
            files.map(|(place, records)| (place.clone(), named(&place, records))).collect()
        })
    })
}

/// The first record of a flat agent file names its session.
fn named(place: &str, mut records: Vec<Value>) -> Vec<Value> {
    if place.contains("/agent-") && !place.contains("/subagents/") && records[0]["sessionId"].is_null() {
        records[0]["sessionId"] = SESSIONS[1].into();
    }
    records
}

fn record() -> BoxedStrategy<Value> {
    let body =
        prop_oneof![3 => prompt(), 9 => answer(), 3 => tool_result(), 3 => progress(), 1 => hooks(), 1 => meta()];
    let ids =
        (proptest::option::weighted(0.9, select(&UUIDS[..])), proptest::option::weighted(0.9, select(&SESSIONS[..])));
    let time = proptest::option::weighted(0.95, select(&TIMES[..]));
    let marks = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.1));
    (body, ids, time, marks)
        .prop_map(|(mut body, (uuid, session), time, (is_sidechain, is_meta))| {
            let fields = body.as_object_mut().unwrap();
            let named = [("uuid", uuid), ("sessionId", session), ("timestamp", time)];
            for (name, value) in named.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                fields.entry(name).or_insert(value.into());
            }
            for (name, is_set) in [("isSidechain", is_sidechain), ("isMeta", is_meta)] {
                if is_set {
                    fields.insert(name.into(), true.into());
                }
            }
            body
        })
        .boxed()
}

fn prompt() -> BoxedStrategy<Value> {
    const TEXTS: [&str; 4] = ["do this", "<command-name>/clear</command-name>", "  ", "[Request interrupted by user]"];
    (select(&TEXTS[..]), any::<bool>(), proptest::bool::weighted(0.15))
        .prop_map(|(text, is_list, is_compaction)| {
            let content = if is_list { json!([{ "type": "text", "text": text }]) } else { json!(text) };
            let mut record = json!({ "type": "user", "message": { "role": "user", "content": content } });
            if is_compaction {
                record["isCompactSummary"] = true.into();
            }
            record
        })
        .boxed()
}

fn answer() -> BoxedStrategy<Value> {
    let id = proptest::option::weighted(0.9, select(&["msg_1", "msg_2", "msg_3", "msg_4", "msg_5", "msg_6"][..]));
    let model = proptest::option::weighted(0.95, select(&MODELS[..]));
    let prompt = (select(&[0, 3, 60_000, 100_001, 150_000][..]), select(&[0, 40_000, 50_001][..]));
    let written = (select(&[0, 900][..]), select(&[0, 100, 7_000][..]), 0..3_u8);
    let block = select(vec![
        json!({ "type": "text", "text": "done" }),
        json!({ "type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {} }),
        json!({ "type": "tool_use", "id": "toolu_2", "name": "Edit", "input": {} }),
        json!({ "type": "server_tool_use", "id": "toolu_3", "name": "web_search", "input": {} }),
    ]);
    let billing = (proptest::option::weighted(0.4, billing()), proptest::bool::weighted(0.3));
    (id, model, prompt, select(&[0, 1, 40, 900][..]), written, (vec(block, 0..3), billing))
        .prop_map(|(id, model, (input, cache_read), output, (five, hour, form), (blocks, (billing, is_split)))| {
            let mut usage = json!({ "input_tokens": input, "output_tokens": output, "cache_read_input_tokens": cache_read,
                "cache_creation_input_tokens": five + hour });
            match form {
                0 => usage["cache_creation"] = json!({ "ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour }),
                1 => usage["cache_creation"] = json!({ "ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": hour }),
                _ => {}
            }
            let mut requests = if is_split { halves(&usage) } else { Vec::new() };
            let mut stop_reason = json!("end_turn");
            if let Some(Value::Object(said)) = billing {
                for (name, value) in said {
                    match name.as_str() {
                        "stop_reason" => stop_reason = value,
                        "iterations" => requests.extend(value.as_array().unwrap().clone()),
                        _ => usage[name] = value,
                    }
                }
            }
            if !requests.is_empty() {
                usage["iterations"] = requests.into();
            }
            let mut message =
                json!({ "role": "assistant", "content": blocks, "usage": usage, "stop_reason": stop_reason });
            for (name, value) in [("id", id), ("model", model)] {
                if let Some(value) = value {
                    message[name] = value.into();
                }
            }
            json!({ "type": "assistant", "message": message })
        })
        .boxed()
}

/// The two requests that an answer was made of: together they have its tokens.
fn halves(usage: &Value) -> Vec<Value> {
    let mut second = json!({ "type": "message" });
    let mut first = usage.clone();
    first["type"] = "message".into();
    for name in ["input_tokens", "output_tokens", "cache_read_input_tokens"] {
        let whole = usage[name].as_i64().unwrap();
        first[name] = (whole / 2).into();
        second[name] = (whole - whole / 2).into();
    }
    vec![first, second]
}

/// What an answer states about its price besides its tokens.
fn billing() -> BoxedStrategy<Value> {
    let tokens = |input: i64, output: i64| json!({ "input_tokens": input, "output_tokens": output });
    let part = |kind: &str, model: Option<&str>, tokens: Value| {
        let mut part = json!({ "type": kind, "cache_read_input_tokens": 11 });
        part["model"] = model.map_or(Value::Null, Value::from);
        part.as_object_mut().unwrap().extend(tokens.as_object().unwrap().clone());
        part
    };
    let advice = part("advisor_message", Some("claude-opus-4-7"), tokens(120_000, 50));
    let summary = part("compaction", None, tokens(230_000, 3_500));
    let attempt = |output: i64| part("message", Some("claude-fable-5"), tokens(412, output));
    select(vec![
        json!({ "speed": "fast" }),
        json!({ "speed": "fast", "inference_geo": "us", "service_tier": "standard" }),
        json!({ "speed": "standard", "service_tier": "batch", "inference_geo": "not_available" }),
        json!({ "service_tier": "priority" }),
        json!({ "inference_geo": "mars" }),
        json!({ "server_tool_use": { "web_search_requests": 3, "web_fetch_requests": 9 } }),
        json!({ "iterations": [advice.clone()], "speed": "fast" }),
        json!({ "iterations": [summary, advice], "inference_geo": "us" }),
        json!({ "iterations": [attempt(30), attempt(0)] }),
        json!({ "iterations": [part("advisor_message", Some("mystery-2"), tokens(7, 8))] }),
        json!({ "stop_reason": "refusal" }),
        json!({ "stop_reason": "refusal", "server_tool_use": { "web_search_requests": 1 } }),
    ])
    .boxed()
}

fn tool_result() -> BoxedStrategy<Value> {
    let patch = json!([{ "oldStart": 1, "lines": ["-x", "+y", "+z", " same"] }]);
    let results = vec![
        json!({ "filePath": "/code/app/a.rs", "oldString": "x", "newString": "y\nz", "originalFile": "x", "structuredPatch": patch }),
        json!({ "type": "create", "filePath": "/code/app/b.rs", "content": "one\ntwo\nthree", "structuredPatch": [] }),
        json!({ "stdout": "ok" }),
        json!("Error: no"),
    ];
    (select(results), proptest::bool::weighted(0.3))
        .prop_map(|(result, is_error)| {
            let block =
                json!({ "type": "tool_result", "tool_use_id": "toolu_1", "content": "x", "is_error": is_error });
            json!({ "type": "user", "message": { "role": "user", "content": [block] }, "toolUseResult": result })
        })
        .boxed()
}

/// What an agent says, mirrored.
fn progress() -> BoxedStrategy<Value> {
    (prop_oneof![4 => answer(), 1 => tool_result()], select(&UUIDS[..]))
        .prop_map(|(mut carried, uuid)| {
            carried["uuid"] = uuid.into();
            json!({ "type": "progress", "data": { "type": "agent_progress", "agentId": "a1", "message": carried } })
        })
        .boxed()
}

fn hooks() -> BoxedStrategy<Value> {
    select(vec![
        json!({ "type": "system", "subtype": "stop_hook_summary", "hookErrors": ["failed"],
            "hookInfos": [{ "command": "a.sh" }, { "command": "b.sh" }] }),
        json!({ "type": "progress", "data": { "type": "hook_progress", "hookEvent": "PreToolUse", "command": "c.sh" } }),
        json!({ "type": "attachment", "attachment": { "type": "hook_success", "hookEvent": "Stop", "exitCode": 0 } }),
        json!({ "type": "attachment", "attachment": { "type": "hook_non_blocking_error", "hookEvent": "Stop", "exitCode": 2 } }),
    ])
    .boxed()
}

/// The cost of a session as the agent program reports it.
fn cost_state(total: f64, models: &[(&str, f64)]) -> Value {
    let said =
        |cost: f64| json!({ "costUSD": cost, "inputTokens": 5, "cacheCreationInputTokens": 7, "webSearchRequests": 1 });
    let models: serde_json::Map<String, Value> =
        models.iter().map(|(model, cost)| ((*model).to_owned(), said(*cost))).collect();
    json!({ "type": "cost-state", "totalCostUSD": total, "modelUsage": models, "uuid": null, "timestamp": null })
}

/// Lines without a uuid or a time.
fn meta() -> BoxedStrategy<Value> {
    select(vec![
        json!({ "type": "summary", "summary": "what was done", "leafUuid": "u1", "uuid": null, "timestamp": null }),
        json!({ "type": "mode", "mode": "normal", "uuid": null, "timestamp": null }),
        cost_state(0.25, &[("claude-opus-4-1-20250805", 0.25)]),
        cost_state(1.5, &[("claude-opus-4-1", 0.25), ("claude-haiku-5-5[1m]", 1.25)]),
        json!({ "type": "file-history-snapshot", "messageId": "u2", "uuid": null, "timestamp": null }),
    ])
    .boxed()
}
