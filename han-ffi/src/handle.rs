//! The life of a handle.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::Arc;

use han_native::operations::Handle;
use han_native::{Error, OpenOptions, Result};
use parking_lot::Mutex;

use crate::arguments::{clear, options, present};
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{guard, guard_value};
use crate::listener::Listener;
use crate::log::{han_log_callback_t, hook};

/// A database of sessions. Opened with han_open(), closed with han_close(), freed with han_free().
///
/// Every function that takes a `const han_t *` may be called from several threads at once.
pub struct han_t {
    pub(crate) core: Handle,
    listeners: Mutex<Listeners>,
}

/// The threads that call callbacks.
#[derive(Default)]
struct Listeners {
    running: Vec<Arc<Listener>>,
    is_closed: bool,
}

impl han_t {
    /// Starts a listener that ends with the handle.
    pub(crate) fn listen(&self, start: impl FnOnce() -> Result<Arc<Listener>>) -> Result<()> {
        let mut listeners = self.listeners.lock();
        if listeners.is_closed {
            return Err(Error::Closed);
        }
        listeners.running.retain(|listener| !listener.has_ended());
        listeners.running.push(start()?);
        Ok(())
    }

    /// Closes the database, and waits for running callbacks: none is called afterwards.
    fn close(&self) {
        let running = {
            let mut listeners = self.listeners.lock();
            listeners.is_closed = true;
            // They stay in the list, for another thread that closes the handle meanwhile and has to wait as well.
            listeners.running.clone()
        };
        self.core.close();
        running.iter().for_each(|listener| listener.close());
    }
}

/// The handle that a caller passed.
pub(crate) fn open(handle: Option<&han_t>) -> Result<&han_t> {
    present("handle", handle)
}

/// Opens a database; creates it if it is missing, and migrates it if it is old (neither with "readOnly").
///
/// `options_json` is NULL for the defaults, or a JSON object of
/// - "dataDir": the folder of the database and its lock; the environment variable HAN_DATA_DIR, else ~/.han
/// - "dbPath": the database itself; han.db in that folder
/// - "configDirs": an array of folders whose projects/ are scanned; [] means none; those of the environment variable
///   CLAUDE_CONFIG_DIR (separated by commas), else ~/.claude, ~/.config/claude and those of the desktop application
/// - "readOnly": true to open an existing database without writing to it
/// - "inMemory": true to keep the database in memory, for as long as the handle lives
/// - "lockTimeoutMs": how long a write waits for another process; 5000
/// - "heartbeatIntervalMs": the time between two heartbeats of an idle coordinator; 5000
/// - "staleAfterMs": how long a coordinator may miss them before another one takes over, at least twice the interval, the same
///   for every handle of a database; 30000
/// - "exclude": an array of globs for paths below a config dir that are not indexed
/// - "timeZone": the IANA name of the time zone of local days; that of the database, which is the system's at its creation
/// - "priceFile": a JSON list of prices, with the field names of the public LiteLLM list, that replace the
///   published ones of the same models; that of the environment variable HAN_PRICE_FILE
/// - "watch": how the watcher watches, an object of "mode" ("native" or "poll"; the environment variable HAN_WATCH_MODE, else
///   native) and, in milliseconds, "scanIntervalMs" (between two full scans; 30000), "pollIntervalMs" (between two polls
///   of what is not watched natively; 5000), "nativeRetryMs" (between two attempts to watch natively while that fails; 60000)
///
/// `log` is NULL, or called with what the library does and `log_user_data`; both must stay valid until han_free() has returned.
///
/// Ownership: `*handle` is the caller's, to be freed with han_free(); it is NULL on failure. `*error` is as in every function.
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
        let options = OpenOptions { log: hook(log, log_user_data), ..unsafe { options(options_json) }? };
        let opened = han_t { core: Handle::open(options)?, listeners: Mutex::default() };
        // SAFETY: as above, and just checked.
        unsafe { handle.write(Box::into_raw(Box::new(opened))) };
        Ok(())
    })
}

/// Closes the database. The handle stops leading and watching, and its subscriptions end. Every later call on the handle that needs
/// the database returns HAN_CLOSED; closing again is allowed. A database in memory is lost.
///
/// Ownership: the handle stays the caller's, and still has to be freed. Blocking: until the calls running on other threads
/// have returned, and the callbacks of han_on_change(): none is called afterwards. Called from within a callback, it does not wait
/// for that one. Threads: any; but not from within two callbacks at once. Errors: HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_close(handle: Option<&han_t>, error: *mut *mut han_error_t) -> han_code_t {
    guard(error, || {
        open(handle)?.close();
        Ok(())
    })
}

/// Closes the database, if it is open, and frees the handle. NULL is ignored.
///
/// Ownership: takes the handle; it must not be used again, and no other thread may be using it. Buffers, errors and
/// subscriptions that it returned stay valid. Blocking: while the database is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_free(handle: *mut han_t) {
    guard_value((), || {
        // Shared until it is closed: a running callback may use it.
        // SAFETY: NULL or a live handle, see the crate's contract.
        let Some(shared) = (unsafe { handle.as_ref() }) else { return };
        shared.close();
        // SAFETY: made by `Box::into_raw` in `han_open`, and freed once.
        drop(unsafe { Box::from_raw(handle) });
    });
}
