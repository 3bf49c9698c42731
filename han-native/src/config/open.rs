//! How a database is opened.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::{LONGEST, LogHook, WatchOptions, variable};
use crate::model::input::{bool_or, milliseconds_or, object_or_default, or_default};
use crate::platform::{desktop, list};

const LOCK_TIMEOUT_MS: u64 = 5_000;
const HEARTBEAT_MS: u64 = 5_000;
const STALE_MS: u64 = 30_000;

/// How to open a database; see [`Han::open`](crate::Han::open).
///
/// ```
/// use std::time::Duration;
///
/// use han_native::OpenOptions;
///
/// let options = OpenOptions {
///     in_memory: true,
///     lock_timeout: Duration::from_millis(500),
///     exclude: vec!["projects/-tmp-*/**".into()],
///     ..OpenOptions::default()
/// };
/// # let han = han_native::Han::open(OpenOptions { config_dirs: Some(Vec::new()), ..options })?;
/// # Ok::<(), han_native::Error>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenOptions {
    /// The folder of the database and its lock; if `None`, `HAN_DATA_DIR`, else `~/.han`.
    pub data_dir: Option<PathBuf>,
    /// The database itself; if `None`, `han.db` in the data folder.
    pub db_path: Option<PathBuf>,
    /// The folders whose `projects/` are scanned; if `None`, those of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude` and
    /// `~/.config/claude`, and those of the sessions that the desktop application runs. An empty list means none.
    pub config_dirs: Option<Vec<PathBuf>>,
    /// Opens an existing database for reading only: nothing is created, migrated or written.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub read_only: bool,
    /// Keeps the database in memory, for as long as the handle lives.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub in_memory: bool,
    /// How long a write waits for another process; 5 s by default. `lockTimeoutMs` in JSON.
    #[serde(rename = "lockTimeoutMs", deserialize_with = "milliseconds_or::<LOCK_TIMEOUT_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub lock_timeout: Duration,
    /// The time between two heartbeats of an idle coordinator, and of a call that writes for long; 5 s by default.
    /// `heartbeatIntervalMs` in JSON.
    #[serde(rename = "heartbeatIntervalMs", deserialize_with = "milliseconds_or::<HEARTBEAT_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub heartbeat_interval: Duration,
    /// How long a coordinator may go without a heartbeat before another one takes over, at least twice the interval; 30 s by
    /// default. The same for every handle of a database. `staleAfterMs` in JSON.
    #[serde(rename = "staleAfterMs", deserialize_with = "milliseconds_or::<STALE_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub stale_after: Duration,
    /// Globs of paths, below a config dir, that are not indexed.
    #[serde(deserialize_with = "or_default")]
    pub exclude: Vec<String>,
    /// The time zone of the database's local days, as an IANA name; if `None`, the one it has, which is the system's at its
    /// creation. If it differs from the one it has, the sums of its days are computed again; with `read_only` it is ignored.
    pub time_zone: Option<String>,
    /// A list of prices, as JSON with the field names of the public LiteLLM list, that replace the published ones of the same
    /// models; if `None`, `HAN_PRICE_FILE`.
    pub price_file: Option<PathBuf>,
    /// How the watcher watches.
    #[serde(deserialize_with = "object_or_default")]
    pub watch: WatchOptions,
    /// Receives the log; called on the thread that does the work, so it should return soon.
    #[serde(skip)]
    pub log: Option<LogHook>,
}

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions {
            data_dir: None,
            db_path: None,
            config_dirs: None,
            read_only: false,
            in_memory: false,
            lock_timeout: Duration::from_millis(LOCK_TIMEOUT_MS),
            heartbeat_interval: Duration::from_millis(HEARTBEAT_MS),
            stale_after: Duration::from_millis(STALE_MS),
            exclude: Vec::new(),
            time_zone: None,
            price_file: None,
            watch: WatchOptions::default(),
            log: None,
        }
    }
}

impl fmt::Debug for OpenOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpenOptions")
            .field("data_dir", &self.data_dir)
            .field("db_path", &self.db_path)
            .field("config_dirs", &self.config_dirs)
            .field("read_only", &self.read_only)
            .field("in_memory", &self.in_memory)
            .field("lock_timeout", &self.lock_timeout)
            .field("heartbeat_interval", &self.heartbeat_interval)
            .field("stale_after", &self.stale_after)
            .field("exclude", &self.exclude)
            .field("time_zone", &self.time_zone)
            .field("price_file", &self.price_file)
            .field("watch", &self.watch)
            .field("log", &self.log.is_some())
            .finish()
    }
}

impl OpenOptions {
    /// `HAN_DATA_DIR`, else `~/.han`; `None` if there is no home directory either.
    pub fn default_data_dir() -> Option<PathBuf> {
        variable("HAN_DATA_DIR").map(PathBuf::from).or_else(|| Some(home()?.join(".han")))
    }

    /// `HAN_PRICE_FILE`; `None` if it is not set.
    pub fn default_price_file() -> Option<PathBuf> {
        variable("HAN_PRICE_FILE").map(PathBuf::from)
    }

    /// The folders of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude` and `~/.config/claude`, and the config dirs that the
    /// desktop application has made for sessions of its own.
    pub fn default_config_dirs() -> Vec<PathBuf> {
        if let Some(list) = variable("CLAUDE_CONFIG_DIR") {
            return list::paths(&list);
        }
        let mut dirs =
            home().map(|home| vec![home.join(".claude"), home.join(".config").join("claude")]).unwrap_or_default();
        dirs.extend(OpenOptions::desktop_config_dirs());
        dirs
    }

    /// Those of the desktop application, as they are by now; none if `CLAUDE_CONFIG_DIR` says which are meant.
    pub(crate) fn desktop_config_dirs() -> Vec<PathBuf> {
        if variable("CLAUDE_CONFIG_DIR").is_some() {
            return Vec::new();
        }
        let application = match variable("APPDATA").filter(|_| cfg!(windows)) {
            Some(folder) => Some(PathBuf::from(folder).join("Claude")),
            None => home().map(|home| desktop::application(&home)),
        };
        application.map(|application| desktop::config_dirs(&application)).unwrap_or_default()
    }

    /// The time between two heartbeats.
    pub(crate) fn heartbeat(&self) -> Duration {
        self.heartbeat_interval.min(LONGEST)
    }

    /// How long a coordinator may go without one.
    pub(crate) fn stale(&self) -> Duration {
        self.stale_after.min(LONGEST)
    }
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
}
