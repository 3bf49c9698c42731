//! Every number agrees with `tests/oracle`, which reads the raw files and counts slowly and obviously.

use std::path::{Path, PathBuf};
use std::process::Command;

use han_native::model::AnalyticsFilter;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::generated::{World, world};
use crate::support::home::{Database, Home};
use crate::support::rollups;
use crate::support::runner::check;

/// The database's own time zone, one with whole hours, one with half an hour of daylight saving, one whose clocks jump over
/// midnight, and one three quarters of an hour off.
const ZONES: [&str; 6] =
    ["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Asia/Kathmandu"];

const BOUNDS: [(Option<&str>, Option<&str>); 4] =
    [(None, None), (Some("2026-03-28"), None), (None, Some("2026-03-28")), (Some("2026-03-29"), Some("2026-10-06"))];

fn questions() -> Vec<Value> {
    let mut questions = Vec::new();
    for (number, zone) in ZONES.iter().enumerate() {
        for (bound, (since, until)) in BOUNDS.iter().enumerate() {
            let project = ((number + bound) % 3 == 2).then_some("-code-app");
            questions.push(json!({ "timeZone": zone, "since": since, "until": until, "projectId": project }));
        }
    }
    questions
}

/// The result of the second implementation.
fn expected(config_dir: &Path, questions: &[Value]) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let prices: PathBuf = root.join("han-native/src/cost/prices.json");
    let output = Command::new("python3")
        .args([
            "-B".as_ref(),
            root.join("tests/oracle/oracle.py").as_os_str(),
            config_dir.as_os_str(),
            prices.as_os_str(),
        ])
        .arg(Value::from(questions).to_string())
        .output()
        .expect("python3 is needed by this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn answered(database: &Database, question: &Value) -> Value {
    let filter: AnalyticsFilter = serde_json::from_value(question.clone()).unwrap();
    let dashboard = serde_json::to_value(database.han.dashboard(&filter).unwrap()).unwrap();
    let activity = serde_json::to_value(database.han.activity(&filter).unwrap()).unwrap();
    json!({ "dashboard": comparable(dashboard), "activity": comparable(activity) })
}

/// Without what is not a number: titles, paths, the times of sessions, the source of prices.
fn comparable(answer: Value) -> Value {
    const LEFT_OUT: [&str; 6] = ["prices", "title", "startedAt", "endedAt", "projectPath", "repositoryPath"];
    match answer {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()))
            .map(|(name, value)| (name, comparable(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(comparable).collect(),
        value => value,
    }
}

/// The first difference of two results, for humans.
fn difference(path: &str, left: &Value, right: &Value) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let names = left.keys().chain(right.keys());
            let null = Value::Null;
            names.into_iter().find_map(|name| {
                let (left, right) = (left.get(name).unwrap_or(&null), right.get(name).unwrap_or(&null));
                difference(&format!("{path}/{name}"), left, right)
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(at, (left, right))| difference(&format!("{path}/{at}"), left, right)),
        _ if left == right => None,
        _ => Some(format!("{path}: {left} is answered, {right} is right")),
    }
}

/// Writes the files in two parts, indexes each, and compares.
fn holds(world: &World) -> Result<(), TestCaseError> {
    let home = Home::new();
    let database = home.database();
    let bytes = |records: &[Value]| records.iter().map(|record| format!("{record}\n")).collect::<String>().into_bytes();
    for (place, records) in world.iter().rev() {
        // The first record alone: that of a flat agent file has to name its session.
        home.write(place, bytes(&records[..1]));
    }
    database.scan();
    for (place, records) in world {
        home.append(place, bytes(&records[1..]));
    }
    database.scan();
    rollups::check(&database)?;
    let questions = questions();
    for (question, expected) in questions.iter().zip(expected(&home.config_dir(), &questions)) {
        let answered = answered(&database, question);
        if let Some(difference) = difference("", &answered, &expected) {
            return Err(TestCaseError::fail(format!("query {question}: {difference}")));
        }
    }
    Ok(())
}

#[test]
fn every_number_is_that_of_the_raw_files() {
    check(20, world(9), |world| holds(&world));
}

#[test]
fn differences_are_found() {
    let left = json!({ "a": [{ "b": 1 }], "c": 2 });
    assert_eq!(difference("", &left, &left), None);
    for right in [json!({ "a": [{ "b": 2 }], "c": 2 }), json!({ "a": [], "c": 2 }), json!({ "a": [{ "b": 1 }] })] {
        assert!(difference("", &left, &right).is_some(), "{right}");
    }
}
