use serde::{Deserialize, Serialize};

use super::TokenUsage;

/// What indexing one file did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IndexResult {
    /// The session of the file.
    pub session_id: String,
    /// Messages that this call inserted; 0 if nothing was new.
    pub messages_indexed: i64,
    /// Messages of the session's main file, without replays and the request log.
    pub total_messages: i64,
    /// Whether the session was unknown before.
    pub is_new_session: bool,
    /// Lines read by this call that became no message.
    pub problems: i64,
    /// Notes on messages read by this call.
    pub notes: i64,
}

/// What a scan did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScanReport {
    /// Transcripts found.
    pub files: i64,
    /// Those of them that had something new.
    pub files_changed: i64,
    /// Non-blank lines read.
    pub lines: i64,
    /// Bytes read.
    pub bytes: i64,
    /// Messages inserted.
    pub messages_indexed: i64,
    /// Lines that became no message.
    pub problems: i64,
    /// Notes on messages.
    pub notes: i64,
    /// Files that could not be read; the scan continued without them.
    pub errors: Vec<ScanError>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
}

/// A file that a scan could not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScanError {
    /// The file or folder.
    pub path: String,
    /// A `HAN_...` code.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}

/// How far a scan is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScanProgress {
    /// Files finished.
    pub files_done: i64,
    /// Files that have something new.
    pub files_total: i64,
    /// Bytes committed.
    pub bytes_done: i64,
    /// Bytes to read.
    pub bytes_total: i64,
    /// Messages inserted.
    pub messages_indexed: i64,
    /// The file that was committed last.
    pub path: Option<String>,
}

/// What is in the database.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Stats {
    /// The database's path; `:memory:` in memory.
    pub path: String,
    /// Its schema number.
    pub schema_version: i64,
    /// Bytes of the database file.
    pub database_bytes: i64,
    /// Bytes of its write-ahead log.
    pub wal_bytes: i64,
    /// Bytes of the transcripts that it holds.
    pub transcript_bytes: i64,
    /// Bytes of their compressed copies within the database.
    pub raw_bytes: i64,
    /// Projects.
    pub projects: i64,
    /// Sessions.
    pub sessions: i64,
    /// Transcripts.
    pub files: i64,
    /// Those of them that have gone from the disk.
    pub files_missing: i64,
    /// Non-blank lines.
    pub lines: i64,
    /// Messages, replays included, superseded generations and the request log not.
    pub messages: i64,
    /// Lines of the request log: what the agent program noted of its requests to the API. They are kept, and counted nowhere else.
    pub request_log: i64,
    /// Copies written by a resume, a fork or a compaction.
    pub replays: i64,
    /// Lines that became no message.
    pub problems: i64,
    /// Notes on messages.
    pub notes: i64,
    /// Tokens spent, each API message counted once.
    pub tokens: TokenUsage,
}

/// One finding of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DoctorIssue {
    /// What kind of finding, such as `search_index_damaged`.
    pub code: String,
    /// What was found, and what to do.
    pub message: String,
    /// The file it is about, if any.
    pub path: Option<String>,
    /// Whether this call fixed it.
    pub is_fixed: bool,
}

/// What `doctor` advises against, though nothing is wrong with the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoctorWarning {
    /// What kind of warning, such as `shared_page_cache`.
    pub code: String,
    /// What was found, and what to do.
    pub message: String,
}

/// What `doctor` found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DoctorReport {
    /// Whether nothing is wrong, or everything wrong was fixed.
    pub is_healthy: bool,
    /// Files whose stored bytes were checked.
    pub files_checked: i64,
    /// The findings.
    pub issues: Vec<DoctorIssue>,
    /// What makes the database slower than it could be, for example how SQLite was built. A database with warnings is healthy.
    pub warnings: Vec<DoctorWarning>,
}

/// What `forget` removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ForgetReport {
    /// Sessions removed.
    pub sessions: i64,
    /// Their files.
    pub files: i64,
    /// Their messages.
    pub messages: i64,
}

/// What a re-derivation did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RederiveReport {
    /// Files derived again.
    pub files: i64,
    /// Their messages.
    pub messages: i64,
}
