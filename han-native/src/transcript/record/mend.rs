//! JSON that `JSON.parse` accepts and serde_json does not: lone surrogates, and numbers beyond a double.

use super::leaves::string_end;
use super::text::code_unit;

/// A copy of valid JSON in which lone surrogate escapes are `\ufffd`, and numbers that are not a finite double are `null`.
pub(super) fn mend(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut mended = String::with_capacity(json.len());
    let mut position = 0;
    while let Some(&byte) = bytes.get(position) {
        let end = match byte {
            b'"' => string_end(bytes, position),
            b'-' | b'0'..=b'9' => number_end(bytes, position),
            _ => run_end(bytes, position),
        };
        let piece = &json[position..end];
        match byte {
            b'"' => mend_string(piece, &mut mended),
            b'-' | b'0'..=b'9' if !piece.parse::<f64>().is_ok_and(f64::is_finite) => mended.push_str("null"),
            _ => mended.push_str(piece),
        }
        position = end;
    }
    mended
}

fn number_end(bytes: &[u8], start: usize) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    start + bytes[start..].iter().position(|byte| !is_part(byte)).unwrap_or(bytes.len() - start)
}

fn run_end(bytes: &[u8], start: usize) -> usize {
    let starts_piece = |byte: &u8| matches!(byte, b'"' | b'-' | b'0'..=b'9');
    start + bytes[start..].iter().position(starts_piece).unwrap_or(bytes.len() - start)
}

fn mend_string(string: &str, mended: &mut String) {
    let mut rest = string;
    while let Some(escape) = memchr::memchr(b'\\', rest.as_bytes()) {
        mended.push_str(&rest[..escape]);
        rest = &rest[escape..];
        let unit = code_unit(rest);
        let is_high = unit.is_some_and(|unit| (0xd800..0xdc00).contains(&unit));
        let is_low = |unit: u32| (0xdc00..0xe000).contains(&unit);
        let length = if is_high && rest.get(6..).and_then(code_unit).is_some_and(is_low) {
            mended.push_str(&rest[..12]);
            12
        } else if is_high || unit.is_some_and(is_low) {
            mended.push_str("\\ufffd");
            6
        } else {
            let length = rest.ceil_char_boundary(2);
            mended.push_str(&rest[..length]);
            length
        };
        rest = &rest[length..];
    }
    mended.push_str(rest);
}
