//! The log hook: a C function as the hook of the core.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use han_native::{LogHook, LogLevel};

use crate::error::c_text;

/// How serious a log entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum han_log_level_t {
    /// Something went wrong, and the operation went on.
    HAN_LOG_WARNING = 1,
    /// The start or end of a long operation.
    HAN_LOG_INFO = 2,
    /// A step of one.
    HAN_LOG_DEBUG = 3,
}

/// Receives what a handle does; see han_open().
///
/// `message` is one line of UTF-8, and valid during the call only. `user_data` is what was passed to han_open(). Called on any
/// thread that works for the handle, and on several at once: the function must be thread-safe and return soon. It must not
/// call a function on that handle, nor throw an exception, nor longjmp out.
pub type han_log_callback_t =
    Option<unsafe extern "C" fn(level: han_log_level_t, message: *const c_char, user_data: *mut c_void)>;

/// A callback and its user data.
struct Hook {
    callback: unsafe extern "C" fn(han_log_level_t, *const c_char, *mut c_void),
    user_data: *mut c_void,
}

// SAFETY: the header requires a callback that is thread-safe with its user data.
unsafe impl Send for Hook {}
// SAFETY: as above.
unsafe impl Sync for Hook {}

impl Hook {
    fn call(&self, level: LogLevel, message: &str) {
        let level = match level {
            LogLevel::Warning => han_log_level_t::HAN_LOG_WARNING,
            LogLevel::Info => han_log_level_t::HAN_LOG_INFO,
            LogLevel::Debug => han_log_level_t::HAN_LOG_DEBUG,
        };
        let message = c_text(message);
        // SAFETY: a function that the caller passed for this, and a string that outlives the call.
        unsafe { (self.callback)(level, message.as_ptr(), self.user_data) };
    }
}

/// The callback as the core's hook.
pub(crate) fn hook(callback: han_log_callback_t, user_data: *mut c_void) -> Option<LogHook> {
    let hook = Hook { callback: callback?, user_data };
    Some(Arc::new(move |record| hook.call(record.level, record.message)))
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;
    use std::sync::Mutex;

    use han_native::LogRecord;

    use super::*;

    unsafe extern "C" fn note(level: han_log_level_t, message: *const c_char, user_data: *mut c_void) {
        // SAFETY: what the test passes, and a string that lives during the call.
        let (heard, message) =
            unsafe { (&*user_data.cast::<Mutex<Vec<(han_log_level_t, String)>>>(), CStr::from_ptr(message)) };
        heard.lock().unwrap().push((level, message.to_str().unwrap().to_owned()));
    }

    #[test]
    fn the_callback_hears_level_and_text() {
        let heard: Mutex<Vec<(han_log_level_t, String)>> = Mutex::default();
        let hook = hook(Some(note), std::ptr::from_ref(&heard).cast_mut().cast()).unwrap();
        hook(&LogRecord { level: LogLevel::Warning, message: "a\0b" });
        hook(&LogRecord { level: LogLevel::Info, message: "scan started" });
        hook(&LogRecord { level: LogLevel::Debug, message: "" });
        assert_eq!(
            *heard.lock().unwrap(),
            [
                (han_log_level_t::HAN_LOG_WARNING, "a\u{FFFD}b".to_owned()),
                (han_log_level_t::HAN_LOG_INFO, "scan started".to_owned()),
                (han_log_level_t::HAN_LOG_DEBUG, String::new()),
            ]
        );
        assert!(super::hook(None, std::ptr::null_mut()).is_none());
    }
}
