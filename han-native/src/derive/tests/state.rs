//! Todos, tasks, hooks and summaries.

use serde_json::json;

use super::*;
use crate::derive::row::{HookKey, HookRow, SummaryRow, TaskEventRow, Uuid};

#[test]
fn todo_lists_come_from_results_calls_and_prompts() {
    let item = json!({"content": "Write", "status": "pending", "activeForm": "Writing", "id": 1});
    let old = json!({"content": "Old", "status": "completed"});
    let call = json!([{"type": "tool_use", "id": "t", "name": "TodoWrite", "input": {"todos": [item]}}]);
    let expected = json!([{"content": "Write", "status": "pending", "activeForm": "Writing"}]);
    let cases = [
        (
            json!({"type": "user", "toolUseResult": {"oldTodos": [old], "newTodos": [item]}, "message": {}}),
            Some(expected.clone()),
        ),
        (json!({"type": "assistant", "message": {"content": call}}), Some(expected.clone())),
        (json!({"type": "user", "todos": [item], "message": {"content": "go"}}), Some(expected)),
        (json!({"type": "user", "todos": [], "message": {"content": "go"}}), Some(json!([]))),
        (json!({"type": "user", "toolUseResult": {"newTodos": "none"}, "message": {}}), None),
        (json!({"type": "user", "message": {"content": "go"}}), None),
    ];
    for (record, expected) in cases {
        let todos = row_of(&record).todos.map(|todos| serde_json::from_str::<Value>(&todos).unwrap());
        assert_eq!(todos, expected, "{record}");
    }
}

fn events(record: &Value) -> Vec<(String, Value)> {
    let events = row_of(record).task_events.into_iter();
    events.map(|event| (event.task_id, serde_json::from_str(&event.patch).unwrap())).collect()
}

#[test]
fn tasks_are_created_by_call_and_result() {
    let call = json!({"type": "assistant", "message": {"content": [{"type": "tool_use", "id": "t1", "name": "TaskCreate",
        "input": {"subject": "Build", "description": "All of it", "activeForm": "Building"}}]}});
    let patch = json!({"subject": "Build", "description": "All of it", "activeForm": "Building"});
    assert_eq!(events(&call), [("call:t1".to_owned(), patch)]);

    let result = json!({"type": "user", "toolUseResult": {"task": {"id": 7, "subject": "Build"}},
        "message": {"content": [{"type": "tool_result", "tool_use_id": "t1", "content": "Task #7 created"}]}});
    assert_eq!(events(&result), [("7".to_owned(), json!({"created": true, "subject": "Build", "call": "t1"}))]);
}

#[test]
fn task_updates_and_lists_patch_tasks() {
    let update = json!({"type": "assistant", "message": {"content": [{"type": "tool_use", "id": "t2", "name": "TaskUpdate",
        "input": {"taskId": "7", "status": "in_progress", "owner": "ada", "addBlockedBy": ["1", 2], "addBlocks": ["9"]}}]}});
    assert_eq!(
        events(&update),
        [
            ("7".to_owned(), json!({"status": "in_progress", "owner": "ada", "addBlockedBy": ["1", "2"]})),
            ("9".to_owned(), json!({"addBlockedBy": ["7"]})),
        ]
    );
    let list = json!({"type": "user", "message": {}, "toolUseResult": {"tasks": [
        {"id": "1", "subject": "A", "status": "completed", "blockedBy": []}, {"subject": "no id"}]}});
    assert_eq!(events(&list), [("1".to_owned(), json!({"subject": "A", "status": "completed", "blockedBy": []}))]);
    let job = json!({"type": "user", "message": {}, "toolUseResult": {"retrieval_status": "ok", "task": {"id": "b1", "status": "running"}}});
    assert_eq!(events(&job), []);
}

#[test]
fn a_task_event_names_its_call_and_a_failed_result_shows_nothing() {
    let source = |record: &Value| -> Vec<(Option<String>, bool)> {
        let events: Vec<TaskEventRow> = row_of(record).task_events;
        events.into_iter().map(|event| (event.tool_use_id, event.is_call)).collect()
    };
    let update = json!({"type": "assistant", "message": {"content": [{"type": "tool_use", "id": "t2", "name": "TaskUpdate",
        "input": {"taskId": "7", "status": "completed"}}]}});
    assert_eq!(source(&update), [(Some("t2".to_owned()), true)]);
    let answer = |is_error: bool, result: Value| {
        json!({"type": "user", "toolUseResult": result, "message": {"content": [
            {"type": "tool_result", "tool_use_id": "t2", "is_error": is_error}]}})
    };
    let task = json!({"id": "7", "status": "completed"});
    let listed = answer(false, json!({"tasks": [task]}));
    assert_eq!(source(&listed), [(Some("t2".to_owned()), false)]);
    assert_eq!(source(&answer(true, json!({"tasks": [task], "task": task}))), []);
    assert_eq!(events(&answer(false, json!({"success": true, "taskId": "7"}))), []);
    let refused = answer(false, json!({"success": false, "taskId": "7"}));
    assert_eq!(events(&refused), [("7".to_owned(), json!({"refused": true}))]);
}

#[test]
fn lines_of_one_occurrence_of_an_event_have_one_key() {
    let attached = |event: &str, id: Value| {
        row_of(
            &json!({"type": "attachment", "attachment": {"type": "hook_success", "hookEvent": event, "toolUseID": id}}),
        )
        .hooks
        .remove(0)
        .key
    };
    let progress =
        row_of(&json!({"type": "progress", "toolUseID": "a", "data": {"type": "hook_progress", "hookEvent": "Stop"}}));
    let summary =
        row_of(&json!({"type": "system", "subtype": "stop_hook_summary", "toolUseID": "a", "hookInfos": [{}]}));
    let stop = attached("Stop", json!("a"));
    assert!(matches!(stop, HookKey::Id(_)));
    assert_eq!((progress.hooks[0].key, summary.hooks[0].key), (stop, stop));
    assert_ne!(attached("Stop", json!("b")), stop);
    assert_ne!(attached("PostToolUse", json!("a")), stop);
    assert_eq!(attached("Stop", json!(null)), HookKey::None);
    let start = attached("SessionStart", json!("a"));
    assert!(matches!(start, HookKey::Turn(_)));
    assert_eq!(attached("SessionStart", json!("SessionStart")), start);
    assert!(matches!(attached("Other", json!("Other")), HookKey::Turn(_)));
}

#[test]
fn a_worktree_is_told_once_until_it_changes() {
    let mut carry = Carry::default();
    let mut told = |worktree: Value| {
        let record = json!({"type": "worktree-state", "worktreeSession": worktree});
        let row = derive(record.to_string().as_bytes(), FileKind::Main, &mut carry).messages.remove(0);
        row.worktree.map(|worktree| (worktree.path, worktree.original_path))
    };
    let tree = |path: &str| json!({"worktreePath": path, "originalCwd": "/src"});
    let pair = |path: &str| Some((path.to_owned(), "/src".to_owned()));
    assert_eq!(told(tree("/a")), pair("/a"));
    assert_eq!(told(tree("/a")), None);
    assert_eq!(told(json!(null)), None);
    assert_eq!(told(json!({"worktreePath": "/a"})), None);
    assert_eq!(told(tree("/b")), pair("/b"));
    assert_eq!(told(tree("/a")), pair("/a"));
}

#[test]
fn hooks_come_from_three_kinds_of_records() {
    let summary = json!({"type": "system", "subtype": "stop_hook_summary",
        "hookInfos": [{"command": "lint", "durationMs": 12.7}, {"command": "test"}], "hookErrors": ["test: exit 2"]});
    let hook = |event: &str| HookRow { event: event.to_owned(), ..HookRow::default() };
    let of_kind = |kind: &str, row: HookRow| HookRow { kind: kind.to_owned(), ..row };
    let named = |event: &str, name: &str, command: &str| HookRow {
        name: Some(name.to_owned()),
        command: Some(command.to_owned()),
        ..hook(event)
    };
    let at_stop = |event: &str| {
        [
            HookRow { command: Some("lint".to_owned()), duration_ms: Some(12), ..hook(event) },
            HookRow { command: Some("test".to_owned()), is_error: true, ..hook(event) },
        ]
        .map(|row| of_kind("stop_hook_summary", row))
    };
    assert_eq!(row_of(&summary).hooks, at_stop("Stop"));
    assert_eq!(row_in(FileKind::Agent, &summary).hooks, at_stop("SubagentStop"));

    let progress = json!({"type": "progress",
        "data": {"type": "hook_progress", "hookEvent": "SessionStart", "hookName": "SessionStart:startup", "command": "hello"}});
    let start = named("SessionStart", "SessionStart:startup", "hello");
    assert_eq!(row_of(&progress).hooks, [of_kind("hook_progress", start)]);

    let attached = |kind: &str, exit_code: Value| {
        row_of(&json!({"type": "attachment", "attachment": {"type": kind, "hookName": "PreToolUse:Bash", "command": "guard",
            "durationMs": 5, "exitCode": exit_code}}))
        .hooks
    };
    let guard = HookRow { duration_ms: Some(5), exit_code: Some(0), ..named("PreToolUse", "PreToolUse:Bash", "guard") };
    let guard = of_kind("hook_success", guard);
    assert_eq!(attached("hook_success", json!(0)), std::slice::from_ref(&guard));
    let failed = HookRow { exit_code: Some(1), is_error: true, ..guard.clone() };
    assert_eq!(attached("hook_success", json!(1)), [failed]);
    let blocked = HookRow { exit_code: None, is_error: true, ..of_kind("hook_blocking_error", guard) };
    assert_eq!(attached("hook_blocking_error", json!(null)), [blocked]);
    assert_eq!(attached("date_change", json!(null)), []);
}

#[test]
fn summaries_are_of_three_kinds() {
    let row = |kind, leaf: Option<&str>, text: &str| {
        Some(SummaryRow { kind, leaf_uuid: leaf.map(|leaf| Uuid::Text(leaf.to_owned())), text: text.to_owned() })
    };
    let cases = [
        (json!({"type": "summary", "summary": "Fixed it", "leafUuid": "u1"}), row("summary", Some("u1"), "Fixed it")),
        (json!({"type": "summary", "summary": " "}), None),
        (
            json!({"type": "user", "isCompactSummary": true, "message": {"content": [{"type": "text", "text": "So far"}]}}),
            row("compaction", None, "So far"),
        ),
        (json!({"type": "system", "subtype": "away_summary", "content": "Meanwhile"}), row("away", None, "Meanwhile")),
        (json!({"type": "system", "subtype": "informational", "content": "x"}), None),
    ];
    for (record, expected) in cases {
        assert_eq!(row_of(&record).summary, expected, "{record}");
    }
}
