//! The log of a handle.

use std::sync::Arc;

/// Receives the log of one handle, on any thread that works for it. It must not call the handle.
pub type LogHook = Arc<dyn Fn(&LogRecord<'_>) + Send + Sync>;

/// One entry of the log.
#[derive(Debug, Clone, Copy)]
pub struct LogRecord<'a> {
    /// How serious it is.
    pub level: LogLevel,
    /// What happened, to what.
    pub message: &'a str,
}

/// How serious a log entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Something went wrong, and the operation continued.
    Warning,
    /// The start or end of a long operation.
    Info,
    /// A step of one.
    Debug,
}

impl LogLevel {
    /// The level in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Warning => "warning",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        }
    }
}
