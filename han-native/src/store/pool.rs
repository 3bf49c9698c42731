//! Read-only connections, opened when they are needed and kept for the next reader.

use std::path::PathBuf;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;

use super::connection::{self, Role};
use super::failure::Failure;
use crate::error::Error;

/// Connections that are kept; more are opened under load, and closed again.
const KEPT: usize = 4;

pub(super) struct Pool {
    path: PathBuf,
    /// Device and inode of the database.
    identity: (i64, i64),
    lock_timeout: Duration,
    role: Role,
    /// `None` once the pool is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Pool {
    pub(super) fn new(path: PathBuf, identity: (i64, i64), lock_timeout: Duration, role: Role) -> Pool {
        Pool { path, identity, lock_timeout, role, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Checks that the database is still the file at its path.
    pub(super) fn check_in_place(&self) -> Result<(), Error> {
        connection::check_in_place(&self.path, self.identity)
    }

    /// Another read-only connection.
    pub(super) fn open(&self) -> Result<Connection, Error> {
        self.check_in_place()?;
        connection::open(&self.path, self.role, self.lock_timeout)
    }

    /// Runs `read` on a connection of its own.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let idle = match &mut *self.idle.lock() {
            Some(idle) => idle.pop(),
            None => return Err(Error::Closed.into()),
        };
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let answer = read(&connection);
        if let Some(idle) = &mut *self.idle.lock()
            && idle.len() < KEPT
            // How the database of another user is read depends on whether it is written just now.
            && self.role == Role::Reader
        {
            idle.push(connection);
        }
        answer
    }

    pub(super) fn close(&self) {
        *self.idle.lock() = None;
    }
}
