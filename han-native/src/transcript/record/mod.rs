//! One line of a transcript as typed records: one JSON shape per file, and one pass over borrowed bytes.
//!
//! Parsing never fails where `JSON.parse` would return an object: unknown fields are passed over, a field of the wrong
//! kind counts as missing, of duplicate keys the last one wins, and nesting has no limit. Knows nothing about rows, search
//! or files.

#[macro_use]
mod lenient;
mod attachment;
mod envelope;
mod leaves;
mod line;
mod mend;
mod message;
mod progress;
mod record_type;
mod salvage;
mod sidecar;
mod task;
mod text;
mod tool_input;
mod tool_result;
mod usage;

#[cfg(test)]
mod tests;

pub(crate) use attachment::{Attachment, Origin};
pub(crate) use envelope::Envelope;
pub(crate) use leaves::{for_each_element, for_each_leaf, for_each_member};
pub(crate) use lenient::{List, Number, Raw, Text};
pub(crate) use line::read_line;
pub(crate) use message::{Block, BlockSource};
pub(crate) use record_type::{Purpose, RecordType};
pub(crate) use sidecar::{AgentMeta, CustomTitle, WorkflowRun};
pub(crate) use task::{Task, Todo};
pub(crate) use tool_input::ToolInput;
pub(crate) use tool_result::ToolUseResult;
pub(crate) use usage::{CacheSplit, Dollars, ModelCosts, Usage, UsageIteration};

use message::Blocks;

/// The attachment that is a part of the request log: the system prompt and the tools.
const PROMPT_SNAPSHOT: &str = "prompt_snapshot";

/// One record, with every part of it that has a shape.
pub(crate) struct Record<'a> {
    /// The record's own text: valid JSON.
    pub json: &'a str,
    pub envelope: &'a Envelope<'a>,
    /// The message inside an `agent_progress` record.
    pub carried: Option<&'a Envelope<'a>>,
    /// The content blocks of [`spoken`](Record::spoken); empty if the content is a string.
    pub blocks: &'a [Block<'a>],
    /// Whether it has more blocks than these.
    pub has_more_blocks: bool,
    /// The structured tool result of [`spoken`](Record::spoken); empty if there is none.
    pub result: &'a ToolUseResult<'a>,
}

impl<'a> Record<'a> {
    /// What the record says that it is; `None` if that is unknown.
    pub(crate) fn record_type(&self) -> Option<RecordType> {
        RecordType::of_name(self.envelope.record_type.get()?)
    }

    /// Whether it belongs to the log of what was sent to the API, see [`Purpose::Log`].
    pub(crate) fn is_request_log(&self) -> bool {
        match self.record_type() {
            Some(RecordType::Attachment) => self.envelope.attachment.kind.get() == Some(PROMPT_SNAPSHOT),
            known => known.is_some_and(|known| known.purpose() == Purpose::Log),
        }
    }

    /// The record whose message counts: the carried one, else the record itself.
    pub(crate) fn spoken(&self) -> &'a Envelope<'a> {
        self.carried.unwrap_or(self.envelope)
    }

    /// Reads the shapes of one JSON object and hands them on.
    fn open<R>(json: &str, then: impl FnOnce(&Record<'_>) -> R) -> R {
        Envelope::read(json, |envelope| Record::with_envelope(json, envelope, then))
    }

    /// As [`open`](Record::open), if the envelope is already read.
    fn with_envelope<R>(json: &str, envelope: &Envelope<'_>, then: impl FnOnce(&Record<'_>) -> R) -> R {
        let carries = envelope.data.kind.get() == Some("agent_progress");
        match carries.then(|| envelope.data.message.object()).flatten() {
            // Only one level: what a carried record carries itself is not looked at.
            Some(carried) => {
                Envelope::read(carried, |carried| Record::with_message(json, envelope, Some(carried), then))
            }
            None => Record::with_message(json, envelope, None, then),
        }
    }

    fn with_message<R>(
        json: &str,
        envelope: &Envelope<'_>,
        carried: Option<&Envelope<'_>>,
        then: impl FnOnce(&Record<'_>) -> R,
    ) -> R {
        let spoken = carried.unwrap_or(envelope);
        Blocks::read(spoken.message.content.list().unwrap_or("[]"), |blocks| {
            ToolUseResult::read(spoken.tool_use_result.object().unwrap_or("{}"), |result| {
                let has_more_blocks = blocks.is_cut();
                then(&Record { json, envelope, carried, blocks: blocks.items(), has_more_blocks, result })
            })
        })
    }
}
