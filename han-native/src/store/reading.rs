//! Reading: an operation of one or several reads, which a close waits for.

use rusqlite::Connection;

use super::database::Store;
use super::dedicated::Dedicated;
use super::failure::Failure;
use crate::error::{Error, Result};

impl Store {
    /// Runs `read` on a read-only connection, inside one read transaction.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
        self.begin_reading()?.read(read)
    }

    /// Begins an operation of several reads, which a close waits for.
    pub(crate) fn begin_reading(&self) -> Result<Reading<'_>> {
        Ok(Reading { store: self, _open: self.enter()? })
    }
}

/// An operation under way: the database stays open while it lives.
#[must_use = "the operation ends when this value is dropped"]
pub(crate) struct Reading<'s> {
    pub(super) store: &'s Store,
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
            Some(readers) => Dedicated::on_disk(readers, &self.store.path, views),
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
