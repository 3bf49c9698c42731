//! Values that the agent program writes identically into many records, and into many sessions: system prompts, descriptions
//! of tools, lists of skills. They are stored once, whatever record they are in.

use crate::transcript::record::{Raw, Record, RecordType, for_each_element, for_each_member};

/// Smaller values are not worth storing by themselves.
const LEAST: usize = 1 << 10;

/// The same, of the messages of requests: smaller ones compress well beside the lines that they repeat.
const LEAST_OF_MESSAGE: usize = 4 << 10;

/// Attachments, besides the request log's, that are the same in all sessions, or in all of a project.
const COMMON_ATTACHMENTS: [&str; 8] = [
    "skill_listing",
    "agent_listing_delta",
    "deferred_tools_delta",
    "mcp_instructions_delta",
    "instructions",
    "environment",
    "auto_mode",
    "session_context",
];

/// Calls `each` with every such value of a record: parts of [`Record::json`] that do not overlap, in order.
pub(super) fn for_each_repeated<'a>(record: &Record<'a>, mut each: impl FnMut(&'a str)) {
    if record.json.len() < LEAST {
        return;
    }
    match record.record_type() {
        Some(RecordType::ApiRequestBlob) => message(record, &mut each),
        Some(RecordType::ApiRequestShape | RecordType::ApiRequestPart) => {
            for_each_member(record.json, |_, value| match value.object() {
                Some(object) => for_each_member(object, |_, value| split(value, &mut each)),
                None => split(value, &mut each),
            });
        }
        Some(RecordType::Attachment) => attachment(record, &mut each),
        _ => {}
    }
}

/// A value; of a list its elements, since some of them are others in another session.
fn split<'a>(value: Raw<'a>, each: &mut impl FnMut(&'a str)) {
    if value.json().len() < LEAST {
        return;
    }
    let mut has_large = false;
    for_each_element(value.json(), |element| {
        if element.json().len() >= LEAST {
            has_large = true;
            each(element.json());
        }
    });
    if !has_large {
        each(value.json());
    }
}

/// The texts of a message that the program made. What a model or a tool said is on a line nearby, beside which it
/// compresses to nothing.
fn message<'a>(record: &Record<'a>, each: &mut impl FnMut(&'a str)) {
    if record.envelope.message.role.get() == Some("assistant") {
        return;
    }
    let mut take = |value: Raw<'a>| {
        if value.json().len() >= LEAST_OF_MESSAGE {
            each(value.json());
        }
    };
    for_each_member(record.json, |key, value| {
        if key != "message" {
            return;
        }
        for_each_member(value.json(), |key, value| match (key, value.list()) {
            ("content", Some(list)) => for_each_element(list, |block| {
                if is_text(block) {
                    take(block);
                }
            }),
            ("content", None) => take(value),
            _ => {}
        });
    });
}

fn is_text(block: Raw<'_>) -> bool {
    let mut is_text = false;
    for_each_member(block.json(), |key, value| is_text |= key == "type" && value.json() == "\"text\"");
    is_text
}

fn attachment<'a>(record: &Record<'a>, each: &mut impl FnMut(&'a str)) {
    let envelope = record.envelope;
    let is_known = envelope.attachment.kind.get().is_some_and(|kind| COMMON_ATTACHMENTS.contains(&kind));
    let is_common = is_known || record.is_request_log();
    if !is_common && !envelope.rendered.is_given() {
        return;
    }
    // A text as long as what it was made of repeats it: together they compress to one of them.
    let mut attachment_length = 0;
    for_each_member(record.json, |key, value| {
        if key == "attachment" {
            attachment_length = value.json().len();
        }
    });
    for_each_member(record.json, |key, value| match key {
        "attachment" if is_common => for_each_member(value.json(), |_, value| split(value, each)),
        "rendered" if is_common || value.json().len() / 2 > attachment_length => split(value, each),
        _ => {}
    });
}
