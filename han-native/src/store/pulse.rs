//! The signs of life of a call that writes for long: a count in the file of its kernel lock. It is raised even while nothing can
//! be committed, inside a long transaction or while much is read, and stops with the process. It is not a right to write, which
//! comes from the leader's row alone; it only keeps others from taking a busy call for one that has stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::platform::lock::FileLock;

/// Shows the signs of the calls of one handle, one after another, on a thread that ends when there was none for a while.
pub(super) struct Pulse {
    shared: Arc<Shared>,
}

struct Shared {
    /// Between two signs.
    period: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The call that writes now.
    call: Option<Call>,
    /// How many there were.
    calls: u64,
    thread: Option<JoinHandle<()>>,
    is_closed: bool,
}

struct Call {
    lock: Arc<FileLock>,
    /// 0 until it has begun.
    epoch: Arc<AtomicI64>,
}

/// A call, while it lives.
#[must_use = "the signs of life end when this value is dropped"]
pub(super) struct Pulsing {
    shared: Arc<Shared>,
}

impl Pulse {
    pub(super) fn new(period: Duration) -> Pulse {
        Pulse { shared: Arc::new(Shared { period, state: Mutex::default(), changed: Condvar::new() }) }
    }

    /// Shows signs of life of a call from now on. There is one call at a time.
    pub(super) fn begin(&self, lock: &Arc<FileLock>, epoch: &Arc<AtomicI64>) -> Pulsing {
        let mut state = self.shared.state.lock();
        state.calls += 1;
        state.call = Some(Call { lock: Arc::clone(lock), epoch: Arc::clone(epoch) });
        if state.thread.is_none() && !state.is_closed {
            let shared = Arc::clone(&self.shared);
            let thread = std::thread::Builder::new().name("han-pulse".into()).spawn(move || shared.run());
            // Only a long call needs it, and only while other processes follow.
            state.thread = thread.ok();
        }
        Pulsing { shared: Arc::clone(&self.shared) }
    }

    /// Ends the thread, and waits for that.
    pub(super) fn close(&self) {
        let thread = {
            let mut state = self.shared.state.lock();
            state.is_closed = true;
            state.thread.take()
        };
        self.shared.changed.notify_all();
        if let Some(thread) = thread {
            // It panics only with a defect of ours, and has nothing to report.
            let _ = thread.join();
        }
    }
}

impl Drop for Pulsing {
    fn drop(&mut self) {
        // With it goes the thread's share of the lock: nothing is written to its file any more.
        self.shared.state.lock().call = None;
    }
}

impl Shared {
    fn run(&self) {
        let mut state = self.state.lock();
        while !state.is_closed {
            let calls = state.calls;
            self.changed.wait_while_for(&mut state, |state| !state.is_closed, self.period);
            match &state.call {
                // One that has just begun needs none yet.
                _ if state.calls != calls => {}
                Some(call) => call.lock.beat(call.epoch.load(Ordering::SeqCst)),
                None => break,
            }
        }
        state.thread = None;
    }
}
