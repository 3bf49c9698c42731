use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{MessageId, Timestamp};

/// A tool call, with its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolCall {
    /// The id of the call, by which its result names it.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The session that called it, itself or through an agent.
    pub session_id: String,
    /// The agent that called it.
    pub agent_id: Option<String>,
    /// The message that calls it.
    pub message_id: MessageId,
    /// When it was called.
    pub timestamp: Option<Timestamp>,
    /// The input, as JSON text; `null` if it was not asked for, or if the record has none.
    pub input: Option<String>,
    /// The result; `null` while there is none.
    pub result: Option<ToolResult>,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolResult {
    /// The message that contains it.
    pub message_id: MessageId,
    /// When it arrived.
    pub timestamp: Option<Timestamp>,
    /// Whether the tool failed.
    pub is_error: bool,
    /// The file in the session's `tool-results/` that has the whole output, if the record has only a part of it.
    pub spill: Option<String>,
    /// The output as the record has it, its texts joined by line ends, with `[image]` for an image; `null` if it was not
    /// asked for.
    pub output: Option<String>,
}

/// How much of each tool call is returned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToolCallOptions {
    /// Also `input` and `output`, which are read from the stored records.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub include_text: bool,
}
