//! The folders that a session works in.

use super::carry::Carry;
use crate::row::WorktreeRow;
use crate::transcript::record::{Record, RecordType};

/// The working directory that a record names.
pub(super) fn cwd(record: &Record<'_>) -> Option<String> {
    let envelope = record.envelope;
    let relocated = || match record.record_type() {
        Some(RecordType::Relocated) => envelope.relocated_cwd.to_owned(),
        _ => None,
    };
    envelope.cwd.to_owned().or_else(relocated)
}

/// The worktree that a record names, unless the last one before it was the same: it is written again every turn.
pub(super) fn worktree(record: &Record<'_>, carry: &mut Carry) -> Option<WorktreeRow> {
    if record.record_type() != Some(RecordType::WorktreeState) {
        return None;
    }
    let worktree = &record.envelope.worktree;
    let path = worktree.path.to_owned()?;
    let original_path = worktree.original_cwd.to_owned()?;
    let hash = xxhash_rust::xxh3::xxh3_64(format!("{path}\0{original_path}").as_bytes());
    (carry.worktree.replace(hash) != Some(hash)).then_some(WorktreeRow { path, original_path })
}
