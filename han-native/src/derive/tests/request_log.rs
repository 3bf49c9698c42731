//! The log of requests to the API: rows that say what they are and nothing else, and values that are stored once.

use serde_json::json;

use super::*;
use crate::model::SearchField;

/// A text of this many bytes.
fn long(length: usize) -> String {
    "alpha beta ".repeat(length / 11 + 1)[..length].to_owned()
}

#[test]
fn rows_of_the_log_say_what_they_are_and_nothing_else() {
    let call = json!({"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "ls"}});
    let answer = json!({"role": "assistant", "id": "msg_1", "model": "model-a", "content": [call],
        "usage": {"input_tokens": 1, "output_tokens": 2}});
    let result = json!({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "no",
        "is_error": true}]});
    let cases = [
        (
            json!({"type": "api-request", "params": {"betas": [{"model": "x"}], "model": "model-a"}}),
            "request to model-a",
        ),
        (json!({"type": "api-request", "params": {"model": 5}}), "request"),
        (json!({"type": "api-request", "params": ["model"]}), "request"),
        (json!({"type": "api-request"}), "request"),
        (json!({"type": "api-request-blob", "hash": "h", "message": answer}), "request log: message"),
        (json!({"type": "api-request-blob", "hash": "h", "message": result}), "request log: message"),
        (
            json!({"type": "api-request-blob", "message": {"role": "user", "content": "a prompt"}}),
            "request log: message",
        ),
        (json!({"type": "api-request-blob", "message": "odd"}), "request log: message"),
        (json!({"type": "api-request-shape", "shape": {"system": [{"text": "be brief"}]}}), "request log: shape"),
        (json!({"type": "api-request-tool_choice", "note": "be brief"}), "request log: tool choice"),
        (
            json!({"type": "attachment", "attachment": {"type": "prompt_snapshot", "systemPrompt": ["be brief"]},
                "rendered": [{"content": "be brief"}]}),
            "prompt snapshot",
        ),
    ];
    for (record, preview) in cases {
        let row = row_of(&record);
        assert_eq!((row.preview.as_str(), row.flags), (preview, flag::REQUEST_LOG), "{record}");
        assert_eq!((row.document, row.text_hash, row.usage, row.title), (vec![], 0, None, None), "{record}");
        assert_eq!((row.tool_calls.len(), row.tool_results.len(), row.notes.len()), (0, 0, 0), "{record}");
    }
    for other in [
        json!({"type": "api-requests", "note": "a word"}),
        json!({"type": "attachment", "attachment": {"type": "prompt", "note": "a word"}}),
        json!({"type": "prompt_snapshot", "note": "a word"}),
    ] {
        assert_eq!(row_of(&other).flags, flag::SEARCHABLE, "{other}");
    }
    let event = row_in(FileKind::Events, &json!({"type": "api-request", "note": "a word"}));
    assert_eq!(event.flags, flag::SEARCHABLE, "an event file has its own types");
}

#[test]
fn a_log_between_two_records_that_say_the_same_changes_nothing() {
    let mut carry = Carry::default();
    let attachment = |kind: &str| json!({"type": "attachment", "attachment": {"type": kind, "note": "said once"}});
    let documents = ["note", "prompt_snapshot", "note"].map(|kind| {
        let rows = derive(attachment(kind).to_string().as_bytes(), FileKind::Main, &mut carry);
        rows.messages[0].document.iter().map(|(field, _)| *field).collect::<Vec<_>>()
    });
    assert_eq!(documents, [vec![SearchField::Other], vec![], vec![]]);
}

/// What is repeated on a line, as it is written.
fn repeated(line: &[u8], kind: FileKind) -> Vec<String> {
    let rows = derive(line, kind, &mut Carry::default());
    let mut end = 100;
    let text = |span: &Span| {
        assert!(span.offset >= end, "spans are in order and do not overlap: {rows:?}");
        end = span.offset + span.length;
        String::from_utf8(line[(span.offset - 100) as usize..(end - 100) as usize].to_vec()).unwrap()
    };
    rows.repeated.iter().map(text).collect()
}

#[test]
fn what_is_written_into_every_session_is_repeated() {
    let (small, large, larger) = (long(900), long(1_022), long(4_094));
    let tool = |text: &str| json!({"name": "Bash", "description": text});
    let text = |text: &str| json!({"type": "text", "text": text});
    let blob =
        |role: &str, content: Value| json!({"type": "api-request-blob", "message": {"role": role, "content": content}});
    let attachment =
        |kind: &str, content: Value| json!({"type": "attachment", "attachment": {"type": kind, "content": content}});
    let with_rendered = |mut record: Value, text: &str| {
        record["rendered"] = json!([{"content": text}]);
        record
    };
    let lines = vec!["a line of a list"; 70];
    let cases = [
        // The elements of lists, of which some are others in another session; a list of small ones as a whole.
        (
            json!({"type": "api-request-shape", "shape": {"system": [text(&small), text(&large)], "tools": [tool(&large)]}}),
            vec![text(&large), tool(&large)],
        ),
        (
            json!({"type": "attachment", "attachment": {"type": "prompt_snapshot", "systemPrompt": [large, "x"], "tools": lines}}),
            vec![json!(large), json!(lines)],
        ),
        (
            json!({"type": "api-request-new", "one": large, "two": {"a": small, "b": large}}),
            vec![json!(large), json!(large)],
        ),
        (attachment("skill_listing", json!(large)), vec![json!(large)]),
        (attachment("skill_listing", json!(small)), vec![]),
        (attachment("environment", json!({"a": large})), vec![json!({"a": large})]),
        (attachment("file", json!(large)), vec![]),
        // Of messages only long texts that no model said: the rest is on a line nearby.
        (blob("system", json!([text(&larger), text(&large)])), vec![text(&larger)]),
        (blob("user", json!([{"type": "tool_result", "content": larger}, text(&larger)])), vec![text(&larger)]),
        (blob("user", json!(larger)), vec![json!(larger)]),
        (blob("assistant", json!([text(&larger)])), vec![]),
        (json!({"type": "api-request-blob", "message": larger}), vec![]),
        // The text as the model saw it, unless it only says what it was made of.
        (
            with_rendered(attachment("skill_listing", json!(large)), &large),
            vec![json!(large), json!({"content": large})],
        ),
        (with_rendered(attachment("plan_mode", json!("on")), &large), vec![json!({"content": large})]),
        (with_rendered(attachment("file", json!(large)), &large), vec![]),
        (json!({"type": "api-request", "params": {"system": large}}), vec![]),
        (json!({"type": "user", "message": {"content": larger}, "rendered": [{"content": larger}]}), vec![]),
    ];
    for (record, expected) in cases {
        let expected: Vec<String> = expected.iter().map(Value::to_string).collect();
        assert_eq!(repeated(record.to_string().as_bytes(), FileKind::Main), expected, "{record}");
    }
}

#[test]
fn the_places_of_what_is_repeated_are_those_of_the_line() {
    let text = long(1_100);
    let value = json!(text).to_string();
    let record = format!(r#"{{"type":"attachment","attachment":{{"type":"skill_listing","content":{value}}}}}"#);
    let lone = record.replacen("alpha", r"\ud800", 1);
    let lone_value = value.replacen("alpha", r"\ud800", 1);
    let cases = [
        (record.clone().into_bytes(), vec![&value]),
        (format!(" \t{record}\r").into_bytes(), vec![&value]),
        (format!("\0\0{record}").into_bytes(), vec![&value]),
        (format!("\0 {record}{record}").into_bytes(), vec![&value, &value]),
        (format!(r#"{{"torn":{record}"#).into_bytes(), vec![&value]),
        (format!("{record} trailing").into_bytes(), vec![&value]),
        (record.replace(":", " : ").replace("}", " } ").into_bytes(), vec![&value]),
        (lone.into_bytes(), vec![&lone_value]),
        // What is read of these is a repaired copy, whose places are not the line's.
        ([&record.as_bytes()[..record.len() - 2], b",\"x\":\"\xff\"}}"].concat(), vec![]),
        (record.replace("attachment", "\u{e9}").into_bytes(), vec![]),
    ];
    for (line, expected) in cases {
        let shown = String::from_utf8_lossy(&line[..60.min(line.len())]).into_owned();
        assert_eq!(repeated(&line, FileKind::Main).iter().collect::<Vec<_>>(), expected, "{shown}");
    }
    let mut rows = LineRows::default();
    let line = Line { bytes: record.as_bytes(), number: 1, offset: 0, is_terminated: false };
    derive_line(&line, FileKind::Main, &mut Carry::default(), &mut |_| Spill::Missing, &mut rows);
    assert_eq!(
        (rows.messages.len(), rows.repeated.len()),
        (1, 0),
        "a line without an end is replaced when it has grown"
    );
}
