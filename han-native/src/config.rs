//! Options of a handle and of its operations: one struct each, which is also what JSON is read into. In JSON the names are those
//! of the fields in camelCase, durations are whole milliseconds with names that end in `Ms`, and `null` counts as left out.
//!
//! The environment is read only in [`OpenOptions::default_data_dir`], [`OpenOptions::default_config_dirs`],
//! [`OpenOptions::default_price_file`] and [`WatchOptions::default_mode`].

mod cancellation;
mod log;
mod open;
mod operations;
mod watch;

#[cfg(test)]
mod tests;

pub use cancellation::Cancellation;
pub use log::{LogHook, LogLevel, LogRecord};
pub use open::OpenOptions;
pub use operations::{
    DoctorOptions, EmbedHook, EmbedOptions, ForgetTarget, LoadEmbedderOptions, ProgressHook, ScanOptions, SqlOptions,
    SubscribeOptions,
};
pub use watch::WatchOptions;

use std::ffi::OsString;
use std::time::Duration;

/// Longer durations count as this one, a century, so that adding them to a time does not overflow.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A variable of the environment; `None` if it is empty.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
