//! Tasks follow their calls: when a result arrives, and from which file, does not decide what was done first.

use serde_json::{Value, json};

use super::arrivals;
use crate::support::home::{Database, Home};
use crate::support::lines::{call, line, prompt, result, tool_result, user, with};

const SESSION: &str = "s1";

/// Each task with its status, as `1 completed`.
fn tasks(database: &Database) -> Vec<String> {
    let found = database.han.tasks().get(&[SESSION.to_owned()]).unwrap().remove(0).unwrap();
    found.iter().map(|task| format!("{} {}", task.id, task.status.as_deref().unwrap_or("-"))).collect()
}

fn update(number: usize, id: &str, input: Value) -> String {
    call(SESSION, number, id, "TaskUpdate", input)
}

fn updated(number: usize, id: &str, task: &str) -> String {
    result(SESSION, number, id, "Updated", json!({ "success": true, "taskId": task, "updatedFields": ["status"] }))
}

fn failed(number: usize, id: &str, outcome: Value) -> String {
    let block = with(tool_result(id, "No such tool"), &[("/is_error", true.into())]);
    line(SESSION, number, with(user(vec![block]), &[("/toolUseResult", outcome)]))
}

fn listed(number: usize, id: &str, status: &str) -> String {
    let task = json!({ "id": "1", "subject": "build", "status": status, "blockedBy": [] });
    result(SESSION, number, id, "#1", json!({ "tasks": [task] }))
}

/// A task that was created: its call and its result.
fn created() -> [String; 2] {
    [
        call(SESSION, 1, "create", "TaskCreate", json!({ "subject": "build", "description": "all of it" })),
        result(SESSION, 2, "create", "Task #1", json!({ "task": { "id": "1", "subject": "build" } })),
    ]
}

fn done(number: usize, id: &str) -> String {
    update(number, id, json!({ "taskId": "1", "status": "completed" }))
}

fn list(number: usize, id: &str) -> String {
    call(SESSION, number, id, "TaskList", json!({}))
}

#[test]
fn a_status_is_that_of_the_last_call_that_changed_it() {
    let started = |number, id| update(number, id, json!({ "taskId": "1", "status": "in_progress" }));
    let refused = json!({ "success": false, "taskId": "1", "updatedFields": [], "error": "no" });
    let cases: Vec<(&str, Vec<String>, &str)> = vec![
        ("a failed call changes nothing", vec![done(3, "u"), failed(4, "u", json!("Error"))], "1 pending"),
        ("nor one that was refused", vec![done(3, "u"), result(SESSION, 4, "u", "no", refused)], "1 pending"),
        ("a call without a result counts", vec![done(3, "u")], "1 completed"),
        (
            "a list that ran at the same time is older, called later",
            vec![done(3, "u"), list(4, "l"), listed(5, "l", "pending"), updated(6, "u", "1")],
            "1 completed",
        ),
        (
            "and called earlier",
            vec![list(3, "l"), done(4, "u"), updated(5, "u", "1"), listed(6, "l", "pending")],
            "1 completed",
        ),
        (
            "and where the list answers last",
            vec![done(3, "u"), list(4, "l"), updated(5, "u", "1"), listed(6, "l", "pending")],
            "1 completed",
        ),
        (
            "a list that was requested later shows what others did",
            vec![done(3, "u"), updated(4, "u", "1"), list(5, "l"), listed(6, "l", "deleted")],
            "1 deleted",
        ),
        (
            "of two changes the later call counts",
            vec![started(3, "a"), done(4, "b"), updated(5, "b", "1"), updated(6, "a", "1")],
            "1 completed",
        ),
        (
            "a failed one leaves what was before",
            vec![started(3, "a"), done(4, "b"), failed(5, "b", json!("Error")), updated(6, "a", "1")],
            "1 in_progress",
        ),
    ];
    for (name, rest, expected) in cases {
        let lines = [created().to_vec(), rest].concat();
        for (home, database) in arrivals(SESSION, &lines) {
            assert_eq!(tasks(&database), [expected], "{name}");
            assert_eq!(database.dump(crate::support::dump::Scope::Present), home.from_scratch(), "{name}");
        }
    }
}

#[test]
fn a_failed_call_makes_no_task() {
    let blocks = update(2, "u", json!({ "taskId": "1", "addBlocks": ["2"], "status": "completed" }));
    let create = call(SESSION, 4, "c", "TaskCreate", json!({ "subject": "build" }));
    let lines = [
        prompt(SESSION, 1, "go"),
        blocks,
        failed(3, "u", json!("Error: No such tool available: TaskUpdate.")),
        create,
        failed(5, "c", json!("Error: No such tool available: TaskCreate.")),
    ];
    for (_, database) in arrivals(SESSION, &lines) {
        assert_eq!(tasks(&database), [] as [String; 0]);
    }
}

#[test]
fn a_result_may_come_from_another_file_and_before_the_call() {
    let agent = "projects/-code-shop/s1/subagents/agent-a1.jsonl";
    let calls = [created().concat(), done(3, "u"), list(5, "l")].concat();
    let results = [failed(4, "u", json!("Error")), listed(6, "l", "in_progress")].concat();
    for results_first in [false, true] {
        let home = Home::new();
        let database = home.database();
        let steps: [&dyn Fn(); 2] = [&|| drop(home.write_session(SESSION, &calls)), &|| home.write(agent, &results)];
        let order = if results_first { [1, 0] } else { [0, 1] };
        for step in order {
            steps[step]();
            database.scan();
        }
        assert_eq!(tasks(&database), ["1 in_progress"]);
        std::fs::write(home.file(agent), "{}\n").unwrap();
        database.scan();
        assert_eq!(tasks(&database), ["1 completed"], "what the rewritten file said is said no more");
    }
}
