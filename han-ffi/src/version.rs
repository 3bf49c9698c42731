//! Which library this is.

use std::ffi::{CStr, c_char};

use crate::guard::guard_value;

/// The number of the binary interface, the same as after "libhan.so.": raised by every change that breaks a program that
/// was compiled before. A program that loads the library at run time compares it with han_abi_version().
pub const HAN_ABI_VERSION: u32 = 0;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => panic!("the version has no NUL inside"),
};

/// The number of the binary interface of the loaded library; see HAN_ABI_VERSION.
///
/// Does not block; safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn han_abi_version() -> u32 {
    guard_value(HAN_ABI_VERSION, || HAN_ABI_VERSION)
}

/// The version of the loaded library, such as "0.1.0"; HAN_VERSION is that of the header.
///
/// Ownership: the text is static and never freed. Does not block; safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn han_version() -> *const c_char {
    guard_value(VERSION.as_ptr(), || VERSION.as_ptr())
}
