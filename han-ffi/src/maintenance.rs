//! The care of a database: restore, statistics, check, removal, copy.

use std::ffi::c_char;

use crate::arguments::{json, reference, text};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{answer, guard};
use crate::handle::han_t;

/// Writes a transcript back, byte for byte as it was last indexed.
///
/// `source_path` is the path it was indexed from, absolute or below its config dir; "path~generation" names an older
/// generation. `target_path` must not exist.
///
/// Blocking: until the file is written. Threads: any; does not wait for writes of the database.
/// Errors: HAN_NOT_FOUND for an unknown source, HAN_INVALID_ARGUMENT (also for an existing target), HAN_DISK_FULL,
/// HAN_PERMISSION, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_restore(
    handle: *const han_t,
    source_path: *const c_char,
    target_path: *const c_char,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, source, target) = unsafe {
            (reference("handle", handle)?, text("source_path", source_path)?, text("target_path", target_path)?)
        };
        handle.han.restore(source, target)
    })
}

/// What is in the database.
///
/// `result` becomes a JSON object {"path", "schemaVersion", "databaseBytes", "walBytes", "transcriptBytes", "rawBytes",
/// "projects", "sessions", "files", "filesMissing", "lines", "messages", "replays", "problems", "notes", "tokens"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_stats(
    handle: *const han_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let handle = unsafe { reference("handle", handle) }?;
        handle.han.stats()
    })
}

/// Checks the database, its search index, its sums and the stored bytes, and mends them where asked to.
///
/// `options_json` is NULL to check only, or a JSON object {"fix": true} to mend what can be mended. `result` becomes a JSON
/// object {"isHealthy", "filesChecked", "issues": [{"code", "message", "path", "isFixed"}]}. Damage is a finding, no error.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is checked, which reads the whole
/// database. Threads: any. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading; HAN_LOCKED, HAN_NOT_LEADER,
/// HAN_DISK_FULL, HAN_READ_ONLY with "fix" only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_doctor(
    handle: *const han_t,
    options_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, options) = unsafe { (reference("handle", handle)?, json("options_json", options_json)?) };
        handle.han.doctor(options)
    })
}

/// Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
///
/// `target_json` is a JSON object of exactly one of "sessionId", "projectId", "before" (ISO 8601: every session whose last
/// activity is before it). `result` becomes a JSON object {"sessions", "files", "messages"}: what was removed.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is overwritten; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
/// Errors: HAN_INVALID_ARGUMENT, HAN_NOT_FOUND for an unknown session or project, HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL,
/// HAN_READ_ONLY, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_forget(
    handle: *const han_t,
    target_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, target) = unsafe { (reference("handle", handle)?, json("target_json", target_json)?) };
        handle.han.forget(&target)
    })
}

/// Writes a consistent copy of the database, while it is in use.
///
/// `target_path` must not exist.
///
/// Blocking: until the copy is written. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT (also for an existing target), HAN_DISK_FULL, HAN_PERMISSION, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_backup(
    handle: *const han_t,
    target_path: *const c_char,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, target) = unsafe { (reference("handle", handle)?, text("target_path", target_path)?) };
        handle.han.backup(target)
    })
}
