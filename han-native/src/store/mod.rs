//! The database: the only place with SQL that writes. Knows nothing about transcripts on the disk.
//!
//! On disk there is one writing connection and a pool of read-only ones, so that readers never wait for the writer. In
//! memory one connection serves both, one transaction or read at a time.
//!
//! This file opens and closes a store, and is the face of the module; its other files do not import from it. From the ground
//! up: `database` (what a handle has), `reading`, `authority` (the right to write), `writing`, `election`.

pub(crate) mod audit;
mod authority;
pub(crate) mod batch;
pub(crate) mod blocks;
pub(crate) mod checkpointer;
mod connection;
pub(crate) mod data_version;
mod database;
mod dedicated;
mod election;
mod failure;
mod fts5_functions;
mod guest;
mod header;
mod leading;
pub(crate) mod maintenance;
mod migrate;
pub(crate) mod outbox;
mod path;
mod pool;
mod pulse;
mod reading;
pub(crate) mod row_id_list;
pub(crate) mod spills;
mod tables;
pub(crate) mod time_zone;
mod uuid_filter;
mod vector_extension;
mod write_lock;
mod writing;

pub(crate) use database::Store;
pub(crate) use dedicated::Dedicated;
pub(crate) use failure::Failure;
pub(crate) use leading::{Attempt, Stalled, Takeover};
pub(crate) use migrate::LATEST as LATEST_SCHEMA;
#[cfg(test)]
pub(crate) use migrate::empty_database;
pub(crate) use reading::Reading;
pub(crate) use tables::changes::Topic;
#[cfg(test)]
pub(crate) use tables::changes::{announce, raise_sequence, trim as trim_changes};
pub(crate) use tables::files::{
    StoredFile, StoredGeneration, all as all_files, by_inode as files_by_inode, count_messages, find as find_file,
    first_record_session, kind as file_kind, stale as stale_files,
};
pub(crate) use tables::leader::Leader;
pub(crate) use tables::message_times;
pub(crate) use tables::messages::REPEATS_AN_AGENT;
pub(crate) use tables::projects::encode as project_slug;
pub(crate) use tables::rates;
pub(crate) use tables::rollups;
pub(crate) use tables::session_sums;
pub(crate) use tables::sessions::to_forget as sessions_to_forget;
pub(crate) use tables::vectors;
pub(crate) use writing::Writing;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;

use crate::config::OpenOptions;
use crate::error::{Error, Result};
use crate::platform::permissions::OtherUser;
use crate::platform::{file, process};
use crate::signal::Signal;
use connection::Role;
use data_version::DataVersion;
use database::Writer;
use migrate::State;
use pool::Pool;
use pulse::Pulse;
use tables::strings::StringCache;
use uuid_filter::UuidFilter;

/// SQLite's timeout is an i32 of milliseconds; about 24 days is effectively unlimited.
const MAX_LOCK_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

impl Store {
    /// Opens the database, and creates or migrates it if it is missing or old.
    pub(crate) fn open(options: OpenOptions) -> Result<Store> {
        let lock_timeout = options.lock_timeout.min(MAX_LOCK_TIMEOUT);
        let heartbeat = options.heartbeat();
        let time_zone = time_zone::resolve(options.time_zone.as_deref())?;
        let mut owner_of_file = None;
        let (path, writer, readers) = if options.in_memory {
            if options.read_only {
                return Err(Error::invalid("readOnly", "makes no sense for a database in memory"));
            }
            let mut connection = connection::open_in_memory()?;
            migrate::migrate(&mut connection, Path::new(":memory:"), &time_zone)?;
            (PathBuf::from(":memory:"), Some(connection), None)
        } else {
            let path = path::database_path(&options)?;
            owner_of_file = connection::prepare_file(&path, !options.read_only)?;
            let role = owner_of_file.map_or(Role::Reader, Role::Guest);
            let writer = match options.read_only || owner_of_file.is_some() {
                true => {
                    let reader = connection::open(&path, role, lock_timeout)?;
                    inspect(&reader, &path, owner_of_file)?;
                    None
                }
                false => {
                    // Reports a read-only device or folder before SQLite does, which says only that it cannot open something.
                    write_lock::prepare(&path)?;
                    Some(open_writer(&path, lock_timeout, &time_zone)?)
                }
            };
            let metadata = std::fs::metadata(&path).map_err(|error| Error::io(&path, error))?;
            let readers = Pool::new(path.clone(), file::identity(&metadata), lock_timeout, role);
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
            is_read_only: options.read_only || owner_of_file.is_some(),
            owner_of_file,
            lock_timeout,
            gate: RwLock::new(()),
            is_closed: AtomicBool::new(false),
            news: Arc::new(Signal::default()),
            turn: Mutex::new(()),
            writer: Mutex::new(writer),
            owner: random_name(),
            process: process::current(),
            schema,
            leading: Mutex::new(None),
            lost: OnceLock::new(),
            stalled: Mutex::new(None),
            pulse: Pulse::new(heartbeat),
            readers,
        })
    }

    /// Notices the commits of others; `None` in memory, where there are no others.
    pub(crate) fn data_version(&self) -> Result<Option<DataVersion>> {
        let _open = self.enter()?;
        let Some(readers) = &self.readers else { return Ok(None) };
        DataVersion::new(readers.open()?).map(Some).map_err(|failure| self.error(failure))
    }

    /// Makes this the database's time zone if it has another one. A handle that only reads changes nothing.
    pub(crate) fn adopt_time_zone(&self, name: &str) -> Result<()> {
        if self.is_read_only || self.read(time_zone::stored_name)?.eq_ignore_ascii_case(name) {
            return Ok(());
        }
        let zone = time_zone::find(name)?;
        let writing = self.begin_writing()?;
        writing.transaction(|batch| time_zone::change(batch.connection(), name, &zone))?;
        if let Some(writer) = self.writer.lock().as_mut() {
            writer.time_zone = zone;
        }
        Ok(())
    }

    /// Writes a consistent copy of the database, while it is in use.
    pub(crate) fn backup(&self, target: &Path) -> Result<()> {
        let reading = self.begin_reading()?;
        maintenance::prepare_target(target)?;
        let copied = reading.read(|connection| maintenance::backup(connection, target));
        if copied.is_err() {
            // What is there is ours, created a moment ago, and not a whole database.
            let _ = std::fs::remove_file(target);
        }
        copied
    }

    /// Waits for running operations, gives up the lead, and closes every connection.
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
        // There is nobody to report a failure to; the kernel lock is released anyway.
        let _ = self.give_up();
        self.pulse.close();
        if let Some(pool) = &self.readers {
            pool.close();
        }
        *self.writer.lock() = None;
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The last connection to close checkpoints the log, which a reader could not.
        self.close();
    }
}

/// A connection for reading that nobody else uses.
#[cfg(feature = "bench")]
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    connection::open(path, Role::Reader, OpenOptions::default().lock_timeout)
}

/// Checks a database that is only to be read. Only its owner can bring a database of another user up to date.
fn inspect(reader: &Connection, path: &Path, owner: Option<OtherUser>) -> Result<()> {
    let inspected = migrate::inspect(reader, path, true);
    let Some(owner) = owner else { return inspected.map(drop) };
    match inspected {
        Err(Error::SchemaTooOld { .. }) => {
            return Err(owner.may_alone(path, "bring it up to the schema of this version"));
        }
        inspected => inspected?,
    };
    let mut ours = connection::open_in_memory()?;
    migrate::migrate(&mut ours, path, "UTC")?;
    guest::check_schema(reader, &ours, path)
}

fn open_writer(path: &Path, lock_timeout: Duration, time_zone: &str) -> Result<Connection> {
    let mut connection = connection::open(path, Role::Writer, lock_timeout)?;
    if migrate::inspect(&connection, path, false)? == State::NeedsMigration {
        let _lock = write_lock::acquire(path, lock_timeout, |_| Ok(()))?;
        // Another process may have done it while this one waited.
        if migrate::inspect(&connection, path, false)? == State::NeedsMigration {
            migrate::migrate(&mut connection, path, time_zone)?;
        }
    }
    Ok(connection)
}

/// A name that no other handle has. The standard library's only source of random numbers is the seed of its hash tables.
fn random_name() -> String {
    use std::hash::{BuildHasher, Hasher};
    format!("{:016x}", std::collections::hash_map::RandomState::new().build_hasher().finish())
}
