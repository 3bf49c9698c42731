//! What is looked up for many ids at once.

use std::ffi::c_char;

use crate::arguments::{json, reference, texts};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::answer;
use crate::handle::han_t;

/// The files of these ids: transcripts, and tool results that were written to files of their own.
///
/// `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same
/// order: a file {"id", "path", "configDir", "kind" ("main", "agent", "events" or "spill"), "sessionId", "projectId",
/// "agentId", "agentType", "agentDescription", "workflow", "isMissing", "size", "modifiedAt", "indexedBytes", "generation",
/// "lineCount", "messageCount", "replayCount", "problemCount", "firstMessageAt", "lastMessageAt"}, or null for an unknown
/// id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_files_get(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        handle.han.files().get(&ids)
    })
}

/// The files of each session: the main file first, then by path.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: an array of files as in han_files_get(), or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_files_by_session(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.files().by_session(&ids)
    })
}

/// The calls of these tool use ids, each with its result.
///
/// `ids` is an array of `id_count` strings, at most 10000. `options_json` is NULL, or a JSON object {"includeText": true}
/// for "input" and "output", too, which costs more than all the rest. `result` becomes a JSON array of as many elements in
/// the same order: a call {"id", "name", "sessionId", "agentId", "messageId", "timestamp", "input" (JSON text), "result":
/// {"messageId", "timestamp", "isError", "spill", "output"}}, where "result" is null while there is none, or null for an
/// unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_tool_calls_get(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    options_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        // SAFETY: as above.
        let options = unsafe { json("options_json", options_json) }?;
        handle.han.tool_calls().get(&ids, options)
    })
}

/// The todo list of each session, as it was written last.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: a list {"sessionId", "messageId", "updatedAt", "items": [{"content", "status",
/// "activeForm"}]}, or null for an unknown id and where none was ever written.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_todos_get(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.todos().get(&ids)
    })
}

/// The tasks of each session, by their ids, as they are after everything that happened to them.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: an array of tasks {"sessionId", "id", "subject", "description", "activeForm", "status",
/// "owner", "blockedBy", "createdAt", "updatedAt"}, or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_tasks_get(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.tasks().get(&ids)
    })
}

/// Every change to a file that each session and its agents made, in the order in which they were made.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: an array of changes {"sessionId", "agentId", "messageId", "timestamp", "path", "action"
/// ("create", "update" or "delete"), "linesAdded", "linesRemoved", "tool"}, or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_file_changes_get(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.file_changes().get(&ids)
    })
}

/// Every hook that was run for each session and its agents, in the order of the records that tell of it.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: an array of executions {"sessionId", "agentId", "messageId", "timestamp", "event", "name",
/// "command", "durationMs", "exitCode", "isError"}, or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_hook_executions_get(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.hook_executions().get(&ids)
    })
}

/// The summaries of each session, in the order in which they were written.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: an array of summaries {"sessionId", "messageId", "timestamp", "kind" ("summary",
/// "compaction" or "away"), "leafUuid", "text"}, or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_summaries_get(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.summaries().get(&ids)
    })
}

/// The tokens that each session and its agents spent, each API message counted once.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: the sums {"sessionId", "apiMessages", "tokens", "byModel": [{"model", "apiMessages",
/// "tokens"}]}, or null for an unknown id; "tokens" is as in a session of han_sessions_list().
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_usage_by_session(
    handle: *const han_t,
    session_ids: *const *const c_char,
    session_id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) =
            unsafe { (reference("handle", handle)?, texts("session_ids", session_ids, session_id_count)?) };
        handle.han.usage().by_session(&ids)
    })
}
