//! The thread that notices what other handles and processes commit, while a handle has subscribers.

use std::convert::Infallible;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender};

use crate::error::{Error, Result};
use crate::signal::Signal;
use crate::store::data_version::DataVersion;

/// Between two looks.
const PERIOD: Duration = Duration::from_millis(10);

/// The running thread. Dropping it ends the thread, and waits for that: its connection is closed then.
pub(super) struct Poller {
    stop: Option<Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
    /// The process that the thread is of.
    pid: u32,
}

impl Poller {
    /// Rings `news` whenever the data version moves.
    pub(super) fn start(mut version: DataVersion, news: Arc<Signal>) -> Result<Poller> {
        let (stop, stopped) = crossbeam_channel::bounded::<Infallible>(0);
        let thread = std::thread::Builder::new().name("han-feed".into()).spawn(move || {
            while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                // A look that fails is no reason to be silent: the subscribers look themselves, and say why.
                if version.has_moved().unwrap_or(true) {
                    news.ring();
                }
            }
        });
        let thread = thread.map_err(|error| Error::io("han-feed (thread)", error))?;
        Ok(Poller { stop: Some(stop), thread: Some(thread), pid: std::process::id() })
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.stop.take();
        // A fork of that process has no such thread to wait for.
        if let Some(thread) = self.thread.take().filter(|_| self.pid == std::process::id()) {
            // It cannot have panicked with anything to report; what it rang is heard.
            let _ = thread.join();
        }
    }
}
