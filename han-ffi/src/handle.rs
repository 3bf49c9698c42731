//! The life of a handle.

use std::ffi::{c_char, c_void};
use std::path::PathBuf;
use std::ptr::null_mut;

use han_native::{Han, OpenOptions};
use serde::Deserialize;

use crate::arguments::{clear, json, reference};
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{guard, guard_value};
use crate::log::{han_log_callback_t, hook};

/// A database of sessions. Opened with han_open(), closed with han_close(), freed with han_free().
///
/// Every function that takes a `const han_t *` may be called from several threads at once.
pub struct han_t {
    pub(crate) han: Han,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Options {
    data_dir: Option<PathBuf>,
    db_path: Option<PathBuf>,
    config_dirs: Option<Vec<PathBuf>>,
    read_only: Option<bool>,
    in_memory: Option<bool>,
    lock_timeout_ms: Option<u64>,
    exclude: Option<Vec<String>>,
    time_zone: Option<String>,
}

/// Opens a database; creates it, or migrates it, where it is missing or old (never with "readOnly").
///
/// `options_json` is NULL for the defaults, or a JSON object of
/// - "dataDir": the folder of the database and its lock; the environment's HAN_DATA_DIR, else ~/.han
/// - "dbPath": the database itself; han.db in that folder
/// - "configDirs": an array of folders whose projects/ are scanned; [] means none; those of the environment's
///   CLAUDE_CONFIG_DIR (a comma list), else ~/.claude and ~/.config/claude
/// - "readOnly": true to open an existing database without writing to it
/// - "inMemory": true to keep the database in memory, for as long as the handle lives
/// - "lockTimeoutMs": how long a write waits for another process; 5000
/// - "exclude": an array of globs of paths, below a config dir, that are not indexed
/// - "timeZone": the IANA name of the time zone of local days; the system's
///
/// `log` is NULL, or told what the library does, with `log_user_data`; both must stay valid until han_free() returned.
///
/// Ownership: `*handle` is the caller's, to be freed with han_free(); it is NULL on failure. `*error` is as everywhere.
/// Blocking: while another process migrates the database. Threads: any; several handles may be open, on several databases.
/// Errors: HAN_INVALID_ARGUMENT (an unknown key is named), HAN_INSECURE_PERMISSIONS, HAN_FOREIGN_DATABASE,
/// HAN_SCHEMA_TOO_NEW, HAN_SCHEMA_TOO_OLD, HAN_NETWORK_FILESYSTEM, HAN_CORRUPT, HAN_READ_ONLY, HAN_PERMISSION,
/// HAN_DISK_FULL, HAN_LOCKED; HAN_NOT_FOUND for a missing database with "readOnly".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_open(
    options_json: *const c_char,
    log: han_log_callback_t,
    log_user_data: *mut c_void,
    handle: *mut *mut han_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("handle", handle, null_mut()) }?;
        // SAFETY: as above.
        let options: Options = unsafe { json("options_json", options_json) }?;
        let han = Han::open(OpenOptions {
            data_dir: options.data_dir,
            db_path: options.db_path,
            config_dirs: options.config_dirs,
            read_only: options.read_only.unwrap_or(false),
            in_memory: options.in_memory.unwrap_or(false),
            lock_timeout_ms: options.lock_timeout_ms,
            exclude: options.exclude.unwrap_or_default(),
            time_zone: options.time_zone,
            log: hook(log, log_user_data),
        })?;
        // SAFETY: as above, and just checked.
        unsafe { handle.write(Box::into_raw(Box::new(han_t { han }))) };
        Ok(())
    })
}

/// Closes the database. Every later call on the handle, but for han_close() and han_free(), returns HAN_CLOSED; closing again
/// is fine. A database in memory is gone.
///
/// Ownership: the handle stays the caller's, and still has to be freed. Blocking: until the calls that run on other threads
/// have returned. Threads: any. Errors: HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_close(handle: *const han_t, error: *mut *mut han_error_t) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { reference("handle", handle) }?.han.close();
        Ok(())
    })
}

/// Closes the database, if it is open, and frees the handle. NULL is ignored.
///
/// Ownership: takes the handle; it must not be used again, and no other thread may be using it. Buffers and errors that it
/// gave stay valid. Blocking: while the database is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_free(handle: *mut han_t) {
    guard_value((), || {
        if !handle.is_null() {
            // SAFETY: made by `Box::into_raw` in `han_open`, and freed once, see the crate's contract.
            let handle = unsafe { Box::from_raw(handle) };
            handle.han.close();
        }
    });
}
