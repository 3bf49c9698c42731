//! A handle's seat in the election: the thread that ticks, for as long as a caller wants it to lead.

use std::sync::{Arc, Weak};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use super::machine::Machine;
use super::ports::{SystemClock, SystemProcesses};
use super::timing::Timing;
use crate::error::{Error, Result};
use crate::logging::Log;
use crate::model::CoordinatorStatus;
use crate::signal::Signal;
use crate::store::Store;

/// Between two attempts after one that failed.
const FAILED: Duration = Duration::from_millis(250);

/// A handle's seat. Dropping it ends the thread, and leading.
pub(crate) struct Seat {
    shared: Arc<Shared>,
    thread: Mutex<Option<Ticking>>,
}

struct Shared {
    store: Weak<Store>,
    log: Log,
    machine: Mutex<Machine>,
    /// Rung when the thread has to look again, or to end.
    wake: Signal,
    wanted: Mutex<Wanted>,
    /// The process that leads; not a fork of it.
    pid: u32,
    /// Of the thread that ticks, or ticked last.
    thread_id: Mutex<Option<ThreadId>>,
}

/// How many want the handle to lead, since none last did.
#[derive(Default)]
struct Wanted {
    count: usize,
    /// Raised when none does any more: earlier wishes no longer count.
    round: u64,
}

/// The thread of a round.
struct Ticking {
    round: u64,
    handle: JoinHandle<()>,
}

/// A wish to lead, which ends with its round at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Whether the handle leads at once.
    pub(crate) leads: bool,
    round: u64,
}

impl Seat {
    pub(crate) fn new(store: &Arc<Store>, log: &Log, timing: Timing) -> Seat {
        let machine = Machine::new(timing, Box::new(SystemClock::new()), Box::new(SystemProcesses));
        let shared = Shared {
            store: Arc::downgrade(store),
            log: log.clone(),
            machine: Mutex::new(machine),
            wake: Signal::default(),
            wanted: Mutex::default(),
            pid: std::process::id(),
            thread_id: Mutex::new(None),
        };
        Seat { shared: Arc::new(shared), thread: Mutex::new(None) }
    }

    /// Adds a wish to lead.
    pub(crate) fn stand(&self) -> Result<Wish> {
        let store = self.store()?;
        let mut thread = self.lock_thread();
        let leads = self.shared.machine.lock().stand(&*store)?;
        let round = {
            let mut wanted = self.shared.wanted.lock();
            wanted.count += 1;
            wanted.round
        };
        let wish = Wish { leads, round };
        if let Some(thread) = thread.as_mut()
            && thread.as_ref().is_none_or(|ticking| ticking.round != round || ticking.handle.is_finished())
        {
            match spawn(&self.shared, round) {
                Ok(handle) => **thread = Some(Ticking { round, handle }),
                Err(error) => {
                    self.shared.wanted.lock().count -= 1;
                    if self.shared.wanted.lock().count == 0 {
                        self.shared.machine.lock().stand_down(&*store)?;
                    }
                    return Err(error);
                }
            }
        }
        self.shared.wake.ring();
        Ok(wish)
    }

    /// Withdraws a wish to lead; after the last one the handle stops leading. Returns whether it led until now.
    pub(crate) fn stand_down(&self, wish: Wish) -> Result<bool> {
        let thread = self.lock_thread();
        {
            let mut wanted = self.shared.wanted.lock();
            if wanted.round != wish.round {
                return Ok(false);
            }
            wanted.count = wanted.count.saturating_sub(1);
            if wanted.count > 0 {
                return Ok(false);
            }
        }
        self.end(thread)
    }

    /// Stops leading, however many want it to.
    pub(crate) fn close(&self) -> Result<bool> {
        self.end(self.lock_thread())
    }

    /// Whether the handle leads, which it knows by itself.
    pub(crate) fn leads(&self) -> Result<bool> {
        let store = self.store()?;
        // As every operation, it ends with the handle.
        drop(store.begin_reading()?);
        Ok(store.leads())
    }

    /// What is known of who writes.
    pub(crate) fn status(&self) -> Result<CoordinatorStatus> {
        let store = self.store()?;
        let mut machine = self.shared.machine.lock();
        machine.status(&*store)
    }

    /// `None` if a hook asks on that very thread while somebody waits for its end.
    fn lock_thread(&self) -> Option<MutexGuard<'_, Option<Ticking>>> {
        match self.is_own_thread() {
            true => self.thread.try_lock(),
            false => Some(self.thread.lock()),
        }
    }

    fn is_own_thread(&self) -> bool {
        *self.shared.thread_id.lock() == Some(std::thread::current().id())
    }

    /// Ends the round. The thread's guard is held meanwhile, so that the next one is not begun before.
    fn end(&self, mut thread: Option<MutexGuard<'_, Option<Ticking>>>) -> Result<bool> {
        if self.shared.pid != std::process::id() {
            // There is no thread to wait for, and the lead is not ours to give up.
            return Ok(false);
        }
        {
            let mut wanted = self.shared.wanted.lock();
            wanted.count = 0;
            wanted.round += 1;
        }
        self.shared.wake.ring();
        if let Some(ticking) = thread.as_mut().and_then(|thread| thread.take())
            && !self.is_own_thread()
        {
            // It ends at its next look, which is at once; it panics only with a defect of ours.
            let _ = ticking.handle.join();
        }
        match self.shared.store.upgrade() {
            Some(store) => self.shared.machine.lock().stand_down(&*store),
            None => Ok(false),
        }
    }

    fn store(&self) -> Result<Arc<Store>> {
        self.shared.store.upgrade().ok_or(Error::Closed)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Dropping the handle without releasing it also gives up leading; there is nobody left to report a failure to.
        let _ = self.close();
    }
}

fn spawn(shared: &Arc<Shared>, round: u64) -> Result<JoinHandle<()>> {
    let shared = Arc::clone(shared);
    let thread = std::thread::Builder::new().name("han-lead".into());
    thread.spawn(move || run(&shared, round)).map_err(|error| Error::io("han-lead", error))
}

/// Ticks until its round is over.
fn run(shared: &Shared, round: u64) {
    *shared.thread_id.lock() = Some(std::thread::current().id());
    let mut told = String::new();
    loop {
        let heard = shared.wake.count();
        if shared.wanted.lock().round != round {
            return;
        }
        let Some(store) = shared.store.upgrade() else { return };
        // The hook of the log may ask for the status: the machine is free by then.
        let ticked = shared.machine.lock().tick(&*store);
        let pause = match ticked {
            Ok(pause) => {
                told.clear();
                pause
            }
            Err(Error::Closed) => return,
            Err(error) => {
                let message = error.to_string();
                if told != message {
                    shared.log.warning(&message);
                    told = message;
                }
                FAILED
            }
        };
        drop(store);
        shared.wake.wait(heard, Some(Instant::now() + pause));
    }
}
