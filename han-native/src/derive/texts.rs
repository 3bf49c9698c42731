//! The searchable text of a record, by field: what is searched, and where.

use xxhash_rust::xxh3::Xxh3;

use super::noise;
use super::spill::{self, SpillReader};
use crate::model::{ProblemKind, SearchField};
use crate::spill::{LARGEST_BYTES, READ_BYTES, Spill};
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Block, Raw, Record, RecordType, for_each_leaf};

/// How much text of one field of one message is searchable, spilled output apart.
const FIELD_LIMIT: usize = 1 << 20;

/// Texts of this length and more that look like base64 are none.
const LEAST_BLOB: usize = 256;

/// How much of a text is looked at to tell who wrote it.
const NOISE_LOOK_LIMIT: usize = 1 << 10;

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
        if record.carried.is_some() {
            return self.add_spoken(record, read_spill);
        }
        match record.record_type() {
            Some(RecordType::User | RecordType::Assistant) => self.add_spoken(record, read_spill),
            Some(RecordType::QueueOperation) => self.add_value(SearchField::User, envelope.content),
            Some(RecordType::Attachment) if envelope.attachment.kind.get() == Some("queued_command") => {
                self.add_value(SearchField::User, envelope.attachment.prompt);
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
            // Nothing that anybody said, or not here.
            Some(
                RecordType::LastPrompt
                | RecordType::Mode
                | RecordType::PermissionMode
                | RecordType::BridgeSession
                | RecordType::ForkContextRef
                | RecordType::FileHistorySnapshot
                | RecordType::FileHistoryDelta
                | RecordType::CostState,
            ) => {}
            Some(RecordType::Attachment | RecordType::System | RecordType::PrLink | RecordType::FrameLink) | None => {
                self.add_leaves(SearchField::Other, record.json, is_envelope);
            }
        }
    }

    /// What a person, a model or a tool said.
    fn add_spoken(&mut self, record: &Record<'_>, read_spill: SpillReader<'_>) {
        let spoken = record.spoken();
        let is_user = spoken.message.role.get().or(spoken.record_type.get()) != Some("assistant");
        let said = match is_user {
            true if spoken.is_compact_summary.0 || spoken.is_meta.0 => SearchField::Other,
            true => SearchField::User,
            false => SearchField::Assistant,
        };
        self.add_said(said, spoken.message.content);
        let mut has_result = false;
        for block in record.blocks {
            match block.kind.get().unwrap_or_default() {
                "text" => self.add_said(said, block.text),
                "thinking" => self.add(SearchField::Thinking, block.thinking),
                "redacted_thinking" | "image" | "document" => {}
                kind if kind.ends_with("tool_use") => self.add_leaf_value(SearchField::ToolInput, block.input),
                "tool_result" => {
                    has_result = true;
                    self.add_result(record, block, read_spill);
                }
                kind if kind.ends_with("tool_result") => self.add_value(SearchField::ToolOutput, block.content),
                _ => self.add_value(SearchField::Other, block.content),
            }
        }
        if !has_result && is_user {
            self.add_leaf_value(SearchField::ToolOutput, spoken.tool_use_result);
        }
    }

    /// A text of a message; what the agent program put in is no prompt.
    fn add_said(&mut self, field: SearchField, text: Raw<'_>) {
        let starts_as_noise = || text.text(NOISE_LOOK_LIMIT).is_some_and(|start| noise::is_noise(&start));
        let is_noise = field == SearchField::User && starts_as_noise();
        self.add(if is_noise { SearchField::Other } else { field }, text);
    }

    /// A tool's output. The structured result says the same again, so it counts only where the text does not say it.
    fn add_result(&mut self, record: &Record<'_>, block: &Block<'_>, read_spill: SpillReader<'_>) {
        let field = SearchField::ToolOutput;
        let before = self.field(field).len();
        self.add_value(field, block.content);
        let text = self.field(field)[before..].trim_start();
        let is_stub = text.is_empty() || spill::is_stub(text);
        let spill_name = spill::name(record.result, text);
        if is_stub {
            self.add_leaf_value(field, record.spoken().tool_use_result);
        }
        let Some(name) = spill_name else { return };
        match read_spill(&name) {
            Spill::Text { text, is_cut } => {
                self.push(field, &text);
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

    /// A string, or the strings of a list of blocks.
    fn add_value(&mut self, field: SearchField, value: Raw<'_>) {
        match value.list() {
            Some(list) => self.add_leaves(field, list, is_block_mark),
            None => self.add(field, value),
        }
    }

    /// A string, or every string inside of an object or list.
    fn add_leaf_value(&mut self, field: SearchField, value: Raw<'_>) {
        match value.tree() {
            Some(tree) => self.add_leaves(field, tree, |_, key| is_never_text(key)),
            None => self.add(field, value),
        }
    }

    fn add_leaves(&mut self, field: SearchField, json: &str, is_skipped: fn(usize, &str) -> bool) {
        for_each_leaf(json, is_skipped, |leaf| {
            if !leaf.string().is_some_and(is_blob) {
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
        if text.len() == start {
            text.truncate(before);
        }
    }

    fn push(&mut self, field: SearchField, text: &str) {
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

/// Keys whose values repeat other text, or are none.
fn is_never_text(key: &str) -> bool {
    matches!(
        key,
        "signature"
            | "originalFile"
            | "originalFileContents"
            | "original_file"
            | "structuredPatch"
            | "patch"
            | "gitDiff"
            | "base64"
            | "encrypted_content"
            | "fullOutput"
            | "persistedOutputPath"
    )
}

/// What every record has, at the depth of the record itself.
fn is_envelope(depth: usize, key: &str) -> bool {
    is_never_text(key)
        || depth == 1
            && matches!(
                key,
                "type"
                    | "subtype"
                    | "uuid"
                    | "parentUuid"
                    | "logicalParentUuid"
                    | "timestamp"
                    | "sessionId"
                    | "session_id"
                    | "cwd"
                    | "version"
                    | "gitBranch"
                    | "userType"
                    | "entrypoint"
                    | "slug"
                    | "agentId"
                    | "requestId"
                    | "level"
                    | "toolUseID"
                    | "parentToolUseID"
                    | "messageId"
                    | "promptId"
                    | "permissionMode"
            )
        || depth == 2 && matches!(key, "type" | "toolUseID" | "hookEvent" | "hookName")
}

/// What says of a block what it is, or is a picture.
fn is_block_mark(_: usize, key: &str) -> bool {
    is_never_text(key) || matches!(key, "type" | "source" | "id" | "tool_use_id" | "cache_control")
}

/// Whether an escaped string is data in base64: long, and without any separator.
fn is_blob(string: &str) -> bool {
    if string.len() < LEAST_BLOB {
        return false;
    }
    let head = if string.starts_with("data:") { &string[..string.floor_char_boundary(100)] } else { "" };
    let data = head.find(";base64,").map_or(string, |end| &string[end + ";base64,".len()..]);
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    data.len() >= LEAST_BLOB && data.bytes().take(LEAST_BLOB).all(is_base64)
}
