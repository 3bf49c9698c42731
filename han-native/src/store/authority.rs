//! The right to write: that of the leader, for as long as it leads, or that of one call. Checked inside every write
//! transaction, so that a handle that has lost it meanwhile writes nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::Connection;

use super::database::Store;
use super::failure::Failure;
use super::pulse::Pulsing;
use super::tables::leader::{self, Leader};
use super::write_lock;
use crate::clock;
use crate::error::{Error, Result};
use crate::platform::lock::FileLock;

/// By what right a call writes.
pub(super) enum Authority {
    /// In memory there is no other writer.
    Memory,
    /// The handle leads, in this epoch.
    Leader(i64),
    /// The kernel lock is held for the call; its epoch, 0 before, begins with its first transaction.
    Call { lock: Arc<FileLock>, epoch: Arc<AtomicI64>, _pulsing: Pulsing },
}

impl Authority {
    /// The first transaction of a call is committed: its epoch holds from now on.
    pub(super) fn begun(&self, begun: Option<i64>) {
        if let Authority::Call { epoch, .. } = self {
            epoch.store(begun.unwrap_or(0), Ordering::SeqCst);
        }
    }
}

impl Store {
    /// The right to write: of the leader, or taken for a call, for which it waits while another call writes.
    pub(super) fn authority(&self) -> Result<Authority> {
        if self.readers.is_none() {
            return Ok(Authority::Memory);
        }
        if let Some(leading) = &*self.leading.lock() {
            return Ok(Authority::Leader(leading.epoch));
        }
        let lock = write_lock::acquire(&self.path, self.lock_timeout, |holder| self.check_holder(holder))?;
        let (lock, epoch) = (Arc::new(lock), Arc::default());
        let _pulsing = self.pulse.begin(&lock, &epoch);
        Ok(Authority::Call { lock, epoch, _pulsing })
    }

    /// The row of who leads, or wrote last.
    pub(crate) fn leader(&self) -> Result<Option<Leader>> {
        self.read(leader::read)
    }

    /// Refuses to wait for a lock that is not released soon: its holder leads, or has stopped.
    fn check_holder(&self, holder: Option<i64>) -> Result<()> {
        if let Some(stalled) = *self.stalled.lock() {
            return Err(Error::WriterStalled { path: self.path.clone(), pid: stalled.pid });
        }
        if let Some(leader) = self.read(leader::read)?
            && !leader.is_released
            // A dead leader's row stays until the next transaction of the call that holds the lock now.
            && (leader.lock.is_none() || holder.is_none_or(|pid| pid == leader.process.pid))
        {
            return Err(self.not_leader(Some(leader.process.pid)));
        }
        Ok(())
    }

    /// Checks, inside a write transaction, that the right to write still holds, and shows others that the writer lives.
    /// Returns the epoch, which begins once the transaction is committed.
    pub(super) fn check_authority(
        &self,
        authority: &Authority,
        connection: &Connection,
    ) -> Result<Option<i64>, Failure> {
        let epoch = match authority {
            Authority::Memory => return Ok(None),
            Authority::Leader(epoch) => Some(*epoch),
            Authority::Call { epoch, .. } => Some(epoch.load(Ordering::SeqCst)).filter(|epoch| *epoch != 0),
        };
        let is_own_schema = self.is_own_schema(connection)?;
        let begun = match (epoch, authority) {
            _ if !is_own_schema => None,
            (Some(epoch), _) => leader::beat(connection, epoch, &self.owner, clock::now_millis())?.then_some(epoch),
            (None, Authority::Call { lock, .. }) => {
                let known = leader::read(connection)?;
                let next = self.next_leader(known.as_ref(), Some(lock.identity()), true);
                match self.may_follow(known.as_ref(), lock.identity()) {
                    true => {
                        leader::put(connection, &next)?;
                        Some(next.epoch)
                    }
                    false => None,
                }
            }
            (None, _) => None,
        };
        if begun.is_some() {
            return Ok(begun);
        }
        let pid = leader::read(connection)?.map(|leader| leader.process.pid);
        Err(self.not_leader(pid).into())
    }

    /// The row of the one that writes after `known`.
    pub(super) fn next_leader(&self, known: Option<&Leader>, lock: Option<(i64, i64)>, is_released: bool) -> Leader {
        Leader {
            epoch: known.map_or(0, |known| known.epoch) + 1,
            owner: self.owner.clone(),
            process: self.process.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            socket: None,
            heartbeat: known.map_or(0, |known| known.heartbeat) + 1,
            heartbeat_at: clock::now_millis(),
            lock,
            is_released,
        }
    }

    /// Whether the schema is still the one that was opened: another process may have migrated it.
    pub(super) fn is_own_schema(&self, connection: &Connection) -> Result<bool, Failure> {
        let found: i64 = connection.prepare_cached("PRAGMA user_version")?.query_row([], |row| row.get(0))?;
        Ok(found == self.schema)
    }

    /// The error for another process that holds an open transaction.
    pub(super) fn writer_stalled(&self) -> Error {
        let leader = self.leader().ok().flatten();
        // If the row is this process's, the holder is one that led before, or that calls itself no leader.
        let pid = leader.map(|leader| leader.process.pid).filter(|pid| *pid != self.process.pid);
        Error::WriterStalled { path: self.path.clone(), pid }
    }

    /// Whether the holder of the kernel lock on this file may write: the row is released, or names this very file, so that
    /// the holder of its lock is dead, or of an earlier boot of the system. Else the lock file was deleted and created again, and
    /// its leader may live.
    pub(super) fn may_follow(&self, known: Option<&Leader>, lock: (i64, i64)) -> bool {
        known.is_none_or(|known| {
            known.is_released || known.lock == Some(lock) || known.process.is_of_another_boot(&self.process)
        })
    }

    /// Stops leading because another one does.
    pub(super) fn lose(&self, epoch: i64) {
        let lost = {
            let mut leading = self.leading.lock();
            match leading.as_ref().is_some_and(|leading| leading.epoch == epoch) {
                true => leading.take(),
                false => None,
            }
        };
        if lost.is_some()
            && let Some(hook) = self.lost.get()
        {
            hook();
        }
    }

    pub(super) fn not_leader(&self, pid: Option<i64>) -> Error {
        Error::NotLeader { path: self.path.clone(), pid }
    }
}
