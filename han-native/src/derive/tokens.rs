//! Words as the index knows them: the one definition for feeding, querying and highlighting.
//!
//! A token is a run of letters and digits, folded to lower case without diacritics; everything else separates, so that
//! identifiers and paths are phrases of their parts. A run of CJK characters becomes its overlapping pairs and its last
//! character, so that it is found from any of its pairs, and from a single character as a prefix.

use std::borrow::Cow;

use super::fold::{self, Folded};

/// The longest folded token, in bytes; a longer word is cut into pieces of this size.
const TOKEN_LIMIT: usize = 64;

/// A token and the bytes of the text that it comes from.
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

/// The document that the index is fed with for a text: the text itself wherever its own tokenizer, which splits at all ASCII
/// but letters and digits, and folds these, finds the same tokens. Empty where there are none.
pub(crate) fn document(text: String) -> String {
    if text.is_ascii() && !has_long_word(text.as_bytes()) {
        return if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) { text } else { String::new() };
    }
    let mut document = String::with_capacity(text.len());
    let mut has_token = false;
    let mut position = 0;
    while position < text.len() {
        let other = position + ascii_length(&text.as_bytes()[position..]);
        let start = other - word_length(&text.as_bytes()[position..other]);
        let end = if other < text.len() { other_run_end(&text, other, start < other) } else { other };
        let ascii = &text[position..if end > other { start } else { other }];
        has_token |= end > other || ascii.bytes().any(|byte| byte.is_ascii_alphanumeric());
        push_ascii(ascii, &mut document);
        if end > other {
            for_each_piece(&text, start, end, |_, _, folded| {
                document.push(' ');
                document.push_str(folded);
            });
            position = end;
        } else {
            document.push(' ');
            position = other + text[other..].chars().next().map_or(0, char::len_utf8);
        }
    }
    if has_token { document } else { String::new() }
}

/// How many bytes precede the first that is not ASCII.
fn ascii_length(bytes: &[u8]) -> usize {
    const LOOK_BYTES: usize = 64;
    let whole = bytes.chunks(LOOK_BYTES).take_while(|chunk| chunk.is_ascii()).count() * LOOK_BYTES;
    let rest = bytes.get(whole..).unwrap_or_default();
    (whole + rest.iter().take_while(|byte| byte.is_ascii()).count()).min(bytes.len())
}

/// The length of the word that the ASCII text ends with.
fn word_length(ascii: &[u8]) -> usize {
    ascii.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// Whether a word of the ASCII text is longer than a token may be.
fn has_long_word(ascii: &[u8]) -> bool {
    let mut end = TOKEN_LIMIT + 1;
    while let Some(window) = ascii.get(end - TOKEN_LIMIT - 1..end) {
        let length = word_length(window);
        if length == window.len() {
            return true;
        }
        // The next that could be one starts after the last separator.
        end += window.len() - length;
    }
    false
}

fn push_ascii(ascii: &str, document: &mut String) {
    if !has_long_word(ascii.as_bytes()) {
        return document.push_str(ascii);
    }
    for_each_run(ascii, |run| {
        let (Run::Ascii { start, end, .. } | Run::Other { start, end }) = run;
        document.push(' ');
        document.push_str(&ascii[start..end]);
    });
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

/// Where the run that continues at `position` ends; a mark does not start one.
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
