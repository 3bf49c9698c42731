//! How a handle's watcher watches.

use std::time::Duration;

use serde::Deserialize;

use super::{LONGEST, variable};
use crate::error::{Error, Result};
use crate::model::WatchMode;
use crate::model::input::milliseconds_or;

const SCAN_INTERVAL_MS: u64 = 30_000;
const POLL_INTERVAL_MS: u64 = 5_000;
const NATIVE_RETRY_MS: u64 = 60_000;

/// How [`Han::watcher`](crate::Han::watcher) watches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WatchOptions {
    /// If `None`, `HAN_WATCH_MODE` (`native` or `poll`), else native.
    pub mode: Option<WatchMode>,
    /// The time between two full scans; 30 s by default. `scanIntervalMs` in JSON.
    #[serde(rename = "scanIntervalMs", deserialize_with = "milliseconds_or::<SCAN_INTERVAL_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub scan_interval: Duration,
    /// The time between two looks at what is not watched natively; 5 s by default. `pollIntervalMs` in JSON.
    #[serde(rename = "pollIntervalMs", deserialize_with = "milliseconds_or::<POLL_INTERVAL_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub poll_interval: Duration,
    /// The time between two attempts to watch natively while that fails; 60 s by default. `nativeRetryMs` in JSON.
    #[serde(rename = "nativeRetryMs", deserialize_with = "milliseconds_or::<NATIVE_RETRY_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub native_retry: Duration,
}

impl Default for WatchOptions {
    fn default() -> WatchOptions {
        WatchOptions {
            mode: None,
            scan_interval: Duration::from_millis(SCAN_INTERVAL_MS),
            poll_interval: Duration::from_millis(POLL_INTERVAL_MS),
            native_retry: Duration::from_millis(NATIVE_RETRY_MS),
        }
    }
}

impl WatchOptions {
    /// The mode that `HAN_WATCH_MODE` names; `None` if it is not set.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorCode::InvalidArgument) if it is neither `native` nor `poll`.
    pub fn default_mode() -> Result<Option<WatchMode>> {
        match variable("HAN_WATCH_MODE") {
            None => Ok(None),
            Some(text) if text == "native" => Ok(Some(WatchMode::Native)),
            Some(text) if text == "poll" => Ok(Some(WatchMode::Poll)),
            Some(text) => {
                let text = text.to_string_lossy();
                Err(Error::invalid("HAN_WATCH_MODE", format!("is native or poll, not {text}")))
            }
        }
    }

    /// The three intervals: scan, poll, retry.
    pub(crate) fn intervals(&self) -> Result<[Duration; 3]> {
        Ok([
            interval("scanIntervalMs", self.scan_interval)?,
            interval("pollIntervalMs", self.poll_interval)?,
            interval("nativeRetryMs", self.native_retry)?,
        ])
    }
}

fn interval(name: &'static str, interval: Duration) -> Result<Duration> {
    match interval < Duration::from_millis(1) {
        true => Err(Error::invalid(name, format!("is {interval:?}; it has to be 1 ms at least"))),
        false => Ok(interval.min(LONGEST)),
    }
}
