//! Tool calls and tool results.

use super::spill;
use crate::row::{ToolCallRow, ToolResultRow};
use crate::transcript::record::{Block, Record};

/// The calls that a message makes.
pub(super) fn calls(record: &Record<'_>) -> Vec<ToolCallRow> {
    let call =
        |block: &Block<'_>| Some(ToolCallRow { tool_use_id: block.id.to_owned()?, name: block.name.to_owned()? });
    record.blocks.iter().filter(|block| is_call(block)).filter_map(call).collect()
}

/// The results that a message brings.
pub(super) fn results(record: &Record<'_>) -> Vec<ToolResultRow> {
    let result = |block: &Block<'_>| {
        let start = block.content.text(1_024).unwrap_or_default();
        Some(ToolResultRow {
            tool_use_id: block.tool_use_id.to_owned()?,
            is_error: block.is_error.0,
            spill: spill::name(record.result, start.trim_start()),
        })
    };
    record.blocks.iter().filter(|block| is_result(block)).filter_map(result).collect()
}

/// Calls of tools that the API runs itself are calls as well.
pub(super) fn is_call(block: &Block<'_>) -> bool {
    block.kind.get().is_some_and(|kind| kind.ends_with("tool_use"))
}

pub(super) fn is_result(block: &Block<'_>) -> bool {
    block.kind.get() == Some("tool_result")
}
