//! The parts of a record as the content blocks of a message.

use super::cut::CutText;
use super::parts::{Call, Outcome, Part, Picture, Place};
use crate::model::{Block, ImageBlock, OtherBlock, TextBlock, ToolCallBlock, ToolResultBlock};

/// The type of a content block that does not say its type.
const UNKNOWN: &str = "unknown";

/// The blocks of a record's parts. `spill` names the file that a stored result went to.
pub(in crate::query) fn blocks_of(
    parts: Vec<Part>,
    record_type: &str,
    spill: impl Fn(i64) -> Option<String>,
) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::Said { place: Place::Around, .. } => {}
            Part::Said { text, place: Place::Text, .. } => blocks.push(Block::Text(text_block(text))),
            Part::Said { text, place: Place::Block(kind), is_cut, .. } => {
                let kind = if kind.is_empty() { UNKNOWN.to_owned() } else { kind };
                blocks.push(other(kind, text, is_cut));
            }
            Part::Said { text, place: Place::Record, is_cut, .. } => {
                blocks.push(other(record_type.to_owned(), text, is_cut));
            }
            Part::Thinking { text } => blocks.push(Block::Thinking(text_block(text))),
            Part::Call(call) => blocks.push(Block::ToolCall(call_block(call))),
            Part::Result(mut outcome) => {
                let pictures = std::mem::take(&mut outcome.pictures);
                let spill = outcome.ordinal.and_then(&spill);
                let result = result_block(outcome, spill);
                let images: Vec<Block> =
                    pictures.into_iter().map(|picture| image(picture, result.tool_use_id.clone())).collect();
                blocks.push(Block::ToolResult(result));
                blocks.extend(images);
            }
            Part::Picture(picture) => blocks.push(image(picture, None)),
            Part::Document => blocks.push(other("document".to_owned(), CutText::default(), false)),
        }
    }
    blocks
}

/// The block of a record that has no part: its preview.
pub(in crate::query) fn preview_block(record_type: &str, preview: &str, limit: usize) -> Block {
    other(record_type.to_owned(), CutText::of(preview, limit), false)
}

fn text_block(text: CutText) -> TextBlock {
    let is_truncated = text.left_out() > 0;
    TextBlock { bytes: text.bytes as i64, text: text.text, is_truncated }
}

fn other(kind: String, text: CutText, is_cut: bool) -> Block {
    let TextBlock { text, bytes, is_truncated } = text_block(text);
    Block::Other(OtherBlock { kind, text, bytes, is_truncated: is_truncated || is_cut })
}

fn call_block(call: Call) -> ToolCallBlock {
    let TextBlock { text: input, bytes, is_truncated } = text_block(call.input);
    let (tool_use_id, name) = (non_empty(call.id), non_empty(call.name));
    ToolCallBlock { tool_use_id, name, summary: call.summary, input, bytes, is_truncated }
}

fn result_block(outcome: Outcome, spill: Option<String>) -> ToolResultBlock {
    let TextBlock { text, bytes, is_truncated } = text_block(outcome.text);
    let tool_use_id = non_empty(outcome.call_id);
    ToolResultBlock { tool_use_id, is_error: outcome.is_error, text, bytes, is_truncated, spill }
}

fn image(picture: Picture, tool_use_id: Option<String>) -> Block {
    Block::Image(ImageBlock { tool_use_id, media_type: picture.media_type, bytes: picture.bytes as i64 })
}

fn non_empty(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
