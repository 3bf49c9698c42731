//! Which files a successful tool call changed, and by how many lines.

use super::row::FileChangeRow;
use super::tools;
use crate::transcript::record::{Raw, Record, ToolUseResult};

/// The change that the structured result of a tool describes. The result does not name its tool, but each tool has a shape
/// of its own.
pub(super) fn file_changes(record: &Record<'_>) -> Vec<FileChangeRow> {
    let has_failed = record.blocks.iter().any(|block| tools::is_result(block) && block.is_error.0);
    if has_failed {
        return Vec::new();
    }
    change(record.result).into_iter().collect()
}

fn change(result: &ToolUseResult<'_>) -> Option<FileChangeRow> {
    if let Some(path) = result.notebook_path.non_empty() {
        return notebook_change(result, path);
    }
    let path = result.file_path.non_empty()?.to_owned();
    let row = |tool: &str, action, lines_added, lines_removed| {
        Some(FileChangeRow { path: path.clone(), action, lines_added, lines_removed, tool: tool.to_owned() })
    };
    let patched = |fallback: &dyn Fn() -> (i64, i64)| match result.patch.is_given {
        true => (result.patch.added, result.patch.removed),
        false => fallback(),
    };
    match (result.kind.get(), result.content.string()) {
        (Some("create"), Some(_)) => return row("Write", "create", lines(result.content), 0),
        (Some("update"), Some(_)) => {
            let (added, removed) = patched(&|| (lines(result.content), lines(result.original_file)));
            return row("Write", "update", added, removed);
        }
        _ => {}
    }
    if result.edits.is_given() {
        let sum = || {
            let edits = result.edits.items().iter();
            edits.fold((0, 0), |(added, removed), edit| {
                (added + lines(edit.new_string), removed + lines(edit.old_string))
            })
        };
        let (added, removed) = patched(&sum);
        return row("MultiEdit", "update", added, removed);
    }
    if result.patch.is_given || result.new_string.is_given() {
        let (added, removed) = patched(&|| (lines(result.new_string), lines(result.old_string)));
        // An edit that replaces nothing in nothing makes the file; its patch is empty.
        let is_new = is_empty(result.old_string) && result.original_file.string().is_none_or(str::is_empty);
        let (action, added) = match is_new {
            true => ("create", lines(result.new_string).max(added)),
            false => ("update", added),
        };
        return row("Edit", action, added, removed);
    }
    None
}

fn lines(text: Raw<'_>) -> i64 {
    text.line_count().unwrap_or(0)
}

fn is_empty(text: Raw<'_>) -> bool {
    text.string() == Some("")
}

/// A cell that was replaced, inserted or deleted. How many lines the old cell had is not known.
fn notebook_change(result: &ToolUseResult<'_>, path: &str) -> Option<FileChangeRow> {
    let source = result.new_source.line_count().filter(|_| result.error.non_empty().is_none())?;
    let lines_added = if result.edit_mode.get() == Some("delete") { 0 } else { source };
    let tool = "NotebookEdit".to_owned();
    Some(FileChangeRow { path: path.to_owned(), action: "update", lines_added, lines_removed: 0, tool })
}
