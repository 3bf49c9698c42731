//! Indexes coding-agent session transcripts into one small, searchable SQLite database, inside your process.
//!
//! [`Han`] is the one handle: it owns the database, its threads and its lifetimes, and there is no global state.
//! ```
//! use han_native::model::{SearchQuery, SessionQuery};
//! use han_native::{Han, OpenOptions, ScanOptions};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let project = folder.path().join("projects/-code-shop");
//! # std::fs::create_dir_all(&project).unwrap();
//! # let line = r#"{"type":"user","uuid":"u1","message":{"role":"user","content":"fix the login form"}}"#;
//! # std::fs::write(project.join("s1.jsonl"), format!("{line}\n")).unwrap();
//! // The defaults are ~/.han/han.db and the transcripts below ~/.claude.
//! let han = Han::open(OpenOptions {
//!     db_path: Some(folder.path().join("han.db")),
//!     config_dirs: Some(vec![folder.path().to_owned()]),
//!     ..OpenOptions::default()
//! })?;
//! let report = han.scan(ScanOptions::default())?;
//! assert_eq!((report.files, report.messages_indexed), (1, 1));
//!
//! let query = SearchQuery { query: "login form".into(), first: Some(5), ..SearchQuery::default() };
//! for hit in han.search(&query)?.items {
//!     println!("{} {}", hit.message.id, hit.snippet);
//! }
//!
//! // Whole lists are iterated over page by page.
//! let sessions: Vec<_> = han.sessions().iter(SessionQuery::default()).collect::<Result<_, _>>()?;
//! assert_eq!(sessions[0].title.as_deref(), Some("fix the login form"));
//! # Ok::<(), han_native::Error>(())
//! ```
//!
//! # Blocking and threads
//!
//! Every operation blocks the calling thread until it is done. A handle can be shared between threads and cloned; writes of one
//! database wait for each other, reads do not wait for writes. These threads may outlive the call that starts them, and end with
//! the handle at the latest:
//!
//! | thread | started by | ends |
//! | --- | --- | --- |
//! | `han-feed` | [`Han::subscribe`] | with the last subscription |
//! | `han-watch` | [`Watcher::start`] | with [`Watcher::stop`] |
//! | `han-lead` | [`Coordinator::try_acquire`] | with the last [`Leadership`] |
//! | `han-pulse` | a write to a database on disk | a heartbeat interval after the write |
//!
//! # Errors
//!
//! Every fallible operation returns [`Error`], whose [`code`](Error::code) is stable and the same in every language:
//! [`ErrorCode`]. A method documents the codes that are its own; most methods may also return [`Closed`](ErrorCode::Closed),
//! [`Corrupt`](ErrorCode::Corrupt) and [`Io`](ErrorCode::Io), and those that write [`Locked`](ErrorCode::Locked),
//! [`NotLeader`](ErrorCode::NotLeader), [`WriterStalled`](ErrorCode::WriterStalled), [`ReadOnly`](ErrorCode::ReadOnly) and
//! [`DiskFull`](ErrorCode::DiskFull).
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `log` | no | every record of the log also goes to the crate `log`, with the target `han_native` |
//! | `schema` | no | JSON schemas of the operations: `operations::schemas()` |
//! | `static-embeddings` | no | `Vectors::load`: an embedder over static embeddings (model2vec) in a local folder |
//!
//! `bench` is for this project's own benches, and not part of the interface.
//!
//! # Minimum supported Rust version
//!
//! Rust 1.95, the version that this crate is built and tested with. It rises only with a minor release.

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
/// database of a handle with it; [`Han::sql`] runs your SQL.
pub use rusqlite;
