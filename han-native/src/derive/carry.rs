//! What deriving the next line of a file needs of the lines before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
}

impl Carry {
    /// As stored in `generations.carry`.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From `generations.carry`; damaged bytes give the default.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Carry {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// Notes the searchable text of a record; tells whether the record of its type before had the same.
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
        let carry = Carry { time: Some(5), has_prompt: true, last_texts: [("user".to_owned(), u64::MAX)].into() };
        assert_eq!(Carry::from_bytes(&carry.to_bytes()), carry);
        assert_eq!(Carry::from_bytes(b"\xff{"), Carry::default());
        assert_eq!(Carry::from_bytes(b""), Carry::default());
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
