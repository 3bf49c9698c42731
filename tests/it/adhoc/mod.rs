//! Ad-hoc queries: what they return, what they may not do, and their query plans.
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
use crate::support::lines::{assistant, line, prompt, result, thinking, tool_use, with};

/// The answer to a statement without parameters.
fn ask(han: &Han, sql: &str) -> Result<SqlResult> {
    han.sql(sql, &SqlParameters::default(), &SqlOptions::default())
}

/// Its rows.
fn rows(han: &Han, sql: &str) -> Vec<Vec<Value>> {
    ask(han, sql).unwrap_or_else(|error| panic!("{sql}: {error}")).rows
}

/// A session with something for every view, one that repeats its prompt, and an agent.
fn shop() -> (Home, Database) {
    let home = Home::new();
    // All are parts of one API message.
    let answer = |number: usize, block: Value| {
        let usage = json!({ "input_tokens": 3, "output_tokens": 5 });
        let changes = [("/message/id", "msg_1".into()), ("/message/usage", usage)];
        line("s1", number, with(assistant(&[block]), &changes))
    };
    let todos = json!({ "todos": [{ "content": "weigh", "status": "pending", "activeForm": "weighing" },
        { "content": "sell", "status": "completed", "activeForm": "selling" }] });
    let written = json!({ "type": "create", "filePath": "/code/shop/a.rs", "content": "x\n", "structuredPatch": [] });
    let stub = "<persisted-output>\nOutput too large. Full output saved to: /x/tool-results/out1.txt";
    let lines = [
        prompt("s1", 1, "open the shop"),
        answer(2, thinking("which shop?")),
        answer(3, tool_use("toolu_b", "Bash", json!({ "command": "ls -l" }))),
        result("s1", 4, "toolu_b", stub, json!({})),
        answer(5, tool_use("toolu_w", "Write", json!({ "file_path": "/code/shop/a.rs", "content": "x\n" }))),
        result("s1", 6, "toolu_w", "written", written),
        answer(7, tool_use("toolu_t", "TodoWrite", todos)),
        answer(8, tool_use("toolu_c", "TaskCreate", json!({ "subject": "sweep", "description": "the floor" }))),
        result("s1", 9, "toolu_c", "created", json!({ "task": { "id": "1", "subject": "sweep" } })),
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
    // A fork repeats the prompt, and continues.
    let fork = [prompt("s1", 1, "open the shop"), prompt("s2", 30, "close the shop")].concat();
    home.write("projects/-code-shop/s2.jsonl", fork.as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}
