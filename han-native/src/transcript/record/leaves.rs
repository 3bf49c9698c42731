//! The strings inside a JSON value of unknown shape, and the values directly inside one. Iterative: the nesting of a transcript must not use up our stack.

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

/// Calls `each` for every string value of valid JSON, in order. If `is_skipped(depth, key)` says so, what comes
/// after that key is left out; the keys of the outermost object have depth 1, and are passed as they are written. The bytes of
/// images and the like are always left out.
pub(crate) fn for_each_leaf<'a>(
    json: &'a str,
    mut is_skipped: impl FnMut(usize, &str) -> bool,
    mut each: impl FnMut(Raw<'a>),
) {
    let bytes = json.as_bytes();
    let (mut position, mut depth) = (0, 0_usize);
    let mut starts = [0; KNOWN_DEPTH];
    // Nested objects, and objects that name their data repeatedly, are not searched without bound.
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

/// Whether the `data` of the object that the text starts with is not text.
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

/// Calls `each` with every key of a valid JSON object, as it is written, and the value after it, in order; not at all for
/// another value.
pub(crate) fn for_each_member<'a>(json: &'a str, mut each: impl FnMut(&'a str, Raw<'a>)) {
    let bytes = json.as_bytes();
    let mut position = blanks_end(bytes, 0);
    let mut expected = b'{';
    while bytes.get(position) == Some(&expected) {
        let key_start = blanks_end(bytes, position + 1);
        if bytes.get(key_start) != Some(&b'"') {
            return;
        }
        let key_end = string_end(bytes, key_start);
        let value_start = blanks_end(bytes, blanks_end(bytes, key_end) + 1);
        position = value_end(bytes, value_start);
        let (Some(key), Some(value)) = (json.get(key_start..key_end), json.get(value_start..position)) else { return };
        each(Raw::new(key).string().unwrap_or_default(), Raw::new(value.trim_ascii_end()));
        position = blanks_end(bytes, position);
        expected = b',';
    }
}

/// Calls `each` with every element of a valid JSON list, in order; not at all for another value.
pub(crate) fn for_each_element<'a>(json: &'a str, mut each: impl FnMut(Raw<'a>)) {
    let bytes = json.as_bytes();
    let mut position = blanks_end(bytes, 0);
    let mut expected = b'[';
    while bytes.get(position) == Some(&expected) {
        let start = blanks_end(bytes, position + 1);
        position = value_end(bytes, start);
        // An empty list has a bracket where its first element would be.
        let Some(value) = json.get(start..position).filter(|value| !value.is_empty()) else { return };
        each(Raw::new(value.trim_ascii_end()));
        position = blanks_end(bytes, position);
        expected = b',';
    }
}

/// The place after the string that starts at `start`.
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

/// The place after the value that starts at or after `start`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_given_as_they_are_written() {
        let members = |json| {
            let mut found = Vec::new();
            for_each_member(json, |key, value| found.push(format!("{key}={}", value.json())));
            found.join(" ")
        };
        for (json, expected) in [
            (r#"{"a":1,"b":"x\"},","c":{"a":[1,{}]},"d":[],"a":null}"#, r#"a=1 b="x\"}," c={"a":[1,{}]} d=[] a=null"#),
            (" { \"a\" :\t1 ,\"b\" : [ 1 , 2 ] } ", "a=1 b=[ 1 , 2 ]"),
            (r#"{"k\u0065y":true}"#, r"k\u0065y=true"),
            ("{}", ""),
            (r#"["a"]"#, ""),
            (r#""a""#, ""),
            ("", ""),
        ] {
            assert_eq!(members(json), expected, "{json}");
        }
    }

    #[test]
    fn elements_are_given_as_they_are_written() {
        let elements = |json| {
            let mut found = Vec::new();
            for_each_element(json, |value| found.push(value.json().to_owned()));
            found
        };
        assert_eq!(elements(r#"[1,"],",{"a":[2]},[3],null]"#), ["1", r#""],""#, r#"{"a":[2]}"#, "[3]", "null"]);
        assert_eq!(elements(" [ 1 , [ ] ] "), ["1", "[ ]"]);
        for other in ["[]", " [ ] ", "{}", "1", ""] {
            assert_eq!(elements(other), Vec::<String>::new(), "{other}");
        }
    }

    /// Fuzzed elsewhere as well: what is not JSON must at least not panic.
    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        let json = r#"{"a":["é",{"b":"\\"}],"c":"d"}"#;
        for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
            for_each_member(&json[..end], |_, _| {});
            for_each_element(&json[..end], |_| {});
        }
    }
}
