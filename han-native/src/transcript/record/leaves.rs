//! The strings inside a JSON value of unknown shape. Iterative: the nesting of a transcript must not use up our stack.

use memchr::memchr2;

use super::Raw;

/// Calls `each` for every string value of valid JSON, in order. Where `is_skipped(depth, key)` says so, what stands
/// behind that key is left out; the keys of the outermost object have depth 1, and are given as they are written.
pub(crate) fn for_each_leaf<'a>(
    json: &'a str,
    mut is_skipped: impl FnMut(usize, &str) -> bool,
    mut each: impl FnMut(Raw<'a>),
) {
    let bytes = json.as_bytes();
    let (mut position, mut depth) = (0, 0_usize);
    while let Some(&byte) = bytes.get(position) {
        match byte {
            b'"' => {
                let end = string_end(bytes, position);
                let behind = blanks_end(bytes, end);
                if bytes.get(behind) != Some(&b':') {
                    each(Raw::new(&json[position..end]));
                    position = end;
                } else if is_skipped(depth, Raw::new(&json[position..end]).string().unwrap_or_default()) {
                    position = value_end(bytes, behind + 1);
                } else {
                    position = behind + 1;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        position += 1;
    }
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
