//! The searchable text of a record, by field: what is searched, and where.

use xxhash_rust::xxh3::Xxh3;

use super::leaf::{WrittenBlocks, for_each_said, is_blob, is_envelope, is_never_text};
use super::prompt::{is_queued_prompt, said_by, with_blocks};
use super::spill::{self, SpillReader};
use super::terminal;
use super::typed::split_typed;
use crate::model::{ProblemKind, SearchField};
use crate::spill::{LARGEST_BYTES, READ_BYTES, Spill};
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Block, Raw, Record, RecordType, for_each_leaf};

/// How much text of one field of one message is searchable, spilled output apart.
const FIELD_LIMIT: usize = 1 << 20;

/// The searchable text of one record.
#[derive(Default)]
pub(super) struct Texts {
    fields: [String; SearchField::ALL.len()],
    is_cut: bool,
    pub(super) notes: Vec<(ProblemKind, String)>,
}

impl Texts {
    /// The texts of a record.
    pub(super) fn of(record: &Record<'_>, kind: FileKind, read_spill: SpillReader<'_>) -> Texts {
        let mut texts = Texts::default();
        texts.add_record(record, kind, read_spill);
        if texts.is_cut {
            let detail = format!("only the first {FIELD_LIMIT} bytes of a field are searchable");
            texts.notes.push((ProblemKind::TextTruncated, detail));
        }
        if record.has_more_blocks {
            let detail = format!("only the first {} blocks of the message are read", record.blocks.len());
            texts.notes.push((ProblemKind::TextTruncated, detail));
        }
        texts
    }

    /// The text of one field; empty if there is none.
    pub(super) fn field(&self, field: SearchField) -> &str {
        &self.fields[field as usize]
    }

    /// The fields with text, in the order of the index's columns.
    pub(super) fn into_fields(self) -> impl Iterator<Item = (SearchField, String)> {
        SearchField::ALL.into_iter().zip(self.fields).filter(|(_, text)| !text.is_empty())
    }

    /// A hash of all the text; `None` if there is none.
    pub(super) fn hash(&self) -> Option<u64> {
        hash(SearchField::ALL.into_iter().zip(self.fields.iter().map(String::as_str)))
    }

    fn add_record(&mut self, record: &Record<'_>, kind: FileKind, read_spill: SpillReader<'_>) {
        let envelope = record.envelope;
        if kind == FileKind::Events {
            return self.add_leaves(SearchField::Other, record.json, is_envelope);
        }
        if record.is_request_log() {
            return;
        }
        if record.carried.is_some() {
            return self.add_spoken(record, read_spill);
        }
        match record.record_type() {
            Some(RecordType::User | RecordType::Assistant) => self.add_spoken(record, read_spill),
            Some(RecordType::QueueOperation) => self.add_waiting(record),
            Some(RecordType::Attachment) if envelope.attachment.kind.get() == Some("queued_command") => {
                let attachment = &envelope.attachment;
                let field = if is_queued_prompt(attachment) { SearchField::User } else { SearchField::Other };
                self.add_waited(field, attachment.prompt);
            }
            Some(RecordType::CustomTitle) => self.add(SearchField::Title, envelope.custom_title),
            Some(RecordType::AgentName) => self.add(SearchField::Title, envelope.agent_name),
            Some(RecordType::AiTitle) => self.add(SearchField::Title, envelope.ai_title),
            Some(RecordType::Summary) => self.add(SearchField::Title, envelope.summary),
            Some(RecordType::Progress) => match envelope.data.kind.get() {
                // Repeats of what the results and the hook summaries say once.
                Some("bash_progress" | "hook_progress" | "mcp_progress" | "waiting_for_task" | "agent_progress") => {}
                _ => self.add_leaves(SearchField::Other, record.json, is_envelope),
            },
            // Nothing that anybody said, or said elsewhere.
            Some(
                RecordType::LastPrompt
                | RecordType::Mode
                | RecordType::PermissionMode
                | RecordType::BridgeSession
                | RecordType::ForkContextRef
                | RecordType::FileHistorySnapshot
                | RecordType::FileHistoryDelta
                | RecordType::ToolsUsed
                | RecordType::AtisLatch
                | RecordType::HistorySuppression
                | RecordType::ApiRequest
                | RecordType::ApiRequestBlob
                | RecordType::ApiRequestShape
                | RecordType::ApiRequestPart
                | RecordType::CostState,
            ) => {}
            Some(
                RecordType::Attachment
                | RecordType::System
                | RecordType::PrLink
                | RecordType::FrameLink
                | RecordType::AgentSetting
                | RecordType::Tag
                | RecordType::Relocated
                | RecordType::WorktreeState,
            )
            | None => self.add_leaves(SearchField::Other, record.json, is_envelope),
        }
    }

    /// A text that waits for the agent, or that a person took back. What leaves the queue has been said as it joined it.
    fn add_waiting(&mut self, record: &Record<'_>) {
        let envelope = record.envelope;
        match envelope.operation.get() {
            Some("popAll") => self.add(SearchField::Other, envelope.content),
            Some("dequeue" | "remove") => {}
            _ => self.add_waited(SearchField::User, envelope.content),
        }
    }

    fn add_waited(&mut self, field: SearchField, content: Raw<'_>) {
        self.add_said(field, content);
        with_blocks(content, |blocks| blocks.iter().for_each(|block| self.add_said(field, block.text)));
    }

    /// What a person, a model or a tool said.
    fn add_spoken(&mut self, record: &Record<'_>, read_spill: SpillReader<'_>) {
        let spoken = record.spoken();
        let said = said_by(spoken);
        self.add_said(said, spoken.message.content);
        let mut has_result = false;
        let mut written = WrittenBlocks::of(spoken.message.content);
        for (index, block) in record.blocks.iter().enumerate() {
            match block.kind.get().unwrap_or_default() {
                "text" => {
                    self.add_said(said, block.text);
                    self.add_tree(SearchField::Other, block.citations);
                }
                "thinking" => self.add(SearchField::Thinking, block.thinking),
                "redacted_thinking" | "image" => {}
                kind if kind.ends_with("tool_use") => self.add_leaf_value(SearchField::ToolInput, block.input),
                "tool_result" => {
                    has_result = true;
                    self.add_result(record, block, read_spill);
                }
                kind if kind.ends_with("tool_result") => self.add_value(SearchField::ToolOutput, block.content),
                // Documents, and whatever else there may be.
                _ => self.add_tree(SearchField::Other, written.at(index)),
            }
        }
        if !has_result && said != SearchField::Assistant {
            self.add_leaf_value(SearchField::ToolOutput, spoken.tool_use_result);
        }
    }

    /// A text of a message. What the agent program put around a person's text is not the person's.
    fn add_said(&mut self, field: SearchField, text: Raw<'_>) {
        if field != SearchField::User {
            return self.add(field, text);
        }
        let mut whole = String::new();
        self.is_cut |= text.append_to(&mut whole, FIELD_LIMIT);
        terminal::make_visible(&mut whole, 0);
        match split_typed(&whole) {
            Some((part, put_in)) => {
                self.push(SearchField::User, &part);
                put_in.into_iter().for_each(|text| self.push(SearchField::Other, text));
            }
            None => self.push(SearchField::Other, &whole),
        }
    }

    /// A tool's output. The structured result says the same again, so it counts only if the text does not say it.
    fn add_result(&mut self, record: &Record<'_>, block: &Block<'_>, read_spill: SpillReader<'_>) {
        let field = SearchField::ToolOutput;
        let before = self.field(field).len();
        self.add_value(field, block.content);
        let text = self.field(field)[before..].trim_start();
        let is_stub = text.is_empty() || spill::is_stub(text);
        let spill_name = spill::name(record.result, text);
        if is_stub {
            self.add_leaf_value(field, record.spoken().tool_use_result);
        } else {
            self.add_tree(field, record.result.structured_content);
        }
        self.add_tree(field, record.spoken().mcp_meta.structured_content);
        let Some(name) = spill_name else { return };
        match read_spill(&name) {
            Spill::Text { mut text, is_cut } => {
                terminal::make_visible(&mut text, 0);
                self.push_all(field, &text);
                if is_cut {
                    let detail = format!("only the first {} MiB of {name} are searchable", READ_BYTES >> 20);
                    self.notes.push((ProblemKind::TextTruncated, detail));
                }
            }
            Spill::Missing => {
                self.notes.push((ProblemKind::SpillMissing, format!("{name} is not in tool-results")));
            }
            Spill::TooLarge { bytes } => {
                let detail = format!("{name} has {bytes} bytes, more than {} MiB", LARGEST_BYTES >> 20);
                self.notes.push((ProblemKind::SpillTooLarge, detail));
            }
        }
    }

    /// A string, or the texts of blocks, or of an object.
    fn add_value(&mut self, field: SearchField, value: Raw<'_>) {
        match value.tree() {
            Some(_) => self.add_tree(field, value),
            None => self.add(field, value),
        }
    }

    /// The texts of blocks, or of an object.
    fn add_tree(&mut self, field: SearchField, value: Raw<'_>) {
        if let Some(tree) = value.tree() {
            for_each_said(tree, |leaf| self.add(field, leaf));
        }
    }

    /// A string, or every string inside an object or list.
    fn add_leaf_value(&mut self, field: SearchField, value: Raw<'_>) {
        match value.tree() {
            Some(tree) => self.add_leaves(field, tree, |_, key| is_never_text(key)),
            None => self.add(field, value),
        }
    }

    fn add_leaves(&mut self, field: SearchField, json: &str, is_skipped: fn(usize, &str) -> bool) {
        for_each_leaf(json, is_skipped, |leaf| {
            if !is_blob(leaf) {
                self.add(field, leaf);
            }
        });
    }

    fn add(&mut self, field: SearchField, string: Raw<'_>) {
        let text = &mut self.fields[field as usize];
        let before = text.len();
        if before > 0 {
            text.push('\n');
        }
        let start = text.len();
        self.is_cut |= string.append_to(text, FIELD_LIMIT.saturating_sub(start));
        terminal::make_visible(text, start);
        if text.len() == start {
            text.truncate(before);
        }
    }

    /// A whole text, but no more than a field may have.
    fn push(&mut self, field: SearchField, text: &str) {
        let used = self.field(field).len();
        let room = FIELD_LIMIT.saturating_sub(used + usize::from(used > 0));
        self.is_cut |= text.len() > room;
        self.push_all(field, &text[..text.floor_char_boundary(room)]);
    }

    fn push_all(&mut self, field: SearchField, text: &str) {
        let all = &mut self.fields[field as usize];
        if !all.is_empty() && !text.is_empty() {
            all.push('\n');
        }
        all.push_str(text);
    }
}

/// A hash of texts by field, in the order of the index's columns; `None` if there is no text.
pub(super) fn hash<'t>(texts: impl Iterator<Item = (SearchField, &'t str)>) -> Option<u64> {
    let mut hash = Xxh3::new();
    let mut is_empty = true;
    for (field, text) in texts.filter(|(_, text)| !text.is_empty()) {
        hash.update(&[field as u8]);
        hash.update(text.as_bytes());
        is_empty = false;
    }
    (!is_empty).then(|| hash.digest())
}
