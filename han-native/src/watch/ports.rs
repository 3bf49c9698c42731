//! What the watch needs from the world: events, and the time.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::inbox::Inbox;

/// Why a folder cannot be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No more watches are available.
    Limit,
    /// There is no such folder any more.
    Gone,
    /// This folder cannot be watched.
    Refused(String),
}

/// Reports to an inbox what happens in folders. Dropped, it watches none.
pub(crate) trait EventSource: Send {
    /// Watches the entries of a folder, and the folder itself; nothing below it.
    fn watch(&mut self, folder: &Path) -> Result<(), Fault>;

    /// Stops watching a folder. One that is not watched is fine.
    fn unwatch(&mut self, folder: &Path);

    /// How many folders it should be asked to watch at most.
    fn budget(&self) -> usize;
}

/// Makes sources of events.
pub(crate) trait Opener: Send {
    /// A source that reports to this inbox; else why there is none.
    fn open(&self, inbox: &Arc<Inbox>) -> Result<Box<dyn EventSource>, String>;
}

/// The time since some moment. It should only go forwards, but what waits for it must not hang if it does not.
pub(crate) trait MonotonicClock: Send {
    fn now(&self) -> Duration;
}

/// The clock of the operating system.
pub(crate) struct SystemClock {
    start: Instant,
}

impl SystemClock {
    pub(crate) fn new() -> SystemClock {
        SystemClock { start: Instant::now() }
    }
}

impl MonotonicClock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}
