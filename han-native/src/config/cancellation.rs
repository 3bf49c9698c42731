//! Cancelling an operation from another thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use crate::signal::Signal;

/// Cancels operations from another thread; clones share one state.
#[derive(Debug, Clone, Default)]
pub struct Cancellation {
    cancelled: Arc<AtomicBool>,
    /// Rung when it is cancelled.
    waiting: Arc<Mutex<Vec<Weak<Signal>>>>,
}

impl Cancellation {
    /// Ends, with [`Error::Cancelled`](crate::Error::Cancelled), what runs under this token, and ends its subscriptions; it
    /// stays cancelled.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        // Taken out first: whoever is woken may cancel or subscribe again.
        let waiting = std::mem::take(&mut *self.waiting.lock());
        waiting.iter().filter_map(Weak::upgrade).for_each(|signal| signal.ring());
    }

    /// Whether [`cancel`](Cancellation::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Rings `signal` when it is cancelled. Whoever waits for the signal asks [`is_cancelled`](Cancellation::is_cancelled)
    /// after this call and before each wait.
    pub(crate) fn wakes(&self, signal: &Arc<Signal>) {
        let mut waiting = self.waiting.lock();
        waiting.retain(|known| known.strong_count() > 0 && !std::ptr::eq(known.as_ptr(), Arc::as_ptr(signal)));
        waiting.push(Arc::downgrade(signal));
    }
}
