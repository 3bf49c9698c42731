//! Bytes that go to the caller.

use std::ffi::c_char;
use std::ptr::{null, slice_from_raw_parts_mut};

use serde::Serialize;

use han_native::{Error, Result};

use crate::guard::guard_value;

/// Bytes that the library allocated and the caller owns: a result as JSON text, or the bytes of a record.
///
/// `data` holds `len` bytes, and one NUL after them that `len` does not count, so that a JSON result can be read as a string.
/// `data` is NULL if there is no result. Freed with han_buf_free(), never with free().
#[repr(C)]
#[derive(Debug)]
pub struct han_buf_t {
    /// The first byte, or NULL.
    pub data: *const c_char,
    /// The number of bytes, without the NUL after them.
    pub len: usize,
}

impl han_buf_t {
    pub(crate) const NONE: han_buf_t = han_buf_t { data: null(), len: 0 };

    pub(crate) fn new(mut bytes: Vec<u8>) -> han_buf_t {
        let len = bytes.len();
        bytes.reserve_exact(1);
        bytes.push(0);
        han_buf_t { data: Box::into_raw(bytes.into_boxed_slice()) as *const c_char, len }
    }

    pub(crate) fn json(value: &impl Serialize) -> Result<han_buf_t> {
        let text = serde_json::to_vec(value)
            .map_err(|error| Error::Io { path: "the JSON of the result".into(), source: error.into() })?;
        Ok(han_buf_t::new(text))
    }

    /// Frees the bytes, if there are any.
    pub(crate) unsafe fn release(&mut self) {
        if !self.data.is_null() {
            let bytes = slice_from_raw_parts_mut(self.data.cast_mut().cast::<u8>(), self.len + 1);
            // SAFETY: `new` made it from a boxed slice of exactly this length.
            drop(unsafe { Box::from_raw(bytes) });
        }
        *self = han_buf_t::NONE;
    }
}

/// Frees the bytes of a buffer and empties it. A NULL pointer and an empty buffer are ignored, so freeing twice is safe.
///
/// Ownership: takes the bytes, not the struct, which stays the caller's. Does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_buf_free(buffer: *mut han_buf_t) {
    guard_value((), || {
        // SAFETY: NULL or a buffer that this library filled, see the crate's contract.
        if let Some(buffer) = unsafe { buffer.as_mut() } {
            // SAFETY: as above; its bytes came from `han_buf_t::new`.
            unsafe { buffer.release() };
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_followed_by_a_nul_and_freed_once() {
        for bytes in [b"".to_vec(), b"{}".to_vec(), vec![0, 255, 0]] {
            let mut buffer = han_buf_t::new(bytes.clone());
            assert_eq!(buffer.len, bytes.len());
            // SAFETY: `new` allocated one byte more than `len`.
            let seen = unsafe { std::slice::from_raw_parts(buffer.data.cast::<u8>(), buffer.len + 1) };
            assert_eq!(seen, [bytes.as_slice(), &[0]].concat());
            // SAFETY: a live buffer; the second call finds it empty.
            unsafe {
                han_buf_free(&mut buffer);
                han_buf_free(&mut buffer);
            }
            assert!(buffer.data.is_null());
        }
    }
}
