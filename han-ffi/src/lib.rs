//! The C ABI of han-native: decodes arguments, calls one operation of the core, encodes the result. It holds no logic of its
//! own and no state outside the handles.
//!
//! `operations.rs` has a function for each operation of the core's table, and is generated from it: written out, since cbindgen does
//! not see what a macro makes. Functions that return a handle, or take callbacks or vectors, are written by hand. `include/han.h` is
//! generated from these items; its opening comment, the rules that hold for every function, is in `tests/header.rs`. Every exported
//! function runs inside `guard`, so that no panic reaches the caller.
//!
//! # Safety
//! A pointer that a caller passes is NULL, which is checked, or points to what the header says: text to a NUL-terminated
//! string, an array to as many aligned elements as its count says, a handle to what its constructor returned and its `_free` has
//! not yet taken. Pointers are read during the call only, except callbacks and their user data.

// The names are those of the header.
#![allow(non_camel_case_types)]
// The contract of the pointers is the same for every function; it is stated above.
#![allow(clippy::missing_safety_doc)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// In the order of the header.
pub mod version;

pub mod code;
pub mod error;

pub mod buffer;

pub mod log;

pub mod handle;

pub mod call;
pub mod cancellation;
pub mod operations;

pub mod listener;
pub mod subscription;

pub mod vectors;

mod arguments;
mod guard;
