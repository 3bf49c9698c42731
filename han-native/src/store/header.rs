//! The first bytes of a database file, read through SQLite's own file. Closing any other one would drop every lock that this
//! process has on the database (that is how POSIX locks are), and with them the write-ahead log of handles that are open: the
//! next process to close it would take itself for the last one.

use std::ffi::c_int;
use std::path::Path;

use rusqlite::{Connection, ffi};

use crate::error::{Error, Result};

pub(super) const BYTES: usize = 100;

/// The bytes that there are, of a connection that was opened and not used yet. Nothing is locked, and no journal played back.
pub(super) fn read(connection: &Connection, path: &Path) -> Result<([u8; BYTES], usize)> {
    let mut bytes = [0; BYTES];
    match read_file(connection, &mut bytes) {
        // A shorter file is filled up with zeros.
        ffi::SQLITE_OK | ffi::SQLITE_IOERR_SHORT_READ => {}
        code => return Err(Error::sqlite(path, rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))),
    }
    let length = std::fs::metadata(path).map_err(|error| Error::io(path, error))?.len();
    Ok((bytes, BYTES.min(usize::try_from(length).unwrap_or(BYTES))))
}

/// Reads from the start of the file that the connection has open.
fn read_file(connection: &Connection, bytes: &mut [u8; BYTES]) -> c_int {
    let mut file: *mut ffi::sqlite3_file = std::ptr::null_mut();
    // SAFETY: the handle is that of an open connection, which is not used elsewhere. SQLite lends the file as long as the connection is
    // open, and if it has methods, they may be called; at most as many bytes are written as the buffer has.
    unsafe {
        let pointer = std::ptr::from_mut(&mut file).cast();
        let code =
            ffi::sqlite3_file_control(connection.handle(), std::ptr::null(), ffi::SQLITE_FCNTL_FILE_POINTER, pointer);
        if code != ffi::SQLITE_OK {
            return code;
        }
        match file.as_ref().and_then(|file| file.pMethods.as_ref()).and_then(|methods| methods.xRead) {
            Some(read) => read(file, bytes.as_mut_ptr().cast(), BYTES as c_int, 0),
            None => ffi::SQLITE_CANTOPEN,
        }
    }
}
