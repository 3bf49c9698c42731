//! Strategies for single lines of a transcript. The pools that ids, names and times are drawn from are small, so that copies,
//! forks, streamed answers, late results and repeated titles are frequent.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Sessions of the main files, and one that has none.
pub(crate) const SESSIONS: [&str; 4] = [
    "5e550000-0000-4000-8000-000000000000",
    "5e551111-0000-4000-8000-000000000001",
    "5e552222-0000-4000-8000-000000000002",
    "5e553333-0000-4000-8000-000000000003",
];

/// File names that tool results are spilled to.
pub(crate) const SPILLS: [&str; 2] = ["out1.txt", "out2.txt"];

const UUIDS: [&str; 7] = [
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
    "aaaaaaaa-0000-4000-8000-000000000003",
    "aaaaaaaa-0000-4000-8000-000000000004",
    "aaaaaaaa-0000-4000-8000-000000000005",
    "AAAAAAAA-0000-4000-8000-000000000001",
    "not-a-uuid",
];

const TIMES: [&str; 7] = [
    "2026-03-01T10:00:00.000Z",
    "2026-03-01T10:00:00.001Z",
    "2026-03-01T10:14:59.999Z",
    "2026-03-01T18:30:00.000Z",
    "2026-03-02T00:00:00Z",
    "2026-03-02T05:30:00.500+05:30",
    "1999-12-31T23:59:59.999Z",
];

const TEXTS: [&str; 8] = [
    "alpha beta gamma",
    "alphabet delta",
    "gamma delta handle_event",
    "look at src/main.rs and handle_event",
    "数据库 alpha",
    "",
    "nul \u{0} inside",
    "<command-name>/clear</command-name>",
];

/// Lines, none of which has its end.
pub(crate) fn line() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        20 => record().prop_map(|record| record.to_string().into_bytes()),
        1 => broken_line(),
    ]
    .boxed()
}

/// Records of every kind.
pub(crate) fn record() -> BoxedStrategy<Value> {
    let body = prop_oneof![
        6 => prompt(),
        6 => answer(),
        5 => tool_call(),
        5 => tool_result(),
        3 => progress(),
        2 => system(),
        2 => attachment(),
        2 => request_log(),
        2 => meta(),
        1 => odd(),
    ];
    (body, envelope()).prop_map(|(body, envelope)| with(envelope, body)).boxed()
}

/// The second takes precedence.
fn with(mut first: Value, second: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut first, second) {
        fields.extend(more);
    }
    first
}

fn envelope() -> BoxedStrategy<Value> {
    let ids = (weighted(9, select(&UUIDS[..])), weighted(8, select(&UUIDS[..])), weighted(9, select(&SESSIONS[..])));
    let marks = (weighted(2, Just(true)), weighted(1, Just(true)), weighted(1, select(&["a1", "a2", "a9"][..])));
    let origin = (
        weighted(7, select(&["/code/app", "/code/lib", "/code/app/.worktrees/fix"][..])),
        weighted(6, select(&["main", "fix"][..])),
        weighted(6, select(&["2.1.0", "2.1.9"][..])),
    );
    let source = (weighted(1, select(&SESSIONS[..])), weighted(1, select(&SESSIONS[..])));
    (ids, time(), marks, origin, source)
        .prop_map(|((uuid, parent, session), time, (sidechain, meta, agent), origin, source)| {
            let mut fields = serde_json::Map::new();
            let mut put = |name: &str, value: Option<Value>| {
                if let Some(value) = value {
                    fields.insert(name.into(), value);
                }
            };
            put("uuid", uuid.map(Value::from));
            put("parentUuid", parent.map(Value::from));
            put("sessionId", session.map(Value::from));
            put("timestamp", time);
            put("isSidechain", sidechain.map(Value::from));
            put("isMeta", meta.map(Value::from));
            put("agentId", agent.map(Value::from));
            put("cwd", origin.0.map(Value::from));
            put("gitBranch", origin.1.map(Value::from));
            put("version", origin.2.map(Value::from));
            put("requestSessionId", source.0.map(Value::from));
            put("forkedFrom", source.1.map(|session| json!({ "sessionId": session, "messageUuid": UUIDS[0] })));
            Value::Object(fields)
        })
        .boxed()
}

/// True this many times in ten.
fn weighted<S: Strategy>(often: u32, strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    proptest::option::weighted(f64::from(often) / 10.0, strategy)
}

fn time() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        12 => select(&TIMES[..]).prop_map(|time| Some(Value::from(time))),
        2 => Just(None),
        1 => select(vec![json!("yesterday"), json!(1_772_359_200_000_i64), json!(null), json!({})]).prop_map(Some),
    ]
}

fn text() -> impl Strategy<Value = &'static str> {
    select(&TEXTS[..])
}

fn prompt() -> BoxedStrategy<Value> {
    (text(), any::<bool>(), weighted(1, Just(true)))
        .prop_map(|(text, is_list, is_summary)| {
            let content = if is_list { json!([{ "type": "text", "text": text }]) } else { json!(text) };
            let record = json!({ "type": "user", "message": { "role": "user", "content": content } });
            with(record, is_summary.map_or(json!({}), |_| json!({ "isCompactSummary": true })))
        })
        .boxed()
}

/// An answer of the API: few ids, and tokens that differ between its lines.
fn api_message(content: Value) -> BoxedStrategy<Value> {
    let id = weighted(8, select(&["msg_1", "msg_2", "msg_3"][..]));
    let model = weighted(9, select(&["model-a", "model-a", "model-b", "<synthetic>"][..]));
    let tokens = (0..3_i64, 0..4_i64, 0..3_i64, any::<bool>());
    (id, model, weighted(9, tokens), weighted(3, billed())).prop_map(move |(id, model, tokens, billed)| {
        let mut message = json!({ "role": "assistant", "content": content.clone(), "model": model });
        if let Some(id) = id {
            message["id"] = id.into();
        }
        if let Some((input, output, cache, is_split)) = tokens {
            message["usage"] = json!({ "input_tokens": input, "output_tokens": output, "cache_read_input_tokens": null,
                "cache_creation_input_tokens": cache });
            let five = if is_split { cache } else { 7 };
            message["usage"]["cache_creation"] =
                json!({ "ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": 0 });
            if let Some(billed) = billed {
                message["usage"] = with(message["usage"].take(), billed["usage"].clone());
                message["stop_reason"] = billed["stop_reason"].clone();
            }
        }
        message
    })
    .boxed()
}

/// What the lines of one answer state about its price, more or less completely.
fn billed() -> BoxedStrategy<Value> {
    let advice = json!({ "type": "advisor_message", "model": "model-b", "input_tokens": 5, "output_tokens": 1 });
    let attempt = json!({ "type": "message", "model": "model-c", "input_tokens": 2, "output_tokens": 1 });
    let summary = json!({ "type": "compaction", "input_tokens": 9, "cache_creation_input_tokens": 3 });
    select(vec![
        json!({ "usage": { "speed": "fast" } }),
        json!({ "usage": { "speed": "standard", "inference_geo": "us", "server_tool_use": { "web_search_requests": 2 } } }),
        json!({ "usage": { "service_tier": "batch", "iterations": null } }),
        json!({ "usage": { "iterations": [advice.clone()] } }),
        json!({ "usage": { "iterations": [advice, attempt, summary, 7], "speed": ["fast"] } }),
        json!({ "usage": { "server_tool_use": { "web_search_requests": 1.0 } }, "stop_reason": "refusal" }),
        json!({ "usage": { "output_tokens": 0 }, "stop_reason": "refusal" }),
    ])
    .boxed()
}

fn answer() -> BoxedStrategy<Value> {
    (text(), select(&["text", "thinking"][..]))
        .prop_flat_map(|(text, kind)| api_message(json!([{ "type": kind, kind: text }])))
        .prop_map(|message| json!({ "type": "assistant", "message": message }))
        .boxed()
}

/// The calls: an id represents the same call wherever it occurs.
fn tool_call() -> BoxedStrategy<Value> {
    let calls = vec![
        json!({ "id": "toolu_1", "name": "Bash", "input": { "command": "cargo test alpha" } }),
        json!({ "id": "toolu_2", "name": "TaskCreate", "input": { "subject": "delta", "description": "beta" } }),
        json!({ "id": "toolu_3", "name": "TaskCreate", "input": { "subject": "other", "activeForm": "doing" } }),
        json!({ "id": "toolu_4", "name": "TaskUpdate", "input": { "taskId": "1", "status": "completed" } }),
        json!({ "id": "toolu_5", "name": "TaskUpdate",
                "input": { "taskId": "2", "status": "in_progress", "addBlockedBy": ["1"] } }),
        json!({ "id": "toolu_10", "name": "TaskList", "input": {} }),
        json!({ "id": "toolu_11", "name": "Agent",
                "input": { "subagent_type": "Explore", "description": "look around", "prompt": "alpha" } }),
        json!({ "id": "toolu_12", "name": "Task", "input": { "description": "look again", "prompt": "alpha" } }),
        json!({ "id": "toolu_6", "name": "TodoWrite",
                "input": { "todos": [{ "content": "alpha", "status": "pending", "activeForm": "Doing" }] } }),
        json!({ "id": "toolu_7", "name": "Edit",
                "input": { "file_path": "/code/app/a.rs", "old_string": "x", "new_string": "y" } }),
    ];
    select(calls)
        .prop_flat_map(|call| api_message(json!([with(json!({ "type": "tool_use" }), call)])))
        .prop_map(|message| json!({ "type": "assistant", "message": message }))
        .boxed()
}

fn tool_result() -> BoxedStrategy<Value> {
    let patch = json!([{ "oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 2, "lines": ["-x", "+y", "+z"] }]);
    let results = vec![
        ("toolu_1", json!("alpha passed"), json!({ "stdout": "alpha passed", "stderr": "" })),
        ("toolu_2", json!("Task #1 created"), json!({ "task": { "id": "1", "subject": "delta" } })),
        ("toolu_2", json!("Task #2 created"), json!({ "task": { "id": "2", "subject": "delta" } })),
        ("toolu_3", json!("Task #2 created"), json!({ "task": { "id": "2", "subject": "other" } })),
        ("toolu_4", json!("Updated"), json!({ "success": true, "taskId": "1", "updatedFields": ["status"] })),
        ("toolu_4", json!("Not found"), json!({ "success": false, "taskId": "1", "updatedFields": [] })),
        ("toolu_5", json!("Updated"), json!({ "success": true, "taskId": "2", "updatedFields": ["status"] })),
        (
            "toolu_10",
            json!("#1 [pending] delta"),
            json!({ "tasks": [{ "id": "1", "subject": "delta", "status": "pending", "blockedBy": [] },
                { "id": "2", "subject": "beta", "status": "in_progress", "blockedBy": ["1"] }] }),
        ),
        ("toolu_11", json!("looked"), json!({ "status": "completed", "agentId": "a1", "agentType": "Explore" })),
        ("toolu_12", json!("looked"), json!({ "isAsync": true, "agentId": "a1" })),
        ("toolu_12", json!("looked"), json!({ "isAsync": true, "agentId": "a2" })),
        (
            "toolu_6",
            json!("Todos"),
            json!({ "oldTodos": [], "newTodos": [{ "content": "beta", "status": "completed" }] }),
        ),
        (
            "toolu_7",
            json!("Edited"),
            json!({ "filePath": "/code/app/a.rs", "oldString": "x", "newString": "y\nz",
            "originalFile": "x", "structuredPatch": patch.clone() }),
        ),
        (
            "toolu_8",
            json!([{ "type": "text", "text": "gamma" }]),
            json!({ "type": "create",
            "filePath": "/code/app/b.rs", "content": "one\ntwo\n", "structuredPatch": [] }),
        ),
        (
            "toolu_9",
            json!("<persisted-output>\nToo large"),
            json!({ "stdout": "part",
            "persistedOutputPath": "/home/x/.claude/projects/p/s/tool-results/out1.txt", "persistedOutputSize": 9 }),
        ),
        ("toolu_1", json!("see the file"), json!({ "persistedOutputPath": "tool-results/out2.txt" })),
        ("toolu_1", json!("failed"), json!("Error: failed delta")),
        ("toolu_2", json!(""), json!([{ "type": "text", "text": "delta" }])),
    ];
    (select(results), weighted(2, Just(true)), weighted(9, Just(())))
        .prop_map(|((id, content, result), error, has)| {
            let mut block = json!({ "type": "tool_result", "tool_use_id": id, "content": content });
            if error.is_some() {
                block["is_error"] = true.into();
            }
            let mut record = json!({ "type": "user", "message": { "role": "user", "content": [block] } });
            if has.is_some() {
                record["toolUseResult"] = result;
            }
            record
        })
        .boxed()
}

fn progress() -> BoxedStrategy<Value> {
    let carried = (prop_oneof![answer(), tool_call(), tool_result(), prompt()], select(&UUIDS[..]), select(&TIMES[..]))
        .prop_map(|(message, uuid, time)| {
            let message = with(message, json!({ "uuid": uuid, "timestamp": time }));
            json!({ "type": "progress", "data": { "type": "agent_progress", "message": message, "prompt": "beta",
                "agentId": "a1" }, "parentToolUseID": "toolu_1" })
        });
    prop_oneof![
        4 => carried,
        1 => Just(json!({ "type": "progress", "data": { "type": "hook_progress", "hookEvent": "PreToolUse",
            "hookName": "PreToolUse:Bash", "command": "check.sh" } })),
        1 => Just(json!({ "type": "progress", "toolUseID": "hook_1", "data": { "type": "hook_progress",
            "hookEvent": "Stop", "hookName": "Stop", "command": "a.sh" } })),
        1 => Just(json!({ "type": "progress", "data": { "type": "bash_progress", "output": "alpha" } })),
        1 => Just(json!({ "type": "progress", "data": { "type": "query_update", "query": "gamma delta" } })),
    ]
    .boxed()
}

fn system() -> BoxedStrategy<Value> {
    select(vec![
        json!({ "type": "system", "subtype": "stop_hook_summary", "hookCount": 2, "hookErrors": ["b.sh: failed"],
            "hookInfos": [{ "command": "a.sh", "durationMs": 12 }, { "command": "b.sh" }] }),
        json!({ "type": "system", "subtype": "stop_hook_summary", "hookCount": 2, "hookErrors": ["failed"],
            "hookInfos": [{ "command": "a.sh", "durationMs": 12 }, { "command": "b.sh" }], "toolUseID": "hook_1" }),
        json!({ "type": "system", "subtype": "compact_boundary", "content": "Conversation compacted", "parentUuid": null }),
        json!({ "type": "system", "subtype": "away_summary", "content": "alpha was done" }),
        json!({ "type": "system", "subtype": "api_error", "error": { "status": 529 }, "retryInMs": 512.5 }),
        json!({ "type": "system", "content": "an older kind, gamma" }),
    ])
    .boxed()
}

fn attachment() -> BoxedStrategy<Value> {
    let hook = |kind: &str, event: &str, id: &str, command: Value| {
        json!({ "type": "attachment", "attachment": { "type": kind, "hookName": event, "hookEvent": event, "toolUseID": id,
            "command": command } })
    };
    select(vec![
        hook("hook_success", "Stop", "hook_1", json!("a.sh")),
        hook("hook_non_blocking_error", "Stop", "hook_1", json!("b.sh")),
        hook("hook_additional_context", "Stop", "hook_1", json!(null)),
        hook("hook_success", "SessionStart", "hook_2", json!("start.sh")),
        hook("hook_additional_context", "SessionStart", "SessionStart", json!(null)),
        json!({ "type": "attachment", "attachment": { "type": "hook_success", "hookName": "SessionStart:resume",
            "hookEvent": "SessionStart", "exitCode": 0, "durationMs": 5, "command": "start.sh", "stdout": "beta" } }),
        json!({ "type": "attachment", "attachment": { "type": "queued_command", "prompt": "then do delta" } }),
        json!({ "type": "attachment", "attachment": { "type": "queued_command", "commandMode": "prompt",
            "prompt": [{ "type": "text", "text": TEXTS[0] }] } }),
        json!({ "type": "attachment", "attachment": { "type": "date_change", "newDate": "2026-03-02" } }),
    ])
    .boxed()
}

/// What the agent program logs about its requests, and other text that it repeats in many sessions: long texts, of which some
/// are in several records.
fn request_log() -> BoxedStrategy<Value> {
    let long = |text: &str, length: usize| format!("alpha {text} ").repeat(length / (text.len() + 7) + 1);
    let prompt = long("is the system's prompt", 1_100);
    let tools = json!([{ "name": "Bash", "description": long("is a tool", 1_050) }, { "name": "Read" }]);
    let request = json!({ "uuid": null, "parentUuid": null });
    let log = |record: Value| with(request.clone(), record);
    let blob = |role: &str, text: &str| {
        let message = json!({ "role": role, "content": [{ "type": "text", "text": text }] });
        log(json!({ "type": "api-request-blob", "hash": "b1", "message": message, "timestamp": null }))
    };
    prop_oneof![
        6 => select(vec![
            log(json!({ "type": "api-request", "id": "r1", "shapeHash": "h1", "params": { "model": "model-a" },
                "keep": 0, "tail": ["b1"] })),
            log(json!({ "type": "api-request-new", "note": "beta" })),
            blob("user", "alpha beta"),
            json!({ "type": "attachment", "attachment": { "type": "prompt_snapshot", "systemPrompt": ["short"] } }),
        ]),
        2 => select(vec![
            log(json!({ "type": "api-request-shape", "shapeHash": "h1",
                "shape": { "system": [{ "type": "text", "text": prompt.as_str() }], "tools": tools.clone() } })),
            json!({ "type": "attachment", "attachment": { "type": "prompt_snapshot",
                "systemPrompt": [prompt.as_str(), "short"], "tools": tools } }),
            json!({ "type": "attachment", "attachment": { "type": "skill_listing", "content": prompt.as_str() },
                "rendered": [{ "content": prompt.as_str() }] }),
        ]),
        1 => Just(blob("system", &long("is a long message", 4_100))),
    ]
    .boxed()
}

/// Records that mostly have no uuid or time: an envelope's are removed again.
fn meta() -> BoxedStrategy<Value> {
    let bare = json!({ "uuid": null, "timestamp": null, "parentUuid": null });
    let titled = (select(&["custom-title", "agent-name", "ai-title"][..]), select(&["Alpha", "Beta", ""][..]))
        .prop_map(|(kind, title)| json!({ "type": kind, "customTitle": title, "agentName": title, "aiTitle": title }));
    let summary = (select(&UUIDS[..]), select(&["Gamma was fixed", "Delta was fixed"][..]))
        .prop_map(|(leaf, summary)| json!({ "type": "summary", "summary": summary, "leafUuid": leaf }));
    let other = select(vec![
        json!({ "type": "last-prompt", "lastPrompt": "alpha", "leafUuid": UUIDS[0] }),
        json!({ "type": "mode", "mode": "normal" }),
        json!({ "type": "relocated", "relocatedCwd": "/code/lib" }),
        json!({ "type": "worktree-state", "worktreeSession": { "worktreePath": "/code/lib", "originalCwd": "/code/app" } }),
        json!({ "type": "worktree-state", "worktreeSession": { "worktreePath": "/code/lib", "originalCwd": "/code/tmp" } }),
        json!({ "type": "worktree-state", "worktreeSession": null }),
        json!({ "type": "file-history-snapshot", "messageId": UUIDS[1], "snapshot": { "trackedFileBackups": {} } }),
        json!({ "type": "file-history-snapshot", "messageId": UUIDS[2], "snapshot": { "timestamp": TIMES[1] } }),
        json!({ "type": "fork-context-ref", "agentId": "a1", "parentSessionId": SESSIONS[0] }),
        json!({ "type": "cost-state", "totalCostUSD": 0.5, "modelUsage": { "model-a": { "inputTokens": 3, "costUSD": 0.5 } } }),
        json!({ "type": "cost-state", "totalCostUSD": 0.75, "modelUsage": { "model-a[1m]": { "costUSD": 0.25 },
            "model-b": { "outputTokens": 2, "webSearchRequests": 1, "costUSD": 0.5 } } }),
        json!({ "type": "cost-state", "totalCostUSD": 0, "modelUsage": {} }),
    ]);
    // What is queued, and what becomes of it: the texts are those of prompts and of attachments.
    let operation = select(&["enqueue", "enqueue", "enqueue", "dequeue", "remove", "popAll"][..]);
    let queue =
        (operation, weighted(6, text()), weighted(5, select(&TIMES[..]))).prop_map(|(operation, text, time)| {
            let text = if operation == "enqueue" { Some(text.unwrap_or("then do delta")) } else { text };
            json!({ "type": "queue-operation", "operation": operation, "content": text, "timestamp": time })
        });
    prop_oneof![3 => titled, 3 => summary, 1 => other, 3 => queue]
        .prop_map(move |record| with(bare.clone(), record))
        .boxed()
}

/// Objects, but unexpected ones.
fn odd() -> BoxedStrategy<Value> {
    select(vec![
        json!({}),
        json!({ "type": "brand-new", "note": { "deep": ["alpha", 1, null] } }),
        json!({ "type": 7 }),
        json!({ "type": "user", "message": "gamma" }),
        json!({ "type": "assistant", "message": { "content": null, "usage": { "output_tokens": 1.0e3 } } }),
        json!({ "type": "user", "message": { "role": "user", "content": [{ "type": "image",
            "source": { "type": "base64", "data": "AAAA" } }, 5, null] } }),
        json!({ "type": "assistant", "uuid": 5, "sessionId": [], "cwd": {}, "isSidechain": "yes" }),
    ])
    .boxed()
}

/// Lines that are not a record, more than one, or one in an unusual shape.
fn broken_line() -> BoxedStrategy<Vec<u8>> {
    let shapes = |record: &Value, other: &Value| {
        let text = record.to_string();
        let half = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        vec![
            format!("{text}{other}").into_bytes(),
            format!("{}{other}", &text[..half]).into_bytes(),
            format!("{text} trailing").into_bytes(),
            text.as_bytes()[..half].to_vec(),
            [&[0, 0, 0], text.as_bytes()].concat(),
            format!("  {text}\t\r").into_bytes(),
            [&text.as_bytes()[..text.len() - 1], b",\"broken\":\"\xff\xfe\\ud800\"}"].concat(),
            format!("{},\"uuid\":\"{}\"}}", &text[..text.len() - 1], UUIDS[0]).into_bytes(),
            format!("{{\"a\":{}{}{}", "[".repeat(300), "]".repeat(300), "}").into_bytes(),
        ]
    };
    let fixed =
        select(vec!["", "  ", "\r", "null", "[]", "[{}]", "\"text\"", "17", "garbage", "{", "}", "// remark", "\0"]);
    prop_oneof![
        (record(), record(), any::<proptest::sample::Index>())
            .prop_map(move |(record, other, index)| index.get(&shapes(&record, &other)).clone()),
        fixed.prop_map(|line| line.as_bytes().to_vec()),
    ]
    .boxed()
}
