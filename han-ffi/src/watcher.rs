//! The watcher, which indexes transcripts as they are written.

use std::ffi::c_char;

use crate::arguments::{reference, text};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{answer, guard};
use crate::handle::han_t;

/// Begins to index transcripts as they are written, on threads of the library, until han_watcher_stop() or han_close().
/// Starting again changes nothing.
///
/// A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot be
/// read are told to the log. Where nothing can be written for a while, as on a full disk, it tries again by itself, and
/// loses nothing; its status says why.
///
/// Where another process begins to lead it stops, and its status says so: at once where this handle has led until then, else when
/// it has something to write. It goes on by itself once this handle leads, or when it is started again.
///
/// Blocking: until the watches stand and everything that is there is indexed. Threads: any. Errors: HAN_NOT_LEADER where
/// another process leads, HAN_LOCKED, HAN_READ_ONLY, HAN_DISK_FULL, HAN_CLOSED; HAN_CANCELLED where it was stopped
/// meanwhile; HAN_INVALID_ARGUMENT, also for a bad HAN_WATCH_MODE of the environment and an interval of 0. Then it does not run,
/// or, where it had only stopped for another leader, waits as before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_start(handle: *const han_t, error: *mut *mut han_error_t) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { reference("handle", handle) }?.han.watcher().start()
    })
}

/// Ends the watching; nothing is indexed by it afterwards. Stopping what does not run changes nothing, also on a closed
/// handle.
///
/// Blocking: until its thread has ended, which may be waiting for another process that writes, up to "lockTimeoutMs".
/// Threads: any. Errors: HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_stop(handle: *const han_t, error: *mut *mut han_error_t) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { reference("handle", handle) }?.han.watcher().stop();
        Ok(())
    })
}

/// Adds a config dir to those of the handle: for the watcher, running or not, and for scans.
///
/// `config_dir` need not exist yet. One that is there already, perhaps by another name, counts once.
///
/// Does not block. Threads: any. Errors: HAN_INVALID_ARGUMENT (also for what is no directory), HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_add_path(
    handle: *const han_t,
    config_dir: *const c_char,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, config_dir) = unsafe { (reference("handle", handle)?, text("config_dir", config_dir)?) };
        handle.han.watcher().add_path(config_dir)
    })
}

/// Takes a config dir away from those of the handle. What was indexed of it stays.
///
/// Does not block. Threads: any. Errors: HAN_NOT_FOUND for one that the handle does not have, HAN_INVALID_ARGUMENT,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_remove_path(
    handle: *const han_t,
    config_dir: *const c_char,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, config_dir) = unsafe { (reference("handle", handle)?, text("config_dir", config_dir)?) };
        handle.han.watcher().remove_path(config_dir)
    })
}

/// Whether it watches, and how.
///
/// `result` becomes a JSON object {"running", "mode": "native" or "poll", "reason": why it cannot write at the moment, polls,
/// polls in part, or stopped by itself, "paths": the config dirs}. It is told of a closed handle, too.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Does not block. Threads: any. Errors:
/// HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_status(
    handle: *const han_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        Ok(unsafe { reference("handle", handle) }?.han.watcher().status())
    })
}
