//! The log function of a handle.

use std::sync::Arc;

use han_native::LogHook;
use napi::Status;
use napi::bindgen_prelude::Unknown;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;

/// One entry of the log.
#[napi(object, object_from_js = false)]
pub struct LogRecord {
    /// How serious it is: `warning`, `info` or `debug`.
    #[napi(ts_type = "'warning' | 'info' | 'debug'")]
    pub level: &'static str,
    /// What happened, and to what.
    pub message: String,
}

/// A JavaScript function that takes log records and does not keep the process alive.
pub(crate) type LogFunction = ThreadsafeFunction<LogRecord, Unknown<'static>, LogRecord, Status, false, true>;

/// The core's hook that calls it. It never waits: when JavaScript has ended, records are dropped.
pub(crate) fn hook(function: LogFunction) -> LogHook {
    Arc::new(move |record| {
        let record = LogRecord { level: record.level.as_str(), message: record.message.to_owned() };
        function.call(record, ThreadsafeFunctionCallMode::NonBlocking);
    })
}
