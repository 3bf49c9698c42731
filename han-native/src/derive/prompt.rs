//! Which `user` records are prompts that a person typed.

use std::borrow::Cow;

use super::{noise, tools};
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Record, RecordType};

/// How much of a prompt is looked at: enough for a title after some noise.
const LOOK_LIMIT: usize = 64 << 10;

/// The start of the prompt, empty if it has no text; `None` if the record is no prompt.
pub(super) fn prompt<'a>(record: &Record<'a>, kind: FileKind) -> Option<Cow<'a, str>> {
    let envelope = record.envelope;
    let is_candidate = kind == FileKind::Main
        && record.record_type() == Some(RecordType::User)
        && !envelope.is_sidechain.0
        && !envelope.is_meta.0
        && !envelope.is_compact_summary.0
        && !record.blocks.iter().any(tools::is_result);
    if !is_candidate {
        return None;
    }
    let is_prompt = |text: &Cow<'_, str>| !text.trim().is_empty() && !noise::is_noise(text);
    let content = envelope.message.content.text(LOOK_LIMIT);
    let block_texts = record.blocks.iter().filter_map(|block| block.text.text(LOOK_LIMIT));
    if let Some(text) = content.into_iter().chain(block_texts).find(is_prompt) {
        return Some(text);
    }
    let is_shown = |kind| matches!(kind, Some("image" | "document"));
    record.blocks.iter().any(|block| is_shown(block.kind.get())).then_some(Cow::Borrowed(""))
}
