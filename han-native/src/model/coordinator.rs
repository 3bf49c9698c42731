use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Who writes the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CoordinatorStatus {
    /// Whether this handle leads.
    pub is_coordinator: bool,
    /// Whether any handle leads, in this process or another.
    pub coordinator_running: bool,
    /// Raised with every change of the writer; 0 before the first write.
    pub epoch: i64,
    /// The process that leads.
    pub pid: Option<i64>,
    /// When the leader last showed a sign of life, by its own clock.
    pub heartbeat: Option<Timestamp>,
    /// The version of the library that leads.
    pub version: Option<String>,
    /// What is wrong; empty if nothing is.
    pub issues: Vec<CoordinatorIssue>,
}

/// Something that is wrong with who writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CoordinatorIssue {
    /// The code of the error that writes fail with: `HAN_WRITER_STALLED`.
    pub code: String,
    /// What happened, and what to do.
    pub message: String,
}
