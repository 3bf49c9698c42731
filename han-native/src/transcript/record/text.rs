//! The inside of a JSON string: unescaping, and counting lines without unescaping.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

/// The text of an escaped string, at most `limit` bytes of it. Lone surrogates become U+FFFD.
pub(super) fn unescape(string: &str, limit: usize) -> Cow<'_, str> {
    if string.len() <= limit && memchr(b'\\', string.as_bytes()).is_none() {
        return Cow::Borrowed(string);
    }
    let mut text = String::new();
    unescape_into(string, &mut text, limit);
    Cow::Owned(text)
}

/// Appends the text of an escaped string, at most `limit` bytes of it; returns whether something was left out.
pub(super) fn unescape_into(string: &str, text: &mut String, limit: usize) -> bool {
    let end = text.len().saturating_add(limit);
    text.reserve(string.len().min(limit));
    let mut rest = string;
    while !rest.is_empty() {
        let plain = memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
        let room = end - text.len();
        if plain > room {
            text.push_str(&rest[..rest.floor_char_boundary(room)]);
            return true;
        }
        text.push_str(&rest[..plain]);
        if plain == rest.len() {
            return false;
        }
        let (character, length) = escape(&rest[plain..]);
        if text.len() + character.len_utf8() > end {
            return true;
        }
        text.push(character);
        rest = rest.get(plain + length..).unwrap_or_default();
    }
    false
}

/// Whether the text of an escaped string may have C0 or C1 controls, except the usual white space.
pub(super) fn may_have_controls(string: &str) -> bool {
    let bytes = string.as_bytes();
    let is_c1 = |at: usize| bytes.get(at + 1).is_some_and(|second| (0x80..0xa0).contains(second));
    memmem::find(bytes, br"\u00").is_some() || memchr_iter(0xc2, bytes).any(is_c1)
}

/// How many bytes the text of an escaped string has.
pub(super) fn unescaped_length(string: &str) -> usize {
    let (mut length, mut rest) = (0, string);
    while let Some(plain) = memchr(b'\\', rest.as_bytes()) {
        let (character, escape_length) = escape(&rest[plain..]);
        length += plain + character.len_utf8();
        rest = rest.get(plain + escape_length..).unwrap_or_default();
    }
    length + rest.len()
}

/// The character of the escape that `text` starts with, and how many bytes it takes.
fn escape(text: &str) -> (char, usize) {
    match text.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'u') => unicode_escape(text),
        Some(&other) if other.is_ascii() => (char::from(other), 2),
        _ => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn unicode_escape(text: &str) -> (char, usize) {
    let Some(unit) = code_unit(text) else { return (char::REPLACEMENT_CHARACTER, 2) };
    if !(0xd800..0xdc00).contains(&unit) {
        return (char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER), 6);
    }
    match text.get(6..).and_then(code_unit) {
        Some(low) if (0xdc00..0xe000).contains(&low) => {
            let joined = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            (char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}

/// The UTF-16 unit of the `\uXXXX` that the text starts with.
pub(super) fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// How many lines an escaped string has; a last one without an end counts.
pub(super) fn line_count(string: &str) -> i64 {
    let bytes = string.as_bytes();
    let (mut lines, mut position, mut line_start) = (0, 0, 0);
    while let Some(distance) = memchr(b'\\', &bytes[position..]) {
        let escape = position + distance;
        let is_new_line = match bytes.get(escape + 1) {
            Some(b'n') => Some(2),
            Some(b'u') if code_unit(&string[escape..]) == Some(10) => Some(6),
            _ => None,
        };
        if let Some(length) = is_new_line {
            lines += 1;
            line_start = escape + length;
        }
        position = (escape + is_new_line.unwrap_or(2)).min(bytes.len());
    }
    lines + i64::from(line_start < bytes.len())
}
