//! Writing: the turn to write, and the transactions of the one that has it.

use rusqlite::Connection;

use super::authority::Authority;
use super::batch::{Batch, Outcome};
use super::database::{Store, Writer};
use super::failure::Failure;
use super::reading::Reading;
use super::tables::leader;
use super::time_zone;
use crate::error::{Error, Result};

impl Store {
    /// Takes the turn to write, and the lock that other processes respect, for as long as the guard lives.
    pub(crate) fn begin_writing(&self) -> Result<Writing<'_>> {
        let reading = self.begin_reading()?;
        self.check_writable()?;
        let turn = self
            .turn
            .try_lock_for(self.lock_timeout)
            .ok_or_else(|| Error::Locked { path: self.path.clone(), pid: Some(self.process.pid) })?;
        let authority = self.authority()?;
        Ok(Writing { reading, authority, _turn: turn })
    }

    /// Checks that a call could write now, without writing: no other handle leads, no matter who has the kernel lock.
    pub(crate) fn check_may_write(&self) -> Result<()> {
        let writing = self.begin_writing()?;
        let Authority::Call { lock, .. } = &writing.authority else { return Ok(()) };
        let known = writing.read(leader::read)?;
        match self.may_follow(known.as_ref(), lock.identity()) {
            true => Ok(()),
            false => Err(self.not_leader(known.map(|leader| leader.process.pid))),
        }
    }
}

/// The turn to write: while it lives, nothing else writes this database.
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
                // Another handle wrote: a `forget` may have removed names, the days may be those of another time zone.
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

    /// Runs `work` on the writing connection in one immediate transaction, without a [`Batch`]: for what is not a row of a transcript.
    pub(crate) fn raw_transaction<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T> {
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

    /// Begins a write transaction and checks write permission inside it. Returns the epoch, which begins once it is committed.
    fn begin<'c>(&self, connection: &'c mut Connection) -> Result<(rusqlite::Transaction<'c>, Option<i64>), Failure> {
        connection.busy_timeout(self.store.lock_timeout)?;
        let transaction = match connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate) {
            Ok(transaction) => transaction,
            // No other process has the right to be inside a transaction now: one that is has stopped there.
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

    /// Clears the cache of names: some were removed.
    pub(crate) fn clear_names(&self) {
        if let Some(writer) = self.store.writer.lock().as_mut() {
            writer.strings.clear();
        }
    }

    /// Runs `work` on the writing connection, outside any transaction: for settings, and checkpoints.
    pub(crate) fn connection<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T> {
        let mut writer = self.store.writer.lock();
        let Some(writer) = writer.as_mut() else { return Err(Error::Closed) };
        work(&mut writer.connection).map_err(|failure| self.store.error(failure))
    }
}
