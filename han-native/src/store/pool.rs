//! Read-only connections, opened when they are needed and kept for the next reader.

use std::path::PathBuf;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use super::Failure;
use super::connection::{self, Role};
use crate::error::Error;

/// Connections that are kept; more are opened under load, and closed again.
const KEPT: usize = 4;

pub(super) struct Pool {
    path: PathBuf,
    lock_timeout: Duration,
    /// None once the pool is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Pool {
    pub(super) fn new(path: PathBuf, lock_timeout: Duration) -> Pool {
        Pool { path, lock_timeout, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Runs `read` on a connection of its own.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let idle = match &mut *self.idle.lock() {
            Some(idle) => idle.pop(),
            None => return Err(Error::Closed.into()),
        };
        let connection = match idle {
            Some(connection) => connection,
            None => connection::open(&self.path, Role::Reader, self.lock_timeout)?,
        };
        let answer = read(&connection);
        if let Some(idle) = &mut *self.idle.lock()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
        answer
    }

    pub(super) fn close(&self) {
        *self.idle.lock() = None;
    }
}
