//! Leading: becoming the one writer, staying it, and giving it up. When to do so is the coordinator's decision.

use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::database::{Store, Writer};
use super::failure::Failure;
use super::leading::{Attempt, Leading, Stalled, Takeover};
use super::migrate;
use super::tables::changes::{self, Topic};
use super::tables::leader::{self, Leader};
use super::write_lock::lock_path;
use crate::clock;
use crate::error::{Error, Result};
use crate::platform::lock::FileLock;

/// How long a transaction about leading waits for another one: a process that may write is done sooner, or has stopped.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);

impl Store {
    /// Whether this handle leads.
    pub(crate) fn leads(&self) -> bool {
        self.leading.lock().is_some()
    }

    /// Whether a row is one of this process, though of another handle.
    pub(crate) fn is_of_this_process(&self, leader: &Leader) -> bool {
        leader.process == self.process && leader.owner != self.owner
    }

    /// Notes that a process has stopped inside a transaction, or that it has not.
    pub(crate) fn set_stalled(&self, stalled: Option<Stalled>) {
        *self.stalled.lock() = stalled;
    }

    /// Tries to become the leader, without waiting for another one.
    pub(crate) fn try_lead(&self) -> Result<Attempt> {
        let reading = self.begin_reading()?;
        self.check_writable()?;
        if self.leads() {
            return Ok(Attempt::Leads);
        }
        // A call of this handle holds the kernel lock itself.
        let Some(_turn) = self.turn.try_lock() else {
            return Ok(Attempt::Held { pid: Some(self.process.pid) });
        };
        let lock = match self.try_lock()? {
            Ok(lock) => lock,
            Err(pid) => return Ok(Attempt::Held { pid }),
        };
        let identity = lock.as_ref().map(FileLock::identity);
        let refusing = |known: Option<Leader>| {
            let identity = identity?;
            known.filter(|leader| !self.may_follow(Some(leader), identity)).map(|leader| leader.process.pid)
        };
        // First without a transaction, which the leader would have to wait for at each try of each follower.
        if let Some(pid) = refusing(reading.read(leader::read)?) {
            return Ok(Attempt::Held { pid: Some(pid) });
        }
        let led = self.with_writer(|connection| {
            let Some(transaction) = begin(connection)? else { return Ok(Err(None)) };
            let known = leader::read(&transaction)?;
            match refusing(known.clone()) {
                Some(pid) => Ok(Err(Some(pid))),
                None => self.put_leader(transaction, known.as_ref(), identity).map(Ok),
            }
        });
        match led.map_err(|failure| reading.error(failure))? {
            Ok(epoch) => {
                self.begin_leading(epoch, lock);
                Ok(Attempt::Leads)
            }
            Err(pid) => Ok(Attempt::Held { pid }),
        }
    }

    /// Takes over from a leader that has shown no sign of life, if there still is none since `seen`.
    pub(crate) fn take_over(&self, seen: Option<&Leader>) -> Result<Takeover> {
        let reading = self.begin_reading()?;
        self.check_writable()?;
        let Some(_turn) = self.turn.try_lock() else { return Ok(Takeover::Moved) };
        let lock = self.try_lock()?.ok().flatten();
        let identity = lock.as_ref().map(FileLock::identity);
        let taken = self.with_writer(|connection| {
            let Some(transaction) = begin(connection)? else { return Ok(Err(Takeover::Stalled)) };
            let known = leader::read(&transaction)?;
            match known.as_ref() == seen {
                true => self.put_leader(transaction, known.as_ref(), identity).map(Ok),
                false => Ok(Err(Takeover::Moved)),
            }
        });
        match taken.map_err(|failure| reading.error(failure))? {
            Ok(epoch) => {
                self.begin_leading(epoch, lock);
                Ok(Takeover::Leads)
            }
            Err(outcome) => Ok(outcome),
        }
    }

    /// Shows a sign of life, trims the changes, and makes sure of the kernel lock: of the file at the path, if that was
    /// replaced, or of any, if there is none. Returns whether this handle still leads.
    pub(crate) fn beat(&self) -> Result<bool> {
        let reading = self.begin_reading()?;
        self.check_in_place()?;
        let (epoch, relocked) = {
            let leading = self.leading.lock();
            let Some(leading) = leading.as_ref() else { return Ok(false) };
            (leading.epoch, self.relock(leading))
        };
        // A leader without a lock still leads; the failure is reported after the heartbeat.
        let (relocked, failure) = match relocked {
            Ok(relocked) => (relocked, None),
            Err(error) => (None, Some(error)),
        };
        let writer = self.writer.try_lock().or_else(|| {
            // The thread that holds the writer may commit nothing for long.
            self.beat_beside(epoch);
            self.writer.try_lock_for(BUSY_TIMEOUT)
        });
        let Some(mut writer) = writer else { return Ok(true) };
        let Some(Writer { connection, .. }) = writer.as_mut() else { return Err(Error::Closed) };
        let beaten = (|| {
            let Some(transaction) = begin(connection)? else { return Ok(None) };
            if self.readers.is_some() && !leader::beat(&transaction, epoch, &self.owner, clock::now_millis())? {
                return Ok(Some(false));
            }
            if let Some(lock) = &relocked {
                leader::set_lock(&transaction, lock.identity())?;
            }
            changes::trim(&transaction, clock::now_millis())?;
            transaction.commit()?;
            Ok(Some(true))
        })();
        let beaten = beaten.map_err(|failure| reading.error(failure))?;
        drop(writer);
        match beaten {
            Some(true) => self.hold(epoch, relocked),
            Some(false) => self.lose(epoch),
            None => {}
        }
        failure.map_or(Ok(beaten != Some(false)), Err)
    }

    /// Shows a sign of life without writing to the database, if the leader has a kernel lock.
    fn beat_beside(&self, epoch: i64) {
        let leading = self.leading.lock();
        let lock = leading.as_ref().filter(|leading| leading.epoch == epoch).and_then(|leading| leading.lock.as_ref());
        if let Some(lock) = lock {
            lock.beat(epoch);
        }
    }

    /// The last sign of life, beside the row's, of the holder of the kernel lock, if it may write: one that lost the right
    /// shows none for others.
    pub(crate) fn pulse(&self, row: Option<&Leader>) -> Option<u64> {
        self.readers.as_ref()?;
        let beat = FileLock::last_beat(&lock_path(&self.path))?;
        let may_write = match beat.epoch {
            0 => self.may_follow(row, beat.identity),
            epoch => row.is_some_and(|row| row.epoch == epoch),
        };
        may_write.then_some(beat.count)
    }

    /// Stops leading; returns whether it led.
    pub(crate) fn release(&self) -> Result<bool> {
        if !self.leads() {
            return Ok(false);
        }
        let reading = self.begin_reading()?;
        self.give_up().map_err(|failure| reading.error(failure))
    }

    /// Stops leading, while nobody closes the store; returns whether it led. The kernel lock is released even if something fails.
    pub(super) fn give_up(&self) -> Result<bool, Failure> {
        let Some(Leading { epoch, lock }) = self.leading.lock().take() else { return Ok(false) };
        let released = self.with_writer(|connection| {
            let Some(transaction) = begin(connection)? else { return Err(self.writer_stalled().into()) };
            leader::release(&transaction, epoch, &self.owner)?;
            Ok(transaction.commit()?)
        });
        // Only now: the next one that gets the lock finds the row released.
        drop(lock);
        released.map(|()| true)
    }

    /// Calls `hook` each time another one has begun to lead instead of this handle. Set once.
    pub(crate) fn on_lost(&self, hook: impl Fn() + Send + Sync + 'static) {
        // There should be no second one: the handle sets it when it is opened.
        let _ = self.lost.set(Box::new(hook));
    }

    /// Dies, as far as others can see: the kernel lock is free, the row stays.
    #[cfg(test)]
    pub(crate) fn die(&self) {
        *self.leading.lock() = None;
    }

    /// Shows a sign of life as a handle that does not know yet that it no longer leads.
    #[cfg(test)]
    pub(crate) fn beat_beside_for_test(&self) {
        let epoch = self.leading.lock().as_ref().map(|leading| leading.epoch);
        self.beat_beside(epoch.unwrap_or_default());
    }

    fn begin_leading(&self, epoch: i64, lock: Option<FileLock>) {
        *self.leading.lock() = Some(Leading { epoch, lock });
        self.set_stalled(None);
        self.news.ring();
    }

    /// The kernel lock, without waiting; none is needed in memory. `Err(pid)` if another process holds it.
    fn try_lock(&self) -> Result<Result<Option<FileLock>, Option<i64>>> {
        match self.readers {
            Some(_) => Ok(FileLock::try_acquire(&lock_path(&self.path))?.map(Some)),
            None => Ok(Ok(None)),
        }
    }

    /// A lock on the file at the path, if the leader's is on another one, or on none.
    fn relock(&self, leading: &Leading) -> Result<Option<FileLock>> {
        let path = lock_path(&self.path);
        if self.readers.is_none() || leading.lock.as_ref().is_some_and(|lock| lock.is_at(&path)) {
            return Ok(None);
        }
        Ok(FileLock::try_acquire(&path)?.ok())
    }

    /// Keeps the lock that the row names by now. Until then the former one is kept: freed, its number could be that of the
    /// next lock file, which the row would seem to name.
    fn hold(&self, epoch: i64, lock: Option<FileLock>) {
        if let Some(lock) = lock
            && let Some(leading) = self.leading.lock().as_mut().filter(|leading| leading.epoch == epoch)
        {
            leading.lock = Some(lock);
        }
    }

    /// Writes the row of this handle as the next leader, and the change that announces it.
    fn put_leader(
        &self,
        transaction: Transaction<'_>,
        known: Option<&Leader>,
        lock: Option<(i64, i64)>,
    ) -> Result<i64, Failure> {
        if !self.is_own_schema(&transaction)? {
            // It could lead, and would be refused at each write.
            let found = migrate::number(&transaction, &self.path)?;
            return Err(Error::SchemaTooNew { path: self.path.clone(), found, known: self.schema }.into());
        }
        let leader = self.next_leader(known, lock, false);
        leader::put(&transaction, &leader)?;
        // Power loss may have undone changes that a subscriber has seen: their numbers are not used again.
        changes::raise_sequence(&transaction)?;
        changes::announce(&transaction, Topic::LeaderAcquired, clock::now_millis())?;
        transaction.commit()?;
        Ok(leader.epoch)
    }

    fn with_writer<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        match self.writer.lock().as_mut() {
            Some(writer) => full_sync(&mut writer.connection, work),
            None => Err(Error::Closed.into()),
        }
    }
}

/// A write transaction; `None` if another process is inside one and does not end it.
fn begin(connection: &mut Connection) -> Result<Option<Transaction<'_>>, Failure> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => Ok(Some(transaction)),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Runs `work` with commits that power loss does not undo.
fn full_sync<T>(
    connection: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    connection.pragma_update(None, "synchronous", "full")?;
    let outcome = work(connection);
    connection.pragma_update(None, "synchronous", "normal")?;
    outcome
}
