//! Tokens that end a scan early.

use han_native::Cancellation;

use crate::arguments::present;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{guard, guard_value};

/// Cancels a scan from another thread, or from its progress callback.
#[derive(Default)]
pub struct han_cancellation_t {
    pub(crate) cancellation: Cancellation,
}

/// Makes a token that is not cancelled. Never NULL.
///
/// Ownership: the caller's, to be freed with han_cancellation_free(). Does not block; safe from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn han_cancellation_new() -> *mut han_cancellation_t {
    guard_value(std::ptr::null_mut(), || Box::into_raw(Box::default()))
}

/// Ends the operations that run under this token, with HAN_CANCELLED. The token stays cancelled.
///
/// Ownership: the token stays the caller's. Does not block, nor wait for the end of what it cancels. Threads: any, at any time.
/// Errors: HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_cancellation_cancel(
    cancellation: Option<&han_cancellation_t>,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        present("cancellation", cancellation)?.cancellation.cancel();
        Ok(())
    })
}

/// Frees a token. NULL is ignored.
///
/// Ownership: takes the token; the operation that it was passed to must have returned. Does not block.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_cancellation_free(cancellation: Option<Box<han_cancellation_t>>) {
    guard_value((), || drop(cancellation));
}
