//! What writes to the database from transcripts or stored bytes.

use std::ffi::{CString, c_char, c_void};

use han_native::ScanOptions;
use han_native::config::ProgressHook;
use han_native::model::ScanProgress;

use crate::arguments::{json, reference, text};
use crate::buffer::han_buf_t;
use crate::cancellation::han_cancellation_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::answer;
use crate::handle::han_t;

/// Hears how far a scan is; see han_scan().
///
/// `progress_json` is a JSON object {"filesDone", "filesTotal", "bytesDone", "bytesTotal", "messagesIndexed", "path"}, valid
/// during the call only. `user_data` is what han_scan() was given. Called on the thread that called han_scan(). It
/// must not call a function on the scanning handle, nor throw an exception, nor longjmp out; it may cancel the scan with
/// han_cancellation_cancel().
pub type han_progress_callback_t = Option<unsafe extern "C" fn(progress_json: *const c_char, user_data: *mut c_void)>;

struct Progress {
    callback: unsafe extern "C" fn(*const c_char, *mut c_void),
    user_data: *mut c_void,
}

// SAFETY: the core calls it on the thread that scans, which is the caller's.
unsafe impl Send for Progress {}

impl Progress {
    fn tell(&self, progress: &ScanProgress) {
        let json = serde_json::to_vec(progress).ok().and_then(|json| CString::new(json).ok());
        if let Some(json) = json {
            // SAFETY: a function that the caller gave for this, and a string that outlives the call.
            unsafe { (self.callback)(json.as_ptr(), self.user_data) };
        }
    }
}

/// Indexes what is new in one session file, an unterminated last line included.
///
/// `path` is the file. `result` becomes a JSON object {"sessionId", "messagesIndexed", "totalMessages", "isNewSession",
/// "problems", "notes"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until the file is indexed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
/// Errors: HAN_INVALID_ARGUMENT (also for a file that is no transcript), HAN_NOT_FOUND, HAN_IS_DIRECTORY, HAN_PERMISSION,
/// HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_index_session_file(
    handle: *const han_t,
    path: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, path) = unsafe { (reference("handle", handle)?, text("path", path)?) };
        handle.han.index_session_file(path)
    })
}

/// Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
///
/// `options_json` is NULL for every config dir of the handle, or a JSON object {"paths": [...]}: a file is indexed as itself,
/// a folder that has a projects folder as a config dir, any other folder with all below it. `progress` is NULL, or called
/// with `user_data` at the start, then after commits, at most every 50 ms, and at the end. `cancellation` is NULL, or a token that ends the scan early: what
/// is committed stays, and the next scan goes on from there.
/// `result` becomes a JSON object {"files", "filesChanged", "lines", "bytes", "messagesIndexed", "problems", "notes", "errors":
/// [{"path", "code", "message"}], "durationMs"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` stays the caller's and must live until
/// the call returns. Blocking: until all is indexed; up to "lockTimeoutMs" for another process that writes. Threads: any;
/// writes wait for each other.
/// Errors: HAN_CANCELLED, HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED, HAN_INVALID_ARGUMENT;
/// HAN_NOT_FOUND for a path that was named and does not exist.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_scan(
    handle: *const han_t,
    options_json: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: *const han_cancellation_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, options) = unsafe { (reference("handle", handle)?, json("options_json", options_json)?) };
        // SAFETY: as above; NULL stands for a token that nobody cancels.
        let cancellation = unsafe { cancellation.as_ref() }.map(|token| token.cancellation.clone()).unwrap_or_default();
        let on_progress = progress.map(|callback| {
            let progress = Progress { callback, user_data };
            Box::new(move |now: &ScanProgress| progress.tell(now)) as ProgressHook<'_>
        });
        handle.han.scan(ScanOptions { on_progress, cancellation, ..options })
    })
}

/// Derives anew, from the stored bytes, what older rules derived; does nothing where there is none.
///
/// `result` becomes a JSON object {"files", "messages"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until all is derived; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other.
/// Errors: HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED, HAN_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_rederive(
    handle: *const han_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let handle = unsafe { reference("handle", handle) }?;
        handle.han.rederive()
    })
}
