//! What is typed while the agent works is one prompt, wherever its text is, and however the file is read.

use serde_json::json;

use super::*;

fn enqueue(text: &str) -> Value {
    json!({"type": "queue-operation", "operation": "enqueue", "content": text})
}

fn operation(operation: &str) -> Value {
    json!({"type": "queue-operation", "operation": operation})
}

fn user(text: &str) -> Value {
    json!({"type": "user", "message": {"role": "user", "content": text}})
}

fn attached(prompt: Value, mode: &str) -> Value {
    json!({"type": "attachment", "attachment": {"type": "queued_command", "prompt": prompt, "commandMode": mode}})
}

fn says(text: &str) -> Value {
    json!({"type": "assistant", "message": {"role": "assistant", "content": [{"type": "text", "text": text}]}})
}

fn calls() -> Value {
    json!({"type": "assistant", "message": {"role": "assistant", "content": [
        {"type": "tool_use", "id": "t", "name": "Bash", "input": {}}]}})
}

fn returns() -> Value {
    json!({"type": "user", "message": {"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": "t", "content": "done"}]}})
}

/// The rows of these lines, read in pieces that end after these lines.
fn rows(records: &[Value], ends: &[usize]) -> Vec<MessageRow> {
    let (mut carry, mut messages, mut rows) = (Carry::default(), LineRows::default(), LineRows::default());
    for (index, record) in records.iter().enumerate() {
        let bytes = record.to_string().into_bytes();
        let line = Line { bytes: &bytes, number: index as i64 + 1, offset: 0, is_terminated: true };
        derive_line(&line, FileKind::Main, &mut carry, &mut |_| Spill::Missing, &mut rows);
        if ends.contains(&(index + 1)) || index + 1 == records.len() {
            let piece = std::mem::take(&mut rows);
            piece.taken_back.into_iter().for_each(|place| messages.take_back(place));
            messages.messages.extend(piece.messages);
            carry = Carry::from_bytes(&carry.to_bytes());
        }
    }
    assert_eq!(messages.taken_back, [], "only known rows are taken back");
    messages.messages
}

/// The lines that are prompts.
fn prompts(rows: &[MessageRow]) -> Vec<i64> {
    rows.iter().filter(|row| row.flags & flag::PROMPT != 0).map(|row| row.line).collect()
}

#[test]
fn each_text_that_waited_is_one_prompt() {
    let notification = "<task-notification><task-id>b1</task-id></task-notification>";
    let cases: Vec<(&str, Vec<Value>, Vec<i64>)> = vec![
        ("between turns", vec![enqueue("sow"), operation("dequeue"), user("sow")], vec![3]),
        (
            "sent as an attachment, before it leaves the queue and after",
            vec![
                user("dig"),
                calls(),
                enqueue("sow"),
                enqueue("reap"),
                returns(),
                attached(json!("sow"), "prompt"),
                operation("remove"),
                operation("remove"),
                attached(json!([{"type": "text", "text": "reap"}]), "prompt"),
                says("well"),
            ],
            vec![1, 6, 9],
        ),
        (
            "sent, with nothing that says so",
            vec![user("dig"), calls(), enqueue("sow"), operation("remove"), returns(), says("well")],
            vec![1, 3],
        ),
        (
            "sent in the turn, with nothing that says so but the queue",
            vec![user("dig"), calls(), enqueue("sow"), operation("dequeue"), returns(), says("well")],
            vec![1, 3],
        ),
        (
            "several in one",
            vec![
                user("dig"),
                calls(),
                enqueue("sow"),
                enqueue("reap"),
                returns(),
                operation("dequeue"),
                operation("dequeue"),
                user("reap\nsow"),
            ],
            vec![1, 8],
        ),
        (
            "withdrawn",
            vec![
                user("dig"),
                calls(),
                enqueue("sow"),
                json!({"type": "queue-operation", "operation": "popAll", "content": "sow"}),
            ],
            vec![1],
        ),
        (
            "withdrawn one by one",
            vec![
                user("dig"),
                enqueue("sow"),
                enqueue("reap"),
                json!({"type": "queue-operation", "operation": "remove", "content": "reap", "reason": "cancelled"}),
            ],
            vec![1, 2],
        ),
        ("still waiting", vec![user("dig"), calls(), enqueue("sow")], vec![1, 3]),
        ("refused", vec![user("dig"), says("well"), enqueue("sow"), operation("dequeue")], vec![1]),
        (
            "notifications",
            vec![
                user("dig"),
                calls(),
                enqueue(notification),
                operation("remove"),
                attached(json!(notification), "task-notification"),
                enqueue(notification),
                operation("dequeue"),
                user(notification),
            ],
            vec![1],
        ),
        (
            "the same words twice",
            vec![
                user("dig"),
                calls(),
                enqueue("go on"),
                operation("remove"),
                returns(),
                says("well"),
                enqueue("go on"),
                operation("dequeue"),
                user("go on"),
            ],
            vec![1, 3, 9],
        ),
        (
            "the same words at once",
            vec![
                user("dig"),
                calls(),
                enqueue("go"),
                enqueue("go"),
                attached(json!("go"), "prompt"),
                operation("remove"),
            ],
            vec![1, 4, 5],
        ),
        (
            "a command of the agent program",
            vec![
                user("dig"),
                calls(),
                enqueue("/model small"),
                operation("dequeue"),
                user("<command-name>/model</command-name><command-args>small</command-args>"),
            ],
            vec![1],
        ),
        (
            "a command that a notice shows",
            vec![
                user("dig"),
                calls(),
                enqueue("/cost"),
                operation("dequeue"),
                json!({"type": "system", "subtype": "local_command", "content": "", "commandRun": {"command": "cost", "args": ""}}),
            ],
            vec![1],
        ),
        (
            "a command that starts a turn",
            vec![
                enqueue("/mend the leek"),
                operation("dequeue"),
                user(
                    "<command-message>mend</command-message>\n<command-name>/mend</command-name>\n<command-args>the leek</command-args>",
                ),
            ],
            vec![3],
        ),
        (
            "after a turn that was broken off",
            vec![
                user("dig"),
                calls(),
                enqueue("sow"),
                operation("dequeue"),
                json!({"type": "user", "isMeta": true, "message": {"role": "user", "content": "Go on from where you were."}}),
                says("nothing to do"),
                user("sow"),
            ],
            vec![1, 7],
        ),
        (
            "the one that waited longer comes later",
            vec![
                user("dig"),
                calls(),
                enqueue("sow"),
                enqueue("reap"),
                returns(),
                operation("dequeue"),
                user("reap"),
                says("reaped"),
                operation("dequeue"),
                user("sow"),
            ],
            vec![1, 7, 10],
        ),
        (
            "the same words, sent in the turn and in the next",
            vec![
                user("dig"),
                calls(),
                enqueue("go on"),
                operation("dequeue"),
                returns(),
                says("well"),
                enqueue("go on"),
                operation("dequeue"),
                user("go on"),
            ],
            vec![1, 3, 9],
        ),
        (
            "in other words, to begin a turn",
            vec![user("dig"), calls(), enqueue("[Pasted text]"), operation("dequeue"), user("rows of seeds")],
            vec![1, 5],
        ),
        (
            "in other words, sent as an attachment",
            vec![
                user("dig"),
                calls(),
                enqueue("[Pasted text]"),
                operation("remove"),
                attached(json!("rows of seeds"), "prompt"),
            ],
            vec![1, 5],
        ),
        (
            "as blocks",
            vec![
                json!({"type": "queue-operation", "operation": "enqueue", "content": [{"type": "text", "text": "sow"}]}),
                operation("dequeue"),
                user("sow"),
            ],
            vec![3],
        ),
        (
            "without its text",
            vec![operation("enqueue"), enqueue("sow"), operation("dequeue"), user("dig"), calls(), operation("remove")],
            vec![2, 4],
        ),
    ];
    for (what, records, expected) in cases {
        let whole = rows(&records, &[]);
        assert_eq!(prompts(&whole), expected, "{what}");
        let by_line: Vec<usize> = (1..=records.len()).collect();
        assert_eq!(rows(&records, &by_line), whole, "{what}, line by line");
        for end in by_line {
            assert_eq!(rows(&records, &[end]), whole, "{what}, in two pieces");
        }
        let titles: Vec<i64> = whole.iter().filter(|row| row.title.is_some()).map(|row| row.line).collect();
        assert_eq!(titles.first(), expected.first(), "{what}: the first prompt makes the title");
        for row in whole.iter().filter(|row| row.record_type == "queue-operation") {
            let is_found = !row.document.is_empty();
            let is_prompt = row.flags & flag::PROMPT != 0;
            let waits_as_other = row.subtype.as_deref() == Some("popAll");
            assert!(is_found == (is_prompt || waits_as_other), "{what}: line {} is found: {is_found}", row.line);
        }
    }
}

#[test]
fn no_more_texts_are_known_than_a_few() {
    let mut records: Vec<Value> = (0..1_000).map(|number| enqueue(&format!("text {number}"))).collect();
    records.push(user("text 999"));
    records.push(user("text 0"));
    let all = rows(&records, &[]);
    assert_eq!(prompts(&all).len(), 1_001);
    let mut carry = Carry::default();
    for record in &records {
        derive(record.to_string().as_bytes(), FileKind::Main, &mut carry);
    }
    assert!(carry.to_bytes().len() < 16 << 10);
}
