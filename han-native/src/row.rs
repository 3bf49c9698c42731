//! The rows that one record becomes: the contract between `derive`, which makes them, and `store`, which writes them.

use crate::model::{ProblemKind, SearchField, TokenUsage};

/// A repeating name; interned by the store.
pub(crate) type Name = String;

/// A uuid as it is stored: 16 bytes where the text is a lower-case UUID, else the text itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Uuid {
    Bytes([u8; 16]),
    Text(String),
}

impl Uuid {
    /// What it is looked up by. A hash, not a part: uuids that are counted up share most of their bytes.
    pub(crate) fn key(&self) -> i64 {
        let bytes = match self {
            Uuid::Bytes(bytes) => bytes.as_slice(),
            Uuid::Text(text) => text.as_bytes(),
        };
        xxhash_rust::xxh3::xxh3_64(bytes) as i64
    }
}

/// Which record a record answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Parent {
    Uuid(Uuid),
    /// The first record of the line this many lines before, which nearly all answer: its uuid is there.
    LinesBefore(i64),
}

/// What calls and results of tools are looked up by.
pub(crate) fn tool_use_key(tool_use_id: &str) -> i64 {
    xxhash_rust::xxh3::xxh3_64(tool_use_id.as_bytes()) as i64
}

/// Facts about a message that are one bit each; stored in `messages.flags`.
pub(crate) mod flag {
    /// `time` is the record's own, not carried over from a line before.
    pub(crate) const OWN_TIME: i64 = 1;
    pub(crate) const SIDECHAIN: i64 = 1 << 1;
    pub(crate) const META: i64 = 1 << 2;
    pub(crate) const ERROR: i64 = 1 << 3;
    /// A prompt that a person typed: no tool result, no command that starts no turn, no text of the agent program or another
    /// machine. What waits is one as long as no other row has its text.
    pub(crate) const PROMPT: i64 = 1 << 4;
    /// The line has no end yet.
    pub(crate) const PROVISIONAL: i64 = 1 << 5;
    pub(crate) const ROLE_USER: i64 = 1 << 6;
    pub(crate) const ROLE_ASSISTANT: i64 = 1 << 7;
    /// A `user` or `assistant` record.
    pub(crate) const TALK: i64 = 1 << 8;
    /// The usage is that of the message inside an agent_progress record.
    pub(crate) const CARRIED_USAGE: i64 = 1 << 9;
    /// It has a row in the full-text index.
    pub(crate) const SEARCHABLE: i64 = 1 << 10;
    pub(crate) const COMPACT_SUMMARY: i64 = 1 << 11;
    /// What a prompt that waited no longer is, once another row has its text.
    pub(crate) const TAKEN_BACK: i64 = PROMPT | SEARCHABLE;
    /// It belongs to the log of what was sent to the API: its row represents its line, and is not a message that is counted, listed,
    /// searched or reported.
    pub(crate) const REQUEST_LOG: i64 = 1 << 12;
}

/// One message and everything that only it determines.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct MessageRow {
    pub line: i64,
    pub part: i64,
    /// Of the record in the file, in bytes.
    pub offset: i64,
    pub length: i64,
    pub record_type: Name,
    pub subtype: Option<Name>,
    pub flags: i64,
    /// Effective time in milliseconds.
    pub time: Option<i64>,
    pub uuid: Option<Uuid>,
    pub parent: Option<Parent>,
    pub carried_uuid: Option<Uuid>,
    /// The record's own `sessionId`, whatever the file's is.
    pub record_session: Option<Name>,
    /// The record's own `agentId`, whatever the file's is.
    pub agent: Option<Name>,
    pub model: Option<Name>,
    pub git_branch: Option<Name>,
    pub version: Option<Name>,
    pub cwd: Option<String>,
    /// The session that it was copied from, or that asked for it, as it says; it may be the file's own.
    pub origin: Option<String>,
    /// What shows when the file was active, where no uuid does.
    pub lone: Option<LoneRow>,
    /// The tokens that this line states, and the key under which they are counted once.
    pub usage: Option<UsageRow>,
    pub preview: String,
    /// The full-text document: each field with words, as the index is fed with it (see `derive/tokens.rs`).
    pub document: Vec<(SearchField, String)>,
    /// A hash of the searchable text, also where it repeats that of the record before and is not indexed; 0 without text.
    pub text_hash: i64,
    pub tool_calls: Vec<ToolCallRow>,
    pub tool_results: Vec<ToolResultRow>,
    pub file_changes: Vec<FileChangeRow>,
    /// A whole todo list as JSON: `[{content, status, activeForm}]`.
    pub todos: Option<String>,
    pub task_events: Vec<TaskEventRow>,
    pub hooks: Vec<HookRow>,
    pub summary: Option<SummaryRow>,
    pub title: Option<TitleRow>,
    pub worktree: Option<WorktreeRow>,
    pub agent_calls: Vec<AgentCallRow>,
    pub agent_result: Option<AgentResultRow>,
    pub cost_state: Option<CostStateRow>,
    pub notes: Vec<(ProblemKind, String)>,
}

/// A record without a uuid, by which files that share others are distinguished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LoneRow {
    /// The same in a copy of the record.
    pub key: i64,
    /// In milliseconds.
    pub time: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UsageRow {
    /// The API's message id, else `uuid:` and the (carried) uuid, else none: counted by itself.
    pub key: Option<String>,
    pub tokens: TokenUsage,
    /// What else its price depends on, as JSON.
    pub billing: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolCallRow {
    pub tool_use_id: String,
    pub name: Name,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ToolResultRow {
    pub tool_use_id: String,
    pub is_error: bool,
    /// The file name (no folder) that the output was spilled to, below the session's `tool-results/`.
    pub spill: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileChangeRow {
    pub path: String,
    /// `create`, `update` or `delete`.
    pub action: &'static str,
    pub lines_added: i64,
    pub lines_removed: i64,
    pub tool: Name,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaskEventRow {
    pub task_id: String,
    /// JSON object of the fields that it sets: subject, description, activeForm, status, owner, blockedBy (array; added
    /// to what is there where the key is `addBlockedBy`), created (true where it creates the task), refused (true where the
    /// call changed nothing).
    pub patch: String,
    /// The call that it is of.
    pub tool_use_id: Option<String>,
    /// Whether the call says it, of what it will do; else its result, of what was found.
    pub is_call: bool,
}

/// What one line says about a hook that ran; other lines may say more of the same execution.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct HookRow {
    /// The subtype of the line: one execution has at most one line of each.
    pub kind: Name,
    pub key: HookKey,
    pub event: String,
    pub name: Option<String>,
    pub command: Option<String>,
    pub duration_ms: Option<i64>,
    pub exit_code: Option<i64>,
    pub is_error: bool,
}

/// What the lines of one occurrence of an event share, for which any number of commands may have run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum HookKey {
    /// Nothing: no other line belongs to it.
    #[default]
    None,
    /// A hash of the event and of the id that its lines have.
    Id(i64),
    /// A hash of the event and of where in its file it is: its lines have no id in common.
    Turn(i64),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SummaryRow {
    /// `summary`, `compaction` or `away`.
    pub kind: &'static str,
    pub leaf_uuid: Option<Uuid>,
    pub text: String,
}

/// A call that starts an agent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentCallRow {
    pub tool_use_id: String,
    pub agent_type: Option<String>,
    pub description: Option<String>,
}

/// The result of such a call, which names the agent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentResultRow {
    pub tool_use_id: String,
    pub agent: String,
    pub agent_type: Option<String>,
}

/// Where a worktree is, and the folder of the repository that it was made from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WorktreeRow {
    pub path: String,
    pub original_path: String,
}

/// A candidate for the session's title. Summaries are candidates through [`SummaryRow`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TitleRow {
    /// 0 custom, 1 agent name, 2 generated, 4 first prompt of the file.
    pub rank: i64,
    pub title: String,
}

/// What the agent program says that the session cost so far. Money is picodollars.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct CostStateRow {
    pub cost: i64,
    pub models: Vec<ReportedRow>,
}

/// The part of one model.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ReportedRow {
    /// The model that was requested.
    pub model: Name,
    pub cost: i64,
    pub web_searches: i64,
    pub tokens: TokenUsage,
}

/// A line that became no message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProblemRow {
    pub line: i64,
    pub part: i64,
    pub offset: i64,
    pub length: i64,
    pub kind: ProblemKind,
    pub detail: String,
}

impl MessageRow {
    /// Whether it belongs to the request log, see [`flag::REQUEST_LOG`].
    pub(crate) fn is_request_log(&self) -> bool {
        self.flags & flag::REQUEST_LOG != 0
    }
}

/// A part of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub offset: i64,
    pub length: i64,
}

/// What lines became.
#[derive(Debug, Default)]
pub(crate) struct LineRows {
    /// In the order of their lines and parts.
    pub messages: Vec<MessageRow>,
    pub problems: Vec<ProblemRow>,
    /// Lines and parts of earlier rows that were prompts as long as nothing else said their text.
    pub taken_back: Vec<(i64, i64)>,
    /// Values that are written the same into other records, in the order of their places: their bytes are stored once.
    pub repeated: Vec<Span>,
}

impl LineRows {
    /// Takes a row back as a prompt: of these rows, or of those that were written before.
    pub(crate) fn take_back(&mut self, place: (i64, i64)) {
        match self.messages.binary_search_by_key(&place, |row| (row.line, row.part)) {
            Ok(at) => self.messages[at].take_back(),
            Err(_) => self.taken_back.push(place),
        }
    }
}

impl MessageRow {
    /// Another row has its text: it is not a prompt, makes no title, and is not found.
    fn take_back(&mut self) {
        self.flags &= !flag::TAKEN_BACK;
        self.document.clear();
        self.title = None;
    }
}
