//! Questions about messages, and their records.

use std::ffi::c_char;

use han_native::Error;

use crate::arguments::{json, reference, texts};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{answer, guard};
use crate::handle::han_t;

/// A page of a session's messages, in the order of the file.
///
/// `query_json` is a JSON object of "sessionId" (required), "first" and "after", or "last" and "before" (a page, 1 to 10000
/// items; the first 50), "agentId" (only this agent), "agents": "all" (the main file and every agent, merged by time),
/// "types" (an array of record types), "role" ("user" or "assistant"), "tool" (calls of it and their results), "since" and
/// "until" (ISO 8601), "onlyErrors", "includeReplays", "includeSuperseded", "withTotal" (to count the whole list). `result`
/// becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "totalCount"}; an item is
/// a message {"id", "sessionId", "recordSessionId", "uuid", "parentUuid", "type", "subtype", "role", "agentId", "toolName",
/// "toolUseId", "model", "apiMessageId", "preview", "timestamp", "effectiveTimestamp", "path", "lineNumber", "part",
/// "isSidechain", "isMeta", "isError", "isPrompt", "replayOf", "isSuperseded", "isProvisional", "tokens"}. An unknown
/// session is an empty page.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_list(
    handle: *const han_t,
    query_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, query) = unsafe { (reference("handle", handle)?, json("query_json", query_json)?) };
        handle.han.messages().list(&query)
    })
}

/// The messages of these ids.
///
/// `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
/// a message as in han_messages_list(), or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_get(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        handle.han.messages().get(&ids)
    })
}

/// The records of these messages as text, with invalid UTF-8 replaced by U+FFFD.
///
/// `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
/// the record as a string, or null for an unknown id. See han_messages_raw_bytes() for the bytes themselves.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_raw(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        handle.han.messages().raw(&ids)
    })
}

/// The records of these messages, byte for byte.
///
/// `ids` is an array of `id_count` strings, at most 10000. `buffers` is an array of as many elements, which need not be
/// initialised: each becomes the bytes of its record, which may hold anything, NULs too; or {NULL, 0} for an unknown id.
///
/// Ownership: each of `buffers` is the caller's, to be freed with han_buf_free(); all are {NULL, 0} on failure. Blocking: for
/// the query. Threads: any; reads do not wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_raw_bytes(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    buffers: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        if buffers.is_null() && id_count > 0 {
            return Err(Error::invalid("buffers", "is NULL"));
        }
        for position in 0..id_count {
            // SAFETY: the caller gives room for `id_count` buffers. They may hold anything, so they are written, not assigned.
            unsafe { buffers.add(position).write(han_buf_t::NONE) };
        }
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        let records = handle.han.messages().raw_bytes(&ids)?;
        for (position, record) in records.into_iter().take(id_count).enumerate() {
            // SAFETY: as above.
            unsafe { buffers.add(position).write(record.map_or(han_buf_t::NONE, han_buf_t::new)) };
        }
        Ok(())
    })
}

/// How many messages han_messages_list() would give for each session.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON object from each id to its
/// count, 0 for an unknown one.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_count_batch(
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
        handle.han.messages().count_batch(&ids)
    })
}

/// When the messages of each session were written.
///
/// `session_ids` is an array of `session_id_count` strings, at most 10000. `result` becomes a JSON array of as many
/// elements in the same order: {"sessionId", "count", "first", "last"} of its main file, or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_messages_timestamps_batch(
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
        handle.han.messages().timestamps_batch(&ids)
    })
}
