use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{MessageId, PageRequest};

/// What is wrong with a line, or worth a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum ProblemKind {
    /// The line is not JSON.
    InvalidJson,
    /// The line is JSON, but not an object.
    NotObject,
    /// The line is longer than 64 MiB.
    OversizeLine,
    /// The file ends inside a line that is not yet a JSON object.
    TornTail,
    /// A note: records are glued together on the line; each was taken.
    GluedRecords,
    /// A note: the text was cut at the limit of what is searchable.
    TextTruncated,
    /// A note: the spilled tool result is not there.
    SpillMissing,
    /// A note: the spilled tool result is larger than 64 MiB.
    SpillTooLarge,
}

impl ProblemKind {
    /// Every kind.
    pub const ALL: [ProblemKind; 8] = [
        ProblemKind::InvalidJson,
        ProblemKind::NotObject,
        ProblemKind::OversizeLine,
        ProblemKind::TornTail,
        ProblemKind::GluedRecords,
        ProblemKind::TextTruncated,
        ProblemKind::SpillMissing,
        ProblemKind::SpillTooLarge,
    ];

    /// The name as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::InvalidJson => "invalid_json",
            ProblemKind::NotObject => "not_object",
            ProblemKind::OversizeLine => "oversize_line",
            ProblemKind::TornTail => "torn_tail",
            ProblemKind::GluedRecords => "glued_records",
            ProblemKind::TextTruncated => "text_truncated",
            ProblemKind::SpillMissing => "spill_missing",
            ProblemKind::SpillTooLarge => "spill_too_large",
        }
    }

    /// The kind of a stored name.
    pub fn from_name(name: &str) -> Option<ProblemKind> {
        ProblemKind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether it annotates a message, rather than representing a line that became none.
    pub fn is_note(self) -> bool {
        !matches!(
            self,
            ProblemKind::InvalidJson | ProblemKind::NotObject | ProblemKind::OversizeLine | ProblemKind::TornTail
        )
    }
}

/// A line that became no message, or a note on one that did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Problem {
    /// The place: the id that the line's message has or would have.
    pub id: MessageId,
    /// What it is.
    pub kind: ProblemKind,
    /// Whether it annotates a message (a note), rather than representing a line.
    pub is_note: bool,
    /// The session of the file.
    pub session_id: String,
    /// The file's absolute path.
    pub path: String,
    /// The line, counted from 1, blank ones included.
    pub line_number: i64,
    /// 0, or the position of the record on its line.
    pub part: i64,
    /// Where the line starts in the file, in bytes.
    pub offset: i64,
    /// How long the line is, in bytes, without its end.
    pub length: i64,
    /// What is wrong, in words.
    pub detail: String,
}

/// Which problems to list, in the order of (path, line, part).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemFilter {
    /// Only this session's.
    pub session_id: Option<String>,
    /// Only those of this file.
    pub path: Option<String>,
    /// Only these kinds.
    pub kinds: Option<Vec<ProblemKind>>,
    /// Only notes, or only problems that are not notes.
    pub notes: Option<bool>,
    /// Also those of older generations of a file.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub include_superseded: bool,
    /// How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    pub first: Option<i64>,
    /// Only items after this cursor.
    pub after: Option<String>,
    /// How many items from the end, 1 to 10,000. Not together with `first`.
    pub last: Option<i64>,
    /// Only items before this cursor.
    pub before: Option<String>,
}

impl ProblemFilter {
    /// The requested page.
    pub fn page(&self) -> PageRequest {
        PageRequest { first: self.first, after: self.after.clone(), last: self.last, before: self.before.clone() }
    }
}
