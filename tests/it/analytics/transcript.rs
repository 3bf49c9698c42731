//! Small transcripts written by hand, and short ways to query them.

use han_native::model::{AnalyticsFilter, Dashboard};
use serde_json::{Value, json};

use crate::support::home::{Database, Home};
pub(super) use crate::support::lines::with;
use crate::support::lines::{assistant, jsonl, text, user};

pub(super) const MAIN: &str = "projects/-code-app/s1.jsonl";
pub(super) const OTHER: &str = "projects/-code-app/s2.jsonl";
pub(super) const AGENT: &str = "projects/-code-app/s1/subagents/agent-a1.jsonl";

/// An answer: its API message, and how many tokens that took, in and out.
pub(super) fn answer(uuid: &str, time: &str, id: &str, input: i64, output: i64) -> Value {
    let usage = json!({ "input_tokens": input, "output_tokens": output });
    let answer = with(assistant(&[text("done")]), &[("/message/id", id.into()), ("/message/usage", usage)]);
    with(
        record(answer, uuid, time),
        &[("/message/model", "claude-opus-4-1-20250805".into()), ("/requestId", "req_1".into())],
    )
}

pub(super) fn prompt(uuid: &str, time: &str) -> Value {
    record(user("please"), uuid, time)
}

fn record(record: Value, uuid: &str, time: &str) -> Value {
    with(record, &[("/uuid", uuid.into()), ("/sessionId", "s1".into()), ("/timestamp", time.into())])
}

pub(super) fn write(home: &Home, path: &str, records: &[Value]) {
    home.write(path, jsonl(records));
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
