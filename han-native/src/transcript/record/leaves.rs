//! The strings inside a JSON value of unknown shape. Iterative: the nesting of a transcript must not use up our stack.

use memchr::memchr2;

use super::{Raw, Text};

/// How deep it is known where the objects around a string start.
const KNOWN_DEPTH: usize = 64;

lenient_object! {
    /// An object that has `data`.
    struct Holder<'a> {
        kind: Text<'a> = "type",
    }
}

/// Calls `each` for every string value of valid JSON, in order. Where `is_skipped(depth, key)` says so, what stands
/// behind that key is left out; the keys of the outermost object have depth 1, and are given as they are written. The bytes of
/// pictures and the like are left out always.
pub(crate) fn for_each_leaf<'a>(
    json: &'a str,
    mut is_skipped: impl FnMut(usize, &str) -> bool,
    mut each: impl FnMut(Raw<'a>),
) {
    let bytes = json.as_bytes();
    let (mut position, mut depth) = (0, 0_usize);
    let mut starts = [0; KNOWN_DEPTH];
    // Objects of which one lies in the other, or that name their data again and again, are not looked through without end.
    let mut budget = json.len().saturating_mul(4);
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                let end = string_end(bytes, position);
                let behind = blanks_end(bytes, end);
                let string = &json[position..end];
                if bytes.get(behind) != Some(&b':') {
                    each(Raw::new(string));
                    position = end;
                    continue;
                }
                let holder = starts.get(depth.wrapping_sub(1)).map(|start| &json[*start..]);
                let is_left_out = is_skipped(depth, Raw::new(string).string().unwrap_or_default())
                    || (string == r#""data""# && holder.is_some_and(|holder| holds_bytes(holder, &mut budget)));
                position = if is_left_out { value_end(bytes, behind + 1) } else { behind + 1 };
                continue;
            }
            b'{' | b'[' => {
                if let Some(start) = starts.get_mut(depth) {
                    *start = position;
                }
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        position += 1;
    }
}

/// Whether the `data` of the object that the text starts with is no text.
fn holds_bytes(json: &str, budget: &mut usize) -> bool {
    if *budget == 0 {
        return true;
    }
    let end = value_end(json.as_bytes(), 0);
    *budget = budget.saturating_sub(end);
    let is_binary =
        |kind: &str| matches!(kind, "base64" | "image" | "audio" | "video" | "file" | "blob" | "redacted_thinking");
    Holder::read(&json[..end], |holder| holder.kind.get().is_some_and(is_binary))
}

/// Behind the string that starts at `start`.
pub(super) fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut position = start + 1;
    while let Some(distance) = bytes.get(position..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        position += distance;
        if bytes[position] == b'"' {
            return position + 1;
        }
        position += 2;
    }
    bytes.len()
}

fn blanks_end(bytes: &[u8], mut position: usize) -> usize {
    while matches!(bytes.get(position), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        position += 1;
    }
    position
}

/// Behind the value that starts at or after `start`.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let mut position = blanks_end(bytes, start);
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                position = string_end(bytes, position);
                if depth == 0 {
                    return position;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return position + usize::from(depth == 1),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return position,
            _ => {}
        }
        position += 1;
    }
    position
}
