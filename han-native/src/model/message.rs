use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{MessageId, PageRequest, Timestamp};

/// Tokens of one API message, or a sum of them. Cache writes of 5 minutes and 1 hour are apart; both are part of
/// `cacheCreationTokens`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TokenUsage {
    /// Uncached input tokens.
    pub input_tokens: i64,
    /// Output tokens, thinking included.
    pub output_tokens: i64,
    /// Tokens read from the cache.
    pub cache_read_tokens: i64,
    /// Tokens written to the cache, of both lifetimes.
    pub cache_creation_tokens: i64,
    /// Those of them that live five minutes.
    pub cache_creation5m_tokens: i64,
    /// Those of them that live one hour.
    pub cache_creation1h_tokens: i64,
}

impl TokenUsage {
    /// How many tokens these are, of all kinds.
    pub(crate) fn total(&self) -> i64 {
        self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_creation_tokens
    }

    /// Those that are not among these; of each kind at least 0.
    pub(crate) fn without(&self, other: &TokenUsage) -> TokenUsage {
        let less = |left: i64, right: i64| (left - right).max(0);
        TokenUsage {
            input_tokens: less(self.input_tokens, other.input_tokens),
            output_tokens: less(self.output_tokens, other.output_tokens),
            cache_read_tokens: less(self.cache_read_tokens, other.cache_read_tokens),
            cache_creation_tokens: less(self.cache_creation_tokens, other.cache_creation_tokens),
            cache_creation5m_tokens: less(self.cache_creation5m_tokens, other.cache_creation5m_tokens),
            cache_creation1h_tokens: less(self.cache_creation1h_tokens, other.cache_creation1h_tokens),
        }
    }

    /// Both together.
    pub(crate) fn plus(&self, other: &TokenUsage) -> TokenUsage {
        TokenUsage {
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            cache_read_tokens: self.cache_read_tokens + other.cache_read_tokens,
            cache_creation_tokens: self.cache_creation_tokens + other.cache_creation_tokens,
            cache_creation5m_tokens: self.cache_creation5m_tokens + other.cache_creation5m_tokens,
            cache_creation1h_tokens: self.cache_creation1h_tokens + other.cache_creation1h_tokens,
        }
    }
}

/// One record of a transcript: a line, or a part of a line on which records are glued together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Message {
    /// The identity, the same in every database.
    pub id: MessageId,
    /// The session of the file that the line is in.
    pub session_id: String,
    /// The session id that the record itself names, if it differs (resumed and forked files).
    pub record_session_id: Option<String>,
    /// The record's `uuid`; not an identity, since resumed files repeat it.
    pub uuid: Option<String>,
    /// The record's `parentUuid`.
    pub parent_uuid: Option<String>,
    /// The record's `type`, such as `user` or `assistant`; known or not.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The second level of the type: of `system`, `progress` and `attachment` records.
    pub subtype: Option<String>,
    /// `user` or `assistant`, if the record carries an API message.
    pub role: Option<String>,
    /// The agent that wrote it, for lines of subagents.
    pub agent_id: Option<String>,
    /// The tool that is called, or whose result this is.
    pub tool_name: Option<String>,
    /// The id of that tool call.
    pub tool_use_id: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
    /// The API's message id, shared by the lines of one streamed answer.
    pub api_message_id: Option<String>,
    /// A short plain text of what the record says, at most 128 characters.
    pub preview: String,
    /// The record's own time.
    pub timestamp: Option<Timestamp>,
    /// Its own time, else that of the last earlier line that has one.
    pub effective_timestamp: Option<Timestamp>,
    /// The path of the file below its config dir.
    pub path: String,
    /// The line, counted from 1, blank ones included.
    pub line_number: i64,
    /// 0, or the position of a record glued after the first one of its line.
    pub part: i64,
    /// Whether the record is marked as a sidechain.
    pub is_sidechain: bool,
    /// Whether the record was put in by the agent program, not typed.
    pub is_meta: bool,
    /// Whether it is a failed tool result or an API error.
    pub is_error: bool,
    /// Whether it is a prompt that a person typed.
    pub is_prompt: bool,
    /// Whether it is a prompt that was taken back: a later one continues from before it.
    pub is_rewound: bool,
    /// The original, if this is a copy written by a resume, a fork or a compaction.
    pub replay_of: Option<MessageId>,
    /// Whether it belongs to an older generation of its file.
    pub is_superseded: bool,
    /// Whether its line has no end yet and may still grow.
    pub is_provisional: bool,
    /// The tokens that this very line states; not to be summed, see `Session.tokens`.
    pub tokens: Option<TokenUsage>,
}

/// Whose messages to list, besides the main file's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum AgentSelection {
    /// The session's main file only.
    None,
    /// The main file and every agent, merged by (effective time, path, line).
    All,
}

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum MessageRole {
    /// A person, or a tool that answers.
    User,
    /// The model.
    Assistant,
}

/// Which messages to list: those of one session, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MessageQuery {
    /// The session. Required.
    pub session_id: String,
    /// How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    pub first: Option<i64>,
    /// Only items after this cursor.
    pub after: Option<String>,
    /// How many items from the end, 1 to 10,000. Not together with `first`.
    pub last: Option<i64>,
    /// Only items before this cursor.
    pub before: Option<String>,
    /// Only this agent's file.
    pub agent_id: Option<String>,
    /// `all` merges the main file and every agent.
    pub agents: Option<AgentSelection>,
    /// Only messages of these record types, as `Message.type` has them; if left out or empty, every one but the request log: what
    /// the agent program noted of its requests to the API (`api-request`, `api-request-blob`, `api-request-shape`, and of
    /// `attachment` the subtype `prompt_snapshot`).
    pub types: Option<Vec<String>>,
    /// Only messages of this role.
    pub role: Option<MessageRole>,
    /// Only calls of this tool, and results of such calls.
    pub tool: Option<String>,
    /// Only messages whose effective time is at or after this instant.
    pub since: Option<Timestamp>,
    /// Only messages whose effective time is before this instant.
    pub until: Option<Timestamp>,
    /// Only failed tool results and API errors.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub only_errors: bool,
    /// Also copies written by a resume, a fork or a compaction.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub include_replays: bool,
    /// Also older generations of the file, after the current one.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub include_superseded: bool,
    /// Also count the whole list, whatever the page: `totalCount`.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub with_total: bool,
}

impl MessageQuery {
    /// The requested page.
    pub fn page(&self) -> PageRequest {
        PageRequest { first: self.first, after: self.after.clone(), last: self.last, before: self.before.clone() }
    }
}

/// When the messages of a session were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MessageTimestamps {
    /// The session.
    pub session_id: String,
    /// How many messages its main file has, copies and the request log left out.
    pub count: i64,
    /// The earliest time in its main file. Copies count: what a resume or a fork continues started when the copied session did.
    pub first: Option<Timestamp>,
    /// The latest time in its main file. Neither is one of the request log.
    pub last: Option<Timestamp>,
}
