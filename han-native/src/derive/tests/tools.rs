//! Calls, results and file changes.

use serde_json::json;

use super::*;
use crate::derive::row::{FileChangeRow, ToolCallRow, ToolResultRow};

fn result_row(tool_use_result: Value) -> MessageRow {
    row_of(&json!({
        "type": "user", "toolUseResult": tool_use_result,
        "message": {"content": [{"type": "tool_result", "tool_use_id": "t1", "content": "ok"}]},
    }))
}

#[test]
fn calls_and_results_keep_their_order() {
    let row = row_of(&json!({"type": "assistant", "message": {"content": [
        {"type": "tool_use", "id": "t1", "name": "Bash", "input": {}},
        {"type": "tool_use", "name": "NoId", "input": {}},
        {"type": "server_tool_use", "id": "t2", "name": "web_search", "input": {"query": "x"}},
    ]}}));
    let call = |id: &str, name: &str| ToolCallRow { tool_use_id: id.to_owned(), name: name.to_owned() };
    assert_eq!(row.tool_calls, [call("t1", "Bash"), call("t2", "web_search")]);

    let row = row_of(&json!({"type": "user", "message": {"content": [
        {"type": "text", "text": "also"},
        {"type": "tool_result", "tool_use_id": "t1", "content": "no", "is_error": true},
        {"type": "tool_result", "tool_use_id": "t2", "content": "yes"},
    ]}}));
    let result = |id: &str, is_error| ToolResultRow { tool_use_id: id.to_owned(), is_error, spill: None };
    assert_eq!(row.tool_results, [result("t1", true), result("t2", false)]);
    assert!(row.flags & flag::ERROR != 0);
}

#[test]
fn api_errors_are_errors() {
    for record in [
        json!({"type": "assistant", "isApiErrorMessage": true, "message": {"content": "overloaded"}}),
        json!({"type": "system", "subtype": "api_error", "error": {"status": 529}}),
    ] {
        assert!(row_of(&record).flags & flag::ERROR != 0, "{record}");
    }
}

#[test]
fn changes_are_told_by_the_shape_of_the_result() {
    let patch = json!([{"oldStart": 1, "lines": [" a", "-b", "+c", "+d"]}, {"lines": ["+e", "\\ No newline"]}]);
    let cases = [
        (
            json!({"filePath": "/a", "oldString": "b", "newString": "c\nd", "originalFile": "x", "structuredPatch": patch}),
            Some(("Edit", "update", 3, 1)),
        ),
        (
            json!({"filePath": "/a", "oldString": "b\nb", "newString": "c", "originalFile": "x"}),
            Some(("Edit", "update", 1, 2)),
        ),
        (
            json!({"filePath": "/a", "oldString": "", "newString": "1\n2\n", "originalFile": null, "structuredPatch": []}),
            Some(("Edit", "create", 2, 0)),
        ),
        (
            json!({"type": "create", "filePath": "/a", "content": "1\n2\n3", "structuredPatch": [], "originalFile": null}),
            Some(("Write", "create", 3, 0)),
        ),
        (json!({"type": "create", "filePath": "/a", "content": ""}), Some(("Write", "create", 0, 0))),
        (
            json!({"type": "update", "filePath": "/a", "content": "c\nd\n", "structuredPatch": patch}),
            Some(("Write", "update", 3, 1)),
        ),
        (
            json!({"type": "update", "filePath": "/a", "content": "c\nd\n", "originalFile": "x\n"}),
            Some(("Write", "update", 2, 1)),
        ),
        (
            json!({"filePath": "/a", "edits": [{"old_string": "a", "new_string": "b"}], "structuredPatch": patch}),
            Some(("MultiEdit", "update", 3, 1)),
        ),
        (
            json!({"filePath": "/a", "edits": [{"old_string": "a", "new_string": "b\nc"}, {"old_string": "d", "new_string": ""}]}),
            Some(("MultiEdit", "update", 2, 2)),
        ),
        (
            json!({"notebook_path": "/a", "new_source": "x = 1\ny", "edit_mode": "replace", "cell_id": "c"}),
            Some(("NotebookEdit", "update", 2, 0)),
        ),
        (
            json!({"notebook_path": "/a", "new_source": "x", "edit_mode": "delete"}),
            Some(("NotebookEdit", "update", 0, 0)),
        ),
        (json!({"notebook_path": "/a", "new_source": "x", "error": "no such cell"}), None),
        (json!({"type": "text", "file": {"filePath": "/a", "content": "x"}}), None),
        (json!({"filePath": "/plan.md", "plan": "think"}), None),
        (json!("Error: not found"), None),
        (json!([{"type": "text", "text": "x"}]), None),
        (json!({"stdout": "", "stderr": ""}), None),
    ];
    for (result, expected) in cases {
        let expected: Vec<FileChangeRow> = expected
            .into_iter()
            .map(|(tool, action, lines_added, lines_removed)| FileChangeRow {
                path: "/a".to_owned(),
                action,
                lines_added,
                lines_removed,
                tool: tool.to_owned(),
            })
            .collect();
        assert_eq!(result_row(result.clone()).file_changes, expected, "{result}");
    }
}

#[test]
fn a_failed_call_changes_nothing() {
    let row = row_of(&json!({
        "type": "user", "toolUseResult": {"type": "create", "filePath": "/a", "content": "x"},
        "message": {"content": [{"type": "tool_result", "tool_use_id": "t1", "content": "no", "is_error": true}]},
    }));
    assert_eq!(row.file_changes, []);
}
