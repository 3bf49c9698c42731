use serde::{Deserialize, Serialize};

use super::Timestamp;

/// What a file is to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SessionFileKind {
    /// The session's own transcript.
    Main,
    /// The transcript of a subagent.
    Agent,
    /// Events that han itself wrote beside the transcript.
    Events,
    /// A tool result that was written to a file of its own.
    Spill,
}

impl SessionFileKind {
    /// Every kind.
    pub const ALL: [SessionFileKind; 4] =
        [SessionFileKind::Main, SessionFileKind::Agent, SessionFileKind::Events, SessionFileKind::Spill];

    /// The name as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            SessionFileKind::Main => "main",
            SessionFileKind::Agent => "agent",
            SessionFileKind::Events => "events",
            SessionFileKind::Spill => "spill",
        }
    }

    /// The kind of a stored name.
    pub fn from_name(name: &str) -> Option<SessionFileKind> {
        SessionFileKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A file of a session: a transcript, or a spilled tool result. The counts are those of its content as it is now; what an
/// older generation of it had is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionFile {
    /// The identity: 16 hex digits, with which the ids of the file's messages start, too.
    pub id: String,
    /// The path below the config dir.
    pub path: String,
    /// The config dir; `null` for a file outside any, whose `path` is absolute.
    pub config_dir: Option<String>,
    /// What it is to its session.
    pub kind: SessionFileKind,
    /// Its session.
    pub session_id: String,
    /// The project whose folder it is in.
    pub project_id: String,
    /// The agent that writes it.
    pub agent_id: Option<String>,
    /// The kind of that agent, as its session named it.
    pub agent_type: Option<String>,
    /// What that agent was asked to do, in short.
    pub agent_description: Option<String>,
    /// The workflow that the agent belongs to.
    pub workflow: Option<String>,
    /// Whether it has gone from the disk.
    pub is_missing: bool,
    /// Its size in bytes, when it was last checked.
    pub size: i64,
    /// When it was changed, as of then.
    pub modified_at: Option<Timestamp>,
    /// How many bytes of it are indexed.
    pub indexed_bytes: i64,
    /// 1, and one more for each time that it was cut, rewritten or replaced.
    pub generation: i64,
    /// Lines that are not blank.
    pub line_count: i64,
    /// Messages, copies and the request log left out.
    pub message_count: i64,
    /// Messages that are copies written by a resume, a fork or a compaction.
    pub replay_count: i64,
    /// Lines that became no message.
    pub problem_count: i64,
    /// The earliest time in it, copies included.
    pub first_message_at: Option<Timestamp>,
    /// The latest time in it, copies included.
    pub last_message_at: Option<Timestamp>,
}
