//! The boundary that no panic crosses.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use han_native::{Error, Result};

use crate::code::han_code_t;
use crate::error::han_error_t;

/// Runs the body of an exported function and returns its outcome: the code, and the error if the caller wants it. `error`
/// is NULL or writable, and NULL is written on success.
pub(crate) fn guard(error: *mut *mut han_error_t, body: impl FnOnce() -> Result<()>) -> han_code_t {
    let failure = outcome(body).err();
    let code = failure.as_ref().map_or(han_code_t::HAN_OK, han_error_t::own_code);
    // SAFETY: NULL or writable, see the crate's contract.
    if let Some(slot) = unsafe { error.as_mut() } {
        *slot = failure.map_or(std::ptr::null_mut(), |failure| Box::into_raw(Box::new(failure)));
    }
    code
}

/// Runs a body and returns its outcome; a panic is an error.
pub(crate) fn outcome(body: impl FnOnce() -> Result<()>) -> std::result::Result<(), han_error_t> {
    // Unwind safety: all that a panic may leave half done is a transaction, which rolls back.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => Err(describe(&failure)),
        Err(panic) => Err(han_error_t::new(han_code_t::HAN_PANIC, &panic_message(panic.as_ref()))),
    }
}

/// Runs the body of an exported function that cannot fail; `fallback` is returned after a panic.
pub(crate) fn guard_value<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

fn describe(failure: &Error) -> han_error_t {
    han_error_t::new(han_code_t::of(failure.code()), &failure.one_line())
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text");
    format!("a defect of the library was caught ({text}); please report it with what you called")
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;
    use std::ptr::null_mut;

    use super::*;
    use crate::arguments::invalid;
    use crate::error::{han_error_code, han_error_free, han_error_message};

    fn check(body: impl FnOnce() -> Result<()>) -> (han_code_t, Option<(han_code_t, String)>) {
        let mut error = std::ptr::dangling_mut();
        let code = guard(&mut error, body);
        if error.is_null() {
            return (code, None);
        }
        // SAFETY: `guard` wrote an error that was made as a box, and that is freed here.
        let reported = unsafe {
            let error = Box::from_raw(error);
            let message = CStr::from_ptr(han_error_message(Some(&error))).to_str().unwrap().to_owned();
            let code = han_error_code(Some(&error));
            han_error_free(Some(error));
            (code, message)
        };
        (code, Some(reported))
    }

    #[test]
    fn success_clears_the_error() {
        assert_eq!(check(|| Ok(())), (han_code_t::HAN_OK, None));
    }

    #[test]
    fn an_error_keeps_its_code_and_text() {
        let (code, reported) = check(|| Err(Error::Closed));
        assert_eq!(code, han_code_t::HAN_CLOSED);
        assert_eq!(reported, Some((han_code_t::HAN_CLOSED, Error::Closed.to_string())));
    }

    #[test]
    fn a_nul_or_a_line_end_in_a_message_does_not_cut_it() {
        let (_, reported) = check(|| Err(invalid("path", "holds \0\n inside")));
        assert_eq!(reported.unwrap().1, "path holds \\u{0}\\n inside");
    }

    #[test]
    fn a_panic_becomes_a_code() {
        let (code, reported) = check(|| panic!("index {} is out of range", 7));
        assert_eq!(code, han_code_t::HAN_PANIC);
        assert!(reported.unwrap().1.contains("index 7 is out of range"));
        let (_, reported) = check(|| std::panic::panic_any(42));
        assert!(reported.unwrap().1.contains("no text"));
        assert_eq!(guard_value(3, || panic!("no value")), 3);
    }

    #[test]
    fn the_error_is_optional() {
        assert_eq!(guard(null_mut(), || Err(Error::Cancelled)), han_code_t::HAN_CANCELLED);
        assert_eq!(guard(null_mut(), || Ok(())), han_code_t::HAN_OK);
    }
}
