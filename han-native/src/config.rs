//! Options of a handle, and the defaults they come from. Reads the environment only in [`OpenOptions::default_data_dir`],
//! [`OpenOptions::default_config_dirs`], [`OpenOptions::default_price_file`] and [`WatchOptions::default_mode`].

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use crate::error::{Error, Result};
use crate::model::{EmbedProgress, ScanProgress, WatchMode};
use crate::platform::list;
use crate::signal::Signal;

/// Between two signs of life of whoever may write, where the options say nothing.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// How to open a database.
#[derive(Clone, Default)]
pub struct OpenOptions {
    /// The folder of the database and its lock; `HAN_DATA_DIR`, else `~/.han`, where not given.
    pub data_dir: Option<PathBuf>,
    /// The database itself; `han.db` in the data folder where not given.
    pub db_path: Option<PathBuf>,
    /// Whose `projects/` folders are scanned; where not given those of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude`
    /// and `~/.config/claude`. An empty list means none.
    pub config_dirs: Option<Vec<PathBuf>>,
    /// Opens an existing database for reading only: nothing is created, migrated or written.
    pub read_only: bool,
    /// Keeps the database in memory, for as long as the handle lives.
    pub in_memory: bool,
    /// How long a write waits for another process, in milliseconds; 5,000 where not given.
    pub lock_timeout_ms: Option<u64>,
    /// Between two signs of life of an idle coordinator, and of a call that writes for long, in milliseconds; 5,000 where not given.
    pub heartbeat_interval_ms: Option<u64>,
    /// How long a coordinator may show no sign of life before another one takes over, in milliseconds, at least twice the
    /// interval; 30,000 where not given. The same for every handle of a database.
    pub stale_after_ms: Option<u64>,
    /// Globs of paths, below a config dir, that are not indexed.
    pub exclude: Vec<String>,
    /// The time zone of the database's local days, as an IANA name; where not given the one it has, which is the system's at its
    /// creation. Another one than it has sums its days anew; with `read_only` it stays as it is.
    pub time_zone: Option<String>,
    /// A list of prices, as JSON with the field names of the public LiteLLM list, that stand in the place of the published ones
    /// of the same models; `HAN_PRICE_FILE` where not given.
    pub price_file: Option<PathBuf>,
    /// How the watcher watches.
    pub watch: WatchOptions,
    /// Told what the library does; called on the thread that does it, so it should return soon.
    pub log: Option<LogHook>,
}

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
    /// Something went wrong, and the operation went on.
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

impl OpenOptions {
    /// `HAN_DATA_DIR`, else `~/.han`; nothing where there is no home either.
    pub fn default_data_dir() -> Option<PathBuf> {
        non_empty_variable("HAN_DATA_DIR").map(PathBuf::from).or_else(|| Some(home()?.join(".han")))
    }

    /// Between two signs of life of whoever may write.
    pub(crate) fn heartbeat(&self) -> Duration {
        self.heartbeat_interval_ms.map_or(HEARTBEAT, Duration::from_millis)
    }

    /// `HAN_PRICE_FILE`; nothing where it is not set.
    pub fn default_price_file() -> Option<PathBuf> {
        non_empty_variable("HAN_PRICE_FILE").map(PathBuf::from)
    }

    /// The folders of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude` and `~/.config/claude`.
    pub fn default_config_dirs() -> Vec<PathBuf> {
        if let Some(list) = non_empty_variable("CLAUDE_CONFIG_DIR") {
            return list::paths(&list);
        }
        home().map(|home| vec![home.join(".claude"), home.join(".config").join("claude")]).unwrap_or_default()
    }
}

/// How [`Han::watcher`](crate::Han::watcher) watches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatchOptions {
    /// `HAN_WATCH_MODE` (`native` or `poll`), else native, where not given.
    pub mode: Option<WatchMode>,
    /// Between two full scans, in milliseconds; 30,000 where not given.
    pub scan_interval_ms: Option<u64>,
    /// Between two looks at what is not watched natively, in milliseconds; 5,000 where not given.
    pub poll_interval_ms: Option<u64>,
    /// Between two tries to watch natively while that fails, in milliseconds; 60,000 where not given.
    pub native_retry_ms: Option<u64>,
}

impl WatchOptions {
    /// What `HAN_WATCH_MODE` says; nothing where it is not set.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` where it is neither `native` nor `poll`.
    pub fn default_mode() -> Result<Option<WatchMode>> {
        match non_empty_variable("HAN_WATCH_MODE") {
            None => Ok(None),
            Some(text) if text == "native" => Ok(Some(WatchMode::Native)),
            Some(text) if text == "poll" => Ok(Some(WatchMode::Poll)),
            Some(text) => {
                let text = text.to_string_lossy();
                Err(Error::invalid("HAN_WATCH_MODE", format!("is native or poll, not {text}")))
            }
        }
    }
}

fn non_empty_variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
}

/// Cancels operations from another thread; clones share one state.
#[derive(Debug, Clone, Default)]
pub struct Cancellation {
    cancelled: Arc<AtomicBool>,
    /// Rung when it is cancelled.
    waiting: Arc<Mutex<Vec<Weak<Signal>>>>,
}

impl Cancellation {
    /// Ends, with [`Error::Cancelled`], what runs under this token, and ends its subscriptions; it
    /// stays cancelled.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        // Taken out first: whoever is woken may cancel or subscribe again.
        let waiting = std::mem::take(&mut *self.waiting.lock());
        waiting.iter().filter_map(Weak::upgrade).for_each(|signal| signal.ring());
    }

    /// Whether [`cancel`](Cancellation::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Rings `signal` when it is cancelled. Whoever waits for the signal asks [`is_cancelled`](Cancellation::is_cancelled)
    /// after this call and before each wait.
    pub(crate) fn wakes(&self, signal: &Arc<Signal>) {
        let mut waiting = self.waiting.lock();
        waiting.retain(|known| known.strong_count() > 0 && !std::ptr::eq(known.as_ptr(), Arc::as_ptr(signal)));
        waiting.push(Arc::downgrade(signal));
    }
}

/// Hears of the progress of a scan, after each commit and at most every 50 ms, on the thread that scans. It may read from the
/// handle; to write would be to wait for the scan, and to close it to wait for ever.
pub type ProgressHook<'a> = Box<dyn FnMut(&ScanProgress) + Send + 'a>;

/// What to scan.
#[derive(Default)]
pub struct ScanOptions<'a> {
    /// Files and folders; every config dir of the handle where not given. A file is indexed as itself, a folder that has a
    /// `projects` folder as a config dir, any other folder recursively.
    pub paths: Option<Vec<PathBuf>>,
    /// Called as the scan goes on.
    pub on_progress: Option<ProgressHook<'a>>,
    /// Ends the scan early; what is committed stays, and the next scan goes on from there.
    pub cancellation: Cancellation,
}

/// Hears of the progress of embedding, after each commit, on the thread that embeds.
pub type EmbedHook<'a> = Box<dyn FnMut(&EmbedProgress) + Send + 'a>;

/// How much to embed; see [`Vectors::embed_pending`](crate::Vectors::embed_pending).
#[derive(Default)]
pub struct EmbedOptions<'a> {
    /// How many messages at most, 1 or more; all where not given.
    pub limit: Option<i64>,
    /// Called as embedding goes on.
    pub on_progress: Option<EmbedHook<'a>>,
    /// Ends it between two calls of the embedder; what is committed stays.
    pub cancellation: Cancellation,
}

/// What to subscribe to, and from where on.
#[derive(Debug, Clone, Default)]
pub struct SubscribeOptions {
    /// Patterns of topics; every topic where empty. Inside a pattern `*` is exactly one segment between colons, `**` at its end
    /// is the rest, and `*` alone is everything: `session:*`, `session:*:changed`, `tool:**`.
    pub topics: Vec<String>,
    /// The cursor of an item: the subscription goes on exactly behind it. `0` is the beginning of what is kept. Without one it
    /// starts behind the newest change that is committed at the time of the call. A cursor that is ahead of the database,
    /// whose last commits a power failure has undone, is one behind its newest change.
    pub since: Option<String>,
    /// One item a message, instead of one for all that a transaction did to a session under a topic.
    pub expand: bool,
    /// Ends the subscription, at once also while a call waits.
    pub cancellation: Cancellation,
}

/// The bounds of an ad-hoc query; see [`Han::query`](crate::Han::query).
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SqlOptions {
    /// How long it may take, in milliseconds, 1 to 3,600,000; 5,000 where not given.
    pub deadline_ms: Option<i64>,
    /// How many rows the answer has at most, 1 to 1,000,000; 10,000 where not given.
    pub max_rows: Option<i64>,
    /// About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB where not given.
    pub max_bytes: Option<i64>,
    /// Ends the query early.
    #[serde(skip)]
    pub cancellation: Cancellation,
}

/// What [`Han::forget`](crate::Han::forget) removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForgetTarget {
    /// One session, with its agents.
    Session(String),
    /// Every session of a project.
    Project(String),
    /// Every session whose last activity is before this instant.
    Before(crate::model::Timestamp),
}

/// What [`Han::doctor`](crate::Han::doctor) does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DoctorOptions {
    /// Also mends what can be mended from the stored bytes.
    pub fix: bool,
}
