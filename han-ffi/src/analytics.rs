//! Sums over many sessions.

use std::ffi::c_char;

use crate::arguments::{json, reference, text};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::answer;
use crate::handle::han_t;

/// What was done in some days. The time it takes depends on the days, not on the messages.
///
/// `filter_json` is NULL for all time, or a JSON object of "since" and "until" (days such as "2026-01-31", both included,
/// or instants), "timeZone" (an IANA name; that of the database), "projectId". `result` becomes a JSON object {"timeZone",
/// "since", "until", "sessions", "messages", "prompts", "assistantLines", "apiMessages", "tokens", "cost" (US dollars, a
/// fraction), "unpricedApiMessages", "unpricedModels", "prices": {"source", "date", "ownFile"}, "linesAdded",
/// "linesRemoved", "toolCalls", "toolErrors", "tools": [{"name", "calls"}], "hooks", "hookErrors", "compactions",
/// "subagents", "models", "projects", "topSessionsByCost", "bottomSessionsByCost", "topSessionsByMessages",
/// "bottomSessionsByMessages"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_dashboard(
    handle: *const han_t,
    filter_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, filter) = unsafe { (reference("handle", handle)?, json("filter_json", filter_json)?) };
        handle.han.dashboard(&filter)
    })
}

/// When something was done: by local day, and by hour of the clock.
///
/// `filter_json` is as in han_dashboard(). `result` becomes a JSON object {"timeZone", "since", "until", "days": [{"date",
/// "sessions", "messages", "prompts", "toolCalls", "linesAdded", "linesRemoved", "apiMessages", "tokens", "cost",
/// "unpricedApiMessages"}], "hours": the same for each of the 24 hours, with "hour" and without "sessions"}.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_activity(
    handle: *const han_t,
    filter_json: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let (handle, filter) = unsafe { (reference("handle", handle)?, json("filter_json", filter_json)?) };
        handle.han.activity(&filter)
    })
}

/// The dashboard of all projects from a day on, in the time zone of the database.
///
/// `since` is the day, or NULL for all time. `result` becomes a JSON object as in han_dashboard().
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for the query. Threads: any; reads do not
/// wait for writes. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_query_dashboard_aggregates(
    handle: *const han_t,
    since: *const c_char,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        let handle = unsafe { reference("handle", handle) }?;
        // SAFETY: as above.
        let since = if since.is_null() { None } else { Some(unsafe { text("since", since) }?) };
        handle.han.query_dashboard_aggregates(since)
    })
}
