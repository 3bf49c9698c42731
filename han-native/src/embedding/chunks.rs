//! Long texts in pieces that an embedder takes as a whole.

use crate::model::SearchField;

/// How many characters a piece has at most: some five hundred tokens of most embedders.
const LONGEST: usize = 2_000;
/// How many pieces of a message are embedded: a dumped log says little more with its thousandth.
const MOST: usize = 64;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk<'t> {
    pub field: SearchField,
    /// In UTF-16 code units of the field's text.
    pub start: i64,
    pub end: i64,
    pub text: &'t str,
}

/// The pieces of a message's texts, in their order. None crosses from one field into the next, and none is blank.
pub(crate) fn chunks(texts: &[(SearchField, String)]) -> Vec<Chunk<'_>> {
    let pieces = texts.iter().flat_map(|(field, text)| {
        let (mut rest, mut start) = (text.as_str(), 0);
        std::iter::from_fn(move || {
            let text = (!rest.is_empty()).then(|| &rest[..end_of_piece(rest)])?;
            rest = &rest[text.len()..];
            let chunk = Chunk { field: *field, start, end: start + text.encode_utf16().count() as i64, text };
            start = chunk.end;
            Some(chunk)
        })
    });
    pieces.filter(|chunk| !chunk.text.trim().is_empty()).take(MOST).collect()
}

/// Where a piece at the start of a text ends: after the last paragraph, line or word of its second half, else where it is full.
fn end_of_piece(text: &str) -> usize {
    let Some((full, _)) = text.char_indices().nth(LONGEST) else { return text.len() };
    let half = text[..full].char_indices().nth(LONGEST / 2).map_or(0, |(at, _)| at);
    let end_of_last = |mark: &str| text[half..full].rfind(mark).map(|at| half + at + mark.len());
    end_of_last("\n\n").or_else(|| end_of_last("\n")).or_else(|| end_of_last(" ")).unwrap_or(full)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lengths(text: &str) -> Vec<usize> {
        let texts = [(SearchField::User, text.to_owned())];
        chunks(&texts).iter().map(|chunk| chunk.text.chars().count()).collect()
    }

    #[test]
    fn pieces_end_at_paragraphs_lines_and_words() {
        let word = "x".repeat(9);
        assert_eq!(lengths("short"), [5]);
        assert_eq!(lengths(&format!("{word} ").repeat(300)), [2_000, 1_000]);
        let (first, second) = ("a".repeat(1_500), "b ".repeat(600));
        assert_eq!(lengths(&format!("{first}\n\n{second}")), [1_502, 1_200]);
        assert_eq!(lengths(&format!("{first}\n{second}")), [1_501, 1_200]);
        assert_eq!(lengths(&"版".repeat(4_100)), [2_000, 2_000, 100]);
        assert_eq!(lengths(&"y".repeat(1_000_000)).len(), MOST);
        assert!(lengths(" \n\t ").is_empty());
    }

    #[test]
    fn fields_are_kept_apart() {
        let texts = [(SearchField::User, "one".to_owned()), (SearchField::Title, "two".to_owned())];
        let found: Vec<_> = chunks(&texts).into_iter().map(|chunk| (chunk.field, chunk.start, chunk.text)).collect();
        assert_eq!(found, [(SearchField::User, 0, "one"), (SearchField::Title, 0, "two")]);
    }

    proptest! {
        #[test]
        fn pieces_follow_each_other(text in r"([a-c]{0,40}[ \n]|版🦊|\n\n){0,400}") {
            let texts = [(SearchField::Other, text.clone())];
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut at = 0;
            for chunk in chunks(&texts) {
                prop_assert!(chunk.start >= at && chunk.end > chunk.start);
                prop_assert!(String::from_utf16(&units[at as usize..chunk.start as usize]).unwrap().trim().is_empty());
                prop_assert_eq!(String::from_utf16(&units[chunk.start as usize..chunk.end as usize]).unwrap(), chunk.text);
                prop_assert!(chunk.text.chars().count() <= LONGEST);
                at = chunk.end;
            }
            prop_assert!(String::from_utf16(&units[at as usize..]).unwrap().trim().is_empty());
        }
    }
}
