//! What a record says, part by part and in its order: for exports, and for the functions of ad-hoc queries. Unlike the
//! searchable text it keeps calls and results apart, and cuts nothing.

use std::borrow::Cow;

use serde::Deserialize;

use crate::derive::{self, Spill};
use crate::model::SearchField;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Block, List, Raw, Record, for_each_leaf, read_line};

/// The searchable text of records that are no talk is cut here; it stands for them.
const SEARCHABLE_BYTES: usize = 1 << 20;

/// One thing that a record says.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::query) enum Part {
    /// A text of one kind: by a person, by the model, a title, or anything else.
    Said {
        field: SearchField,
        text: String,
        is_cut: bool,
    },
    Thinking {
        text: String,
    },
    Call(Call),
    Result(Outcome),
    /// A picture or a document, which has no text: its kind.
    Shown {
        kind: String,
    },
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::query) struct Call {
    /// Its position among the calls that are stored; none for one without a name or an id.
    pub ordinal: Option<i64>,
    pub id: String,
    pub name: String,
    /// JSON.
    pub input: String,
    /// What came back, where the reader of the parts puts it here.
    pub outcomes: Vec<Outcome>,
}

/// What a tool answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::query) struct Outcome {
    /// Its position among the results that are stored; none for one without an id.
    pub ordinal: Option<i64>,
    pub call_id: String,
    pub is_error: bool,
    pub text: String,
    /// The agent that did the work.
    pub agent_id: Option<String>,
    /// The text of the file that a long output went to, and whether it was cut, where the reader of the parts puts it here.
    pub spilled: Option<(String, bool)>,
}

/// The parts of a stored record.
pub(in crate::query) fn parts_of(record: &[u8], kind: FileKind) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut is_read = false;
    read_line(record, true, &mut |_, read| {
        if std::mem::replace(&mut is_read, true) {
            return;
        }
        let is_talk = matches!(read.envelope.record_type.get(), Some("user" | "assistant")) || read.carried.is_some();
        if is_talk && kind != FileKind::Events {
            add_talk(read, &mut parts);
        } else {
            let texts = derive::searchable_texts(record, kind, &mut |_| Spill::Missing);
            parts.extend(texts.into_iter().map(|(field, text)| {
                // The limit may fall inside a character.
                let is_cut = text.len() + 3 >= SEARCHABLE_BYTES;
                Part::Said { field, text, is_cut }
            }));
        }
    });
    parts
}

/// What a person, a model or a tool said.
fn add_talk(record: &Record<'_>, parts: &mut Vec<Part>) {
    let spoken = record.spoken();
    let field = match spoken.message.role.get().or(spoken.record_type.get()) {
        Some("assistant") => SearchField::Assistant,
        _ if spoken.is_compact_summary.0 || spoken.is_meta.0 => SearchField::Other,
        _ => SearchField::User,
    };
    add_said(field, spoken.message.content, parts);
    let (mut calls, mut results) = (0, 0);
    let next = |counter: &mut i64, is_stored: bool| is_stored.then(|| std::mem::replace(counter, *counter + 1));
    for block in record.blocks {
        match block.kind.get().unwrap_or_default() {
            "text" => add_said(field, block.text, parts),
            "thinking" => {
                let text = text_of(block.thinking).into_owned();
                if !text.trim().is_empty() {
                    parts.push(Part::Thinking { text });
                }
            }
            kind if kind.ends_with("tool_use") => {
                let (id, name) = (block.id.to_owned(), block.name.to_owned());
                parts.push(Part::Call(Call {
                    ordinal: next(&mut calls, id.is_some() && name.is_some()),
                    id: id.unwrap_or_default(),
                    name: name.unwrap_or_default(),
                    input: block.input.tree().map_or_else(|| text_of(block.input).into_owned(), str::to_owned),
                    outcomes: Vec::new(),
                }));
            }
            kind if kind.ends_with("tool_result") => {
                let call_id = block.tool_use_id.to_owned();
                parts.push(Part::Result(Outcome {
                    ordinal: next(&mut results, kind == "tool_result" && call_id.is_some()),
                    call_id: call_id.unwrap_or_default(),
                    is_error: block.is_error.0,
                    text: content_text(block.content),
                    agent_id: agent_of(spoken.tool_use_result),
                    spilled: None,
                }));
            }
            kind @ ("image" | "document") => parts.push(Part::Shown { kind: kind.to_owned() }),
            "redacted_thinking" => {}
            _ => {
                let text = content_text(block.content);
                if !text.trim().is_empty() {
                    parts.push(Part::Said { field: SearchField::Other, text, is_cut: false });
                }
            }
        }
    }
}

fn add_said(field: SearchField, text: Raw<'_>, parts: &mut Vec<Part>) {
    let text = text_of(text);
    if !text.trim().is_empty() {
        parts.push(Part::Said { field, text: text.into_owned(), is_cut: false });
    }
}

fn text_of(string: Raw<'_>) -> Cow<'_, str> {
    string.text(usize::MAX).unwrap_or_default()
}

/// The text of a content that is a string, or a list of blocks.
fn content_text(content: Raw<'_>) -> String {
    let Some(tree) = content.tree() else { return text_of(content).into_owned() };
    let mut texts = Vec::new();
    match serde_json::from_str::<List<Block<'_>>>(tree) {
        Ok(blocks) if blocks.is_given() => {
            for block in blocks.items() {
                match block.kind.get() {
                    Some("text") => texts.push(text_of(block.text).into_owned()),
                    Some(kind @ ("image" | "document")) => texts.push(format!("[{kind}]")),
                    _ => texts.push(content_leaves(block.content)),
                }
            }
        }
        _ => texts.push(leaves(tree)),
    }
    texts.join("\n")
}

fn content_leaves(content: Raw<'_>) -> String {
    content.tree().map_or_else(|| text_of(content).into_owned(), leaves)
}

/// Every string inside, a line each.
fn leaves(tree: &str) -> String {
    let mut text = String::new();
    for_each_leaf(
        tree,
        |_, key| matches!(key, "type" | "data" | "encrypted_content"),
        |leaf| {
            if !text.is_empty() {
                text.push('\n');
            }
            leaf.append_to(&mut text, usize::MAX);
        },
    );
    text
}

/// The agent that a structured tool result names.
fn agent_of(tool_use_result: Raw<'_>) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct AgentResult {
        agent_id: Option<String>,
    }
    // A result of another shape names none.
    serde_json::from_str::<AgentResult>(tool_use_result.object()?).ok()?.agent_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_results_are_numbered_as_they_are_stored() {
        let record = serde_json::json!({ "type": "assistant", "message": { "role": "assistant", "content": [
            { "type": "text", "text": "first" },
            { "type": "tool_use", "name": "Nameless", "input": {} },
            { "type": "tool_use", "id": "t1", "name": "Bash", "input": { "command": "ls" } },
            { "type": "server_tool_use", "id": "t2", "name": "web_search", "input": { "query": "x" } },
            { "type": "thinking", "thinking": "hm" },
        ] } });
        let parts = parts_of(record.to_string().as_bytes(), FileKind::Main);
        let calls: Vec<(Option<i64>, &str)> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Call(call) => Some((call.ordinal, call.name.as_str())),
                _ => None,
            })
            .collect();
        assert_eq!(calls, [(None, "Nameless"), (Some(0), "Bash"), (Some(1), "web_search")]);
        assert!(matches!(&parts[2], Part::Call(call) if call.input == r#"{"command":"ls"}"#));
        assert_eq!(parts[4], Part::Thinking { text: "hm".into() });
    }

    #[test]
    fn a_result_is_the_text_of_its_blocks() {
        let record = serde_json::json!({ "type": "user", "toolUseResult": { "agentId": "a1" },
            "message": { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": [
                    { "type": "text", "text": "one" }, { "type": "image", "source": { "data": "AAAA" } },
                    { "type": "text", "text": "two" }] },
                { "type": "tool_result", "tool_use_id": "t2", "content": "plain" }] } });
        let parts = parts_of(record.to_string().as_bytes(), FileKind::Main);
        let expected = |ordinal, call_id: &str, is_error, text: &str| {
            Part::Result(Outcome {
                ordinal: Some(ordinal),
                call_id: call_id.into(),
                is_error,
                text: text.into(),
                agent_id: Some("a1".into()),
                spilled: None,
            })
        };
        assert_eq!(parts, [expected(0, "t1", true, "one\n[image]\ntwo"), expected(1, "t2", false, "plain")]);
    }

    #[test]
    fn lone_surrogates_and_odd_shapes_cost_no_part() {
        let record = br#"{"type":"user","message":{"role":"user","content":[{"type":"text","text":"a \ud800 b"},
            {"type":"tool_result","tool_use_id":"t","content":{"odd":["x",{"y":"z"}]}},{"type":"mystery"},7]}}"#;
        let parts = parts_of(record, FileKind::Main);
        assert_eq!(parts[0], Part::Said { field: SearchField::User, text: "a \u{fffd} b".into(), is_cut: false });
        assert!(matches!(&parts[1], Part::Result(outcome) if outcome.text == "x\nz"));
        assert_eq!(parts.len(), 2);
    }
}
