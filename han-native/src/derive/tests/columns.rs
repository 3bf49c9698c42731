//! What is read off a record: names, flags, usage, previews.

use serde_json::json;

use super::*;
use crate::derive::row::{Parent, TitleRow, Uuid};
use crate::model::TokenUsage;

#[test]
fn the_envelope_becomes_columns() {
    let row = row_of(&json!({
        "type": "assistant", "uuid": "00000000-0000-4000-8000-00000000000a", "parentUuid": "p1", "isSidechain": true,
        "cwd": "/home/ada/tool", "sessionId": "s1", "version": "2.1.30", "gitBranch": "main", "agentId": "a1",
        "timestamp": "2026-01-31T08:15:00.250Z", "message": {"role": "assistant", "model": "claude-x", "content": []},
    }));
    let mut bytes = [0; 16];
    (bytes[6], bytes[8], bytes[15]) = (0x40, 0x80, 10);
    assert_eq!(row.uuid, Some(Uuid::Bytes(bytes)));
    assert_eq!(row.parent, Some(Parent::Uuid(Uuid::Text("p1".to_owned()))));
    let names = [&row.cwd, &row.record_session, &row.version, &row.git_branch, &row.agent, &row.model];
    let expected = ["/home/ada/tool", "s1", "2.1.30", "main", "a1", "claude-x"];
    assert_eq!(names.map(Option::as_deref), expected.map(Some));
    assert_eq!(row.flags, flag::OWN_TIME | flag::SIDECHAIN | flag::ROLE_ASSISTANT | flag::TALK);
    assert_eq!(row.time, Some(1_769_847_300_250));
}

#[test]
fn types_and_subtypes_are_stored_known_or_not() {
    let cases = [
        (json!({"type": "system", "subtype": "turn_duration"}), "system", Some("turn_duration")),
        (json!({"type": "progress", "data": {"type": "bash_progress"}}), "progress", Some("bash_progress")),
        (json!({"type": "attachment", "attachment": {"type": "date_change"}}), "attachment", Some("date_change")),
        (json!({"type": "queue-operation", "operation": "dequeue"}), "queue-operation", Some("dequeue")),
        (json!({"type": "brand-new"}), "brand-new", None),
        (json!({"type": 5}), "unknown", None),
        (json!({}), "unknown", None),
    ];
    for (record, record_type, subtype) in cases {
        let row = row_of(&record);
        assert_eq!((row.record_type.as_str(), row.subtype.as_deref()), (record_type, subtype), "{record}");
    }
    let row = row_in(FileKind::Events, &json!({"type": "note", "text": "remember the milk"}));
    assert_eq!((row.record_type.as_str(), row.subtype.as_deref()), ("han_event", Some("note")));
    assert_eq!((row.preview.as_str(), row.flags), ("remember the milk", flag::SEARCHABLE));
}

#[test]
fn prompts_are_what_a_person_typed_into_the_main_file() {
    let user = |content: Value| json!({"type": "user", "message": {"role": "user", "content": content}});
    let with = |key: &str| {
        let mut record = user(json!("go on"));
        record[key] = json!(true);
        record
    };
    let cases = [
        (user(json!("fix the bug")), true),
        (user(json!([{"type": "text", "text": "fix the bug"}])), true),
        (user(json!([{"type": "image", "source": {"type": "base64", "data": "AAAA"}}])), true),
        (
            user(
                json!([{"type": "text", "text": "<ide_opened_file>x</ide_opened_file>"}, {"type": "text", "text": "why"}]),
            ),
            true,
        ),
        (user(json!("")), false),
        (user(json!([{"type": "tool_result", "tool_use_id": "t", "content": "x"}])), false),
        (user(json!("[Request interrupted by user for tool use]")), false),
        (user(json!("<command-message>init</command-message>")), false),
        (user(json!("<local-command-stdout></local-command-stdout>")), false),
        (user(json!("<task-notification>done</task-notification>")), false),
        (user(json!("<bash-input>ls</bash-input>")), false),
        (user(json!("This session is being continued from a previous conversation that")), false),
        (with("isMeta"), false),
        (with("isSidechain"), false),
        (with("isCompactSummary"), false),
        (json!({"type": "assistant", "message": {"content": "fix"}}), false),
    ];
    for (record, is_prompt) in cases {
        assert_eq!(row_of(&record).flags & flag::PROMPT != 0, is_prompt, "{record}");
    }
    let in_agent = row_in(FileKind::Agent, &user(json!("fix the bug")));
    assert_eq!((in_agent.flags & flag::PROMPT, in_agent.title), (0, None));
}

#[test]
fn usage_is_keyed_by_the_api_message() {
    let assistant = |uuid: Value, message: Value| json!({"type": "assistant", "uuid": uuid, "message": message});
    let usage = json!({"input_tokens": 1, "output_tokens": 2.0, "cache_read_input_tokens": null});
    let cases = [
        (assistant(json!("u"), json!({"id": "msg_1", "usage": usage})), Some(Some("msg_1"))),
        (assistant(json!("u"), json!({"usage": usage})), Some(Some("uuid:u"))),
        (assistant(json!(null), json!({"usage": usage})), Some(None)),
        (assistant(json!("u"), json!({"id": "m", "model": "<synthetic>", "usage": usage})), None),
        (assistant(json!("u"), json!({"id": "m", "usage": {}})), None),
        (assistant(json!("u"), json!({"id": "m", "usage": null})), None),
    ];
    for (record, expected) in cases {
        let usage = row_of(&record).usage;
        assert_eq!(usage.as_ref().map(|usage| usage.key.as_deref()), expected, "{record}");
    }
}

#[test]
fn the_split_of_cache_writes_is_trusted_only_if_it_sums_up() {
    let cases = [
        (
            json!({"cache_creation_input_tokens": 10, "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 6}}),
            (10, 4, 6),
        ),
        (
            json!({"cache_creation_input_tokens": 10, "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}}),
            (10, 10, 0),
        ),
        (json!({"cache_creation_input_tokens": 10}), (10, 10, 0)),
        (json!({"cache_creation": {"ephemeral_1h_input_tokens": 6}}), (6, 0, 6)),
        (json!({"cache_creation_input_tokens": -5, "input_tokens": 1e300}), (0, 0, 0)),
    ];
    for (usage, expected) in cases {
        let TokenUsage { cache_creation_tokens, cache_creation5m_tokens, cache_creation1h_tokens, .. } =
            row_of(&json!({"type": "assistant", "message": {"id": "m", "usage": usage}})).usage.unwrap().tokens;
        assert_eq!((cache_creation_tokens, cache_creation5m_tokens, cache_creation1h_tokens), expected, "{usage}");
    }
}

#[test]
fn a_carried_message_lends_its_usage_text_and_uuid() {
    let row = row_of(&json!({
        "type": "progress", "uuid": "outer", "data": {"type": "agent_progress", "agentId": "a1", "message": {
            "type": "assistant", "uuid": "inner", "message": {
                "role": "assistant", "id": "msg_1", "model": "claude-x", "usage": {"output_tokens": 5},
                "content": [{"type": "text", "text": "found it"}, {"type": "tool_use", "id": "t1", "name": "Read", "input": {}}],
            },
        }},
    }));
    assert_eq!(row.usage.unwrap().key.as_deref(), Some("msg_1"));
    assert_eq!((row.uuid, row.carried_uuid), (Some(Uuid::Text("outer".into())), Some(Uuid::Text("inner".into()))));
    assert_eq!(row.flags, flag::CARRIED_USAGE | flag::ROLE_ASSISTANT | flag::SEARCHABLE);
    assert_eq!(row.document, [(SearchField::Assistant, "found it".to_owned())]);
    assert_eq!((row.preview.as_str(), row.model.as_deref(), row.tool_calls.len()), ("found it", Some("claude-x"), 1));
}

#[test]
fn previews_say_what_a_record_says() {
    let call = |name: &str, input: Value| json!({"type": "assistant", "message": {"content": [{"type": "tool_use", "id": "t", "name": name, "input": input}]}});
    let result = |content: Value| json!({"type": "user", "message": {"content": [{"type": "tool_result", "tool_use_id": "t", "content": content}]}});
    let attachment = |attachment: Value| json!({"type": "attachment", "attachment": attachment});
    let progress = |data: Value| json!({"type": "progress", "data": data});
    let cases = [
        (call("Bash", json!({"command": "cargo  test\n", "description": "Runs tests"})), "Bash: cargo test"),
        (call("Read", json!({"file_path": "/a/b.rs", "limit": 5})), "Read: /a/b.rs"),
        (call("Grep", json!({"pattern": "fn main", "path": "/a"})), "Grep: fn main"),
        (call("Task", json!({"description": "Find it", "prompt": "Look everywhere"})), "Task: Find it"),
        (call("TodoWrite", json!({"todos": [{}, {}]})), "TodoWrite: 2 items"),
        (call("TaskUpdate", json!({"taskId": 3, "status": "completed"})), "TaskUpdate: #3 completed"),
        (call("mcp__x__y", json!({"deep": [{"z": "value"}]})), "mcp__x__y: value"),
        (call("ExitPlanMode", json!({})), "ExitPlanMode"),
        (result(json!("ok\nthen")), "ok then"),
        (result(json!([{"type": "text", "text": "listed"}])), "listed"),
        (result(json!("")), "(no output)"),
        (json!({"type": "file-history-snapshot", "snapshot": {}}), "file history snapshot"),
        (progress(json!({"type": "bash_progress", "output": ""})), "bash progress"),
        (json!({"type": "user", "message": {"content": ""}}), ""),
        (result(json!([{"type": "image", "source": {}}])), "[image]"),
        (
            json!({"type": "assistant", "message": {"content": [{"type": "thinking", "thinking": "hm", "signature": "s"}]}}),
            "hm",
        ),
        (
            json!({"type": "assistant", "message": {"content": [{"type": "thinking", "thinking": "", "signature": "s"}]}}),
            "[thinking]",
        ),
        (json!({"type": "user", "message": {"content": "<system-reminder>x</system-reminder>go"}}), "go"),
        (json!({"type": "summary", "summary": "All done"}), "All done"),
        (json!({"type": "custom-title", "customTitle": "My title"}), "My title"),
        (json!({"type": "mode", "mode": "plan"}), "plan"),
        (json!({"type": "permission-mode", "permissionMode": "acceptEdits"}), "acceptEdits"),
        (json!({"type": "last-prompt", "lastPrompt": "go on"}), "go on"),
        (
            json!({"type": "pr-link", "prNumber": 7, "prUrl": "https://example.org/pull/7"}),
            "#7 https://example.org/pull/7",
        ),
        (json!({"type": "queue-operation", "operation": "enqueue", "content": "and then"}), "and then"),
        (json!({"type": "queue-operation", "operation": "dequeue"}), "dequeue"),
        (json!({"type": "system", "subtype": "turn_duration", "durationMs": 52_966}), "turn duration: 53.0 s"),
        (
            json!({"type": "system", "subtype": "compact_boundary", "content": "Conversation compacted"}),
            "Conversation compacted",
        ),
        (
            json!({"type": "system", "subtype": "stop_hook_summary", "hookInfos": [{"command": "lint"}]}),
            "stop_hook_summary: lint",
        ),
        (progress(json!({"type": "bash_progress", "output": "[ 10%]"})), "[ 10%]"),
        (progress(json!({"type": "hook_progress", "hookName": "Stop:x", "command": "lint"})), "Stop:x: lint"),
        (
            progress(json!({"type": "mcp_progress", "serverName": "db", "toolName": "query", "status": "started"})),
            "db query started",
        ),
        (progress(json!({"type": "query_update", "query": "rust"})), "rust"),
        (attachment(json!({"type": "queued_command", "prompt": "next"})), "next"),
        (
            attachment(json!({"type": "hook_success", "hookName": "PreToolUse:Bash", "command": "lint"})),
            "PreToolUse:Bash: lint",
        ),
        (
            attachment(json!({"type": "edited_text_file", "filename": "/a.rs", "snippet": "x"})),
            "edited_text_file: /a.rs",
        ),
        (json!({"type": "brand-new", "note": {"text": "hello"}}), "hello"),
        (json!({"type": "tools-used", "tools": ["Bash", "Read"]}), "tools used: Bash, Read"),
        (json!({"type": "agent-setting", "agentSetting": "reviewer"}), "agent: reviewer"),
        (json!({"type": "atis-latch", "atis": ""}), "atis latch"),
        (
            json!({"type": "system", "subtype": "local_command", "commandRun": {"command": "cost", "args": ""},
                "content": "<local-command-stdout>Free</local-command-stdout>"}),
            "/cost Free",
        ),
        (
            attachment(
                json!({"type": "hook_blocking_error", "hookName": "Stop", "blockingError": {"blockingError": "not yet"}}),
            ),
            "Stop: not yet",
        ),
        (
            json!({"type": "assistant", "message": {"content": [{"type": "code_execution_tool_result", "tool_use_id": "t",
                "content": {"type": "code_execution_result", "stdout": "sown"}}]}}),
            "sown",
        ),
    ];
    for (record, expected) in cases {
        assert_eq!(row_of(&record).preview, expected, "{record}");
    }
}

#[test]
fn titles_have_ranks() {
    let cases = [
        (json!({"type": "custom-title", "customTitle": " Mine "}), Some((0, "Mine"))),
        (json!({"type": "agent-name", "agentName": "reviewer"}), Some((1, "reviewer"))),
        (json!({"type": "ai-title", "aiTitle": "Made up"}), Some((2, "Made up"))),
        (json!({"type": "ai-title", "aiTitle": ""}), None),
        (json!({"type": "ai-title", "aiTitle": 5}), None),
        (json!({"type": "user", "message": {"content": "x".repeat(200)}}), Some((4, &"x".repeat(120)))),
    ];
    for (record, expected) in cases {
        let expected = expected.map(|(rank, title): (_, &str)| TitleRow { rank, title: title.to_owned() });
        assert_eq!(row_of(&record).title, expected, "{record}");
    }
}
