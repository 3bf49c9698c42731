//! Small transcripts written by hand, and short ways to ask about them.

use han_native::model::{AnalyticsFilter, Dashboard};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};

pub(super) const MAIN: &str = "projects/-code-app/s1.jsonl";
pub(super) const OTHER: &str = "projects/-code-app/s2.jsonl";
pub(super) const AGENT: &str = "projects/-code-app/s1/subagents/agent-a1.jsonl";

/// An answer's line: its API message, and how many tokens that took, in and out.
pub(super) fn answer(uuid: &str, time: &str, id: &str, input: i64, output: i64) -> Value {
    json!({ "type": "assistant", "uuid": uuid, "sessionId": "s1", "timestamp": time, "requestId": "req_1",
        "message": { "id": id, "role": "assistant", "model": "claude-opus-4-1-20250805",
            "content": [{ "type": "text", "text": "done" }],
            "usage": { "input_tokens": input, "output_tokens": output } } })
}

pub(super) fn prompt(uuid: &str, time: &str) -> Value {
    json!({ "type": "user", "uuid": uuid, "sessionId": "s1", "timestamp": time,
        "message": { "role": "user", "content": "please" } })
}

/// The record with some of its fields set, each by its path such as `/message/model`.
pub(super) fn with(mut record: Value, changes: &[(&str, Value)]) -> Value {
    for (path, value) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        record.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    record
}

pub(super) fn write(home: &Home, path: &str, records: &[Value]) {
    home.write(path, records.iter().map(|record| format!("{record}\n")).collect::<String>().as_bytes());
}

/// A database with these files in it.
pub(super) fn indexed(files: &[(&str, &[Value])]) -> (Home, Database) {
    let home = Home::new();
    for (path, records) in files {
        write(&home, path, records);
    }
    let database = home.database();
    database.scan();
    (home, database)
}

pub(super) fn dashboard(database: &Database) -> Dashboard {
    database.han.dashboard(&AnalyticsFilter::default()).unwrap()
}

/// A filter of days in a time zone.
pub(super) fn days(since: Option<&str>, until: Option<&str>, zone: &str) -> AnalyticsFilter {
    AnalyticsFilter {
        since: since.map(str::to_owned),
        until: until.map(str::to_owned),
        time_zone: Some(zone.into()),
        ..AnalyticsFilter::default()
    }
}
