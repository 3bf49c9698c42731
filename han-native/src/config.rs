//! Options of a handle, and the defaults they come from. Reads the environment only in [`OpenOptions::default_data_dir`]
//! and [`OpenOptions::default_config_dirs`].

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::ScanProgress;

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
    /// Globs of paths, below a config dir, that are not indexed.
    pub exclude: Vec<String>,
    /// The time zone of the local days of the rollups, as an IANA name; the system's at creation where not given.
    pub time_zone: Option<String>,
    /// Told what the library does; called on the thread that does it, so it should return soon.
    pub log: Option<LogHook>,
}

/// Receives the log of one handle.
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

    /// The folders of `CLAUDE_CONFIG_DIR` (a comma list), else `~/.claude` and `~/.config/claude`.
    pub fn default_config_dirs() -> Vec<PathBuf> {
        if let Some(list) = non_empty_variable("CLAUDE_CONFIG_DIR") {
            let list = list.to_string_lossy().into_owned();
            return list.split(',').map(str::trim).filter(|path| !path.is_empty()).map(PathBuf::from).collect();
        }
        home().map(|home| vec![home.join(".claude"), home.join(".config").join("claude")]).unwrap_or_default()
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
}

impl Cancellation {
    /// Ends, with [`Error::Cancelled`](crate::Error::Cancelled), what runs under this token; it stays cancelled.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Cancellation::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// Hears of the progress of a scan, after each commit and at most every 50 ms, on the thread that scans.
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
