use serde::{Deserialize, Serialize};

/// How much [`Messages::blocks`](crate::Messages::blocks) returns of each text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockOptions {
    /// Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by default.
    pub max_bytes: Option<i64>,
}

/// What a message is in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Turn {
    /// A prompt that a person typed.
    Prompt,
    /// A part of the model's answer: words, thoughts or tool calls.
    Answer,
    /// Anything else: a tool's result, or a text of the agent program.
    Event,
}

/// What a message says, block by block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageBlocks {
    /// What the message is in a conversation.
    pub turn: Turn,
    /// Whether it is bookkeeping of the agent program, such as progress, snapshots and titles, which a reader of the
    /// conversation does not need.
    pub is_bookkeeping: bool,
    /// The content blocks, in the order of the record; images within a tool's result follow it. What the agent program put around
    /// the text of a prompt is left out. A record that carries no API message has one block `other` for each of its texts, or for
    /// its preview.
    pub blocks: Vec<Block>,
    /// Whether the record has more content blocks than the first 10,000, which are read.
    pub has_more_blocks: bool,
}

/// A content block of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Block {
    /// Words of a person, of the model, or of the agent program.
    Text(TextBlock),
    /// Thoughts of the model.
    Thinking(TextBlock),
    /// A tool call.
    ToolCall(ToolCallBlock),
    /// The result of a call.
    ToolResult(ToolResultBlock),
    /// An image.
    Image(ImageBlock),
    /// Anything else: a block of another type, or the text of a record that carries no API message.
    Other(OtherBlock),
}

/// A text, or the start of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextBlock {
    /// The text, cut as requested.
    pub text: String,
    /// How many bytes the whole text has, in UTF-8.
    pub bytes: i64,
    /// Whether the text was cut.
    pub is_truncated: bool,
}

/// A tool call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToolCallBlock {
    /// The id by which its result names it.
    pub tool_use_id: Option<String>,
    /// The tool's name.
    pub name: Option<String>,
    /// What the call is about, in one line: the most informative part of the input, such as a command or a path, else the input itself. It
    /// is cut as the input is.
    pub summary: String,
    /// The input as JSON, as the record has it, cut as requested; empty if the record has none.
    pub input: String,
    /// How many bytes the whole input has.
    pub bytes: i64,
    /// Whether the input was cut.
    pub is_truncated: bool,
}

/// The result of a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ToolResultBlock {
    /// The id of the call.
    pub tool_use_id: Option<String>,
    /// Whether the tool failed.
    pub is_error: bool,
    /// The output, its texts joined by line ends, with `[image]` for an image and without control sequences, cut as requested.
    pub text: String,
    /// How many bytes the whole text has, in UTF-8.
    pub bytes: i64,
    /// Whether the text was cut.
    pub is_truncated: bool,
    /// The file in the session's `tool-results/` that has the whole output, if the record has only a part of it.
    pub spill: Option<String>,
}

/// An image, without its data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImageBlock {
    /// The call in whose result it is; `null` for an image of the message itself.
    pub tool_use_id: Option<String>,
    /// Its media type, such as `image/png`; `null` if the record does not say it.
    pub media_type: Option<String>,
    /// How many bytes the image has; 0 if the record does not have its data.
    pub bytes: i64,
}

/// A block without a type of its own here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherBlock {
    /// The type of the content block, such as `document`, or `unknown` if it has none. Where the record carries no API message, the
    /// type of the record.
    pub kind: String,
    /// The text, cut as requested; empty if there is none.
    pub text: String,
    /// How many bytes the whole text has, in UTF-8. Of a record that carries no API message at most 1 MiB are looked at.
    pub bytes: i64,
    /// Whether the text was cut.
    pub is_truncated: bool,
}
