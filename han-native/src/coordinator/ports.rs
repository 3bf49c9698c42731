//! What the rules of leading need from the world, so that tests can replace it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::platform::process::{self, Process};
use crate::store::{Attempt, Leader, Stalled, Store, Takeover};

/// Time that never goes backwards.
pub(super) trait Clock: Send {
    /// Since a moment that stays the same.
    fn now(&self) -> Duration;
}

/// The processes of this machine.
pub(super) trait Processes: Send {
    /// Whether a process still runs, stopped ones included.
    fn is_running(&self, process: &Process) -> bool;
}

/// The lock, and the row of who leads.
pub(super) trait Election: Send + Sync {
    /// Of the database.
    fn path(&self) -> PathBuf;
    /// Whether this handle leads.
    fn leads(&self) -> bool;
    /// The row of who leads, or wrote last.
    fn leader(&self) -> Result<Option<Leader>>;
    /// The last sign of life, beside the row's, of the holder of the kernel lock, if it may write by that row.
    fn pulse(&self, row: Option<&Leader>) -> Option<u64>;
    /// Whether a row is one of this process, though of another handle.
    fn is_of_this_process(&self, leader: &Leader) -> bool;
    /// Tries to become the leader.
    fn try_lead(&self) -> Result<Attempt>;
    /// Takes over from a leader that has shown no sign of life since.
    fn take_over(&self, seen: Option<&Leader>) -> Result<Takeover>;
    /// Shows a sign of life; returns whether this handle still leads.
    fn beat(&self) -> Result<bool>;
    /// Stops leading; returns whether it led.
    fn release(&self) -> Result<bool>;
    /// Makes writes end with `WRITER_STALLED` while there is such a process.
    fn set_stalled(&self, stalled: Option<Stalled>);
}

/// The clock of the system, which stops while the system sleeps: the leader sleeps, too.
pub(super) struct SystemClock(Instant);

impl SystemClock {
    pub(super) fn new() -> SystemClock {
        SystemClock(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The processes of the system.
pub(super) struct SystemProcesses;

impl Processes for SystemProcesses {
    fn is_running(&self, process: &Process) -> bool {
        process::is_running(process)
    }
}

impl Election for Store {
    fn path(&self) -> PathBuf {
        self.path().to_owned()
    }

    fn leads(&self) -> bool {
        self.leads()
    }

    fn leader(&self) -> Result<Option<Leader>> {
        self.leader()
    }

    fn pulse(&self, row: Option<&Leader>) -> Option<u64> {
        self.pulse(row)
    }

    fn is_of_this_process(&self, leader: &Leader) -> bool {
        self.is_of_this_process(leader)
    }

    fn try_lead(&self) -> Result<Attempt> {
        self.try_lead()
    }

    fn take_over(&self, seen: Option<&Leader>) -> Result<Takeover> {
        self.take_over(seen)
    }

    fn beat(&self) -> Result<bool> {
        self.beat()
    }

    fn release(&self) -> Result<bool> {
        self.release()
    }

    fn set_stalled(&self, stalled: Option<Stalled>) {
        self.set_stalled(stalled);
    }
}
