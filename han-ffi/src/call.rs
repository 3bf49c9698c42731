//! Calling operations: by their own functions (`operations.rs`), or by name.

use std::ffi::{CStr, CString, c_char, c_void};
use std::io::{self, Write};

use han_native::Result;
use han_native::operations::{self, Answer, Call, ProgressReport};

use crate::arguments::{clear, optional_text, present, text};
use crate::buffer::han_buf_t;
use crate::cancellation::han_cancellation_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{guard, guard_value};
use crate::handle::{han_t, open};

/// Receives the progress of an operation; see han_scan() and han_vectors_embed_pending().
///
/// `progress_json` is a JSON object, valid during the call only. `user_data` is what was passed to the operation. Called on the thread
/// that called the operation. It must not call a function on that handle, nor throw an exception, nor longjmp out; it may cancel
/// the operation with han_cancellation_cancel().
pub type han_progress_callback_t = Option<unsafe extern "C" fn(progress_json: *const c_char, user_data: *mut c_void)>;

/// Receives a piece of a document; see han_export_session_to().
///
/// `bytes` is `len` bytes, without a NUL after them, valid during the call only. `user_data` is what was passed to the operation. Returns 0
/// to continue; any other number, which is read as an errno, ends the operation with HAN_IO. It must not call a function on that handle,
/// nor throw an exception, nor longjmp out.
pub type han_write_callback_t =
    Option<unsafe extern "C" fn(bytes: *const c_char, len: usize, user_data: *mut c_void) -> i32>;

/// Calls an operation by its name, as han_operations() lists them: for bindings of other languages.
///
/// `operation` is the name, such as "messages.countBatch". `parameters_json` and `result` are as in the operation's own function.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: like the operation. Threads: any. Errors: those of the
/// operation; HAN_INVALID_ARGUMENT for an unknown name, or that of an operation that writes its result piece by piece.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_call(
    handle: Option<&han_t>,
    operation: *const c_char,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain(text("operation", operation)?, handle, parameters_json, result) })
}

/// Like han_call(), with the progress callback and the cancellation of a long operation, each of which may be NULL.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` must live until the call returns. Blocking: like the
/// operation. Threads: any. Errors: those of han_call().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_call_long(
    handle: Option<&han_t>,
    operation: *const c_char,
    parameters_json: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: Option<&han_cancellation_t>,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe {
        long(text("operation", operation)?, handle, parameters_json, progress, user_data, cancellation, result)
    })
}

/// Like han_call(), for an operation without a handle.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: never. Threads: any. Errors: HAN_INVALID_ARGUMENT for an
/// unknown name, or that of an operation that needs a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_call_static(
    operation: *const c_char,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { alone(text("operation", operation)?, parameters_json, result) })
}

/// Like han_call(), for an operation that writes its result piece by piece.
///
/// Blocking: until everything is written. Threads: any. Errors: those of the operation; HAN_INVALID_ARGUMENT for an unknown name, or that of
/// an operation that returns its result in one piece.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_call_stream(
    handle: Option<&han_t>,
    operation: *const c_char,
    parameters_json: *const c_char,
    write: han_write_callback_t,
    user_data: *mut c_void,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { stream(text("operation", operation)?, handle, parameters_json, write, user_data) })
}

/// The operations that han_call() and its variants know, with the JSON schemas of their parameters and results: a JSON object of
/// "operations" and "$defs".
///
/// An operation is {"name", "kind" ("read", "write", "long", "instant", "stream" or "static"), "isCancellable", "hasProgress", "leading" (the
/// parameters that come first in languages with positional ones), "form" ("json", "text" or "bytes"), "parameters", "result"}.
///
/// Ownership: the text is static and never freed. Does not block; safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn han_operations() -> *const c_char {
    guard_value(OPERATIONS.as_ptr(), || OPERATIONS.as_ptr())
}

const OPERATIONS: &CStr = match CStr::from_bytes_with_nul(concat!(include_str!("operations.json"), "\0").as_bytes()) {
    Ok(text) => text,
    Err(_) => panic!("the list of operations has no NUL inside"),
};

/// Calls an operation whose result is one buffer.
pub(crate) unsafe fn plain(
    operation: &str,
    handle: Option<&han_t>,
    parameters: *const c_char,
    result: *mut han_buf_t,
) -> Result<()> {
    // SAFETY: the caller of this function guarantees that the pointers are valid.
    unsafe { call(operation, handle, parameters, &mut Call::default(), result) }
}

/// Like [`plain`], with progress and cancellation.
pub(crate) unsafe fn long(
    operation: &str,
    handle: Option<&han_t>,
    parameters: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: Option<&han_cancellation_t>,
    result: *mut han_buf_t,
) -> Result<()> {
    let cancellation = cancellation.map(|token| token.cancellation.clone()).unwrap_or_default();
    let progress = progress.map(|callback| {
        let progress = Progress { callback, user_data };
        Box::new(move |now: &dyn erased_serde::Serialize| progress.report(now)) as ProgressReport<'_>
    });
    // SAFETY: the caller of this function guarantees that the pointers are valid.
    unsafe { call(operation, handle, parameters, &mut Call { progress, cancellation }, result) }
}

unsafe fn call(
    operation: &str,
    handle: Option<&han_t>,
    parameters: *const c_char,
    call: &mut Call<'_>,
    result: *mut han_buf_t,
) -> Result<()> {
    // SAFETY: the caller of this function guarantees that the pointers are valid.
    unsafe { clear("result", result, han_buf_t::NONE) }?;
    // SAFETY: as above.
    let parameters = unsafe { optional_text("parameters_json", parameters) }?;
    let answer = open(handle)?.core.call(operation, parameters, call)?;
    // SAFETY: as above, and just checked.
    unsafe { write_answer(answer, result) }
}

/// Calls an operation without a handle.
pub(crate) unsafe fn alone(operation: &str, parameters: *const c_char, result: *mut han_buf_t) -> Result<()> {
    // SAFETY: the caller of this function guarantees that the pointers are valid.
    unsafe { clear("result", result, han_buf_t::NONE) }?;
    // SAFETY: as above.
    let parameters = unsafe { optional_text("parameters_json", parameters) }?;
    // SAFETY: as above, and just checked.
    unsafe { write_answer(operations::call_static(operation, parameters)?, result) }
}

unsafe fn write_answer(answer: Answer, result: *mut han_buf_t) -> Result<()> {
    let bytes = han_buf_t::new(answer.into_bytes()?);
    // SAFETY: the caller of this function guarantees that the pointer is valid.
    unsafe { result.write(bytes) };
    Ok(())
}

/// Calls an operation that writes its result piece by piece.
pub(crate) unsafe fn stream(
    operation: &str,
    handle: Option<&han_t>,
    parameters: *const c_char,
    write: han_write_callback_t,
    user_data: *mut c_void,
) -> Result<()> {
    // SAFETY: the caller of this function guarantees that the pointer is valid.
    let parameters = unsafe { optional_text("parameters_json", parameters) }?;
    let callback = present("write", write)?;
    open(handle)?.core.call_to(operation, parameters, &mut Writer { callback, user_data })
}

struct Progress {
    callback: unsafe extern "C" fn(*const c_char, *mut c_void),
    user_data: *mut c_void,
}

// SAFETY: the core calls it on the thread that runs the operation, which is the caller's.
unsafe impl Send for Progress {}

impl Progress {
    fn report(&self, progress: &dyn erased_serde::Serialize) {
        let json = serde_json::to_vec(progress).ok().and_then(|json| CString::new(json).ok());
        if let Some(json) = json {
            // SAFETY: a function that the caller passed for this, and a string that outlives the call.
            unsafe { (self.callback)(json.as_ptr(), self.user_data) };
        }
    }
}

struct Writer {
    callback: unsafe extern "C" fn(*const c_char, usize, *mut c_void) -> i32,
    user_data: *mut c_void,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: a function that the caller passed for this, and bytes that outlive the call.
        match unsafe { (self.callback)(bytes.as_ptr().cast(), bytes.len(), self.user_data) } {
            0 => Ok(bytes.len()),
            errno => Err(io::Error::from_raw_os_error(errno)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
