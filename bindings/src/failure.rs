//! Errors on their way to JavaScript: an `Error` with the stable code in `.code`. Panics end here.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use han_native::ErrorCode;
use napi::{Env, JsError, JsValue};

/// What went wrong, detached from the core's error so that it crosses threads and outlives the call.
#[derive(Debug)]
pub(crate) struct Failure {
    code: ErrorCode,
    message: String,
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into() }
    }

    /// The JavaScript error, wrapped so that napi throws or rejects with that very object. Only on the thread of `env`.
    pub(crate) fn into_js(self, env: Env) -> napi::Error {
        let error = napi::Error::new(self.code.as_str(), self.message);
        let error = JsError::from(error).into_unknown(env);
        if let (Some(advice), Ok(mut object)) = (advice(self.code), error.coerce_to_object()) {
            // An error that cannot take another member is an error nevertheless.
            let _ = object.set("advice", advice);
        }
        error.into()
    }
}

/// What a JavaScript program can do about an error, in its own terms: the core states only what is wrong.
fn advice(code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::Corrupt => "await han.doctor({ fix: true }) fixes what can be fixed",
        ErrorCode::SchemaTooNew => "install the version of han-native that wrote the database, or a newer one",
        ErrorCode::SchemaTooOld => "open the database once without readOnly: a writer brings it up to date",
        ErrorCode::Locked => "try again when the other writer is done, or wait longer with lockTimeoutMs",
        ErrorCode::NotLeader => "let the process that leads write; han.coordinator.status() says which one it is",
        ErrorCode::AlreadyLeaderInProcess => "use the handle of this process that leads",
        ErrorCode::Closed => "open a new handle with Han.open()",
        ErrorCode::DiskFull => "free some space, then call again: nothing was lost",
        ErrorCode::NetworkFilesystem => "set dbPath, or HAN_DATA_DIR, to a folder on a local disk",
        ErrorCode::QuerySyntax => "leave out syntax: 'fts5' to search for the words as they are",
        _ => return None,
    })
}

/// Throws a failure, as itself.
pub(crate) trait OrThrow<T> {
    fn or_throw(self, env: &Env) -> napi::Result<T>;
}

impl<T> OrThrow<T> for Result<T, Failure> {
    fn or_throw(self, env: &Env) -> napi::Result<T> {
        self.map_err(|failure| failure.into_js(*env))
    }
}

impl From<han_native::Error> for Failure {
    fn from(error: han_native::Error) -> Failure {
        Failure::new(error.code(), error.one_line())
    }
}

/// Runs a call into the core; a panic in it becomes `HAN_PANIC` instead of the end of the process.
pub(crate) fn guarded<T>(call: impl FnOnce() -> han_native::Result<T>) -> Result<T, Failure> {
    // The core shares state behind locks that do not poison and transactions that roll back, so a panic leaves behind
    // what any failed call leaves behind.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(Failure::from),
        Err(payload) => Err(Failure::new(
            ErrorCode::Panic,
            format!("a defect of han-native (panic: {}); please report it", panic_text(payload.as_ref())),
        )),
    }
}

fn panic_text(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure_with_its_message() {
        let failure = guarded::<()>(|| panic!("row {}", 7)).expect_err("the panic was caught");
        assert_eq!(failure.code, ErrorCode::Panic);
        assert!(failure.message.contains("row 7"), "{}", failure.message);
    }

    #[test]
    fn an_error_keeps_its_code() {
        let failure = guarded::<()>(|| Err(han_native::Error::Closed)).expect_err("the error was passed on");
        assert_eq!(failure.code, ErrorCode::Closed);
    }
}
