//! What the threads of one handle share: its connections, and what is known of who may write.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;

use super::failure::Failure;
use super::leading::{Leading, Stalled};
use super::pool::Pool;
use super::pulse::Pulse;
use super::tables::strings::StringCache;
use super::uuid_filter::UuidFilter;
use crate::error::{Error, Result};
use crate::platform::permissions::OtherUser;
use crate::platform::process::Process;
use crate::signal::Signal;

/// The writing connection and what it remembers between transactions.
pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) strings: StringCache,
    pub(super) uuids: UuidFilter,
    /// SQLite's counter of what other connections committed, as of the last transaction.
    pub(super) data_version: i64,
    pub(super) time_zone: jiff::tz::TimeZone,
}

/// One database: one writer, several readers.
pub(crate) struct Store {
    pub(super) path: PathBuf,
    pub(super) is_read_only: bool,
    /// Its owner, if that is another user: then it can only be read.
    pub(super) owner_of_file: Option<OtherUser>,
    pub(super) lock_timeout: Duration,
    /// Operations hold it shared, `close` alone.
    pub(super) gate: RwLock<()>,
    pub(super) is_closed: AtomicBool,
    /// Rung when changes were committed, and when the store is closed.
    pub(super) news: Arc<Signal>,
    /// One write call at a time, however many transactions it takes.
    pub(super) turn: Mutex<()>,
    pub(super) writer: Mutex<Option<Writer>>,
    /// Names this handle in the row of who may write.
    pub(super) owner: String,
    pub(super) process: Process,
    /// The schema's number when it was opened.
    pub(super) schema: i64,
    /// `None` unless this handle leads.
    pub(super) leading: Mutex<Option<Leading>>,
    /// Called when another handle leads instead.
    pub(super) lost: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// The process that was found stopped inside a transaction.
    pub(super) stalled: Mutex<Option<Stalled>>,
    pub(super) pulse: Pulse,
    /// `None` in memory: reads go through the writer's connection.
    pub(super) readers: Option<Pool>,
}

impl Store {
    /// The database's path; `:memory:` in memory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the database is in memory.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.readers.is_none()
    }

    /// Notifies those who follow the changes. Commits without a [`Batch`](super::batch::Batch) that write changes must ring it.
    pub(crate) fn news(&self) -> &Arc<Signal> {
        &self.news
    }

    /// Whether this process is a fork of the one that opened the store: its threads are not here, and its connections and its
    /// lead are those of the other.
    pub(crate) fn is_forked(&self) -> bool {
        self.process.pid != i64::from(std::process::id())
    }

    /// Whether it was closed, or is being closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }

    /// Begins an operation: the store stays open while the guard lives.
    pub(super) fn enter(&self) -> Result<parking_lot::RwLockReadGuard<'_, ()>> {
        if self.is_closed() || self.is_forked() {
            return Err(Error::Closed);
        }
        // Recursive, so that a progress hook may read while a close is waiting.
        let open = self.gate.read_recursive();
        if self.is_closed() { Err(Error::Closed) } else { Ok(open) }
    }

    /// Checks that something may be written to the file at the path, and that it is still the one that was opened.
    pub(super) fn check_writable(&self) -> Result<()> {
        if let Some(owner) = self.owner_of_file {
            return Err(owner.may_alone(&self.path, "write to it"));
        }
        if self.is_read_only {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        self.check_in_place()
    }

    pub(super) fn check_in_place(&self) -> Result<()> {
        self.readers.as_ref().map_or(Ok(()), Pool::check_in_place)
    }

    /// Names the database in an error.
    pub(super) fn error(&self, failure: Failure) -> Error {
        failure.at(&self.path)
    }
}
