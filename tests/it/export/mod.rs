//! Exports of sessions: complete, harmless, and made for people and for programs.
#![allow(clippy::unwrap_used)]

mod content;
mod hostile;
mod properties;

use han_native::model::{ExportFormat, ExportOptions};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};

const SESSION: &str = "s1";

/// A record as a line; the number gives its time and uuid.
fn line(number: u32, mut record: Value) -> String {
    record["uuid"] = format!("{number:08x}-0000-4000-8000-000000000000").into();
    record["timestamp"] = format!("2026-03-01T10:{:02}:{:02}.000Z", number / 60, number % 60).into();
    record["sessionId"] = SESSION.into();
    record["cwd"] = "/code/shop".into();
    format!("{record}\n")
}

fn prompt(number: u32, text: &str) -> String {
    line(number, json!({ "type": "user", "message": { "role": "user", "content": text } }))
}

fn answer(number: u32, block: Value) -> String {
    line(
        number,
        json!({ "type": "assistant", "message": { "id": format!("msg_{number}"), "role": "assistant",
        "model": "model-a", "usage": { "input_tokens": 1000, "output_tokens": 5 }, "content": [block] } }),
    )
}

fn call(number: u32, id: &str, name: &str, input: Value) -> String {
    answer(number, json!({ "type": "tool_use", "id": id, "name": name, "input": input }))
}

fn result(number: u32, id: &str, content: &str, outcome: Value) -> String {
    line(
        number,
        json!({ "type": "user", "toolUseResult": outcome, "message": { "role": "user",
        "content": [{ "type": "tool_result", "tool_use_id": id, "content": content }] } }),
    )
}

/// A database of one session.
fn database(lines: &[String]) -> (Home, Database) {
    let home = Home::new();
    home.write("projects/-code-shop/s1.jsonl", lines.concat().as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}

fn exported(database: &Database, format: ExportFormat) -> String {
    database.han.export_session(SESSION, format, &ExportOptions::default()).unwrap()
}
