//! The database: the only place with SQL that writes. Knows nothing of transcripts on the disk.
//!
//! On disk there is one writing connection and a pool of read-only ones, so that readers never wait for the writer. In
//! memory one connection serves both, one transaction or read at a time.

pub(crate) mod audit;
mod authority;
pub(crate) mod batch;
pub(crate) mod blocks;
pub(crate) mod checkpointer;
mod connection;
pub(crate) mod data_version;
mod dedicated;
mod election;
mod fts5_functions;
mod header;
pub(crate) mod maintenance;
mod migrate;
pub(crate) mod outbox;
mod pool;
mod pulse;
pub(crate) mod row_id_list;
mod tables;
pub(crate) mod time_zone;
mod uuid_filter;
mod vector_extension;
mod write_lock;

pub(crate) use dedicated::Dedicated;
pub(crate) use election::{Attempt, Stalled, Takeover};
pub(crate) use migrate::LATEST as LATEST_SCHEMA;
#[cfg(test)]
pub(crate) use migrate::empty_database;
pub(crate) use tables::changes::Topic;
#[cfg(test)]
pub(crate) use tables::changes::{announce, raise_sequence, trim as trim_changes};
pub(crate) use tables::files::{
    StoredFile, StoredGeneration, all as all_files, by_inode as files_by_inode, count_messages, find as find_file,
    find_spill, first_record_session,
};
pub(crate) use tables::leader::Leader;
pub(crate) use tables::message_times;
pub(crate) use tables::messages::REPEATS_AN_AGENT;
pub(crate) use tables::rollups;
pub(crate) use tables::session_sums;
pub(crate) use tables::sessions::to_forget as sessions_to_forget;
pub(crate) use tables::tools::waiting_for_spill;
pub(crate) use tables::vectors;

use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;

use crate::config::{LogHook, LogLevel, LogRecord, OpenOptions};
use crate::error::{Error, Result};
use crate::platform::file;
use crate::platform::process::{self, Process};
use crate::signal::Signal;
use authority::Authority;
use batch::{Batch, Outcome};
use connection::Role;
use data_version::DataVersion;
use election::Leading;
use migrate::State;
use pool::Pool;
use pulse::Pulse;
use tables::strings::StringCache;
use uuid_filter::UuidFilter;

/// How long a write waits for another process where the options say nothing.

/// SQLite counts the milliseconds of a wait in 31 bits: three weeks are for ever.
const MAX_LOCK_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

/// An error on the way through SQLite, before the database's path is known to it.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Other(Error),
}

impl Failure {
    /// Names the database.
    fn at(self, path: &Path) -> Error {
        match self {
            Failure::Sqlite(error) => Error::sqlite(path, error),
            Failure::Other(Error::Corrupt { path: unnamed, reason }) if unnamed.as_os_str().is_empty() => {
                Error::Corrupt { path: path.into(), reason }
            }
            Failure::Other(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}

/// The writing connection and what it remembers between transactions.
struct Writer {
    connection: Connection,
    strings: StringCache,
    uuids: UuidFilter,
    /// SQLite's counter of what other connections committed, as of the last transaction.
    data_version: i64,
    time_zone: jiff::tz::TimeZone,
}

/// One database: one writer, several readers.
pub(crate) struct Store {
    path: PathBuf,
    is_read_only: bool,
    lock_timeout: Duration,
    config_dirs: RwLock<Vec<PathBuf>>,
    exclude: globset::GlobSet,
    log: Option<LogHook>,
    /// Operations hold it shared, `close` alone.
    gate: RwLock<()>,
    is_closed: AtomicBool,
    /// Rung when changes were committed, and when the store is closed.
    news: Arc<Signal>,
    /// One write call at a time, however many transactions it takes.
    turn: Mutex<()>,
    writer: Mutex<Option<Writer>>,
    /// Names this handle in the row of who may write.
    owner: String,
    process: Process,
    /// The schema's number when it was opened.
    schema: i64,
    /// What there is of leading, while this handle leads.
    leading: Mutex<Option<Leading>>,
    /// Told when another one leads instead.
    lost: OnceLock<Box<dyn Fn() + Send + Sync>>,
    /// The process that was found stopped inside a transaction.
    stalled: Mutex<Option<Stalled>>,
    pulse: Pulse,
    /// None in memory: reads go through the writer's connection.
    readers: Option<Pool>,
}

impl Store {
    pub(crate) fn open(options: OpenOptions) -> Result<Store> {
        let lock_timeout = options.lock_timeout.min(MAX_LOCK_TIMEOUT);
        let heartbeat = options.heartbeat();
        let exclude = glob_set(&options.exclude)?;
        let time_zone = time_zone(options.time_zone.as_deref())?;
        let config_dirs = options.config_dirs.clone().unwrap_or_else(OpenOptions::default_config_dirs);
        let (path, writer, readers) = if options.in_memory {
            if options.read_only {
                return Err(Error::invalid("readOnly", "makes no sense for a database in memory"));
            }
            let mut connection = connection::open_in_memory()?;
            migrate::migrate(&mut connection, Path::new(":memory:"), &time_zone)?;
            (PathBuf::from(":memory:"), Some(connection), None)
        } else {
            let path = database_path(&options)?;
            connection::prepare_file(&path, !options.read_only)?;
            let writer = match options.read_only {
                true => {
                    let reader = connection::open(&path, Role::Reader, lock_timeout)?;
                    migrate::inspect(&reader, &path, true)?;
                    None
                }
                false => {
                    // Tells a read-only device or folder before SQLite, which says only that it cannot open something.
                    write_lock::prepare(&path)?;
                    Some(open_writer(&path, lock_timeout, &time_zone)?)
                }
            };
            let metadata = std::fs::metadata(&path).map_err(|error| Error::io(&path, error))?;
            let readers = Pool::new(path.clone(), file::identity(&metadata), lock_timeout);
            (path, writer, Some(readers))
        };
        let schema = match &writer {
            Some(connection) => migrate::number(connection, &path)?,
            None => 0,
        };
        let writer = match writer {
            Some(connection) => Some(Writer {
                time_zone: time_zone::stored(&connection).map_err(|failure| failure.at(&path))?,
                connection,
                strings: StringCache::default(),
                uuids: UuidFilter::default(),
                data_version: 0,
            }),
            None => None,
        };
        Ok(Store {
            path,
            is_read_only: options.read_only,
            lock_timeout,
            config_dirs: RwLock::new(config_dirs),
            exclude,
            log: options.log,
            gate: RwLock::new(()),
            is_closed: AtomicBool::new(false),
            news: Arc::new(Signal::default()),
            turn: Mutex::new(()),
            writer: Mutex::new(writer),
            owner: format!("{:016x}", std::collections::hash_map::RandomState::new().build_hasher().finish()),
            process: process::current(),
            schema,
            leading: Mutex::new(None),
            lost: OnceLock::new(),
            stalled: Mutex::new(None),
            pulse: Pulse::new(heartbeat),
            readers,
        })
    }

    /// The database's path; `:memory:` in memory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The folders whose `projects/` are scanned.
    pub(crate) fn config_dirs(&self) -> Vec<PathBuf> {
        self.config_dirs.read().clone()
    }

    /// Changes the folders whose `projects/` are scanned.
    pub(crate) fn change_config_dirs(&self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        change(&mut self.config_dirs.write());
    }

    /// What is not indexed.
    pub(crate) fn exclude(&self) -> &globset::GlobSet {
        &self.exclude
    }

    /// Tells the handle's log hook.
    pub(crate) fn log(&self, level: LogLevel, message: &str) {
        if let Some(hook) = &self.log {
            hook(&LogRecord { level, message });
        }
    }

    /// The bell of those who follow the changes. Whoever commits changes by other ways than a [`Batch`] rings it.
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

    /// What notices the commits of others; none in memory, where there are no others.
    pub(crate) fn data_version(&self) -> Result<Option<DataVersion>> {
        let _open = self.enter()?;
        let Some(readers) = &self.readers else { return Ok(None) };
        DataVersion::new(readers.open()?).map(Some).map_err(|failure| self.error(failure))
    }

    /// Runs `read` on a read-only connection, inside one read transaction.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
        self.begin_reading()?.read(read)
    }

    /// Begins an operation of several reads, which a close waits for.
    pub(crate) fn begin_reading(&self) -> Result<Reading<'_>> {
        Ok(Reading { store: self, _open: self.enter()? })
    }

    /// Takes the turn to write, and the lock that other processes heed, for as long as the guard lives.
    pub(crate) fn begin_writing(&self) -> Result<Writing<'_>> {
        let reading = self.begin_reading()?;
        if self.is_read_only {
            return Err(Error::ReadOnly { path: self.path.clone() });
        }
        self.check_in_place()?;
        let turn = self
            .turn
            .try_lock_for(self.lock_timeout)
            .ok_or_else(|| Error::Locked { path: self.path.clone(), pid: Some(i64::from(std::process::id())) })?;
        let authority = self.authority()?;
        Ok(Writing { reading, authority, _turn: turn })
    }

    fn check_in_place(&self) -> Result<()> {
        self.readers.as_ref().map_or(Ok(()), Pool::check_in_place)
    }

    fn open_checkpointer(writing: &Writing<'_>) -> Result<Option<Connection>> {
        let store = writing.store;
        match store.readers {
            Some(_) => connection::open(&store.path, Role::Writer, store.lock_timeout).map(Some),
            None => Ok(None),
        }
    }

    /// Writes a consistent copy of the database, while it is in use.
    pub(crate) fn backup(&self, target: &Path) -> Result<()> {
        let reading = self.begin_reading()?;
        maintenance::prepare_target(target)?;
        let copied = reading.read(|connection| maintenance::backup(connection, target));
        if copied.is_err() {
            // What stands there is ours, made a moment ago, and not a whole database.
            let _ = std::fs::remove_file(target);
        }
        copied
    }

    pub(crate) fn close(&self) {
        if self.is_forked() {
            // Another thread may have held any of the locks at that moment.
            if let Some(mut writer) = self.writer.try_lock() {
                std::mem::forget(writer.take());
            }
            return;
        }
        self.is_closed.store(true, Ordering::SeqCst);
        self.news.ring();
        let _alone = self.gate.write();
        // There is nobody to tell of a failure; the kernel lock is released anyway.
        let _ = self.give_up();
        self.pulse.close();
        if let Some(pool) = &self.readers {
            pool.close();
        }
        *self.writer.lock() = None;
    }

    fn enter(&self) -> Result<parking_lot::RwLockReadGuard<'_, ()>> {
        if self.is_closed() || self.is_forked() {
            return Err(Error::Closed);
        }
        // Recursive, so that a progress hook may read while a close is waiting.
        let open = self.gate.read_recursive();
        if self.is_closed.load(Ordering::SeqCst) { Err(Error::Closed) } else { Ok(open) }
    }

    fn error(&self, failure: Failure) -> Error {
        failure.at(&self.path)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The last connection to close copies the log into the database, which a reader could not.
        self.close();
    }
}

/// An operation under way: the database stays open while it lives.
#[must_use = "the operation ends when this value is dropped"]
pub(crate) struct Reading<'s> {
    store: &'s Store,
    _open: parking_lot::RwLockReadGuard<'s, ()>,
}

impl Reading<'_> {
    /// Runs `read` on a read-only connection, inside one read transaction.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
        let answer = match &self.store.readers {
            Some(pool) => pool.with(|connection| {
                let transaction = connection.unchecked_transaction()?;
                read(&transaction)
            }),
            None => match &*self.store.writer.lock() {
                Some(writer) => read(&writer.connection),
                None => return Err(Error::Closed),
            },
        };
        answer.map_err(|failure| self.store.error(failure))
    }

    /// As [`read`](Reading::read), but on a connection that remembers nothing of earlier reads: SQLite's check of the search
    /// index trusts what the connection remembers of its structure.
    pub(crate) fn read_fresh<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
        match &self.store.readers {
            Some(readers) => read(&readers.open()?).map_err(|failure| self.store.error(failure)),
            None => self.read(read),
        }
    }

    /// Two connections of one snapshot, for one statement that a caller wrote; `views` makes its temporary views. In memory they
    /// are copies.
    pub(crate) fn dedicated(&self, views: &str) -> Result<Dedicated> {
        let dedicated = match &self.store.readers {
            Some(readers) => {
                readers.check_in_place()?;
                Dedicated::on_disk(&self.store.path, self.store.lock_timeout, views)
            }
            None => match &*self.store.writer.lock() {
                Some(writer) => Dedicated::of_memory(&writer.connection, views),
                None => return Err(Error::Closed),
            },
        };
        dedicated.map_err(|failure| self.store.error(failure))
    }

    /// Names the database in an error.
    pub(crate) fn error(&self, failure: Failure) -> Error {
        self.store.error(failure)
    }
}

/// The turn to write: while it lives nobody else writes this database.
#[must_use = "the turn ends when this value is dropped"]
pub(crate) struct Writing<'s> {
    reading: Reading<'s>,
    authority: Authority,
    _turn: parking_lot::MutexGuard<'s, ()>,
}

impl<'s> std::ops::Deref for Writing<'s> {
    type Target = Reading<'s>;

    fn deref(&self) -> &Reading<'s> {
        &self.reading
    }
}

impl Writing<'_> {
    /// Runs `work` in one immediate transaction: all of it is committed, or nothing.
    pub(crate) fn transaction<T>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, Failure>,
    ) -> Result<(T, Outcome)> {
        let mut guard = self.store.writer.lock();
        let Some(writer) = guard.as_mut() else { return Err(Error::Closed) };
        let Writer { connection, strings, uuids, data_version, time_zone } = writer;
        let answer = (|| {
            let (transaction, epoch) = self.begin(connection)?;
            let version = transaction.query_row("PRAGMA data_version", [], |row| row.get(0))?;
            if *data_version != version {
                // Somebody else wrote: a `forget` may have removed names, the days may be those of another time zone.
                *data_version = version;
                strings.clear();
                uuids.clear();
                *time_zone = time_zone::stored(&transaction)?;
            }
            uuids.begin(&transaction)?;
            let mut batch = Batch::new(&transaction, strings, uuids, time_zone)?;
            let value = work(&mut batch)?;
            let outcome = batch.finish()?;
            transaction.commit()?;
            self.authority.begun(epoch);
            if outcome.has_changes {
                self.store.news.ring();
            }
            Ok((value, outcome))
        })();
        if answer.is_err() {
            // Strings that were added by what is rolled back have no row.
            strings.clear();
            uuids.clear();
        }
        drop(guard);
        answer.map_err(|failure| self.failed(failure))
    }

    /// Runs `work` on the writing connection in one immediate transaction, for what is no row of a transcript.
    pub(crate) fn upkeep<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
        let mut guard = self.store.writer.lock();
        let Some(writer) = guard.as_mut() else { return Err(Error::Closed) };
        let answer = (|| {
            let (transaction, epoch) = self.begin(&mut writer.connection)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            self.authority.begun(epoch);
            Ok(value)
        })();
        drop(guard);
        answer.map_err(|failure| self.failed(failure))
    }

    /// Begins a write transaction, and makes sure inside it of the right to write; gives the epoch, which begins once it is
    /// committed.
    fn begin<'c>(&self, connection: &'c mut Connection) -> Result<(rusqlite::Transaction<'c>, Option<i64>), Failure> {
        connection.busy_timeout(self.store.lock_timeout)?;
        let transaction = match connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate) {
            Ok(transaction) => transaction,
            // Nobody else has the right to be inside a transaction now: whoever is has stopped there.
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                return Err(self.store.writer_stalled().into());
            }
            Err(error) => return Err(error.into()),
        };
        let epoch = self.store.check_authority(&self.authority, &transaction)?;
        Ok((transaction, epoch))
    }

    fn failed(&self, failure: Failure) -> Error {
        let error = self.store.error(failure);
        if let (Error::NotLeader { .. }, Authority::Leader(epoch)) = (&error, &self.authority) {
            self.store.lose(*epoch);
        }
        error
    }

    /// Forgets the names that are remembered: some were removed.
    pub(crate) fn clear_names(&self) {
        if let Some(writer) = self.store.writer.lock().as_mut() {
            writer.strings.clear();
        }
    }

    /// Runs `work` on the writing connection, outside any transaction: for settings, and copying the log.
    pub(crate) fn connection<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T> {
        let mut writer = self.store.writer.lock();
        let Some(writer) = writer.as_mut() else { return Err(Error::Closed) };
        work(&mut writer.connection).map_err(|failure| self.store.error(failure))
    }
}

/// A connection for reading that nobody else uses.
#[cfg(feature = "bench")]
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    connection::open(path, Role::Reader, OpenOptions::default().lock_timeout)
}

fn open_writer(path: &Path, lock_timeout: Duration, time_zone: &str) -> Result<Connection> {
    let mut connection = connection::open(path, Role::Writer, lock_timeout)?;
    if migrate::inspect(&connection, path, false)? == State::NeedsMigration {
        let _lock = write_lock::acquire(path, lock_timeout, |_| Ok(()))?;
        // Somebody else may have done it while we waited.
        if migrate::inspect(&connection, path, false)? == State::NeedsMigration {
            migrate::migrate(&mut connection, path, time_zone)?;
        }
    }
    Ok(connection)
}

/// The absolute path of the database, without links in its folder.
fn database_path(options: &OpenOptions) -> Result<PathBuf> {
    let path = match (&options.db_path, &options.data_dir) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) if folder.as_os_str().is_empty() => {
            return Err(Error::invalid("dataDir", "is empty; name a folder"));
        }
        (None, Some(folder)) => folder.join("han.db"),
        (None, None) => OpenOptions::default_data_dir()
            .ok_or_else(|| Error::invalid("dataDir", "is not given, and there is no home folder; set HAN_DATA_DIR"))?
            .join("han.db"),
    };
    let Some(name) = path.file_name() else {
        return Err(Error::invalid("dbPath", format!("names no file: {}", path.display())));
    };
    let folder = connection::folder_of(&path);
    let folder = match folder.canonicalize() {
        Ok(folder) => folder,
        Err(_) => std::path::absolute(folder).map_err(|error| Error::io(folder, error))?,
    };
    Ok(folder.join(name))
}

fn glob_set(patterns: &[String]) -> Result<globset::GlobSet> {
    let mut builder = globset::GlobSetBuilder::new();
    for pattern in patterns {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
        builder.add(glob.map_err(|error| Error::invalid("exclude", format!("is no glob: {error}")))?);
    }
    builder.build().map_err(|error| Error::invalid("exclude", error.to_string()))
}

/// The IANA name of the time zone asked for, or of the system's.
fn time_zone(name: Option<&str>) -> Result<String> {
    match name {
        Some(name) => match jiff::tz::TimeZone::get(name) {
            Ok(_) => Ok(name.into()),
            Err(error) => Err(Error::invalid("timeZone", format!("is unknown: {error}"))),
        },
        None => Ok(jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").into()),
    }
}
