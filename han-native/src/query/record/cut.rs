//! Texts of a record as far as they are needed, without the control sequences of terminals, and with the length of the whole.

use std::ops::Deref;

use crate::derive;
use crate::transcript::record::Raw;

/// The start of a text; all of it, if it is no longer than the limit.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::query) struct CutText {
    pub text: String,
    /// How many bytes the whole text has.
    pub bytes: usize,
    /// Whether the whole text has nothing but whitespace.
    pub is_blank: bool,
}

impl Default for CutText {
    fn default() -> CutText {
        CutText { text: String::new(), bytes: 0, is_blank: true }
    }
}

impl Deref for CutText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl CutText {
    /// The start of a text, at most `limit` bytes of it.
    pub(in crate::query) fn of(text: &str, limit: usize) -> CutText {
        let mut cut = CutText::default();
        cut.push(text, limit);
        cut
    }

    /// The start of the text of a JSON string; empty for any other value.
    pub(super) fn of_string(string: Raw<'_>, limit: usize) -> CutText {
        let mut cut = CutText::default();
        cut.push_string(string, limit);
        cut
    }

    /// How many bytes were left out.
    pub(in crate::query) fn left_out(&self) -> usize {
        self.bytes.saturating_sub(self.text.len())
    }

    /// Appends a piece to the whole text, of which at most `limit` bytes are kept.
    pub(super) fn push(&mut self, piece: &str, limit: usize) {
        let piece = derive::visible(piece);
        if self.left_out() == 0 {
            let room = limit.saturating_sub(self.text.len());
            self.text.push_str(&piece[..piece.floor_char_boundary(room)]);
        }
        self.bytes += piece.len();
        self.is_blank = self.is_blank && piece.trim().is_empty();
    }

    /// Appends the text of a JSON string.
    pub(super) fn push_string(&mut self, string: Raw<'_>, limit: usize) {
        if string.may_have_controls() {
            return self.push(&string.text(usize::MAX).unwrap_or_default(), limit);
        }
        let before = self.text.len();
        let is_whole = self.left_out() == 0 && !string.append_to(&mut self.text, limit.saturating_sub(before));
        let added = &self.text[before..];
        if self.is_blank {
            self.is_blank = added.trim().is_empty()
                && (is_whole || string.text(usize::MAX).is_none_or(|text| text.trim().is_empty()));
        }
        self.bytes += if is_whole { added.len() } else { string.text_length() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::record::Text;
    use proptest::prelude::*;

    fn string(json: &str) -> Raw<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_cut_falls_between_characters_and_nothing_follows_it() {
        let mut cut = CutText::of("aé", 2);
        assert_eq!((cut.text.as_str(), cut.bytes), ("a", 3));
        cut.push("b", 2);
        assert_eq!((cut.text.as_str(), cut.bytes, cut.left_out()), ("a", 4, 3));
        let escaped = CutText::of_string(string(r#""\ud83d\ude00\n\u0000\ud800""#), 5);
        assert_eq!((escaped.text.as_str(), escaped.bytes), ("\u{1f600}\n", 9));
        assert_eq!(CutText::of_string(string("7"), 5), CutText::default());
        assert!(string("7").text(Text::LIMIT).is_none());
    }

    #[test]
    fn control_sequences_are_left_out_and_not_counted() {
        let cut = CutText::of_string(string(r#""\u001b[31mBRO\u001b[0mKEN leek""#), 6);
        assert_eq!((cut.text.as_str(), cut.bytes), ("BROKEN", 11));
    }

    #[test]
    fn blank_is_what_the_whole_text_is() {
        assert!(CutText::of_string(string(r#"" \n \u2003""#), 1).is_blank);
        assert!(!CutText::of_string(string(r#"" \n x""#), 1).is_blank);
        assert!(!CutText::of("  x", 1).is_blank && CutText::of("  ", 1).is_blank);
    }

    proptest! {
        #[test]
        fn a_cut_text_is_the_start_of_the_whole(pieces: Vec<(String, bool)>, limit in 0_usize..12) {
            let mut cut = CutText::default();
            let mut whole = String::new();
            for (piece, is_string) in &pieces {
                whole.push_str(&derive::visible(piece));
                match is_string {
                    true => cut.push_string(string(&serde_json::to_string(piece).unwrap()), limit),
                    false => cut.push(piece, limit),
                }
            }
            prop_assert_eq!(&cut.text, &whole[..whole.floor_char_boundary(limit)]);
            prop_assert_eq!(cut.bytes, whole.len());
            prop_assert_eq!(cut.is_blank, whole.trim().is_empty());
        }
    }
}
