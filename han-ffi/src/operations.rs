//! A function for each operation. Generated from the table of operations by `make generate`; do not edit.

// The header shows the documentation as it is.
#![allow(rustdoc::invalid_html_tags)]

use std::ffi::{c_char, c_void};

use crate::buffer::han_buf_t;
use crate::call::{alone, han_progress_callback_t, han_write_callback_t, long, plain, stream};
use crate::cancellation::han_cancellation_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::guard;
use crate::handle::han_t;

/// The versions of this library, of the SQLite inside it and of the database schema that it writes.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes a Versions.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: never. Threads: any. Errors:
/// HAN_INVALID_ARGUMENT for invalid parameters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_versions(
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { alone("versions", parameters_json, result) })
}

/// Indexes what is new in one session file, an unterminated last line included.
///
/// `parameters_json` is a JSON object of
/// - "path" (a string, required)
///
/// `result` becomes an IndexResult.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND,
/// HAN_IS_DIRECTORY, HAN_PERMISSION, HAN_LOCKED, HAN_DISK_FULL, HAN_READ_ONLY, HAN_INVALID_ARGUMENT for a
/// file that is not a transcript; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_index_session_file(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("indexSessionFile", handle, parameters_json, result) })
}

/// Indexes what is new in every transcript, the newest file first. Files that cannot be read are listed in the report.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "paths" (an array, each a string): Files and folders; if null, every config dir of the handle. A file is indexed as
///   itself, a folder that has a "projects" folder as a config dir, any other folder recursively.
///
/// `progress` is NULL, or called with `user_data` as the operation progresses; its JSON is a ScanProgress. `cancellation`
/// is NULL, or a token that ends it early; it must live until the call returns.
///
/// `result` becomes a ScanReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_CANCELLED, HAN_LOCKED, HAN_DISK_FULL,
/// HAN_READ_ONLY; HAN_NOT_FOUND for a path that was named and does not exist; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_scan(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: Option<&han_cancellation_t>,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { long("scan", handle, parameters_json, progress, user_data, cancellation, result) })
}

/// Derives again, from the stored bytes, what older rules derived; a no-op if there is nothing to derive.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes a RederiveReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_LOCKED and those
/// of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_rederive(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("rederive", handle, parameters_json, result) })
}

/// Makes a session of a few messages and indexes it, so that a test needs to know nothing about transcripts. Ids and times
/// are the same on each run, and no file is left. A session that was made before is continued.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "id" (a string): Its id, of letters, digits, "-", "_" and "."; "test-session-1", "test-session-2" and so on by
///   default. An id that was used before continues that session.
/// - "project" (a string): The absolute path of the folder that the session ran in; /code/app by default.
/// - "messages" (an array, each a TestMessage): What was said, in order.
///
/// `result` becomes a TestSessionReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_INVALID_ARGUMENT
/// for a database that is not in memory, a message that says nothing or what its role cannot say, an
/// id or project that cannot be a file name, another project of a session that is continued, and a session that was
/// forgotten; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_testing_session(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("testing.session", handle, parameters_json, result) })
}

/// Makes this handle lead, now or as soon as it can; returns whether it leads now.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes true or false.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_try_acquire(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("coordinator.tryAcquire", handle, parameters_json, result) })
}

/// Stops leading, and wanting to; returns whether it led until now.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes true or false.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_release(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("coordinator.release", handle, parameters_json, result) })
}

/// Whether this handle leads. Reads nothing.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes true or false.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_is_coordinator(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("coordinator.isCoordinator", handle, parameters_json, result) })
}

/// Who writes. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle that wants to
/// lead.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes a CoordinatorStatus.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: Those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_status(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("coordinator.status", handle, parameters_json, result) })
}

/// Begins to index transcripts as they are written, on a thread of its own ("han-watch"), beside which the system's events
/// may need another. Blocks until the watches are set and everything that is there is indexed. Idempotent.
///
/// A last line without an end is left until it has its end, or until two full scans found it the same. Files that cannot be
/// read are logged. If nothing can be written for a while, as on a full disk, it tries again by itself, and loses nothing;
/// the status says why.
///
/// If another process begins to lead, it stops, and the status says so: at once if this handle has led until then, else
/// when it has something to write. It continues by itself once this handle leads, or when it is started again.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_NOT_LEADER if another process coordinates,
/// HAN_LOCKED, HAN_READ_ONLY, HAN_DISK_FULL, HAN_CLOSED; HAN_CANCELLED if it
/// was stopped meanwhile; HAN_INVALID_ARGUMENT for a bad HAN_WATCH_MODE and for an interval of 0. Then it does not run, or,
/// if it had only stopped for another leader, waits as before. From within the log hook it changes nothing;
/// HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_start(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("watcher.start", handle, parameters_json, result) })
}

/// Ends the watching. Blocks until the thread has ended, which may be waiting for another process that writes, up to the
/// lock timeout; nothing is written afterwards. Idempotent, and a no-op if it does not run. From within the log hook it
/// only begins to end it.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_stop(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("watcher.stop", handle, parameters_json, result) })
}

/// Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans. One
/// that is there already, perhaps by another name, counts once.
///
/// `parameters_json` is a JSON object of
/// - "configDir" (a string, required)
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT for a path that is not a directory; HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid
/// parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_add_path(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("watcher.addPath", handle, parameters_json, result) })
}

/// Removes a config dir from those of the handle. What was indexed of it stays.
///
/// `parameters_json` is a JSON object of
/// - "configDir" (a string, required)
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_NOT_FOUND for one that the handle does not have; HAN_CLOSED; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_remove_path(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("watcher.removePath", handle, parameters_json, result) })
}

/// Whether it watches, and how. Never blocks for long.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes a WatcherStatus.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for half a second at most. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_watcher_status(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("watcher.status", handle, parameters_json, result) })
}

/// A page of sessions, the last active first if no other order is requested.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
/// - "after" (a string): Only items after this cursor.
/// - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
/// - "before" (a string): Only items before this cursor.
/// - "order" ("recent" or "longest" or "mostTokens" or "costliest"): "recent" by default. A cursor belongs to its order.
/// - "projectId" (a string): Only sessions of this project.
/// - "repositoryPath" (a string): Only sessions of this repository, as "Session.repositoryPath" has it.
/// - "gitBranch" (a string): Only sessions whose "Session.gitBranch" is this one.
/// - "model" (a string): Only sessions whose "Session.model" is this one.
/// - "status" ("active" or "ended"): Only sessions that are active, or only others. Evaluated again for each page.
/// - "activeMinutes" (an integer): How long after its last record a session still counts as active, in minutes, 1 to
///   525,600; 10 by default.
/// - "hasAgents" (true or false): Only sessions with subagents, or only those without.
/// - "since" (Timestamp): Only sessions whose last record is at or after this instant.
/// - "until" (Timestamp): Only sessions whose first record is before this instant. With "since": those that were active in
///   between.
/// - "includeEmpty" (true or false): Also sessions without a user or assistant line.
/// - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
///
/// `result` becomes a Page, each item a Session.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page, a cursor of another order, or a filter out of its
/// range; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_sessions_list(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("sessions.list", handle, parameters_json, result) })
}

/// The sessions whose ids start with a prefix, in the order of their ids (by code points); also those without a user or
/// assistant line. Costs the same however many sessions there are.
///
/// `parameters_json` is a JSON object of
/// - "prefix" (a string, required): What their ids start with. Required; every id starts with an empty one.
/// - "limit" (an integer): How many sessions at most, 1 to 1,000; 10 by default.
///
/// `result` becomes an array, each a Session.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a limit out of its range; HAN_INVALID_ARGUMENT for invalid
/// parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_sessions_find(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("sessions.find", handle, parameters_json, result) })
}

/// The sessions of these ids, in their order; null for an unknown one.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
///
/// `result` becomes an array, each a Session or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_sessions_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("sessions.get", handle, parameters_json, result) })
}

/// A page of a session's messages, in the order of the file.
///
/// `parameters_json` is a JSON object of
/// - "sessionId" (a string, required): The session. Required.
/// - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
/// - "after" (a string): Only items after this cursor.
/// - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
/// - "before" (a string): Only items before this cursor.
/// - "agentId" (a string): Only this agent's file.
/// - "agents" ("none" or "all"): "all" merges the main file and every agent.
/// - "types" (an array, each a string): Only messages of these record types, as "Message.type" has them; if left out or
///   empty, every one but the request log: what the agent program noted of its requests to the API ("api-request",
///   "api-request-blob", "api-request-shape", and of "attachment" the subtype "prompt_snapshot").
/// - "role" ("user" or "assistant"): Only messages of this role.
/// - "tool" (a string): Only calls of this tool, and results of such calls.
/// - "since" (Timestamp): Only messages whose effective time is at or after this instant.
/// - "until" (Timestamp): Only messages whose effective time is before this instant.
/// - "onlyErrors" (true or false): Only failed tool results and API errors.
/// - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
/// - "includeSuperseded" (true or false): Also older generations of the file, after the current one.
/// - "withTotal" (true or false): Also count the whole list, whatever the page: "totalCount".
///
/// `result` becomes a Page, each item a Message.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page or cursor. An unknown session is an empty page;
/// HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_list(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.list", handle, parameters_json, result) })
}

/// The messages of these ids, in their order; null for an unknown one.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
///
/// `result` becomes an array, each a Message or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.get", handle, parameters_json, result) })
}

/// The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
///
/// `result` becomes an array, each a string or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_raw(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.raw", handle, parameters_json, result) })
}

/// The records of these messages, byte for byte.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
///
/// `result` becomes a JSON array of base64 texts (RFC 4648, with padding), or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_raw_bytes(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.rawBytes", handle, parameters_json, result) })
}

/// What these messages say, as typed content blocks, in the order of the ids; null for an unknown one. Each text is cut as
/// asked for; the answer as a whole is not bounded.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
/// - "maxBytes" (an integer): Each text is cut after this many bytes, at the end of a character; 1 to 2^30, 65,536 by
///   default.
///
/// `result` becomes an array, each a MessageBlocks or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids, and for "maxBytes" out of its range;
/// HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_blocks(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.blocks", handle, parameters_json, result) })
}

/// How many messages han_messages_list() would return for each session; 0 for an unknown one.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an object, each value an integer.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_count_batch(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.countBatch", handle, parameters_json, result) })
}

/// How many messages each session has, and when the first and the last was written, in the order of the ids; null for an
/// unknown one. Costs the same however long the sessions are.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each a MessageTimestamps or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_timestamps_batch(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("messages.timestampsBatch", handle, parameters_json, result) })
}

/// Searches messages by their words, by the nearness of their vectors, or by both.
///
/// Whatever the mode, filters apply before anything is ranked, and each message is found once: by vectors it is ranked by
/// its nearest one. In the modes "vector" and "hybrid" a query without a vector is embedded by the embedder of the model.
///
/// `parameters_json` is a JSON object of
/// - "query" (a string, required): Words are ANDed, "quotes" are phrases, the last word and words with "*" match as
///   prefixes. Required; in the modes "vector" and "hybrid" it is also what is embedded if there is no "vector".
/// - "mode" ("text" or "vector" or "hybrid"): "text" by default.
/// - "model" (a string): Whose vectors are searched, in the modes "vector" and "hybrid"; by default the only model that an
///   embedder is registered for, else the only one with vectors.
/// - "vector" (an array of numbers): The vector of the query, in the modes "vector" and "hybrid". Without one, an embedder
///   of the model has to be registered.
/// - "fields" (an array, each "user" or "assistant" or "thinking" or "toolInput" or "toolOutput" or "title" or "other"):
///   Only these fields; every one if left out or empty. A vector belongs to the field that it was stored with; one without
///   represents the whole text and belongs to every field.
/// - "sessionId" (a string): Only this session.
/// - "projectId" (a string): Only this project.
/// - "agentId" (a string): Only this agent's messages.
/// - "since" (Timestamp): Only messages at or after this instant.
/// - "until" (Timestamp): Only messages before this instant.
/// - "order" ("relevance" or "newest"): "relevance" by default; "newest" in the mode "text" only.
/// - "syntax" ("plain" or "fts5"): "plain" by default.
/// - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
/// - "includeSuperseded" (true or false): Also older generations of a file.
/// - "first" (an integer): How many hits, 1 to 1,000; 20 by default.
/// - "after" (a string): Only hits after this cursor.
///
/// `result` becomes a Page, each item a SearchHit.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT, also for a vector of other dimensions than the model's, and if
/// neither a vector nor an embedder is
/// at hand; HAN_NOT_FOUND for a model without vectors; HAN_EMBEDDER; HAN_QUERY_SYNTAX with syntax: Fts5 only;
/// HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_search(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("search", handle, parameters_json, result) })
}

/// Every model that has vectors, by name.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes an array, each a VectorModel.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: Only those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_vectors_models(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("vectors.models", handle, parameters_json, result) })
}

/// A page of messages that have text but no vector of it, those whose text has changed since first, with their texts in
/// pieces that embedders take. Copies and older generations need no vectors. The time it takes depends on the messages that
/// came since vectors were last stored, not on all.
///
/// `parameters_json` is a JSON object of
/// - "model" (a string, required): The model, which need not have vectors yet. Required.
/// - "first" (an integer): How many messages, 1 to 1,000; 50 by default.
/// - "after" (a string): Only messages after this cursor.
///
/// `result` becomes a Page, each item a PendingMessage.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad name, page or cursor; HAN_INVALID_ARGUMENT for invalid
/// parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_vectors_pending(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("vectors.pending", handle, parameters_json, result) })
}

/// Removes a model with all of its vectors. An embedder stays registered.
///
/// `parameters_json` is a JSON object of
/// - "model" (a string, required)
///
/// `result` becomes a RemoveVectorsReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND for a
/// model without vectors; HAN_LOCKED and those of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_vectors_remove(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("vectors.remove", handle, parameters_json, result) })
}

/// Embeds what is han_vectors_pending() for a model, with its registered embedder. Blocks; nothing is locked while the
/// embedder works, and what is done is committed every 64 messages. If nothing is pending, nothing is written.
///
/// `parameters_json` is a JSON object of
/// - "model" (a string, required)
/// - "limit" (an integer): How many messages at most, 1 or more; if null, all.
///
/// `progress` is NULL, or called with `user_data` as the operation progresses; its JSON is an EmbedProgress. `cancellation`
/// is NULL, or a token that ends it early; it must live until the call returns.
///
/// `result` becomes an EmbedReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND if no embedder is registered for the
/// model; HAN_EMBEDDER with what it says; HAN_CANCELLED; those of
/// "index". What is committed stays, and a later call continues from there; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_vectors_embed_pending(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: Option<&han_cancellation_t>,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe {
        long("vectors.embedPending", handle, parameters_json, progress, user_data, cancellation, result)
    })
}

/// Loads static embeddings in the format of model2vec ("tokenizer.json", "model.safetensors", "config.json") from a local
/// folder, and registers them as the embedder of "model"; if null, of a model named like the folder. Nothing is downloaded.
/// They are held in memory, and work on the thread that calls. Needs the feature "static-embeddings".
///
/// `parameters_json` is a JSON object of
/// - "folder" (a string, required)
/// - "model" (a string): The model that it serves; if null, it is called like the folder.
///
/// `result` becomes an EmbedderInfo.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for a file that is missing;
/// HAN_INVALID_ARGUMENT for a folder that has no such model; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_load_embedder(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("loadEmbedder", handle, parameters_json, result) })
}

/// The files of these ids. Of two config dirs that hold the same path, the one whose file is still on the disk is meant.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
///
/// `result` becomes an array, each a SessionFile or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_files_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("files.get", handle, parameters_json, result) })
}

/// The files of each session: the main file first, then by path.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each an array, each a SessionFile or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_files_by_session(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("files.bySession", handle, parameters_json, result) })
}

/// The calls of these tool use ids, each with its result. An id that only a result names is unknown. With "includeText",
/// every record is read as well, which costs more than all the rest.
///
/// `parameters_json` is a JSON object of
/// - "ids" (an array, each a string, required)
/// - "includeText" (true or false): Also "input" and "output", which are read from the stored records.
///
/// `result` becomes an array, each a ToolCall or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_tool_calls_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("toolCalls.get", handle, parameters_json, result) })
}

/// The list of each session as it was written last; null also if none was ever written.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each a TodoList or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_todos_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("todos.get", handle, parameters_json, result) })
}

/// The tasks of each session, by their ids.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each an array, each a NativeTask or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_tasks_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("tasks.get", handle, parameters_json, result) })
}

/// Every change that each session and its agents made, in the order in which they were made.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each an array, each a FileChange or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_file_changes_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("fileChanges.get", handle, parameters_json, result) })
}

/// Every hook that was run for each session and its agents, in the order of the records that report it.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each an array, each a HookExecution or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_hook_executions_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("hookExecutions.get", handle, parameters_json, result) })
}

/// The summaries of each session, in the order in which they were written. One that names the last message that it sums up
/// is a summary of each session that has this message, in whichever file it is.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each an array, each a SessionSummary or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_summaries_get(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("summaries.get", handle, parameters_json, result) })
}

/// What each session and its agents spent: tokens and cost, in total and by model, and what the agent program itself says
/// about it.
///
/// `parameters_json` is a JSON object of
/// - "sessionIds" (an array, each a string, required)
///
/// `result` becomes an array, each a SessionUsage or null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for more than 10,000 ids; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_usage_by_session(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("usage.bySession", handle, parameters_json, result) })
}

/// What was done on some days: sessions, messages, tokens, cost, changed lines, tools, hooks, agents; by model, by project,
/// and the first and last sessions by cost and by messages. Read from sums: the time it takes depends on the days, not on
/// the messages.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "since" (a string): From this day on: a date such as "2026-01-31", or an instant, which counts as the whole day that
///   it lies in.
/// - "until" (a string): Up to and including this day: a date, or an instant, which counts as the day that the last moment
///   before it lies in.
/// - "timeZone" (a string): Whose days and hours, as an IANA name; those of the database's own time zone by default.
/// - "projectId" (a string): Only this project.
///
/// `result` becomes a Dashboard.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad day or time zone, or an end before the beginning. An unknown
/// project is an empty answer; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_dashboard(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("dashboard", handle, parameters_json, result) })
}

/// When something was done: by local day, and by hour of the clock.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "since" (a string): From this day on: a date such as "2026-01-31", or an instant, which counts as the whole day that
///   it lies in.
/// - "until" (a string): Up to and including this day: a date, or an instant, which counts as the day that the last moment
///   before it lies in.
/// - "timeZone" (a string): Whose days and hours, as an IANA name; those of the database's own time zone by default.
/// - "projectId" (a string): Only this project.
///
/// `result` becomes an Activity.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: Those of han_dashboard(); HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_activity(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("activity", handle, parameters_json, result) })
}

/// The han_dashboard() of all projects from a day on, in the database's own time zone; of all time if null is passed.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "since" (a string)
///
/// `result` becomes a Dashboard.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: Those of han_dashboard(); HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_query_dashboard_aggregates(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("queryDashboardAggregates", handle, parameters_json, result) })
}

/// Answers one SQL statement that only reads: a "SELECT", a "WITH" or a "VALUES", or an "EXPLAIN" of one.
///
/// It runs on connections of its own, sees one snapshot, and changes nothing: no other statements, pragmas or files. It
/// ends at its deadline, and the answer at the number of rows and bytes, which it says. Blocks; not held up by writes. A
/// database in memory is copied for it.
///
/// `parameters_json` is a JSON object of
/// - "sql" (a string, required)
/// - "parameters" (SqlParameters)
/// - "deadlineMs" (an integer): How long it may take, from 1 ms to an hour; 5 s by default. "deadlineMs" in JSON.
/// - "maxRows" (an integer): How many rows the answer has at most, 1 to 1,000,000; 10,000 by default.
/// - "maxBytes" (an integer): About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default.
///
/// `progress` is not called. `cancellation` is NULL, or a token that ends it early; it must live until the call returns.
///
/// `result` becomes a SqlResult.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_QUERY_SYNTAX with what SQLite says about the
/// statement; HAN_INVALID_ARGUMENT for a statement that does not only
/// read, for parameters that do not fit, for limits out of range, and when the deadline has passed; HAN_CANCELLED;
/// HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_query(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    progress: han_progress_callback_t,
    user_data: *mut c_void,
    cancellation: Option<&han_cancellation_t>,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { long("query", handle, parameters_json, progress, user_data, cancellation, result) })
}

/// A whole session as a document: one to read (Markdown, HTML) or JSON. It is held in memory; see han_export_session_to()
/// and han_export_session_to_file() for large ones.
///
/// `parameters_json` is a JSON object of
/// - "id" (a string, required)
/// - "format" ("markdown" or "json" or "html")
/// - "includeAgents" (true or false): The subagents' messages as well; true by default.
/// - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
/// - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
/// - "includeRaw" (true or false): In JSON, also each record as it was written.
/// - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
///   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
///
/// `result` becomes the text of the document.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for an unknown session;
/// HAN_INVALID_ARGUMENT for options out of range; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("exportSession", handle, parameters_json, result) })
}

/// As han_export_session(), written piece by piece in bounded memory, from one snapshot. Leaves a document that is
/// incomplete if it fails. "writer" is called on this thread and must not use this handle; it is flushed.
///
/// `parameters_json` is a JSON object of
/// - "id" (a string, required)
/// - "format" ("markdown" or "json" or "html")
/// - "includeAgents" (true or false): The subagents' messages as well; true by default.
/// - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
/// - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
/// - "includeRaw" (true or false): In JSON, also each record as it was written.
/// - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
///   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
///
/// `write` is called with `user_data` and the pieces of the document, one after the other.
///
/// Blocking: until it is done, perhaps for minutes. Threads: any; operations that write wait for other writes. Errors: As
/// there; and those of "writer": HAN_IO, HAN_DISK_FULL; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session_to(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    write: han_write_callback_t,
    user_data: *mut c_void,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { stream("exportSessionTo", handle, parameters_json, write, user_data) })
}

/// As han_export_session(), written to a file that must not exist: it is there in full, for its owner only, or not at all.
/// Takes bounded memory.
///
/// `parameters_json` is a JSON object of
/// - "id" (a string, required)
/// - "format" ("markdown" or "json" or "html", required)
/// - "targetPath" (a string, required)
/// - "includeAgents" (true or false): The subagents' messages as well; true by default.
/// - "includeThinking" (true or false): What the model thought; true by default. Does not affect raw records.
/// - "includeReplays" (true or false): Also copies written by a resume, a fork or a compaction.
/// - "includeRaw" (true or false): In JSON, also each record as it was written.
/// - "maxTextBytes" (an integer): Cuts each text, tool input and tool result that is longer than this many bytes, and says
///   so in its place; nothing is cut by default. At least 1. Does not affect raw records.
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: As there; HAN_INVALID_ARGUMENT for an existing
/// target, HAN_NOT_FOUND for a folder that is missing, HAN_PERMISSION,
/// HAN_DISK_FULL, HAN_IO; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_export_session_to_file(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("exportSessionToFile", handle, parameters_json, result) })
}

/// Lines that became no message, and notes on messages.
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "sessionId" (a string): Only this session's.
/// - "path" (a string): Only those of this file.
/// - "kinds" (an array, each "invalid_json" or "not_object" or "oversize_line" or "torn_tail" or "glued_records" or
///   "text_truncated" or "spill_missing" or "spill_too_large"): Only these kinds.
/// - "notes" (true or false): Only notes, or only problems that are not notes.
/// - "includeSuperseded" (true or false): Also those of older generations of a file.
/// - "first" (an integer): How many items from the start, 1 to 10,000; 50 if neither "first" nor "last" is given.
/// - "after" (a string): Only items after this cursor.
/// - "last" (an integer): How many items from the end, 1 to 10,000. Not together with "first".
/// - "before" (a string): Only items before this cursor.
///
/// `result` becomes a Page, each item a Problem.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: HAN_INVALID_ARGUMENT for a bad page or cursor; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_problems(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("problems", handle, parameters_json, result) })
}

/// Writes a transcript back, byte for byte as it was last indexed. "source" is the path it was indexed from, absolute or
/// below its config dir; "<path>~<generation>" names an older generation. The target must not exist.
///
/// `parameters_json` is a JSON object of
/// - "sourcePath" (a string, required)
/// - "targetPath" (a string, required)
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_NOT_FOUND for an unknown source;
/// HAN_INVALID_ARGUMENT for an existing target; HAN_DISK_FULL, HAN_PERMISSION; HAN_INVALID_ARGUMENT for invalid parameters,
/// HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_restore(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("restore", handle, parameters_json, result) })
}

/// What is in the database.
///
/// `parameters_json` is NULL, or an empty JSON object.
///
/// `result` becomes a Stats.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do
/// not wait for writes. Errors: Only those of reading; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_stats(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("stats", handle, parameters_json, result) })
}

/// Checks the database, its search index, its sums and the stored bytes, and fixes them with "fix".
///
/// `parameters_json` is NULL for the defaults, or a JSON object of
/// - "fix" (true or false): Also fixes what can be fixed from the stored bytes.
///
/// `result` becomes a DoctorReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_LOCKED and those of writing, with "fix" only.
/// Damage is a finding, no error; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_doctor(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("doctor", handle, parameters_json, result) })
}

/// Removes sessions for good: their rows, bytes and search entries are overwritten, and no scan brings them back.
///
/// `parameters_json` is a JSON object of
/// - "sessionId": One session, with its agents.
/// - "projectId": Every session of a project.
/// - "before": Every session whose last activity is before this instant.
///
/// `result` becomes a ForgetReport.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is committed; up to
/// "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each other. Errors: HAN_NOT_FOUND for an
/// unknown session or project; HAN_LOCKED and those of writing; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_forget(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("forget", handle, parameters_json, result) })
}

/// Writes a consistent copy of the database, while it is in use. The target must not exist.
///
/// `parameters_json` is a JSON object of
/// - "path" (a string, required)
///
/// `result` becomes null.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: until it is done, perhaps for minutes.
/// Threads: any; operations that write wait for other writes. Errors: HAN_INVALID_ARGUMENT for an existing target;
/// HAN_DISK_FULL, HAN_PERMISSION; HAN_INVALID_ARGUMENT for invalid parameters, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_backup(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    // SAFETY: the pointers are as the crate's contract says.
    guard(error, || unsafe { plain("backup", handle, parameters_json, result) })
}
