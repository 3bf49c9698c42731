//! The API message inside `user` and `assistant` records, and its content blocks.

use super::lenient::Flag;
use super::{List, Raw, Text, Usage};

lenient_object! {
    /// `message`. Its content is a string, or a list of blocks which is read separately.
    pub(crate) struct ApiMessage<'a> {
        id: Text<'a> = "id",
        role: Text<'a> = "role",
        model: Text<'a> = "model",
        content: Raw<'a> = "content",
        stop_reason: Text<'a> = "stop_reason",
        usage: Usage<'a> = "usage",
    }
}

lenient_object! {
    /// A content block of any kind.
    pub(crate) struct Block<'a> {
        kind: Text<'a> = "type",
        text: Raw<'a> = "text",
        thinking: Raw<'a> = "thinking",
        id: Text<'a> = "id",
        name: Text<'a> = "name",
        input: Raw<'a> = "input",
        tool_use_id: Text<'a> = "tool_use_id",
        content: Raw<'a> = "content",
        is_error: Flag = "is_error",
        source: Raw<'a> = "source",
        citations: Raw<'a> = "citations",
    }
}

lenient_object! {
    /// The `source` of an image or a document.
    pub(crate) struct BlockSource<'a> {
        media_type: Text<'a> = "media_type",
        data: Raw<'a> = "data",
    }
}

/// The list of a message's content blocks.
pub(super) type Blocks<'a> = List<Block<'a>>;

impl Blocks<'_> {
    /// Reads a valid JSON list and hands it on; if a value of it cannot be read as it is, from a repaired copy.
    pub(super) fn read<R>(json: &str, then: impl FnOnce(&Blocks<'_>) -> R) -> R {
        match serde_json::from_str(json) {
            Ok(blocks) => then(&blocks),
            Err(_) => then(&serde_json::from_str(&super::mend::mend(json)).unwrap_or_default()),
        }
    }
}
