//! The piece of a message's text that a vector represents.

use crate::model::SearchField;

/// A piece by its place, in UTF-16 code units of the text of its field, or of all of them joined by line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub chunk: i64,
    pub field: Option<SearchField>,
    pub start: Option<i64>,
    pub end: Option<i64>,
}

impl Piece {
    /// The part of the texts that lies in the piece; nothing if the texts have changed.
    pub(super) fn of(&self, texts: &[(SearchField, String)]) -> Vec<(SearchField, String)> {
        let (start, end) = (self.start.unwrap_or(0), self.end.unwrap_or(i64::MAX));
        let mut pieces = Vec::new();
        let mut offset = 0;
        for (field, text) in texts.iter().filter(|(field, _)| self.field.is_none_or(|own| own == *field)) {
            let inside = utf16_slice(text, start - offset, end - offset);
            if !inside.is_empty() {
                pieces.push((*field, inside.to_owned()));
            }
            // The line end that joins it to the next one.
            offset += text.encode_utf16().count() as i64 + 1;
        }
        pieces
    }
}

/// The characters that begin between two offsets.
fn utf16_slice(text: &str, start: i64, end: i64) -> &str {
    let (mut from, mut to) = (text.len(), text.len());
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= start && from == text.len() {
            from = at;
        }
        if units >= end {
            to = at;
            break;
        }
        units += character.len_utf16() as i64;
    }
    text.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(field: Option<SearchField>, start: Option<i64>, end: Option<i64>) -> Piece {
        Piece { chunk: 0, field, start, end }
    }

    #[test]
    fn offsets_count_utf_16_code_units() {
        for (start, end, expected) in [
            (0, 2, "a🦊"),
            (1, 3, "🦊"),
            (3, 4, "b"),
            (3, 99, "b版"),
            (4, 5, "版"),
            (9, 12, ""),
            (3, 1, ""),
            (-5, 1, "a"),
        ] {
            assert_eq!(utf16_slice("a🦊b版", start, end), expected, "{start}..{end}");
        }
    }

    #[test]
    fn a_piece_is_of_its_field_or_of_all() {
        let texts = [(SearchField::User, "abc".to_owned()), (SearchField::ToolOutput, "defg".to_owned())];
        let of = |piece: Piece| piece.of(&texts).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(of(piece(Some(SearchField::ToolOutput), Some(1), Some(3))), ["ef"]);
        assert_eq!(of(piece(Some(SearchField::Title), None, None)), [""; 0]);
        assert_eq!(of(piece(None, None, None)), ["abc", "defg"]);
        assert_eq!(of(piece(None, Some(2), Some(6))), ["c", "de"]);
        assert_eq!(of(piece(None, Some(4), None)), ["defg"]);
        assert_eq!(of(piece(None, Some(50), None)), [""; 0]);
    }
}
