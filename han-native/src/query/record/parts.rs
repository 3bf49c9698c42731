//! What a record says, part by part and in its order: for exports, for content blocks, for the texts of tool calls, and for the
//! functions of ad-hoc queries. Unlike the searchable text it keeps calls and results apart, and nothing is cut unless requested.

use serde::Deserialize;

use super::cut::CutText;
use crate::derive::{self, Spill, WrittenBlocks};
use crate::model::SearchField;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Block, BlockSource, List, Raw, Record, read_line};

/// The searchable text of records that are not talk is cut here; it represents them.
const SEARCHABLE_BYTES: usize = 1 << 20;

/// Everything that a record says.
#[derive(Debug, Default)]
pub(in crate::query) struct Content {
    pub parts: Vec<Part>,
    /// Whether the message has more content blocks than are read.
    pub has_more_blocks: bool,
}

/// One thing that a record says.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::query) enum Part {
    /// A text of one kind: by a person, by the model, a title, or anything else.
    Said {
        field: SearchField,
        text: CutText,
        place: Place,
        /// Whether the whole text is longer than what is read of it.
        is_cut: bool,
    },
    Thinking {
        text: CutText,
    },
    Call(Call),
    Result(Outcome),
    Picture(Picture),
    Document,
}

/// Where in a record a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) enum Place {
    /// The content of the message, or a text block of it.
    Text,
    /// Around the text that a person typed: the agent program put it there.
    Around,
    /// A content block of another type.
    Block(String),
    /// Anywhere in a record that is not talk.
    Record,
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::query) struct Call {
    /// Its position among the calls that are stored; `None` for one without a name or an id.
    pub ordinal: Option<i64>,
    pub id: String,
    pub name: String,
    /// JSON.
    pub input: CutText,
    /// What it is about, in one line; empty unless requested.
    pub summary: String,
    /// What came back, if the reader of the parts puts it here.
    pub outcomes: Vec<Outcome>,
}

/// What a tool answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::query) struct Outcome {
    /// Its position among the results that are stored; `None` for one without an id.
    pub ordinal: Option<i64>,
    pub call_id: String,
    pub is_error: bool,
    pub text: CutText,
    /// Images, each of which is `[image]` in the text.
    pub pictures: Vec<Picture>,
    /// The agent that did the work.
    pub agent_id: Option<String>,
    /// The text of the file that a long output went to, and whether it was cut, if the reader of the parts puts it here.
    pub spilled: Option<(String, bool)>,
}

/// An image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::query) struct Picture {
    pub media_type: Option<String>,
    /// Of the image itself; 0 if the record does not have it.
    pub bytes: usize,
}

impl Part {
    /// Whether it is a text, or thinking, of nothing but whitespace.
    pub(in crate::query) fn is_blank(&self) -> bool {
        matches!(self, Part::Said { text, .. } | Part::Thinking { text } if text.is_blank)
    }
}

/// Takes the parts out of a record, as far as requested.
#[derive(Debug, Clone, Copy)]
pub(in crate::query) struct Extractor {
    /// The most bytes of each text.
    pub limit: usize,
    /// Whether calls are summarised in one line.
    pub with_summaries: bool,
}

impl Extractor {
    /// Takes every text whole.
    pub(in crate::query) const WHOLE: Extractor = Extractor { limit: usize::MAX, with_summaries: false };
}

/// The parts of a stored record, each text whole.
pub(in crate::query) fn parts_of(record: &[u8], kind: FileKind) -> Vec<Part> {
    content_of(record, kind, Extractor::WHOLE).parts
}

/// What a stored record says.
pub(in crate::query) fn content_of(record: &[u8], kind: FileKind, extractor: Extractor) -> Content {
    let mut content = Content::default();
    let mut is_read = false;
    read_line(record, true, &mut |_, read| {
        if std::mem::replace(&mut is_read, true) {
            return;
        }
        let is_talk = matches!(read.envelope.record_type.get(), Some("user" | "assistant")) || read.carried.is_some();
        if is_talk && kind != FileKind::Events {
            content.has_more_blocks = read.has_more_blocks;
            extractor.add_talk(read, &mut content.parts);
        } else {
            let texts = derive::searchable_texts(record, kind, &mut |_| Spill::Missing);
            content.parts.extend(texts.into_iter().map(|(field, text)| {
                // The limit may fall inside a character.
                let is_cut = text.len() + 3 >= SEARCHABLE_BYTES;
                Part::Said { field, text: CutText::of(&text, extractor.limit), place: Place::Record, is_cut }
            }));
            if kind != FileKind::Events {
                add_waiting_pictures(read, &mut content.parts);
            }
        }
    });
    content
}

impl Extractor {
    /// What a person, a model or a tool said.
    fn add_talk(self, record: &Record<'_>, parts: &mut Vec<Part>) {
        let spoken = record.spoken();
        let field = derive::said_by(spoken);
        let content = spoken.message.content;
        if content.string().is_some() {
            self.add_said(field, content, parts);
        }
        let (mut calls, mut results) = (0, 0);
        let next = |counter: &mut i64, is_stored: bool| is_stored.then(|| std::mem::replace(counter, *counter + 1));
        let mut written = WrittenBlocks::of(content);
        for (index, block) in record.blocks.iter().enumerate() {
            let part = match block.kind.get().unwrap_or_default() {
                "text" => {
                    self.add_said(field, block.text, parts);
                    continue;
                }
                "thinking" => Part::Thinking { text: CutText::of_string(block.thinking, self.limit) },
                kind if kind.ends_with("tool_use") => {
                    let is_stored = block.id.non_empty().is_some() && block.name.non_empty().is_some();
                    Part::Call(self.call(block, next(&mut calls, is_stored)))
                }
                kind if kind.ends_with("tool_result") => {
                    let is_stored = kind == "tool_result" && block.tool_use_id.non_empty().is_some();
                    let mut outcome = self.outcome(block, next(&mut results, is_stored));
                    outcome.agent_id = agent_of(spoken.tool_use_result);
                    self.add_structured(record, &mut outcome.text);
                    Part::Result(outcome)
                }
                "image" => Part::Picture(picture(block)),
                kind => {
                    let mut text = CutText::default();
                    if kind != "redacted_thinking" {
                        self.push_leaves(written.at(index).tree().unwrap_or_default(), &mut text);
                    }
                    match kind {
                        "document" if text.is_blank => Part::Document,
                        _ => Part::Said {
                            field: SearchField::Other,
                            text,
                            place: Place::Block(kind.to_owned()),
                            is_cut: false,
                        },
                    }
                }
            };
            parts.push(part);
        }
        // Besides what was typed, what the agent program said in the same message is around it.
        let is_typed = |part: &Part| matches!(part, Part::Said { field: SearchField::User, place: Place::Text, .. });
        if parts.iter().any(is_typed) {
            for part in parts.iter_mut() {
                if let Part::Said { field: SearchField::Other, place: place @ Place::Text, .. } = part {
                    *place = Place::Around;
                }
            }
        }
    }

    /// A text of a message. What the agent program put around a person's text is kept apart.
    fn add_said(self, field: SearchField, text: Raw<'_>, parts: &mut Vec<Part>) {
        let said = |field, text, place| Part::Said { field, text, place, is_cut: false };
        if field != SearchField::User {
            return parts.push(said(field, CutText::of_string(text, self.limit), Place::Text));
        }
        let whole = text.text(usize::MAX).unwrap_or_default();
        let whole = derive::visible(&whole);
        let Some((typed, [before, behind])) = derive::split_typed(&whole) else {
            let field = if whole.trim().is_empty() { field } else { SearchField::Other };
            return parts.push(said(field, CutText::of(&whole, self.limit), Place::Text));
        };
        let put_in = |text| said(SearchField::Other, CutText::of(text, self.limit), Place::Around);
        parts.extend((!before.is_empty()).then(|| put_in(before)));
        parts.push(said(field, CutText::of(&typed, self.limit), Place::Text));
        parts.extend((!behind.is_empty()).then(|| put_in(behind)));
    }

    /// Appends what a tool answered besides its text, as far as that does not say it.
    fn add_structured(self, record: &Record<'_>, text: &mut CutText) {
        let spoken = record.spoken();
        for structured in [record.result.structured_content, spoken.mcp_meta.structured_content] {
            derive::for_each_said(structured.tree().unwrap_or_default(), |leaf| {
                let leaf = CutText::of_string(leaf, self.limit);
                if text.left_out() > 0 || leaf.is_blank || text.text.contains(&leaf.text) {
                    return;
                }
                text.push("\n", self.limit);
                text.push(&leaf.text, self.limit);
            });
        }
    }

    fn call(self, block: &Block<'_>, ordinal: Option<i64>) -> Call {
        let (id, name) = (block.id.to_owned(), block.name.to_owned().unwrap_or_default());
        let summary = match self.with_summaries {
            true => derive::call_summary(&name, block.input, self.limit),
            false => String::new(),
        };
        let input = match block.input.tree() {
            Some(tree) => CutText::of(tree, self.limit),
            None => CutText::of_string(block.input, self.limit),
        };
        Call { ordinal, id: id.unwrap_or_default(), name, input, summary, outcomes: Vec::new() }
    }

    fn outcome(self, block: &Block<'_>, ordinal: Option<i64>) -> Outcome {
        let mut outcome = Outcome {
            ordinal,
            call_id: block.tool_use_id.to_owned().unwrap_or_default(),
            is_error: block.is_error.0,
            ..Outcome::default()
        };
        self.push_content(block.content, &mut outcome.text, &mut outcome.pictures);
        outcome
    }

    /// Appends the text of a content that is a string, or a list of blocks.
    fn push_content(self, content: Raw<'_>, text: &mut CutText, pictures: &mut Vec<Picture>) {
        let Some(tree) = content.tree() else { return text.push_string(content, self.limit) };
        match serde_json::from_str::<List<Block<'_>>>(tree) {
            Ok(blocks) if blocks.is_given() => {
                let mut written = WrittenBlocks::of(content);
                for (index, block) in blocks.items().iter().enumerate() {
                    if index > 0 {
                        text.push("\n", self.limit);
                    }
                    match block.kind.get() {
                        Some("text") => text.push_string(block.text, self.limit),
                        Some("image") => {
                            text.push("[image]", self.limit);
                            pictures.push(picture(block));
                        }
                        kind => {
                            let (whole, before) = (written.at(index), text.bytes);
                            match whole.tree() {
                                Some(tree) => self.push_leaves(tree, text),
                                None => text.push_string(whole, self.limit),
                            }
                            if kind == Some("document") && text.bytes == before {
                                text.push("[document]", self.limit);
                            }
                        }
                    }
                }
            }
            _ => self.push_leaves(tree, text),
        }
    }

    /// Appends every text inside, one line each.
    fn push_leaves(self, tree: &str, text: &mut CutText) {
        let start = text.bytes;
        derive::for_each_said(tree, |leaf| {
            if text.bytes > start {
                text.push("\n", self.limit);
            }
            text.push_string(leaf, self.limit);
        });
    }
}

/// The images of what a person typed while the agent worked.
fn add_waiting_pictures(record: &Record<'_>, parts: &mut Vec<Part>) {
    let attachment = &record.envelope.attachment;
    if derive::is_queued_prompt(attachment) {
        derive::with_blocks(attachment.prompt, |blocks| {
            let pictures = blocks.iter().filter(|block| block.kind.get() == Some("image"));
            parts.extend(pictures.map(|block| Part::Picture(picture(block))));
        });
    }
}

fn picture(block: &Block<'_>) -> Picture {
    BlockSource::read(block.source.object().unwrap_or("{}"), |source| Picture {
        media_type: source.media_type.to_owned(),
        bytes: source.data.text(usize::MAX).map_or(0, |data| decoded_length(&data)),
    })
}

/// How many bytes a base64 text decodes to, in either alphabet.
fn decoded_length(base64: &str) -> usize {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let digits = base64.bytes().filter(is_digit).count();
    digits / 4 * 3 + [0, 0, 1, 2][digits % 4]
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

    fn whole(text: &str) -> CutText {
        CutText::of(text, usize::MAX)
    }

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
        assert!(matches!(&parts[2], Part::Call(call) if *call.input == *r#"{"command":"ls"}"#));
        assert_eq!(parts[4], Part::Thinking { text: whole("hm") });
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
        let expected = |ordinal, call_id: &str, is_error, text: &str, pictures| {
            Part::Result(Outcome {
                ordinal: Some(ordinal),
                call_id: call_id.into(),
                is_error,
                text: whole(text),
                pictures,
                agent_id: Some("a1".into()),
                spilled: None,
            })
        };
        let picture = Picture { media_type: None, bytes: 3 };
        assert_eq!(
            parts,
            [expected(0, "t1", true, "one\n[image]\ntwo", vec![picture]), expected(1, "t2", false, "plain", vec![])]
        );
    }

    #[test]
    fn lone_surrogates_and_odd_shapes_cost_no_part() {
        let record = br#"{"type":"user","message":{"role":"user","content":[{"type":"text","text":"a \ud800 b"},
            {"type":"tool_result","tool_use_id":"t","content":{"odd":["x",{"y":"z"}]}},{"type":"mystery"},7]}}"#;
        let parts = parts_of(record, FileKind::Main);
        let said = |field, text: &str, place| Part::Said { field, text: whole(text), place, is_cut: false };
        assert_eq!(parts[0], said(SearchField::User, "a \u{fffd} b", Place::Text));
        assert!(matches!(&parts[1], Part::Result(outcome) if *outcome.text == *"x\nz"));
        let empty = |kind: &str| said(SearchField::Other, "", Place::Block(kind.into()));
        assert_eq!(parts[2..], [empty("mystery"), empty("")]);
        assert!(parts[2..].iter().all(Part::is_blank));
    }

    #[test]
    fn texts_are_cut_as_asked_and_their_whole_length_is_known() {
        let record = serde_json::json!({ "type": "assistant", "message": { "role": "assistant", "content": [
            { "type": "text", "text": "größer" }, { "type": "thinking", "thinking": "   then" },
            { "type": "tool_use", "id": "t", "name": "Bash", "input": { "command": "ls\n-l -a" } },
            { "type": "tool_result", "tool_use_id": "t", "content": [{ "type": "text", "text": "ab" }, { "type": "text", "text": "cd" }] },
        ] } });
        let extractor = Extractor { limit: 3, with_summaries: true };
        let content = content_of(record.to_string().as_bytes(), FileKind::Main, extractor);
        let texts: Vec<(&str, usize, bool)> = content
            .parts
            .iter()
            .map(|part| match part {
                Part::Said { text, .. } | Part::Thinking { text } => text,
                Part::Call(call) => &call.input,
                Part::Result(outcome) => &outcome.text,
                Part::Picture(_) | Part::Document => unreachable!(),
            })
            .map(|text| (text.text.as_str(), text.bytes, text.is_blank))
            .collect();
        let expected = [("gr", 8, false), ("   ", 7, false), (r#"{"c"#, 23, false), ("ab\n", 5, false)];
        assert_eq!(texts, expected);
        assert!(matches!(&content.parts[2], Part::Call(call) if call.summary == "ls"));
    }

    #[test]
    fn the_size_of_a_picture_is_that_of_its_data() {
        for (base64, bytes) in
            [("", 0), ("AA==", 1), ("AA", 1), ("AAA=", 2), ("AAAA", 3), ("AAAA\nAAAA\n", 6), ("_-AA", 3), ("?", 0)]
        {
            assert_eq!(decoded_length(base64), bytes, "{base64:?}");
        }
    }
}
