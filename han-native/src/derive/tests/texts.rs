//! What is searchable, in which field, and what never is.

use serde_json::json;

use super::*;

/// The words of the document of a record, by field.
fn document(record: &Value) -> Vec<(SearchField, String)> {
    let words = |text: &str| {
        let mut words = Vec::new();
        tokens::for_each_token(text, &mut |token| words.push(token.folded.into_owned()));
        words.join(" ")
    };
    row_of(record).document.iter().map(|(field, text)| (*field, words(text))).collect()
}

#[test]
fn texts_stand_in_their_fields() {
    use SearchField::{Assistant, Other, Thinking, Title, ToolInput, ToolOutput, User};
    let assistant = |block: Value| json!({"type": "assistant", "message": {"content": [block]}});
    let user = |content: Value| json!({"type": "user", "message": {"content": content}});
    let result = |content: Value| user(json!([{"type": "tool_result", "tool_use_id": "t", "content": content}]));
    let attachment = |attachment: Value| json!({"type": "attachment", "attachment": attachment});
    let cases = [
        (user(json!("Fix it")), vec![(User, "fix it")]),
        (user(json!([{"type": "text", "text": "Fix"}, {"type": "text", "text": "it"}])), vec![(User, "fix it")]),
        (
            assistant(
                json!({"type": "text", "text": "See", "citations": [{"type": "c", "title": "Leeks", "encrypted_index": "x"}]}),
            ),
            vec![(Assistant, "see"), (Other, "leeks")],
        ),
        (
            assistant(json!({"type": "web_search_tool_result", "tool_use_id": "t", "content": [
                {"type": "web_search_result", "title": "Leeks", "url": "https://a.example", "encrypted_content": "QUJD"}]})),
            vec![(ToolOutput, "leeks https a example")],
        ),
        (
            assistant(json!({"type": "code_execution_tool_result", "tool_use_id": "t", "content":
                {"type": "code_execution_result", "stdout": "sown", "stderr": "dry", "return_code": 0, "content": []}})),
            vec![(ToolOutput, "dry sown")],
        ),
        (
            assistant(
                json!({"type": "web_fetch_tool_result", "tool_use_id": "t", "content": {"type": "web_fetch_result",
                "content": {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a page"}, "title": "T"}}}),
            ),
            vec![(ToolOutput, "a page t")],
        ),
        (
            user(
                json!([{"type": "document", "title": "Plan", "source": {"type": "text", "media_type": "text/plain", "data": "beds"}},
                {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "QUJD"}}]),
            ),
            vec![(Other, "beds plan")],
        ),
        (assistant(json!({"type": "brand_new", "id": "x", "deep": [{"er": "words"}]})), vec![(Other, "words")]),
        (
            result(
                json!([{"type": "resource", "resource": {"uri": "u:1", "mimeType": "text/plain", "text": "seeds", "blob": "QUJD"}}]),
            ),
            vec![(ToolOutput, "seeds u 1")],
        ),
        (result(json!({"type": "odd", "answer": {"kind": "rain"}})), vec![(ToolOutput, "rain")]),
        (result(json!("\u{1b}[31mBRO\u{1b}[0mKEN")), vec![(ToolOutput, "broken")]),
        (
            json!({"type": "user", "mcpMeta": {"structuredContent": {"x": "inner"}}, "message": {"content": [
                {"type": "tool_result", "tool_use_id": "t", "content": "outer"}]}}),
            vec![(ToolOutput, "outer inner")],
        ),
        (
            json!({"type": "user", "toolUseResult": {"structuredContent": {"x": "inner"}}, "message": {"content": [
                {"type": "tool_result", "tool_use_id": "t", "content": "outer"}]}}),
            vec![(ToolOutput, "outer inner")],
        ),
        (
            json!({"type": "attachment", "attachment": {"type": "date", "date": "May"}, "renderedRole": "user",
                "rendered": [{"content": "It is May"}]}),
            vec![(Other, "may")],
        ),
        (json!({"type": "queue-operation", "operation": "popAll", "content": "not this"}), vec![(Other, "not this")]),
        (json!({"type": "queue-operation", "operation": "remove", "content": "x"}), vec![]),
        (json!({"type": "tools-used", "tools": ["Bash"]}), vec![]),
        (json!({"type": "tag", "tag": "spring"}), vec![(Other, "spring")]),
        (user(json!("<command-name>/clear</command-name>")), vec![(Other, "command name clear command name")]),
        (json!({"type": "user", "isMeta": true, "message": {"content": "note"}}), vec![(Other, "note")]),
        (json!({"type": "user", "isCompactSummary": true, "message": {"content": "so far"}}), vec![(Other, "so far")]),
        (assistant(json!({"type": "text", "text": "Done"})), vec![(Assistant, "done")]),
        (assistant(json!({"type": "thinking", "thinking": "Hm", "signature": "c2ln"})), vec![(Thinking, "hm")]),
        (
            assistant(
                json!({"type": "tool_use", "id": "t", "name": "Edit", "input": {"file_path": "/a/b_c.rs", "n": 5, "l": ["x", {"k": "y"}]}}),
            ),
            vec![(ToolInput, "a b c rs x y")],
        ),
        (result(json!("out put")), vec![(ToolOutput, "out put")]),
        (
            result(
                json!([{"type": "text", "text": "one"}, {"type": "image", "source": {"type": "base64", "data": "QUJD"}}]),
            ),
            vec![(ToolOutput, "one")],
        ),
        (json!({"type": "queue-operation", "operation": "enqueue", "content": "then this"}), vec![(User, "then this")]),
        (
            attachment(json!({"type": "queued_command", "prompt": [{"type": "text", "text": "and"}]})),
            vec![(User, "and")],
        ),
        (attachment(json!({"type": "task_reminder", "content": [{"subject": "buy milk"}]})), vec![(Other, "buy milk")]),
        (json!({"type": "custom-title", "customTitle": "One"}), vec![(Title, "one")]),
        (json!({"type": "agent-name", "agentName": "Two"}), vec![(Title, "two")]),
        (json!({"type": "ai-title", "aiTitle": "Three"}), vec![(Title, "three")]),
        (json!({"type": "summary", "summary": "Four", "leafUuid": "u"}), vec![(Title, "four")]),
        (
            json!({"type": "system", "subtype": "informational", "content": "Careful", "uuid": "u", "cwd": "/x"}),
            vec![(Other, "careful")],
        ),
        (json!({"type": "brand-new", "sessionId": "s", "deep": {"er": ["leaf"]}}), vec![(Other, "leaf")]),
        (json!({"type": "last-prompt", "lastPrompt": "go"}), vec![]),
        (json!({"type": "mode", "mode": "plan"}), vec![]),
        (
            json!({"type": "file-history-snapshot", "snapshot": {"trackedFileBackups": {"/a": {"backupFileName": "x"}}}}),
            vec![],
        ),
        (json!({"type": "progress", "data": {"type": "bash_progress", "output": "x", "fullOutput": "x"}}), vec![]),
        (json!({"type": "progress", "data": {"type": "brand_new", "line": "x"}}), vec![(Other, "x")]),
    ];
    for (record, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|(field, text)| (field, text.to_owned())).collect();
        assert_eq!(document(&record), expected, "{record}");
    }
}

#[test]
fn the_structured_result_counts_only_where_the_text_does_not_say_it() {
    let structured =
        json!({"stdout": "structured", "originalFile": "never", "structuredPatch": [{"lines": ["+never"]}]});
    let with_content = |content: Value| {
        json!({"type": "user", "toolUseResult": structured,
            "message": {"content": [{"type": "tool_result", "tool_use_id": "t", "content": content}]}})
    };
    let cases = [
        (with_content(json!("said")), "said"),
        (with_content(json!("")), "structured"),
        (with_content(json!(null)), "structured"),
        (with_content(json!("<persisted-output>\nstub")), "persisted output stub structured"),
        (json!({"type": "user", "toolUseResult": structured, "message": {"content": []}}), "structured"),
    ];
    for (record, expected) in cases {
        assert_eq!(document(&record), [(SearchField::ToolOutput, expected.to_owned())], "{record}");
    }
}

fn with_spill(path: &str, spill: impl Fn() -> Spill) -> (MessageRow, Vec<String>) {
    let record = json!({"type": "user", "toolUseResult": {"persistedOutputPath": path},
        "message": {"content": [{"type": "tool_result", "tool_use_id": "t", "content": "<persisted-output>"}]}});
    let (mut rows, mut asked) = (LineRows::default(), Vec::new());
    let bytes = record.to_string().into_bytes();
    let line = Line { bytes: &bytes, number: 1, offset: 0, is_terminated: true };
    let mut read = |name: &str| {
        asked.push(name.to_owned());
        spill()
    };
    derive_line(&line, FileKind::Main, &mut Carry::default(), &mut read, &mut rows);
    (rows.messages.remove(0), asked)
}

#[test]
fn spilled_output_is_searchable_and_its_absence_a_note() {
    let (row, asked) = with_spill("/x/tool-results/t1.txt", || Spill::Text { text: "far away".into(), is_cut: true });
    assert_eq!(asked, ["t1.txt"]);
    assert_eq!(row.tool_results[0].spill.as_deref(), Some("t1.txt"));
    assert_eq!(row.document, [(SearchField::ToolOutput, "<persisted-output>\nfar away".to_owned())]);
    assert_eq!(row.notes[0].0, ProblemKind::TextTruncated);

    let (row, _) = with_spill("/x/t1.txt", || Spill::Missing);
    assert_eq!(row.notes[0].0, ProblemKind::SpillMissing);
    let (row, _) = with_spill("/x/t1.txt", || Spill::TooLarge { bytes: 70 << 20 });
    assert_eq!(row.notes[0].0, ProblemKind::SpillTooLarge);
    let (row, asked) = with_spill("/etc/passwd", || Spill::Missing);
    assert_eq!((row.tool_results[0].spill.as_deref(), asked.len(), row.notes.len()), (None, 0, 0));
}

#[test]
fn long_text_is_cut_at_a_character_with_one_note() {
    let row = row_of(&json!({"type": "assistant", "message": {"content": [
        {"type": "text", "text": "é ".repeat(1 << 20)}, {"type": "text", "text": "lost"}]}}));
    assert_eq!(row.notes.len(), 1);
    assert_eq!(row.notes[0].0, ProblemKind::TextTruncated);
    let (field, text) = &row.document[0];
    assert_eq!((*field, text.contains("lost")), (SearchField::Assistant, false));
    assert!(text.len() > (1 << 20) / 3);
}

#[test]
fn a_message_of_too_many_blocks_says_so() {
    for (count, notes) in [(10_000, 0), (10_001, 1)] {
        let blocks: Vec<_> = (1..=count).map(|number| json!({"type": "text", "text": number.to_string()})).collect();
        let row = row_of(&json!({"type": "assistant", "message": {"content": blocks}}));
        assert!(row.document[0].1.ends_with("10000"));
        let kinds: Vec<ProblemKind> = row.notes.iter().map(|note| note.0).collect();
        assert_eq!(kinds, vec![ProblemKind::TextTruncated; notes], "{count} blocks");
    }
}

#[test]
fn base64_is_no_text() {
    let blob = "QUJDRA".repeat(100);
    let record = json!({"type": "brand-new", "a": blob, "b": format!("data:image/png;base64,{blob}"), "c": "word"});
    assert_eq!(document(&record), [(SearchField::Other, "word".to_owned())]);
}

#[test]
fn snippet_texts_are_those_that_are_indexed() {
    let record = json!({"type": "assistant", "message": {"content": [
        {"type": "thinking", "thinking": "Hm, Wait"}, {"type": "text", "text": "Done: a_b"}]}});
    let bytes = record.to_string().into_bytes();
    let texts = searchable_texts(&bytes, FileKind::Main, &mut |_| Spill::Missing);
    let expected = [(SearchField::Assistant, "Done: a_b"), (SearchField::Thinking, "Hm, Wait")];
    assert_eq!(texts, expected.map(|(field, text)| (field, text.to_owned())));
    let fed: Vec<_> = texts.iter().map(|(field, text)| (*field, tokens::document(text.clone()))).collect();
    assert_eq!(fed, row_of(&record).document);
    assert_eq!(searchable_texts(b"[]", FileKind::Main, &mut |_| Spill::Missing), []);
}
