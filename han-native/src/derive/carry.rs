//! What deriving the next line of a file needs of the lines before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::queue::Queue;
use super::row::{MessageRow, Parent, Uuid};
use super::warm_up::WarmUp;

/// How many record types are watched for repeated texts; more do not occur, and what is carried must stay small.
const TYPES_WATCHED: usize = 64;

/// What deriving the next line needs of the lines before it in the same file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Carry {
    /// The last own time seen.
    pub time: Option<i64>,
    /// Whether a real prompt was seen (the first one is a title candidate).
    pub has_prompt: bool,
    /// Per record type the hash of its last searchable text: equal text is not indexed again.
    pub last_texts: BTreeMap<String, u64>,
    /// How many prompts, answers and results were seen.
    #[serde(default)]
    pub turn: u64,
    /// A hash of the last worktree that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worktree: Option<u64>,
    /// The last uuid of 16 bytes that the first record of a line had, and that line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_uuid: Option<([u8; 16], i64)>,
    /// Of a main file: the texts that wait for the agent.
    #[serde(default, skip_serializing_if = "Queue::is_empty")]
    pub queue: Queue,
    /// Of an agent's file: whether it only warms up.
    #[serde(default, skip_serializing_if = "WarmUp::is_unknown")]
    pub warm_up: WarmUp,
}

impl Carry {
    /// As stored in `generations.carry`.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From `generations.carry`; the default if the bytes are damaged.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Carry {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// Says of a parent that is the last uuid only where it is, which takes a byte instead of 16, and notes the row's own.
    pub(super) fn relate(&mut self, row: &mut MessageRow) {
        if let (Some((last, line)), Some(Parent::Uuid(Uuid::Bytes(parent)))) = (self.last_uuid, &row.parent)
            && last == *parent
            && line < row.line
        {
            row.parent = Some(Parent::LinesBefore(row.line - line));
        }
        if let Some(Uuid::Bytes(uuid)) = row.uuid
            && row.part == 0
        {
            self.last_uuid = Some((uuid, row.line));
        }
    }

    /// Notes the searchable text of a record; returns whether the previous record of its type had the same.
    pub(super) fn repeats(&mut self, record_type: &str, text_hash: Option<u64>) -> bool {
        let Some(hash) = text_hash else {
            self.last_texts.remove(record_type);
            return false;
        };
        if let Some(last) = self.last_texts.get_mut(record_type) {
            return std::mem::replace(last, hash) == hash;
        }
        if self.last_texts.len() < TYPES_WATCHED {
            self.last_texts.insert(record_type.to_owned(), hash);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back_and_damage_gives_the_default() {
        let carry = Carry {
            time: Some(5),
            has_prompt: true,
            last_texts: [("user".to_owned(), u64::MAX)].into(),
            turn: 4,
            worktree: Some(u64::MAX),
            last_uuid: Some(([7; 16], 3)),
            warm_up: WarmUp::Yes,
            ..Carry::default()
        };
        assert_eq!(Carry::from_bytes(&carry.to_bytes()), carry);
        assert_eq!(Carry::from_bytes(b"\xff{"), Carry::default());
        assert_eq!(Carry::from_bytes(b""), Carry::default());
    }

    #[test]
    fn a_parent_that_is_the_last_uuid_is_said_by_its_line() {
        let bytes = |byte: u8| Uuid::Bytes([byte; 16]);
        let row = |line, part, uuid, parent| MessageRow {
            line,
            part,
            uuid: Some(uuid),
            parent: Some(Parent::Uuid(parent)),
            ..MessageRow::default()
        };
        let text = Uuid::Text("b".to_owned());
        let cases = [
            (row(1, 0, bytes(1), bytes(9)), Parent::Uuid(bytes(9))),
            (row(2, 0, bytes(2), bytes(1)), Parent::LinesBefore(1)),
            (row(5, 0, bytes(5), bytes(2)), Parent::LinesBefore(3)),
            (row(6, 0, text.clone(), bytes(5)), Parent::LinesBefore(1)),
            // One that is not a UUID, or is after another on its line, is written in full, and leaves the last one.
            (row(7, 0, bytes(7), text.clone()), Parent::Uuid(text)),
            (row(7, 1, bytes(8), bytes(7)), Parent::Uuid(bytes(7))),
            (row(8, 0, bytes(9), bytes(8)), Parent::Uuid(bytes(8))),
        ];
        let mut carry = Carry::default();
        for (mut row, expected) in cases {
            carry.relate(&mut row);
            assert_eq!(row.parent, Some(expected), "line {}", row.line);
        }
    }

    #[test]
    fn a_text_repeats_only_the_one_directly_before_it() {
        let mut carry = Carry::default();
        assert!(!carry.repeats("user", Some(1)));
        assert!(carry.repeats("user", Some(1)));
        assert!(!carry.repeats("system", Some(1)));
        assert!(!carry.repeats("user", Some(2)));
        assert!(!carry.repeats("user", None));
        assert!(!carry.repeats("user", Some(2)));
    }

    #[test]
    fn only_so_many_types_are_watched() {
        let mut carry = Carry::default();
        for number in 0..2 * TYPES_WATCHED {
            carry.repeats(&number.to_string(), Some(1));
        }
        assert_eq!(carry.last_texts.len(), TYPES_WATCHED);
    }
}
