//! Which strings inside a JSON value are text.

use super::terminal;
use crate::transcript::record::{List, Raw, for_each_leaf};

/// Texts of this length and more that look like base64 are not texts.
const LEAST_BLOB: usize = 256;

/// Calls `each` for every text inside what a tool returned, or inside a block of unknown shape.
pub(crate) fn for_each_said<'a>(json: &'a str, mut each: impl FnMut(Raw<'a>)) {
    for_each_leaf(json, is_block_mark, |leaf| {
        if !is_blob(leaf) {
            each(leaf);
        }
    });
}

/// The blocks of a content as they are written. They are read once, and only if one is requested.
pub(crate) struct WrittenBlocks<'a> {
    content: Raw<'a>,
    blocks: Option<List<Raw<'a>>>,
}

impl<'a> WrittenBlocks<'a> {
    pub(crate) fn of(content: Raw<'a>) -> WrittenBlocks<'a> {
        WrittenBlocks { content, blocks: None }
    }

    /// The one at this position.
    pub(crate) fn at(&mut self, index: usize) -> Raw<'a> {
        let content = self.content;
        let read = || serde_json::from_str(content.list().unwrap_or("[]")).unwrap_or_default();
        self.blocks.get_or_insert_with(read).items().get(index).copied().unwrap_or_default()
    }
}

/// Keys whose values repeat other text, or are not text.
pub(super) fn is_never_text(key: &str) -> bool {
    matches!(
        key,
        "signature"
            | "originalFile"
            | "originalFileContents"
            | "original_file"
            | "structuredPatch"
            | "patch"
            | "gitDiff"
            | "base64"
            | "blob"
            | "fullOutput"
            | "persistedOutputPath"
            // What the model was shown of an attachment, whose other fields say the same.
            | "rendered"
            | "renderedRole"
    ) || key.starts_with("encrypted_")
}

/// What every record has, at the depth of the record itself.
pub(super) fn is_envelope(depth: usize, key: &str) -> bool {
    is_never_text(key)
        || depth == 1
            && matches!(
                key,
                "type"
                    | "subtype"
                    | "uuid"
                    | "parentUuid"
                    | "logicalParentUuid"
                    | "timestamp"
                    | "sessionId"
                    | "session_id"
                    | "sessionKind"
                    | "cwd"
                    | "version"
                    | "gitBranch"
                    | "userType"
                    | "entrypoint"
                    | "slug"
                    | "agentId"
                    | "requestId"
                    | "level"
                    | "toolUseID"
                    | "parentToolUseID"
                    | "messageId"
                    | "promptId"
                    | "permissionMode"
                    | "rowSource"
                    | "runId"
            )
        || depth == 2 && matches!(key, "type" | "toolUseID" | "hookEvent" | "hookName")
        || matches!(key, "headUuid" | "anchorUuid" | "tailUuid" | "uuids" | "refusedUserMessageUuid")
}

/// Keys that say what a block is.
fn is_block_mark(_: usize, key: &str) -> bool {
    is_never_text(key)
        || matches!(
            key,
            "type" | "id" | "tool_use_id" | "cache_control" | "media_type" | "mimeType" | "file_id" | "caller"
        )
}

/// Whether a string is data in base64: long, and without any separator.
pub(super) fn is_blob(string: Raw<'_>) -> bool {
    let Some(string) = string.string().filter(|string| string.len() >= LEAST_BLOB) else { return false };
    let head = if string.starts_with("data:") { &string[..string.floor_char_boundary(100)] } else { "" };
    let data = head.find(";base64,").map_or(string, |end| &string[end + ";base64,".len()..]);
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    data.len() >= LEAST_BLOB && data.bytes().take(LEAST_BLOB).all(is_base64)
}

/// The start of a string as it is shown: at most `limit` bytes of it, without control sequences.
pub(super) fn look(string: Raw<'_>, limit: usize) -> Option<String> {
    string.text(limit).map(|text| terminal::visible(&text).into_owned())
}
