//! Words as the index knows them: the one definition for feeding, querying and highlighting.
//!
//! A token is a run of letters and digits, folded to lower case without diacritics; everything else separates, so that
//! identifiers and paths are phrases of their parts. A run of CJK characters becomes its overlapping pairs and its last
//! character, so that it is found from any of its pairs, and from a single character as a prefix.

use std::borrow::Cow;

use super::fold::{self, Folded};

/// The longest folded token, in bytes; a longer word is cut into pieces of this size.
const TOKEN_LIMIT: usize = 64;

/// A token and the bytes of the text that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token<'a> {
    pub start: usize,
    pub end: usize,
    pub folded: Cow<'a, str>,
}

/// Calls `each` for every token of the text, in order.
pub(crate) fn for_each_token<'a>(text: &'a str, each: &mut dyn FnMut(Token<'a>)) {
    for_each_run(text, |run| match run {
        Run::Ascii { start, end, has_upper } => {
            let word = &text[start..end];
            let folded = if has_upper { Cow::Owned(word.to_ascii_lowercase()) } else { Cow::Borrowed(word) };
            each(Token { start, end, folded });
        }
        Run::Other { start, end } => {
            for_each_piece(text, start, end, |start, end, folded| {
                each(Token { start, end, folded: Cow::Owned(folded.to_owned()) });
            });
        }
    });
}

/// Appends the tokens of the text, each behind a blank unless it is the first of the document.
pub(crate) fn feed(text: &str, document: &mut String) {
    document.reserve(text.len());
    for_each_run(text, |run| match run {
        Run::Ascii { start, end, has_upper } => {
            separate(document);
            let fed = document.len();
            document.push_str(&text[start..end]);
            if has_upper {
                document[fed..].make_ascii_lowercase();
            }
        }
        Run::Other { start, end } => for_each_piece(text, start, end, |_, _, folded| {
            separate(document);
            document.push_str(folded);
        }),
    });
}

fn separate(document: &mut String) {
    if !document.is_empty() {
        document.push(' ');
    }
}

/// A piece of text between separators.
enum Run {
    /// At most [`TOKEN_LIMIT`] ASCII letters and digits.
    Ascii { start: usize, end: usize, has_upper: bool },
    /// Letters, digits and marks, of which one at least is not ASCII.
    Other { start: usize, end: usize },
}

/// What a byte is to the tokenizer: 0 separates, `UPPER`, `WORD` or, for bytes of other characters, `OTHER`.
static KINDS: [u8; 256] = kinds();
const WORD: u8 = 1;
const UPPER: u8 = 3;
const OTHER: u8 = 4;

const fn kinds() -> [u8; 256] {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' => WORD,
            b'A'..=b'Z' => UPPER,
            0x80.. => OTHER,
            _ => 0,
        };
        byte += 1;
    }
    kinds
}

fn for_each_run(text: &str, mut each: impl FnMut(Run)) {
    let bytes = text.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        let start = position;
        let mut seen = 0;
        while let Some(&byte) = bytes.get(position)
            && KINDS[byte as usize] & WORD != 0
        {
            seen |= KINDS[byte as usize];
            position += 1;
        }
        if bytes.get(position).is_none_or(|&byte| KINDS[byte as usize] != OTHER) {
            each_ascii_piece(start, position, seen == UPPER, &mut each);
            position += 1;
            continue;
        }
        let end = other_run_end(text, position, position > start);
        if end > position {
            each(Run::Other { start, end });
            position = end;
        } else {
            each_ascii_piece(start, position, seen == UPPER, &mut each);
            position += text[position..].chars().next().map_or(1, char::len_utf8);
        }
    }
}

fn each_ascii_piece(start: usize, end: usize, has_upper: bool, each: &mut impl FnMut(Run)) {
    let mut start = start;
    while start < end {
        let piece_end = end.min(start + TOKEN_LIMIT);
        each(Run::Ascii { start, end: piece_end, has_upper });
        start = piece_end;
    }
}

/// Where the run ends that goes on at `position`; a mark does not start one.
fn other_run_end(text: &str, position: usize, has_started: bool) -> usize {
    let mut has_started = has_started;
    for (offset, character) in text[position..].char_indices() {
        if !(fold::is_word(character) || (has_started && fold::is_mark(character))) {
            return position + offset;
        }
        has_started = true;
    }
    text.len()
}

/// Folds a run and calls `each` with the bytes and the folded text of each of its tokens.
fn for_each_piece(text: &str, start: usize, end: usize, mut each: impl FnMut(usize, usize, &str)) {
    let mut characters = Vec::new();
    fold::fold(&text[start..end], start, &mut characters);
    let mut rest = characters.as_slice();
    let mut folded = String::new();
    while let Some(first) = rest.first() {
        let is_cjk = fold::is_cjk(first.character);
        let length = rest.iter().take_while(|next| fold::is_cjk(next.character) == is_cjk).count();
        let (run, behind) = rest.split_at(length);
        if is_cjk {
            for index in 0..run.len() {
                let pair = &run[index..run.len().min(index + 2)];
                emit(pair, &mut folded, &mut each);
            }
        } else {
            words(run, &mut folded, &mut each);
        }
        rest = behind;
    }
}

/// Cuts a word into pieces of at most [`TOKEN_LIMIT`] bytes.
fn words(run: &[Folded], folded: &mut String, each: &mut impl FnMut(usize, usize, &str)) {
    let (mut piece_start, mut bytes) = (0, 0);
    for (index, next) in run.iter().enumerate() {
        if bytes + next.character.len_utf8() > TOKEN_LIMIT {
            emit(&run[piece_start..index], folded, each);
            (piece_start, bytes) = (index, 0);
        }
        bytes += next.character.len_utf8();
    }
    emit(&run[piece_start..], folded, each);
}

fn emit(piece: &[Folded], folded: &mut String, each: &mut impl FnMut(usize, usize, &str)) {
    let (Some(first), Some(last)) = (piece.first(), piece.last()) else { return };
    folded.clear();
    folded.extend(piece.iter().map(|next| next.character));
    each(first.start, last.end, folded);
}

#[cfg(test)]
#[path = "tokens_tests.rs"]
mod tests;
