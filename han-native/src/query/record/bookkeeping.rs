//! Which records are bookkeeping of the agent program: it writes them beside the conversation, and nobody who reads that needs
//! them.

/// Record types.
const TYPES: [&str; 15] = [
    "agent-name",
    "ai-title",
    "attachment",
    "bridge-session",
    "cost-state",
    "custom-title",
    "file-history-delta",
    "file-history-snapshot",
    "fork-context-ref",
    "last-prompt",
    "mode",
    "permission-mode",
    "progress",
    "queue-operation",
    "summary",
];

/// Subtypes of `system` records: lines of every turn.
const SYSTEM_SUBTYPES: [&str; 3] = ["bridge_status", "stop_hook_summary", "turn_duration"];

/// Whether a record of this type and subtype is bookkeeping.
pub(in crate::query) fn is_bookkeeping(record_type: &str, subtype: Option<&str>) -> bool {
    TYPES.contains(&record_type)
        || (record_type == "system" && subtype.is_some_and(|subtype| SYSTEM_SUBTYPES.contains(&subtype)))
}
