//! A bell that threads wait for: each ringing is counted, so that none is missed between looking and waiting. Knows nothing about
//! what it is rung for.

use std::time::Instant;

use parking_lot::{Condvar, Mutex};

/// Rung by anybody, heard by everybody who waits.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    count: Mutex<u64>,
    rung: Condvar,
}

impl Signal {
    /// Wakes everybody who waits.
    pub(crate) fn ring(&self) {
        *self.count.lock() += 1;
        self.rung.notify_all();
    }

    /// How often it was rung.
    pub(crate) fn count(&self) -> u64 {
        *self.count.lock()
    }

    /// Waits until it was rung more than `heard` times; false if the deadline passed first. Without a deadline it waits
    /// forever.
    pub(crate) fn wait(&self, heard: u64, deadline: Option<Instant>) -> bool {
        let mut count = self.count.lock();
        while *count == heard {
            match deadline {
                None => self.rung.wait(&mut count),
                Some(deadline) => {
                    if self.rung.wait_until(&mut count, deadline).timed_out() {
                        return *count != heard;
                    }
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_rung_before_waiting_is_heard() {
        let signal = Signal::default();
        let heard = signal.count();
        signal.ring();
        assert!(signal.wait(heard, None));
        assert!(!signal.wait(signal.count(), Some(Instant::now())));
    }

    #[test]
    fn everybody_who_waits_is_woken() {
        let signal = Arc::new(Signal::default());
        let deadline = Instant::now() + Duration::from_secs(60);
        let waiting: Vec<_> = (0..4)
            .map(|_| {
                let signal = Arc::clone(&signal);
                std::thread::spawn(move || signal.wait(0, Some(deadline)))
            })
            .collect();
        signal.ring();
        assert!(waiting.into_iter().all(|thread| thread.join().unwrap()));
    }
}
