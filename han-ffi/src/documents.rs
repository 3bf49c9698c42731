//! Questions in SQL, and sessions as documents.

use std::ffi::{c_char, c_void};
use std::io::{self, Write};

use han_native::model::{ExportFormat, ExportOptions, SqlParameters};
use han_native::{Error, Result, SqlOptions};
use serde_json::Value;

use crate::arguments::{clear, json, reference, text};
use crate::buffer::han_buf_t;
use crate::cancellation::han_cancellation_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{answer, guard};
use crate::handle::han_t;

/// Answers one SQL statement that only reads: a SELECT, a WITH or a VALUES, or an EXPLAIN of one.
///
/// It sees one snapshot and changes nothing. The views v_sessions, v_messages, v_usage, v_tool_calls, v_file_changes,
/// v_files, v_projects, v_todos, v_tasks, v_hooks, v_summaries, v_problems and v_days keep their names and columns; the
/// tables below them do not.
///
/// `parameters_json` is NULL for none, a JSON array for ?, or a JSON object for :name, @name and $name: null, numbers and
/// strings stand for themselves, true and false for 1 and 0, {"hex": "00ff"} is a blob, any other array or object its JSON
/// text. `options_json` is NULL, or a JSON object of "deadlineMs" (1 to 3600000; 5000), "maxRows" (1 to 1000000; 10000),
/// "maxBytes" (of the rows in memory, 1 to 2^30; 64 MiB). `cancellation` is NULL, or a token that ends the statement early.
/// `result` becomes a JSON object {"columns": [{"name", "type"}], "rows": an array of arrays, "isTruncated"}: integers of
/// up to 64 bits, fractions, strings ("Infinity" and "-Infinity" also stand for numbers), null, and {"hex": "00ff"} for a
/// blob.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(); `cancellation` stays the caller's and must live
/// until the call returns. Blocking: until the deadline. Threads: any; reads do not wait for writes, and a database in
/// memory is copied. Errors: HAN_QUERY_SYNTAX with what SQLite says; HAN_INVALID_ARGUMENT also for a statement that does
/// not only read, for parameters that do not fit, and when the deadline has passed; HAN_CANCELLED, HAN_CLOSED and those of
/// reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_query(
    handle: *const han_t,
    sql: *const c_char,
    parameters_json: *const c_char,
    options_json: *const c_char,
    cancellation: *const han_cancellation_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, sql) = unsafe { (reference("handle", handle)?, text("sql", sql)?) };
        // SAFETY: as above.
        let parameters = unsafe { parameters(parameters_json) }?;
        // SAFETY: as above.
        let mut options: SqlOptions = unsafe { json("options_json", options_json) }?;
        // SAFETY: NULL or a live token, see the crate's contract.
        if let Some(token) = unsafe { cancellation.as_ref() } {
            options.cancellation = token.cancellation.clone();
        }
        handle.han.query(sql, &parameters, &options)
    })
}

/// A JSON array or object; NULL is an empty one.
unsafe fn parameters(pointer: *const c_char) -> Result<SqlParameters> {
    const NAME: &str = "parameters_json";
    if pointer.is_null() {
        return Ok(SqlParameters::default());
    }
    // SAFETY: the caller of this function vouches for the pointer.
    let text = unsafe { text(NAME, pointer) }?;
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => Ok(SqlParameters::Positional(values)),
        Ok(Value::Object(values)) => Ok(SqlParameters::Named(values)),
        Ok(_) => Err(Error::invalid(NAME, "is no JSON array or object")),
        Err(error) => Err(Error::invalid(NAME, format!("is refused: {error}"))),
    }
}

/// A whole session as a document. It is held in memory; see han_export_session_to() and han_export_session_to_file() for large
/// ones.
///
/// `format` is "markdown", "json" or "html". `options_json` is NULL, or a JSON object of "includeAgents" (true),
/// "includeThinking" (true), "includeReplays" (false), "includeRaw" (false; each record as it was written, in JSON),
/// "maxTextBytes" (cuts longer texts, and says so). `result` becomes the document itself: UTF-8, with line breaks, and no
/// JSON unless the format is.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until the session is written. Threads:
/// any; reads do not wait for writes. Errors: HAN_NOT_FOUND for an unknown session, HAN_INVALID_ARGUMENT, HAN_CLOSED and
/// those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session(
    handle: *const han_t,
    id: *const c_char,
    format: *const c_char,
    options_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("result", result, han_buf_t::NONE) }?;
        // SAFETY: as above.
        let (handle, id) = unsafe { (reference("handle", handle)?, text("id", id)?) };
        // SAFETY: as above.
        let format = format_named(unsafe { text("format", format) }?)?;
        // SAFETY: as above.
        let options: ExportOptions = unsafe { json("options_json", options_json) }?;
        let document = handle.han.export_session(id, format, &options)?;
        // SAFETY: as above, and just checked.
        unsafe { result.write(han_buf_t::new(document.into_bytes())) };
        Ok(())
    })
}

/// Takes a piece of a document; see han_export_session_to().
///
/// `bytes` are `len` bytes, valid during the call only; a character may begin in one piece and end in the next. `user_data` is
/// what han_export_session_to() was given. Gives 0, or what went wrong as an errno, such as ENOSPC, which ends the export.
/// Called on the thread that called han_export_session_to(). It must not call a function on that handle, nor throw an
/// exception, nor longjmp out.
pub type han_write_callback_t =
    Option<unsafe extern "C" fn(bytes: *const c_char, len: usize, user_data: *mut c_void) -> i32>;

struct Writer {
    callback: unsafe extern "C" fn(*const c_char, usize, *mut c_void) -> i32,
    user_data: *mut c_void,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: a function that the caller gave for this, and bytes that outlive the call.
        match unsafe { (self.callback)(bytes.as_ptr().cast(), bytes.len(), self.user_data) } {
            0 => Ok(bytes.len()),
            errno => Err(io::Error::from_raw_os_error(errno)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// As han_export_session(), piece by piece, in bounded memory, of one snapshot.
///
/// `callback` is called with each piece in its order, and `user_data`; where this function fails, the document is not whole.
///
/// Blocking: until the session is written. Threads: any; reads do not wait for writes. Errors: those of han_export_session(),
/// and what the callback gave: HAN_DISK_FULL, HAN_PERMISSION, HAN_IO and the like.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session_to(
    handle: *const han_t,
    id: *const c_char,
    format: *const c_char,
    options_json: *const c_char,
    callback: han_write_callback_t,
    user_data: *mut c_void,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, id) = unsafe { (reference("handle", handle)?, text("id", id)?) };
        // SAFETY: as above.
        let format = format_named(unsafe { text("format", format) }?)?;
        // SAFETY: as above.
        let options: ExportOptions = unsafe { json("options_json", options_json) }?;
        let callback = callback.ok_or_else(|| Error::invalid("callback", "is NULL"))?;
        handle.han.export_session_to(id, format, &options, &mut Writer { callback, user_data })
    })
}

/// As han_export_session(), to a new file, in bounded memory: it stands there whole, for its owner only, or not at all.
///
/// `target_path` must not exist.
///
/// Blocking: until the file is written. Threads: any; reads do not wait for writes. Errors: those of han_export_session();
/// HAN_INVALID_ARGUMENT also for an existing target, HAN_NOT_FOUND also for a folder that is missing, HAN_DISK_FULL,
/// HAN_PERMISSION, HAN_IO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session_to_file(
    handle: *const han_t,
    id: *const c_char,
    format: *const c_char,
    options_json: *const c_char,
    target_path: *const c_char,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let (handle, id) = unsafe { (reference("handle", handle)?, text("id", id)?) };
        // SAFETY: as above.
        let format = format_named(unsafe { text("format", format) }?)?;
        // SAFETY: as above.
        let options: ExportOptions = unsafe { json("options_json", options_json) }?;
        // SAFETY: as above.
        let target = unsafe { text("target_path", target_path) }?;
        handle.han.export_session_to_file(id, format, &options, target)
    })
}

fn format_named(name: &str) -> Result<ExportFormat> {
    serde_json::from_value(name.into()).map_err(|error| Error::invalid("format", format!("is refused: {error}")))
}
