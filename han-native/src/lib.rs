//! Indexes coding-agent session transcripts into one small, searchable SQLite database, inside your process.
//!
//! [`Han`] is the one handle: it owns the database, its threads and its lifetimes, and there is no global state. See the
//! `examples/` folder of the crate for programs that run.
//!
//! Every operation blocks the calling thread until it is done. A handle may be shared between threads and cloned; writes of
//! one database wait for each other, reads do not wait for writes.
//!
//! These threads outlive the call that starts them, and end at the latest in [`Han::close`]:
//!
//! - `han-feed`, of [`Han::subscribe`], ends with the last subscription;
//! - `han-watch`, of [`Watcher::start`], and a thread of the system's events beside it, end in [`Watcher::stop`];
//! - `han-lead`, of [`Coordinator::try_acquire`], ends when nobody wants to lead any more;
//! - `han-pulse` shows other processes that a call that writes on disk is alive. It ends once no call has written for as long as
//!   the heartbeat interval of the [`OpenOptions`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::type_complexity, clippy::useless_vec))]

#[cfg(feature = "bench")]
#[doc(hidden)]
pub mod bench_support;
pub mod config;
pub mod error;
pub mod model;
pub mod operations;

mod change;
mod clock;
mod coordinator;
mod cost;
mod derive;
mod embedding;
mod han;
mod index;
mod logging;
mod platform;
mod query;
mod row;
mod signal;
mod source_file;
mod spill;
mod store;
mod transcript;
mod watch;

pub use config::{
    Cancellation, DoctorOptions, EmbedHook, EmbedOptions, ForgetTarget, LoadEmbedderOptions, LogHook, LogLevel,
    LogRecord, OpenOptions, ProgressHook, ScanOptions, SqlOptions, SubscribeOptions, WatchOptions,
};
pub use embedding::Embedder;
pub use error::{Error, ErrorCode, Result};
pub use han::{
    Coordinator, FileChanges, Files, Han, HookExecutions, Items, Leadership, Messages, Sessions, Subscription,
    Summaries, Tasks, Testing, Todos, ToolCalls, Usage, Vectors, Watcher, versions,
};
/// The rusqlite that this crate is built with, whose errors are in [`Error::Sqlite`].
///
/// A program can link only one version of `libsqlite3-sys`, so a program that uses rusqlite itself needs the same one: use
/// this, or depend on the version that the README names. Cargo builds one SQLite for all: a feature or `LIBSQLITE3_FLAGS`
/// that your program sets holds for this crate, too, and [`Han::doctor`] warns of what makes it slower. Do not open the
/// database of a handle with it; [`Han::query`] runs your SQL.
pub use rusqlite;
