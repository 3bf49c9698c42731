//! Reads what a caller passes. Every NULL and bad text is refused here, with `HAN_INVALID_ARGUMENT` that names the argument.

use std::ffi::{CStr, c_char};

use han_native::operations::Arguments;
use han_native::{Error, Result};
use serde::de::DeserializeOwned;

/// An argument that is refused.
pub(crate) fn invalid(name: &'static str, problem: impl Into<String>) -> Error {
    Error::InvalidArgument { name: name.into(), problem: problem.into() }
}

/// An argument that must not be NULL.
pub(crate) fn present<T>(name: &'static str, argument: Option<T>) -> Result<T> {
    argument.ok_or_else(|| null(name))
}

/// Writes the empty value to a result, which need not be initialised, so that it is never read as garbage.
pub(crate) unsafe fn clear<T>(name: &'static str, pointer: *mut T, empty: T) -> Result<()> {
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: the caller of this function guarantees that the pointer is valid, or NULL.
    unsafe { pointer.write(empty) };
    Ok(())
}

/// A NUL-terminated string of UTF-8.
pub(crate) unsafe fn text<'a>(name: &'static str, pointer: *const c_char) -> Result<&'a str> {
    // SAFETY: the caller of this function guarantees that the pointer is valid.
    unsafe { optional_text(name, pointer) }?.ok_or_else(|| null(name))
}

/// A NUL-terminated string of UTF-8, or NULL.
pub(crate) unsafe fn optional_text<'a>(name: &'static str, pointer: *const c_char) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller of this function guarantees that the pointer is valid, or NULL.
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|error| invalid(name, format!("is not UTF-8 ({error})")))
}

/// The options of a function that is not an operation: a JSON object with the field names of its struct; NULL is an empty one.
pub(crate) unsafe fn options<T: DeserializeOwned>(pointer: *const c_char) -> Result<T> {
    // SAFETY: the caller of this function guarantees that the pointer is valid.
    Arguments::parse(unsafe { optional_text("options_json", pointer) }?)?.options()
}

/// Numbers that the caller owns, borrowed for the duration of the call.
pub(crate) unsafe fn numbers<'a>(name: &'static str, pointer: *const f32, count: usize) -> Result<&'a [f32]> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    if !pointer.is_aligned() {
        return Err(invalid(name, "is not aligned as an array of floats"));
    }
    if count > isize::MAX as usize / size_of::<f32>() {
        return Err(invalid(name, format!("cannot have {count} elements")));
    }
    // SAFETY: aligned and not NULL; the caller of this function guarantees `count` numbers.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

fn null(name: &'static str) -> Error {
    invalid(name, "is NULL")
}

#[cfg(test)]
mod tests {
    use std::ptr::null;

    use super::*;

    #[test]
    fn texts_are_utf8_or_null() {
        // SAFETY: literals, or NULL.
        unsafe {
            assert_eq!(optional_text("path", null()).unwrap(), None);
            assert_eq!(text("path", c"a".as_ptr()).unwrap(), "a");
            assert_eq!(text("path", null()).unwrap_err().to_string(), "path is NULL");
            assert!(text("path", c"\xff".as_ptr()).unwrap_err().to_string().starts_with("path is not UTF-8"));
        }
    }

    #[test]
    fn arrays_of_numbers_are_checked() {
        let passed = [1.0_f32, 2.0];
        let odd = passed.as_ptr().cast::<u8>().wrapping_add(1).cast::<f32>();
        // SAFETY: nothing is read from an empty, a NULL, a misaligned or an impossible array.
        unsafe {
            assert_eq!(numbers("vectors", passed.as_ptr(), 2).unwrap(), passed);
            assert!(numbers("vectors", null(), 0).unwrap().is_empty());
            assert_eq!(numbers("vectors", null(), 1).unwrap_err().to_string(), "vectors is NULL");
            assert!(numbers("vectors", odd, 1).unwrap_err().to_string().contains("aligned"));
            assert!(numbers("vectors", passed.as_ptr(), usize::MAX).is_err());
        }
    }
}
