//! The log of a handle: what the library reports besides its results.

use crate::config::{LogHook, LogLevel, LogRecord};

/// Where records go: to the hook of the handle, if it has one, and with the feature `log` to that crate. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Log {
    hook: Option<LogHook>,
}

impl Log {
    pub(crate) fn new(hook: Option<LogHook>) -> Log {
        Log { hook }
    }

    /// Something went wrong, and the operation continued.
    pub(crate) fn warning(&self, message: &str) {
        self.write(LogLevel::Warning, message);
    }

    /// The start or end of a long operation.
    pub(crate) fn info(&self, message: &str) {
        self.write(LogLevel::Info, message);
    }

    fn write(&self, level: LogLevel, message: &str) {
        #[cfg(feature = "log")]
        log::log!(target: "han_native", facade_level(level), "{message}");
        if let Some(hook) = &self.hook {
            hook(&LogRecord { level, message });
        }
    }
}

#[cfg(feature = "log")]
fn facade_level(level: LogLevel) -> log::Level {
    match level {
        LogLevel::Warning => log::Level::Warn,
        LogLevel::Info => log::Level::Info,
        LogLevel::Debug => log::Level::Debug,
    }
}
