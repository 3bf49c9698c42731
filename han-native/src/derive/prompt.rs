//! Which records are prompts that a person typed, and under which field a message's words are found.

use super::leaf::look;
use super::tools;
use super::typed::{Typed, typed};
use crate::model::SearchField;
use crate::transcript::discover::FileKind;
use crate::transcript::record::{Attachment, Block, Envelope, List, Origin, Raw, Record, RecordType};

/// How much of a prompt is looked at: enough for a title after some noise.
const LOOK_LIMIT: usize = 1 << 20;

/// The prompt, empty if it has no text; `None` if the record is not a prompt.
pub(super) fn prompt(record: &Record<'_>, kind: FileKind) -> Option<String> {
    let envelope = record.envelope;
    if kind != FileKind::Main || envelope.is_sidechain.0 || envelope.is_meta.0 {
        return None;
    }
    match record.record_type()? {
        RecordType::User => {
            let is_prompt = said_by(envelope) == SearchField::User && !record.blocks.iter().any(tools::is_result);
            is_prompt.then(|| typed_prompt(envelope.message.content, record.blocks)).flatten()
        }
        RecordType::Attachment => {
            let attachment = &envelope.attachment;
            if !is_queued_prompt(attachment) {
                return None;
            }
            with_blocks(attachment.prompt, |blocks| typed_prompt(attachment.prompt, blocks))
        }
        RecordType::QueueOperation if is_enqueued(envelope) => {
            with_blocks(envelope.content, |blocks| typed_prompt(envelope.content, blocks))
        }
        _ => None,
    }
}

/// The typed part of the first text that has one; empty if there are only pictures.
fn typed_prompt(content: Raw<'_>, blocks: &[Block<'_>]) -> Option<String> {
    let texts = blocks.iter().filter(|block| block.kind.get() == Some("text")).map(|block| block.text);
    for text in std::iter::once(content).chain(texts).filter_map(|text| look(text, LOOK_LIMIT)) {
        if let Typed::Text(text) = typed(&text)
            && !text.trim().is_empty()
        {
            return Some(text.into_owned());
        }
    }
    let is_shown = |block: &Block<'_>| matches!(block.kind.get(), Some("image" | "document"));
    blocks.iter().any(is_shown).then(String::new)
}

/// The field under which the words of a message are found: those of a person, of the model, or of anything else.
pub(crate) fn said_by(spoken: &Envelope<'_>) -> SearchField {
    let is_answer = spoken.message.role.get().or(spoken.record_type.get()) == Some("assistant");
    let is_put_in = spoken.is_compact_summary.0 || spoken.is_transcript_only.0 || spoken.is_meta.0;
    match is_answer {
        true => SearchField::Assistant,
        false if is_put_in || is_by_machine(spoken) => SearchField::Other,
        false => SearchField::User,
    }
}

/// Whether a `user` record says that no person wrote it.
fn is_by_machine(envelope: &Envelope<'_>) -> bool {
    let is_named = |text: Option<&str>, names: &[&str]| text.is_some_and(|text| names.contains(&text));
    if envelope.wakeup_source.non_empty().is_some() || envelope.source_tool_use_id.non_empty().is_some() {
        return true;
    }
    if let Some(is_human) = is_human(&envelope.origin) {
        return !is_human;
    }
    if let Some(origin) = envelope.turn_origin.non_empty() {
        return !matches!(origin, "human" | "sdk" | "user" | "remote");
    }
    let source = envelope.prompt_source.non_empty();
    let is_background = is_named(envelope.session_kind.get(), &["bg"]) && source.is_none();
    is_background
        || is_named(source, &["system", "scheduled", "hook", "agent"])
        || is_named(envelope.row_source.get(), &["harness", "hook"])
}

fn is_human(origin: &Origin<'_>) -> Option<bool> {
    origin.kind.non_empty().map(|kind| kind == "human")
}

/// Whether an attachment is what a person typed while the agent worked.
pub(crate) fn is_queued_prompt(attachment: &Attachment<'_>) -> bool {
    attachment.kind.get() == Some("queued_command")
        && attachment.command_mode.non_empty().is_none_or(|mode| mode == "prompt")
        && is_human(&attachment.origin) != Some(false)
}

/// Whether a text joins those that wait for the agent.
pub(super) fn is_enqueued(envelope: &Envelope<'_>) -> bool {
    envelope.operation.get() == Some("enqueue") && is_human(&envelope.origin) != Some(false)
}

/// Passes the blocks of a content to `then`; none if it is a string.
pub(crate) fn with_blocks<R>(content: Raw<'_>, then: impl FnOnce(&[Block<'_>]) -> R) -> R {
    let blocks = content.list().and_then(|list| serde_json::from_str::<List<Block<'_>>>(list).ok());
    then(blocks.as_ref().map(List::items).unwrap_or_default())
}
