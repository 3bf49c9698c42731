//! Which records are prompts, and what they are called.

use serde_json::json;

use super::*;
use crate::derive::row::TitleRow;

fn user(content: Value) -> Value {
    json!({"type": "user", "message": {"role": "user", "content": content}})
}

fn with(fields: Value) -> Value {
    let mut record = user(json!("water the leek"));
    if let (Value::Object(record), Value::Object(fields)) = (&mut record, fields) {
        record.extend(fields);
    }
    record
}

#[test]
fn a_record_says_whether_a_person_wrote_it() {
    let cases = [
        (json!({}), true),
        (json!({"origin": {"kind": "human"}, "promptSource": "typed"}), true),
        (json!({"origin": {"kind": "human"}, "sessionKind": "bg"}), true),
        (json!({"turnOrigin": "sdk", "promptSource": "sdk", "rowSource": "local"}), true),
        (json!({"turnOrigin": "human"}), true),
        (json!({"promptSource": "queued"}), true),
        (json!({"origin": {"kind": "task-notification"}, "turnOrigin": "human"}), false),
        (json!({"turnOrigin": "scheduled"}), false),
        (json!({"turnOrigin": "task_notification"}), false),
        (json!({"promptSource": "system"}), false),
        (json!({"wakeupSource": "loop_wakeup"}), false),
        (json!({"sessionKind": "bg"}), false),
        (json!({"rowSource": "harness"}), false),
        (json!({"sourceToolUseID": "toolu_1"}), false),
        (json!({"isVisibleInTranscriptOnly": true}), false),
    ];
    for (fields, is_prompt) in cases {
        let row = row_of(&with(fields.clone()));
        assert_eq!(row.flags & flag::PROMPT != 0, is_prompt, "{fields}");
        let field = if is_prompt { SearchField::User } else { SearchField::Other };
        assert_eq!(row.document, [(field, "water the leek".to_owned())], "{fields}");
    }
}

#[test]
fn what_was_typed_is_the_title_and_found_as_the_persons() {
    let cases = [
        ("<system-reminder>be brief</system-reminder>\nwater the leek", "water the leek", Some("be brief")),
        ("water the leek\n<system-reminder>be brief</system-reminder>", "water the leek", Some("be brief")),
        ("\n\n<pasted_content id=\"e1\">\nwater the leek\n</pasted_content>", "water the leek", None),
        (
            "<command-message>water</command-message>\n<command-name>/water</command-name>\n<command-args>the leek</command-args>",
            "/water the leek",
            None,
        ),
        ("wat\u{1b}[1mer\u{1b}[0m \u{1b}]0;title\u{7}the leek", "water the leek", None),
    ];
    for (text, title, around) in cases {
        let row = row_of(&user(json!(text)));
        assert_eq!(row.title, Some(TitleRow { rank: 4, title: title.to_owned() }), "{text:?}");
        assert_eq!(row.preview, title);
        assert_ne!(row.flags & flag::PROMPT, 0);
        let found = |field| row.document.iter().find(|(of, _)| *of == field).map(|(_, text)| text.as_str());
        assert!(found(SearchField::User).is_some_and(|text| text.contains("leek") && !text.contains('\u{1b}')));
        assert!(around.is_none_or(|around| found(SearchField::Other).is_some_and(|text| text.contains(around))));
    }
}

#[test]
fn attachments_are_prompts_if_a_person_typed_them() {
    let attached = |fields: Value| {
        let mut attachment = json!({"type": "queued_command", "prompt": "water the leek"});
        if let (Value::Object(attachment), Value::Object(fields)) = (&mut attachment, fields) {
            attachment.extend(fields);
        }
        json!({"type": "attachment", "attachment": attachment})
    };
    let picture = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QUJD"}});
    let cases = [
        (json!({}), true),
        (json!({"commandMode": "prompt"}), true),
        (json!({"commandMode": "prompt", "prompt": [{"type": "text", "text": "water the leek"}, picture]}), true),
        (json!({"commandMode": "prompt", "prompt": [picture]}), true),
        (json!({"commandMode": "prompt", "origin": {"kind": "human"}}), true),
        (json!({"commandMode": "prompt", "origin": {"kind": "coordinator"}}), false),
        (json!({"commandMode": "prompt", "prompt": "<task-notification>x</task-notification>"}), false),
        (json!({"commandMode": "task-notification"}), false),
        (json!({"commandMode": "prompt", "prompt": ""}), false),
    ];
    for (fields, is_prompt) in cases {
        let row = row_of(&attached(fields.clone()));
        assert_eq!(row.flags & flag::PROMPT != 0, is_prompt, "{fields}");
        assert!(!row.document.iter().any(|(_, text)| text.contains("QUJD")), "{fields}");
    }
}

#[test]
fn a_warm_up_is_nobodys_talk() {
    let answer =
        json!({"type": "assistant", "message": {"role": "assistant", "content": [{"type": "text", "text": "ready"}]}});
    let cases = [
        (vec![user(json!("Warmup")), answer.clone()], vec![false, false]),
        (vec![user(json!([{"type": "text", "text": "Warmup"}])), answer.clone()], vec![false, false]),
        (
            vec![user(json!("Warmup")), answer.clone(), user(json!("dig")), answer.clone()],
            vec![false, false, true, true],
        ),
        (vec![user(json!("Warm the soil")), answer.clone()], vec![true, true]),
        (vec![user(json!("dig")), user(json!("Warmup")), answer.clone()], vec![true, true, true]),
    ];
    for (records, expected) in cases {
        for (kind, expected) in [(FileKind::Agent, expected), (FileKind::Main, vec![true; records.len()])] {
            let mut carry = Carry::default();
            let rows =
                records.iter().map(|record| derive(record.to_string().as_bytes(), kind, &mut carry).messages.remove(0));
            let is_talk: Vec<bool> = rows.map(|row| row.flags & flag::TALK != 0).collect();
            assert_eq!(is_talk, expected, "{kind:?} {records:?}");
        }
    }
}
