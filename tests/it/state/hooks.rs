//! An execution of a hook is one, however many lines report it.

use serde_json::{Value, json};

use super::arrivals;
use crate::support::home::Database;
use crate::support::lines::{answer, line, prompt, text};

const SESSION: &str = "s1";

fn attached(kind: &str, event: &str, id: &str, more: Value) -> Value {
    let mut attachment = json!({ "type": kind, "hookEvent": event, "hookName": event, "toolUseID": id });
    attachment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "type": "attachment", "attachment": attachment })
}

fn success(event: &str, id: &str, command: &str) -> Value {
    attached("hook_success", event, id, json!({ "command": command, "exitCode": 0, "durationMs": 5 }))
}

fn failure(event: &str, id: &str, command: &str) -> Value {
    attached("hook_non_blocking_error", event, id, json!({ "command": command, "exitCode": 1, "durationMs": 7 }))
}

fn blocked(event: &str, id: &str, command: &str) -> Value {
    attached(
        "hook_blocking_error",
        event,
        id,
        json!({ "blockingError": { "blockingError": "go on", "command": command } }),
    )
}

fn context(event: &str, id: &str) -> Value {
    attached("hook_additional_context", event, id, json!({ "content": ["more"] }))
}

fn progress(event: &str, id: &str, command: &str) -> Value {
    json!({ "type": "progress", "toolUseID": id, "parentToolUseID": id,
        "data": { "type": "hook_progress", "hookEvent": event, "hookName": event, "command": command } })
}

fn summary(id: &str, commands: &[&str], errors: &[&str]) -> Value {
    let infos: Vec<Value> = commands.iter().map(|command| json!({ "command": command, "durationMs": 9 })).collect();
    json!({ "type": "system", "subtype": "stop_hook_summary", "hookCount": commands.len(), "hookInfos": infos,
        "hookErrors": errors, "toolUseID": id })
}

/// What ran, as `event command milliseconds exit-code ok`, sorted; with the sums that were kept of it.
fn ran(database: &Database) -> (Vec<String>, i64, i64) {
    let found = database.han.hook_executions().get(&[SESSION.to_owned()]).unwrap().remove(0).unwrap();
    let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    let mut ran: Vec<String> = found
        .iter()
        .map(|hook| {
            let (command, end) = (hook.command.as_deref().unwrap_or("-"), if hook.is_error { "failed" } else { "ok" });
            format!("{} {command} {} {} {end}", hook.event, number(hook.duration_ms), number(hook.exit_code))
        })
        .collect();
    ran.sort();
    let sum = |column: &str| database.number(&format!("SELECT sum({column}) FROM rollups WHERE scope = 0"));
    (ran, sum("hooks"), sum("hook_errors"))
}

#[test]
fn lines_of_one_execution_are_joined() {
    let cases: Vec<(&str, Vec<Value>, &[&str])> = vec![
        (
            "an end and a summary",
            vec![failure("Stop", "h", "x.sh"), summary("h", &["x.sh"], &["e"])],
            &["Stop x.sh 7 1 failed"],
        ),
        (
            "two commands at one stop, and whose error it was",
            vec![failure("Stop", "h", "b.sh"), success("Stop", "h", "a.sh"), summary("h", &["a.sh", "b.sh"], &["e"])],
            &["Stop a.sh 5 0 ok", "Stop b.sh 7 1 failed"],
        ),
        (
            "one that blocks says its command inside",
            vec![
                failure("Stop", "h", "b.sh"),
                blocked("Stop", "h", "a.sh"),
                summary("h", &["a.sh", "b.sh"], &["e", "go on"]),
            ],
            &["Stop a.sh 9 - failed", "Stop b.sh 7 1 failed"],
        ),
        (
            "a summary alone",
            vec![summary("h", &["a.sh", "b.sh"], &["b.sh: exit 2"])],
            &["Stop a.sh 9 - ok", "Stop b.sh 9 - failed"],
        ),
        (
            "the error of a summary that no other line explains",
            vec![success("Stop", "h", "a.sh"), summary("h", &["a.sh", "b.sh"], &["e"])],
            &["Stop a.sh 5 0 ok", "Stop b.sh 9 - failed"],
        ),
        (
            "what it added to the conversation",
            vec![success("PostToolUse", "toolu_1", "a.sh"), context("PostToolUse", "toolu_1")],
            &["PostToolUse a.sh 5 0 ok"],
        ),
        (
            "added twice, reported once",
            vec![success("PostToolUse", "t", "a.sh"), context("PostToolUse", "t"), context("PostToolUse", "t")],
            &["PostToolUse - - - ok", "PostToolUse a.sh 5 0 ok"],
        ),
        ("nothing but what it added", vec![context("UserPromptSubmit", "hook-1")], &["UserPromptSubmit - - - ok"]),
        (
            "of two occurrences",
            vec![context("UserPromptSubmit", "hook-1"), context("UserPromptSubmit", "hook-2")],
            &["UserPromptSubmit - - - ok", "UserPromptSubmit - - - ok"],
        ),
        (
            "the start of a session, whose lines have no id in common",
            vec![success("SessionStart", "u1", "a.sh"), context("SessionStart", "SessionStart")],
            &["SessionStart a.sh 5 0 ok"],
        ),
        (
            "two commands at the start, one of which added something",
            vec![
                success("SessionStart", "u1", "a.sh"),
                success("SessionStart", "u2", "b.sh"),
                context("SessionStart", "SessionStart"),
            ],
            &["SessionStart a.sh 5 0 ok", "SessionStart b.sh 5 0 ok"],
        ),
        (
            "progress, as older versions write it",
            vec![progress("Stop", "h", "a.sh"), progress("PreToolUse", "t", "p.sh"), summary("h", &["a.sh"], &[])],
            &["PreToolUse p.sh - - ok", "Stop a.sh 9 - ok"],
        ),
        (
            "one command twice at one stop",
            vec![summary("h", &["a.sh", "a.sh"], &[]), success("Stop", "h", "a.sh"), success("Stop", "h", "a.sh")],
            &["Stop a.sh 5 0 ok", "Stop a.sh 5 0 ok"],
        ),
        (
            "the same command at two stops",
            vec![success("Stop", "h1", "a.sh"), success("Stop", "h2", "a.sh")],
            &["Stop a.sh 5 0 ok", "Stop a.sh 5 0 ok"],
        ),
        (
            "lines that name no occurrence represent one each",
            vec![
                json!({ "type": "attachment", "attachment": { "type": "hook_success", "hookEvent": "Stop", "command": "a.sh" } }),
                json!({ "type": "attachment", "attachment": { "type": "hook_success", "hookEvent": "Stop", "command": "a.sh" } }),
            ],
            &["Stop a.sh - - ok", "Stop a.sh - - ok"],
        ),
    ];
    for (name, records, expected) in cases {
        let expected: Vec<String> = expected.iter().map(|hook| (*hook).to_owned()).collect();
        let failed = expected.iter().filter(|hook| hook.ends_with("failed")).count() as i64;
        let wanted = (expected.clone(), expected.len() as i64, failed);
        let as_lines = |records: &[Value]| -> Vec<String> {
            let rest = records.iter().enumerate().map(|(index, record)| line(SESSION, 3 + index, record.clone()));
            [prompt(SESSION, 1, "go"), answer(SESSION, 2, text("done"))].into_iter().chain(rest).collect()
        };
        for (home, database) in arrivals(SESSION, &as_lines(&records)) {
            assert_eq!(ran(&database), wanted, "{name}");
            assert_eq!(database.dump(crate::support::dump::Scope::Present), home.from_scratch(), "{name}");
        }
        let reversed: Vec<Value> = records.into_iter().rev().collect();
        for (_, database) in arrivals(SESSION, &as_lines(&reversed)).into_iter().take(2) {
            assert_eq!(ran(&database).0, wanted.0, "{name}, in reverse");
        }
    }
}

#[test]
fn a_session_starts_as_often_as_it_is_resumed() {
    let start = |number: usize| {
        [
            line(SESSION, number, success("SessionStart", &format!("u{number}"), "a.sh")),
            line(SESSION, number + 1, context("SessionStart", "SessionStart")),
            prompt(SESSION, number + 2, "go on"),
        ]
    };
    let only_context = [line(SESSION, 20, context("SessionStart", "SessionStart"))];
    let lines = [start(1).to_vec(), start(10).to_vec(), only_context.to_vec()].concat();
    for (_, database) in arrivals(SESSION, &lines) {
        let expected = ["SessionStart - - - ok", "SessionStart a.sh 5 0 ok", "SessionStart a.sh 5 0 ok"];
        assert_eq!(ran(&database).0, expected);
    }
}
