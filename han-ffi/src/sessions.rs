//! Questions about sessions.

use std::ffi::c_char;

use crate::arguments::{json, reference, texts};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::answer;
use crate::handle::han_t;

/// A page of sessions, the last active first where nothing else is asked for.
///
/// `query_json` is NULL for the first 50, or a JSON object of "first" and "after", or "last" and "before" (a page, 1 to
/// 10000 items), "order" ("recent", "longest", "mostTokens" or "costliest"), "projectId", "repositoryPath", "gitBranch",
/// "model", "status" ("active" or "ended"), "activeMinutes" (how long a session counts as active; 10), "hasAgents", "since"
/// and "until" (ISO 8601: at work in between), "includeEmpty" (also sessions without a user or assistant line), "withTotal"
/// (to count the whole list). `result` becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor",
/// "endCursor", "totalCount"}; an item is a session {"id", "projectId", "projectPath", "repositoryPath", "title",
/// "startedAt", "endedAt", "model", "gitBranch", "version", "cwd", "messageCount", "promptCount", "assistantCount",
/// "agentCount", "tokens", "isMissing"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_sessions_list(
    handle: *const han_t,
    query_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, query) = unsafe { (reference("handle", handle)?, json("query_json", query_json)?) };
        handle.han.sessions().list(&query)
    })
}

/// The sessions of these ids.
///
/// `ids` is an array of `id_count` strings, at most 10000. `result` becomes a JSON array of as many elements in the same order:
/// a session as in han_sessions_list(), or null for an unknown id.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_sessions_get(
    handle: *const han_t,
    ids: *const *const c_char,
    id_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, ids) = unsafe { (reference("handle", handle)?, texts("ids", ids, id_count)?) };
        handle.han.sessions().get(&ids)
    })
}
