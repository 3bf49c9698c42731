use serde::{Deserialize, Serialize};

use super::{MessageId, MessageRole, Timestamp};

/// A session for a test; see [`Testing::session`](crate::Testing::session). Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestSession {
    /// Its id, of letters, digits, `-`, `_` and `.`; `test-session-1`, `test-session-2` and so on by default. An id that was
    /// used before continues that session.
    pub id: Option<String>,
    /// The absolute path of the folder that the session ran in; `/code/app` by default.
    pub project: Option<String>,
    /// What was said, in order.
    pub messages: Vec<TestMessage>,
}

/// A message for a test. It needs at least a `text`, a `thinking` or a `tool`; everything else may be left out.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestMessage {
    /// Who speaks; by default the assistant if there is a `thinking` or a `tool`, else the user.
    pub role: Option<MessageRole>,
    /// What is said.
    pub text: Option<String>,
    /// What the assistant thinks before.
    pub thinking: Option<String>,
    /// The tool that the assistant calls, and what came of it.
    pub tool: Option<TestTool>,
    /// When; by default one second after the message before, the first one on 2026-01-01 at 10:00 UTC.
    pub at: Option<Timestamp>,
    /// The model of the assistant; `claude-sonnet-4-5` by default.
    pub model: Option<String>,
    /// The tokens that the assistant read; with `output_tokens`, 0 each by default.
    pub input_tokens: Option<i64>,
    /// The tokens that the assistant wrote.
    pub output_tokens: Option<i64>,
}

impl TestMessage {
    /// A prompt.
    pub fn user(text: impl Into<String>) -> TestMessage {
        TestMessage { role: Some(MessageRole::User), text: Some(text.into()), ..TestMessage::default() }
    }

    /// An answer.
    pub fn assistant(text: impl Into<String>) -> TestMessage {
        TestMessage { role: Some(MessageRole::Assistant), text: Some(text.into()), ..TestMessage::default() }
    }

    /// What the assistant thinks.
    pub fn thinking(text: impl Into<String>) -> TestMessage {
        TestMessage { thinking: Some(text.into()), ..TestMessage::default() }
    }

    /// A tool call, with its input as JSON, and its output.
    pub fn tool(name: impl Into<String>, input: serde_json::Value, output: impl Into<String>) -> TestMessage {
        let tool = TestTool { name: name.into(), input: Some(input), output: Some(output.into()), is_error: false };
        TestMessage { tool: Some(tool), ..TestMessage::default() }
    }
}

/// A tool call for a test.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestTool {
    /// Its name, such as `Bash`. Required.
    pub name: String,
    /// The input, an object; `{}` by default.
    #[serde(default)]
    pub input: Option<serde_json::Value>,
    /// What the tool answered, which is a message of its own; if left out, the call has no result.
    #[serde(default)]
    pub output: Option<String>,
    /// Whether it failed.
    #[serde(default)]
    pub is_error: bool,
}

/// What [`Testing::session`](crate::Testing::session) made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestSessionReport {
    /// The session.
    pub session_id: String,
    /// Its project.
    pub project_id: String,
    /// The message of each entry of `messages`, in their order.
    pub message_ids: Vec<MessageId>,
    /// The tool calls, in their order.
    pub tool_calls: Vec<TestToolCall>,
    /// Messages that this call inserted: one for each entry, and one for each output of a tool.
    pub messages_indexed: i64,
}

/// A tool call that [`Testing::session`](crate::Testing::session) made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestToolCall {
    /// Its id.
    pub tool_use_id: String,
    /// The message that calls.
    pub message_id: MessageId,
    /// The message with the result; `null` for a call without output.
    pub result_id: Option<MessageId>,
}
