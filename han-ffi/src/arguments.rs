//! Reads what a caller passes. Every NULL, bad text and bad JSON ends here, as `HAN_INVALID_ARGUMENT` that names the argument.

use std::ffi::{CStr, c_char};

use han_native::{Error, Result};
use serde::de::DeserializeOwned;

/// What a pointer points to, for the time of the call.
pub(crate) unsafe fn reference<'a, T>(name: &'static str, pointer: *const T) -> Result<&'a T> {
    // SAFETY: the caller of this function vouches for the pointer, NULL aside.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(name))
}

/// Puts the empty value where a result goes, which need not be initialised, so that it is never read as garbage.
pub(crate) unsafe fn clear<T>(name: &'static str, pointer: *mut T, empty: T) -> Result<()> {
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: the caller of this function vouches for the pointer, NULL aside.
    unsafe { pointer.write(empty) };
    Ok(())
}

/// A NUL-terminated string of UTF-8.
pub(crate) unsafe fn text<'a>(name: &'static str, pointer: *const c_char) -> Result<&'a str> {
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: the caller of this function vouches for the pointer, NULL aside.
    unsafe { CStr::from_ptr(pointer) }.to_str().map_err(|error| not_utf8(name, error))
}

/// A JSON object, by the field names of its struct; NULL is an empty one.
pub(crate) unsafe fn json<T: DeserializeOwned>(name: &'static str, pointer: *const c_char) -> Result<T> {
    // SAFETY: the caller of this function vouches for the pointer.
    let text = if pointer.is_null() { "{}" } else { unsafe { text(name, pointer) }? };
    // serde would read an array as the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(Error::invalid(name, "is no JSON object; write {\"key\": value}"));
    }
    serde_json::from_str(text).map_err(|error| Error::invalid(name, format!("is refused: {error}")))
}

/// An array of NUL-terminated strings of UTF-8.
pub(crate) unsafe fn texts(name: &'static str, pointer: *const *const c_char, count: usize) -> Result<Vec<String>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    if count > isize::MAX as usize / size_of::<*const c_char>() {
        return Err(Error::invalid(name, format!("cannot have {count} elements")));
    }
    // SAFETY: the caller of this function vouches for `count` elements.
    let pointers = unsafe { std::slice::from_raw_parts(pointer, count) };
    let elements = pointers.iter().enumerate();
    // SAFETY: as above, for each of them.
    elements.map(|(position, &pointer)| unsafe { element(name, position, pointer) }).collect()
}

unsafe fn element(name: &'static str, position: usize, pointer: *const c_char) -> Result<String> {
    if pointer.is_null() {
        return Err(Error::invalid(name, format!("has NULL at position {position}")));
    }
    // SAFETY: the caller of this function vouches for the pointer, NULL aside.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(str::to_owned)
        .map_err(|error| Error::invalid(name, format!("is not UTF-8 at position {position} ({error})")))
}

fn null(name: &'static str) -> Error {
    Error::invalid(name, "is NULL")
}

fn not_utf8(name: &'static str, error: std::str::Utf8Error) -> Error {
    Error::invalid(name, format!("is not UTF-8 ({error})"))
}

#[cfg(test)]
mod tests {
    use std::ptr::null;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
    struct Options {
        data_dir: Option<String>,
    }

    fn parse(text: &CStr) -> Result<Options, String> {
        // SAFETY: a literal.
        unsafe { json("options_json", text.as_ptr()) }.map_err(|error| error.to_string())
    }

    #[test]
    fn json_is_an_object_of_known_keys() {
        assert_eq!(parse(c" {\"dataDir\": \"/a\"} "), Ok(Options { data_dir: Some("/a".into()) }));
        assert_eq!(parse(c"{\"dataDir\": null}"), Ok(Options::default()));
        // SAFETY: NULL is checked.
        assert_eq!(unsafe { json::<Options>("options_json", null()) }.unwrap(), Options::default());
        for (text, named) in [
            (c"{\"dataDri\": 1}", "`dataDri`"),
            (c"{\"dataDir\": 1}", "integer `1`"),
            (c"{\"dataDir\": \"a\", \"dataDir\": \"b\"}", "`dataDir`"),
            (c"[\"/a\"]", "no JSON object"),
            (c"", "no JSON object"),
            (c"{", "EOF"),
            (c"{} {}", "trailing"),
            (c"{\"dataDir\": \"\xff\"}", "not UTF-8"),
        ] {
            let message = parse(text).unwrap_err();
            assert!(message.starts_with("options_json ") && message.contains(named), "{text:?}: {message}");
        }
    }

    #[test]
    fn arrays_name_the_bad_element() {
        // SAFETY: the arrays have the counts given.
        let read = |pointers: &[*const c_char]| unsafe { texts("ids", pointers.as_ptr(), pointers.len()) };
        assert_eq!(read(&[c"a".as_ptr(), c"".as_ptr()]).unwrap(), ["a", ""]);
        let message = |pointers: &[*const c_char]| read(pointers).unwrap_err().to_string();
        assert_eq!(message(&[c"a".as_ptr(), null()]), "ids has NULL at position 1");
        assert!(message(&[c"\xc3".as_ptr()]).starts_with("ids is not UTF-8 at position 0"));
        // SAFETY: nothing is read of an empty, a NULL or an impossible array.
        unsafe {
            assert!(texts("ids", null(), 0).unwrap().is_empty());
            assert_eq!(texts("ids", null(), 1).unwrap_err().to_string(), "ids is NULL");
            assert!(texts("ids", [null()].as_ptr(), usize::MAX).is_err());
        }
    }
}
