//! Registers the functions and the table module of sqlite-vec with one connection, never with every one that the process
//! opens.

use std::ffi::{CStr, c_char, c_int};

use rusqlite::{Connection, ffi};

/// What `sqlite3_vec_init` really is: the crate declares it without its parameters, as SQLite takes it for every connection.
type Init = unsafe extern "C" fn(*mut ffi::sqlite3, *mut *mut c_char, *const ffi::sqlite3_api_routines) -> c_int;

/// Registers `vec0` and the functions `vec_…`.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let mut message: *mut c_char = std::ptr::null_mut();
    // SAFETY: the function has this signature in sqlite-vec's C source, and the crate compiles it with SQLITE_CORE, so that it
    // reads no table of routines; both hold for the exact version that Cargo.toml pins. The handle is that of an open connection,
    // which no other thread uses during this call.
    let code = unsafe {
        let init = std::mem::transmute::<*const (), Init>(sqlite_vec::sqlite3_vec_init as *const ());
        init(connection.handle(), &mut message, std::ptr::null())
    };
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    let reason = (!message.is_null()).then(|| {
        // SAFETY: not NULL, so it is a text from SQLite's allocator, read once and freed once.
        unsafe {
            let text = CStr::from_ptr(message).to_string_lossy().into_owned();
            ffi::sqlite3_free(message.cast());
            text
        }
    });
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_has_it_and_others_do_not() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let version: String = connection.query_row("SELECT vec_version()", [], |row| row.get(0)).unwrap();
        assert!(version.starts_with('v'), "{version}");
        let other = Connection::open_in_memory().unwrap();
        assert!(other.prepare("SELECT vec_version()").is_err());
    }
}
