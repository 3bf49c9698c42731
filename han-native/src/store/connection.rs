//! Bringing up a connection: the one way to open the database, so that no default of SQLite's slips through.

use std::path::Path;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::path::{folder_of, with_suffix};
use super::tables::uuids;
use super::{fts5_functions, guest, header, row_id_list, vector_extension};
use crate::error::{Error, Result, Subject};
use crate::platform::permissions::{self, OtherUser};
use crate::platform::{file, filesystem};

/// Marks a file as ours in the SQLite header: "HAN1".
const APPLICATION_ID: i64 = 0x4841_4E31;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
    /// Reads the database of another user, see [`guest`].
    Guest(OtherUser),
}

/// The size of a page. Larger ones make a bulk cheaper, and an append, which touches a dozen, dearer.
const PAGE_BYTES: i64 = 8 * 1024;
/// Pages kept in memory by the writer, in KiB.
const WRITER_CACHE_KIB: i64 = 24 * 1024;
/// Pages kept in memory by each reader, in KiB.
const READER_CACHE_KIB: i64 = 16 * 1024;
/// More than there are different statements of an ingest: one that is pushed out is compiled again each time.
const CACHED_STATEMENTS: usize = 512;
/// The write-ahead log is cut back to this many bytes once it is copied into the database.
pub(super) const WAL_LIMIT: i64 = 16 * 1024 * 1024;
/// Pages in the write-ahead log after which it is copied into the database.
pub(super) const WAL_AUTOCHECKPOINT_PAGES: i64 = 500;

/// How long another process may take to make an empty file ours.
const MARK_TIMEOUT: Duration = Duration::from_millis(5_000);

/// Held while a file is created or looked at. It is of the process because POSIX locks are: closing any descriptor of a file
/// drops every lock that the process has on it.
static CREATING: Mutex<()> = Mutex::new(());

/// Opens the database file in one role. It must exist.
pub(super) fn open(path: &Path, role: Role, lock_timeout: Duration) -> Result<Connection> {
    let connection = match role {
        Role::Writer => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | COMMON),
        Role::Reader => open_reader(path),
        Role::Guest(owner) => {
            let opened = open_as_guest(path, role, lock_timeout);
            return opened.map_err(|error| guest::error(path, owner, error));
        }
    }
    .map_err(|error| Error::sqlite(path, error))?;
    if role == Role::Writer {
        mark(&connection).map_err(|error| Error::sqlite(path, error))?;
    }
    bring_up(&connection, role, lock_timeout).map_err(|error| Error::sqlite(path, error))?;
    Ok(connection)
}

fn open_as_guest(path: &Path, role: Role, lock_timeout: Duration) -> rusqlite::Result<Connection> {
    let connection = open_uri(path, guest::parameter(path)?)?;
    guest::distrust(&connection)?;
    bring_up(&connection, role, lock_timeout)?;
    guest::probe(&connection)?;
    Ok(connection)
}

/// Marks an empty file as ours, while it has no log yet: the mark has to be in the file itself, where it is looked for.
fn mark(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(MARK_TIMEOUT)?;
    let id: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if id == 0 {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "auto_vacuum", "incremental")?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    Ok(())
}

/// Opens an empty database in memory.
pub(super) fn open_in_memory() -> Result<Connection> {
    let path = Path::new(":memory:");
    let connection = Connection::open_in_memory().map_err(|error| Error::sqlite(path, error))?;
    mark(&connection).map_err(|error| Error::sqlite(path, error))?;
    bring_up(&connection, Role::Writer, Duration::ZERO).map_err(|error| Error::sqlite(path, error))?;
    Ok(connection)
}

const COMMON: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | COMMON;
    let connection = Connection::open_with_flags(path, flags)?;
    let probe = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    match probe.map_err(|error| (error.sqlite_error_code(), error)) {
        Ok(_) => Ok(connection),
        // On a read-only device the shared memory of the log cannot be made. Where there is no log, none is needed.
        Err((Some(rusqlite::ffi::ErrorCode::CannotOpen | rusqlite::ffi::ErrorCode::ReadOnly), error)) => {
            let wal = with_suffix(path, "-wal");
            if std::fs::metadata(wal).is_ok_and(|metadata| metadata.len() > 0) {
                return Err(error);
            }
            open_uri(path, "immutable=1")
        }
        Err((_, error)) => Err(error),
    }
}

/// Opens the database for reading, with a parameter of SQLite's.
fn open_uri(path: &Path, parameter: &str) -> rusqlite::Result<Connection> {
    let uri = format!("file:{}?{parameter}", percent_encoded(path));
    Connection::open_with_flags(uri, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | COMMON)
}

fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

fn bring_up(connection: &Connection, role: Role, lock_timeout: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(lock_timeout)?;
    uuids::register(connection)?;
    row_id_list::register(connection)?;
    fts5_functions::register(connection)?;
    vector_extension::register(connection)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Without it, a statement whose parameters are compared with the condition of a partial index is compiled at each new value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    match role {
        Role::Writer => {
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "normal")?;
            connection.pragma_update(None, "journal_size_limit", WAL_LIMIT)?;
            connection.pragma_update(None, "wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)?;
            connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)
        }
        Role::Reader | Role::Guest(_) => {
            connection.pragma_update(None, "query_only", true)?;
            connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)
        }
    }
}

/// Checks that the file at the path is ours and readable by its owner only; creates it if it may. Tells if that is another user, or
/// the folder or what stands beside the file is another user's.
pub(super) fn prepare_file(path: &Path, may_create: bool) -> Result<Option<OtherUser>> {
    let folder = folder_of(path);
    if !folder.exists() {
        if !may_create {
            return Err(Error::NotFound { what: Subject::Database, name: path.display().to_string() });
        }
        permissions::create_private_folder(folder)?;
    }
    let owner_of_folder = permissions::check_folder(folder)?;
    if let Some(filesystem) = filesystem::network_filesystem(folder) {
        return Err(Error::NetworkFilesystem { path: folder.into(), filesystem: filesystem.into() });
    }
    // The thread that creates the file closes it before another one of this process opens it: see `header`.
    let _creating = CREATING.lock();
    match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(Error::IsDirectory { path: path.into() }),
        Ok(metadata) if !metadata.is_file() => {
            return Err(Error::ForeignDatabase { path: path.into(), reason: "not a regular file".into() });
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if !may_create {
                return Err(Error::NotFound { what: Subject::Database, name: path.display().to_string() });
            }
            if let Some(owner) = owner_of_folder {
                return Err(owner.may_alone(folder, "write to it"));
            }
            permissions::create_private_file(path)?;
        }
        Err(error) => return Err(Error::io(path, error)),
    }
    // A rollback journal is never ours, but SQLite would play it back.
    let files = ["", "-wal", "-shm", "-journal"].map(|suffix| with_suffix(path, suffix));
    let owner = owner_of_folder.or_else(|| files.iter().find_map(|file| permissions::other_owner(file)));
    check_header(path, owner.is_some())?;
    files.iter().try_for_each(|file| permissions::check_file(file))?;
    Ok(owner)
}

/// Refuses a foreign file before SQLite touches it: opening could already replay its journal. One of another user is not looked into
/// any further.
fn check_header(path: &Path, is_of_other: bool) -> Result<()> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | COMMON)
        .map_err(|error| Error::sqlite(path, error))?;
    let (header, filled) = header::read(&connection, path)?;
    let foreign = |reason: &str| Err(Error::ForeignDatabase { path: path.into(), reason: reason.into() });
    if filled == 0 && !is_of_other {
        return Ok(());
    }
    if filled < header::BYTES || &header[..16] != b"SQLite format 3\0" {
        return foreign("not an SQLite file");
    }
    let id = i64::from(u32::from_be_bytes([header[68], header[69], header[70], header[71]]));
    if id == APPLICATION_ID {
        return Ok(());
    }
    if id != 0 || is_of_other {
        return foreign("an SQLite file of another program");
    }
    // A creation that was cut short leaves an empty schema and no id.
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    if tables.is_ok_and(|count| count == 0) { Ok(()) } else { foreign("an SQLite file of another program") }
}

/// Checks that the file at the path is still the one that was opened: what is written to a file that was deleted, or read from
/// two, is lost or wrong.
pub(super) fn check_in_place(path: &Path, opened: (i64, i64)) -> Result<()> {
    let is_so = std::fs::metadata(path).is_ok_and(|metadata| file::identity(&metadata) == opened);
    if is_so {
        return Ok(());
    }
    let name = format!("{} (deleted, moved or replaced while it was open; open a new handle)", path.display());
    Err(Error::NotFound { what: Subject::Database, name })
}
