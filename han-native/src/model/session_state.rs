use serde::{Deserialize, Serialize};

use super::{MessageId, Timestamp};

/// A session's todo list, as it was written last, by itself or an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TodoList {
    /// The session.
    pub session_id: String,
    /// The message that wrote the list.
    pub message_id: MessageId,
    /// When it was written.
    pub updated_at: Option<Timestamp>,
    /// What is to be done, in the order of the list.
    pub items: Vec<Todo>,
}

/// One item of a todo list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Todo {
    /// What is to be done.
    pub content: Option<String>,
    /// As the agent program names it, such as `pending`, `in_progress` or `completed`.
    pub status: Option<String>,
    /// What it is called while it is being done.
    pub active_form: Option<String>,
}

/// A task of a session, as it is after everything that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct NativeTask {
    /// The session.
    pub session_id: String,
    /// The task's id, unique within its session.
    pub id: String,
    /// What it is, in short.
    pub subject: Option<String>,
    /// What it is, in full.
    pub description: Option<String>,
    /// What it is called while it is being done.
    pub active_form: Option<String>,
    /// As the agent program names it, such as `pending`, `in_progress` or `completed`.
    pub status: Option<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// The ids of the tasks that have to be done before.
    pub blocked_by: Vec<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
}

/// A change to a file that a tool made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FileChange {
    /// The session.
    pub session_id: String,
    /// The agent that made it.
    pub agent_id: Option<String>,
    /// The message that reports it.
    pub message_id: MessageId,
    /// When it was made.
    pub timestamp: Option<Timestamp>,
    /// The path of the changed file, as the tool reported it.
    pub path: String,
    /// `create`, `update` or `delete`.
    pub action: String,
    /// Lines that are new.
    pub lines_added: i64,
    /// Lines that are gone.
    pub lines_removed: i64,
    /// The tool's name.
    pub tool: String,
}

/// A hook that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HookExecution {
    /// The session.
    pub session_id: String,
    /// The agent that it was run for.
    pub agent_id: Option<String>,
    /// The message that reports it.
    pub message_id: MessageId,
    /// When it was run.
    pub timestamp: Option<Timestamp>,
    /// The event that it was run at, such as `PreToolUse` or `Stop`.
    pub event: String,
    /// The hook's name, such as `PreToolUse:Bash`.
    pub name: Option<String>,
    /// The command that was run.
    pub command: Option<String>,
    /// How long it took.
    pub duration_ms: Option<i64>,
    /// How its command ended.
    pub exit_code: Option<i64>,
    /// Whether it failed, or blocked what it was run at.
    pub is_error: bool,
}

/// A summary of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionSummary {
    /// The session that is summed up.
    pub session_id: String,
    /// The message that has the summary; of another session if that one continues this one.
    pub message_id: MessageId,
    /// When it was written.
    pub timestamp: Option<Timestamp>,
    /// `summary` (a title-like line), `compaction` (what replaced the history) or `away` (what happened meanwhile).
    pub kind: String,
    /// The last message that is summed up, as its `uuid`; of a `summary` only.
    pub leaf_uuid: Option<String>,
    /// The summary.
    pub text: String,
}
