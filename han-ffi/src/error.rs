//! The error object that a caller may request.

use std::ffi::{CString, c_char};

use crate::code::han_code_t;
use crate::guard::guard_value;

/// An error: its code and a human-readable message. Made by the functions that take a `han_error_t **`, freed with
/// han_error_free().
pub struct han_error_t {
    code: han_code_t,
    message: CString,
}

impl han_error_t {
    pub(crate) fn new(code: han_code_t, message: &str) -> han_error_t {
        han_error_t { code, message: c_text(message) }
    }

    pub(crate) fn own_code(&self) -> han_code_t {
        self.code
    }
}

/// A text as C reads it; a NUL inside it, which would end it early, becomes U+FFFD.
pub(crate) fn c_text(text: &str) -> CString {
    CString::new(text).or_else(|_| CString::new(text.replace('\0', "\u{FFFD}"))).unwrap_or_default()
}

/// The code of an error, the same that the function returned. HAN_OK for NULL.
///
/// Does not block; safe from any thread as long as no other frees the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_error_code(error: Option<&han_error_t>) -> han_code_t {
    guard_value(han_code_t::HAN_PANIC, || error.map_or(han_code_t::HAN_OK, |error| error.code))
}

/// What happened, where, and what to do, in one line of UTF-8. The empty string for NULL.
///
/// Ownership: the text belongs to the error and lives until han_error_free(). Does not block; safe from any thread as long as
/// no other frees the error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_error_message(error: Option<&han_error_t>) -> *const c_char {
    guard_value(c"".as_ptr(), || error.map_or(c"".as_ptr(), |error| error.message.as_ptr()))
}

/// Frees an error and its message. NULL is ignored.
///
/// Ownership: takes the error; the pointer must not be used again. Does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_error_free(error: Option<Box<han_error_t>>) {
    guard_value((), || drop(error));
}
