//! What is found by its text, and what could not be read.

use std::ffi::c_char;

use crate::arguments::{json, reference};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::answer;
use crate::handle::han_t;

/// Searches the messages by their words, by the nearness of their vectors, or by both.
///
/// `query_json` is a JSON object of "query" (required: words are ANDed, "quotes" are phrases, the last word and words with *
/// match as prefixes; any text is safe), "mode" ("text", "vector", or "hybrid" for both, the best 200 of each joined by
/// reciprocal rank fusion; text), "model" (whose vectors; the only one) and "vector" (an array of numbers; without one the query is
/// embedded by what han_register_embedder() was given) for the last two modes, "fields" (an array of "user", "assistant", "thinking", "toolInput", "toolOutput",
/// "title", "other"), "sessionId", "projectId", "agentId", "since" and "until" (ISO 8601), "order" ("relevance" or "newest"),
/// "syntax" ("plain", or "fts5" for an SQLite FTS5 expression), "includeReplays", "includeSuperseded", "first" (1 to 1000; 20)
/// and "after". `result` becomes a JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor",
/// "totalCount": null}; an item is a hit {"message", "projectId", "sessionTitle", "field", "snippet", "matches": [{"start",
/// "end"}], "score", "matchedBy" ("text", "vector" or "both"), "textRank", "vectorRank", "distance", "chunk", "isPartial"} with
/// the matches in UTF-16 code units of the snippet. Whatever the mode, filters apply before anything is ranked, and each message is
/// found once, by its nearest vector.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading; HAN_QUERY_SYNTAX with "fts5" only;
/// HAN_NOT_FOUND for a model without vectors, HAN_EMBEDDER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_search(
    handle: *const han_t,
    query_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, query) = unsafe { (reference("handle", handle)?, json("query_json", query_json)?) };
        handle.han.search(&query)
    })
}

/// Lines that became no message, and notes on messages, in the order of path and line.
///
/// `filter_json` is NULL for the first 50, or a JSON object of "sessionId", "path", "kinds" (an array of "invalid_json",
/// "not_object", "oversize_line", "torn_tail", "glued_records", "text_truncated", "spill_missing", "spill_too_large"), "notes"
/// (true for notes only, false for none), "includeSuperseded", "first" and "after", or "last" and "before". `result` becomes a
/// JSON object {"items", "hasNextPage", "hasPreviousPage", "startCursor", "endCursor", "totalCount": null}; an item is {"id",
/// "kind", "isNote", "sessionId", "path", "lineNumber", "part", "offset", "length", "detail"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_problems(
    handle: *const han_t,
    filter_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, filter) = unsafe { (reference("handle", handle)?, json("filter_json", filter_json)?) };
        handle.han.problems(&filter)
    })
}
