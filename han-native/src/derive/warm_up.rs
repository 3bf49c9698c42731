//! Agents that are started to be warm when they are needed: one word to them and one answer, which are nobody's conversation.

use serde::{Deserialize, Serialize};

use super::leaf::look;
use crate::transcript::record::{Record, RecordType};

/// The word.
const WARM_UP: &str = "Warmup";

/// What an agent's file has shown so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) enum WarmUp {
    /// Nothing was said.
    #[default]
    Unknown,
    Yes,
    No,
}

impl WarmUp {
    pub(super) fn is_unknown(&self) -> bool {
        *self == WarmUp::Unknown
    }

    /// Whether a record that says something belongs to a warm-up: the word as the first thing said, and the answers to it.
    pub(super) fn has(&mut self, record: &Record<'_>) -> bool {
        let is_user = record.record_type() == Some(RecordType::User);
        let goes_on = match self {
            WarmUp::Unknown => is_user && says_the_word(record),
            WarmUp::Yes => !is_user,
            WarmUp::No => false,
        };
        *self = if goes_on { WarmUp::Yes } else { WarmUp::No };
        goes_on
    }
}

fn says_the_word(record: &Record<'_>) -> bool {
    let content = record.envelope.message.content;
    let texts = record.blocks.iter().map(|block| block.text);
    let mut said = std::iter::once(content).chain(texts).filter_map(|text| look(text, 2 * WARM_UP.len()));
    said.next().is_some_and(|text| text.trim() == WARM_UP)
}
