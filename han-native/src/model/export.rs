use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{Message, Session};

/// The format of an exported session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ExportFormat {
    /// Markdown to read and to paste.
    #[default]
    Markdown,
    /// One JSON object; see [`SessionExport`].
    Json,
    /// One HTML page that needs no other file and runs no script.
    Html,
}

/// What is exported of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExportOptions {
    /// The subagents' messages as well; true by default.
    #[serde(deserialize_with = "bool_or::<true, _>")]
    pub include_agents: bool,
    /// What the model thought; true by default. Does not affect raw records.
    #[serde(deserialize_with = "bool_or::<true, _>")]
    pub include_thinking: bool,
    /// Also copies written by a resume, a fork or a compaction.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub include_replays: bool,
    /// In JSON, also each record as it was written.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub include_raw: bool,
    /// Cuts each text, tool input and tool result that is longer than this many bytes, and says so in its place; nothing is cut
    /// by default. At least 1. Does not affect raw records.
    pub max_text_bytes: Option<i64>,
}

impl Default for ExportOptions {
    fn default() -> ExportOptions {
        ExportOptions {
            include_agents: true,
            include_thinking: true,
            include_replays: false,
            include_raw: false,
            max_text_bytes: None,
        }
    }
}

/// The JSON of an exported session. It is written piece by piece, the messages last; this is its shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionExport {
    /// `han-session`.
    pub format: String,
    /// 1; raised when a field changes its meaning.
    pub version: i64,
    /// The session.
    pub session: Session,
    /// How many lines became no message, and how many notes there are, by kind.
    pub problems: BTreeMap<String, i64>,
    /// The session's files: the main one first, then the agents' in the order in which they began.
    pub files: Vec<ExportedFile>,
}

/// One transcript of an exported session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedFile {
    /// The path below the config dir.
    pub path: String,
    /// `main`, `agent` or `events`.
    pub kind: String,
    /// The agent that wrote it.
    pub agent_id: Option<String>,
    /// The kind of agent.
    pub agent_type: Option<String>,
    /// What the agent was to do.
    pub agent_description: Option<String>,
    /// The workflow that started the agent.
    pub workflow: Option<String>,
    /// Whether it has gone from the disk.
    pub is_missing: bool,
    /// Its messages, in the order of the file.
    pub messages: Vec<ExportedMessage>,
}

/// A message of an exported session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportedMessage {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// Its text by the names of [`SearchField`](super::SearchField), whole unless `maxTextBytes` cut it. `toolInput` is the JSON
    /// of the input.
    pub text: BTreeMap<String, String>,
    /// The record as it was written, with `includeRaw`; bytes that are not UTF-8 become U+FFFD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}
