//! Ad-hoc queries: what they answer, what they may not do, and how they find it.
#![allow(clippy::unwrap_used)]

mod answers;
mod bounds;
mod plans;
mod refusals;
mod snapshot;
mod views;

use han_native::model::{SqlParameters, SqlResult};
use han_native::{Han, Result, SqlOptions};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};

/// The answer to a statement without parameters.
fn ask(han: &Han, sql: &str) -> Result<SqlResult> {
    han.sql(sql, &SqlParameters::default(), &SqlOptions::default())
}

/// Its rows.
fn rows(han: &Han, sql: &str) -> Vec<Vec<Value>> {
    ask(han, sql).unwrap_or_else(|error| panic!("{sql}: {error}")).rows
}

/// A line of a session; the number gives its time and uuid.
fn line(session: &str, number: u32, record: Value) -> String {
    let mut record = record;
    record["uuid"] = format!("{number:08x}-0000-4000-8000-000000000000").into();
    record["timestamp"] = format!("2026-03-01T10:00:{number:02}.250Z").into();
    record["sessionId"] = session.into();
    record["cwd"] = "/code/shop".into();
    format!("{record}\n")
}

fn prompt(session: &str, number: u32, text: &str) -> String {
    line(session, number, json!({ "type": "user", "message": { "role": "user", "content": text } }))
}

/// A session with something for every view, one that repeats its prompt, and an agent.
fn shop() -> (Home, Database) {
    let home = Home::new();
    let answer = |content: Value| {
        json!({ "type": "assistant", "message": { "id": "msg_1", "role": "assistant", "model": "model-a",
            "usage": { "input_tokens": 3, "output_tokens": 5 }, "content": content } })
    };
    let result = |id: &str, content: &str, outcome: Value| {
        json!({ "type": "user", "toolUseResult": outcome, "message": { "role": "user",
            "content": [{ "type": "tool_result", "tool_use_id": id, "content": content }] } })
    };
    let todos = json!({ "todos": [{ "content": "weigh", "status": "pending", "activeForm": "weighing" },
        { "content": "sell", "status": "completed", "activeForm": "selling" }] });
    let written = json!({ "type": "create", "filePath": "/code/shop/a.rs", "content": "x\n", "structuredPatch": [] });
    let stub = "<persisted-output>\nOutput too large. Full output saved to: /x/tool-results/out1.txt";
    let lines = [
        prompt("s1", 1, "open the shop"),
        line("s1", 2, answer(json!([{ "type": "thinking", "thinking": "which shop?" }]))),
        line(
            "s1",
            3,
            answer(json!([{ "type": "tool_use", "id": "toolu_b", "name": "Bash", "input": { "command": "ls -l" } }])),
        ),
        line("s1", 4, result("toolu_b", stub, json!({}))),
        line(
            "s1",
            5,
            answer(json!([{ "type": "tool_use", "id": "toolu_w", "name": "Write",
            "input": { "file_path": "/code/shop/a.rs", "content": "x\n" } }])),
        ),
        line("s1", 6, result("toolu_w", "written", written)),
        line("s1", 7, answer(json!([{ "type": "tool_use", "id": "toolu_t", "name": "TodoWrite", "input": todos }]))),
        line(
            "s1",
            8,
            answer(json!([{ "type": "tool_use", "id": "toolu_c", "name": "TaskCreate",
            "input": { "subject": "sweep", "description": "the floor" } }])),
        ),
        line("s1", 9, result("toolu_c", "created", json!({ "task": { "id": "1", "subject": "sweep" } }))),
        line(
            "s1",
            10,
            json!({ "type": "system", "subtype": "stop_hook_summary", "hookCount": 1,
            "hookInfos": [{ "command": "check.sh", "durationMs": 3 }], "hookErrors": [] }),
        ),
        line("s1", 11, json!({ "type": "summary", "summary": "The shop was opened", "leafUuid": "x" })),
        "no json\n".to_owned(),
    ];
    home.write("projects/-code-shop/s1.jsonl", lines.concat().as_bytes());
    home.write("projects/-code-shop/s1/tool-results/out1.txt", b"the whole listing");
    home.write("projects/-code-shop/s1/subagents/agent-a1.jsonl", prompt("s1", 20, "count the coins").as_bytes());
    // A fork repeats the prompt, and goes on.
    let fork = [prompt("s1", 1, "open the shop"), prompt("s2", 30, "close the shop")].concat();
    home.write("projects/-code-shop/s2.jsonl", fork.as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}
