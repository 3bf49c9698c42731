//! Characters as the index compares them: lower case, without diacritics, in one form of the many that Unicode has.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded character and the bytes of the text that it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Folded {
    pub(super) character: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Folds a run of letters, digits and marks; `offset` is where it starts in the text.
pub(super) fn fold(run: &str, offset: usize, folded: &mut Vec<Folded>) {
    let mut rest = run;
    let mut start = offset;
    while let Some(first) = rest.chars().next() {
        let marks = rest[first.len_utf8()..].char_indices().find(|(_, next)| !is_mark(*next));
        let length = marks.map_or(rest.len(), |(at, _)| first.len_utf8() + at);
        let (unit, behind) = rest.split_at(length);
        let end = start + length;
        fold_unit(unit, first, |character| folded.push(Folded { character, start, end }));
        rest = behind;
        start = end;
    }
}

/// Folds one character with the marks after it.
fn fold_unit(unit: &str, first: char, mut push: impl FnMut(char)) {
    let is_alone = unit.len() == first.len_utf8();
    if is_alone && first.is_ascii() {
        push(first.to_ascii_lowercase());
    } else if is_alone && stands_for_itself(first) {
        push(first);
    } else if is_cjk(first) {
        // Composed: taken apart, a syllable would be several characters, and a voiced sound an unvoiced one.
        unit.nfkc().filter(|character| character.is_alphanumeric()).for_each(push);
    } else {
        let lower = unit.chars().flat_map(char::to_lowercase);
        let plain = lower.nfkd().filter(|character| !is_diacritic(*character));
        for character in plain.flat_map(char::to_lowercase) {
            match character {
                'ς' => push('σ'),
                _ if character.is_alphanumeric() || is_combining_mark(character) => push(character),
                _ => {}
            }
        }
    }
}

/// Whether a character is a letter or digit; the frequent answers come before the tables of Unicode.
pub(super) fn is_word(character: char) -> bool {
    match character {
        // Typographic punctuation, box drawing, shapes.
        '\u{2010}'..='\u{205f}' | '\u{2500}'..='\u{2775}' => false,
        _ => stands_for_itself(character) || character.is_alphanumeric(),
    }
}

/// Whether a character belongs to the one before it.
pub(super) fn is_mark(character: char) -> bool {
    !character.is_ascii() && (is_combining_mark(character) || matches!(character, '\u{ff9e}' | '\u{ff9f}'))
}

/// Marks that are left out. Those of other scripts are vowels, without which words become others.
fn is_diacritic(character: char) -> bool {
    matches!(u32::from(character),
        0x0300..=0x036f | 0x0483..=0x0487 | 0x0591..=0x05bd | 0x05bf | 0x05c1..=0x05c2 | 0x05c4..=0x05c5 | 0x05c7
        | 0x0610..=0x061a | 0x064b..=0x065f | 0x0670 | 0x06d6..=0x06dc | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f)
}

/// CJK characters that have one form only: nearly all that occur.
fn stands_for_itself(character: char) -> bool {
    matches!(u32::from(character),
        0x3041..=0x3096 | 0x30a1..=0x30fa | 0x30fc..=0x30fe | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3)
}

/// Characters of scripts that put no blanks between words.
pub(super) fn is_cjk(character: char) -> bool {
    matches!(u32::from(character),
        0x1100..=0x11ff | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3031..=0x3035 | 0x3038..=0x303c | 0x3041..=0x3096
        | 0x309b..=0x309f | 0x30a1..=0x30fa | 0x30fc..=0x30ff | 0x3105..=0x312f | 0x3131..=0x318e | 0x31a0..=0x31bf
        | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa960..=0xa97c | 0xac00..=0xd7fb | 0xf900..=0xfaff
        | 0xff66..=0xffdc | 0x16fe0..=0x18dff | 0x1aff0..=0x1b2ff | 0x20000..=0x3ffff)
}
