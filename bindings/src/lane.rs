//! Threads for calls that JavaScript waits for. They are ours, not the engine's pool of four: a call may wait for a lock or
//! run for minutes, and file reads and name look-ups of the whole process would queue behind it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;

/// A call to be made; it receives the reason instead if no thread could be started for it.
pub(crate) type Job = Box<dyn FnOnce(Result<(), std::io::Error>) + Send>;

/// Runs jobs in the order they came, at most `width` at a time, on threads that live while there are jobs.
pub(crate) struct Lane {
    width: usize,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    threads: usize,
}

impl Lane {
    pub(crate) fn new(width: usize) -> Lane {
        Lane { width, state: Arc::default() }
    }

    pub(crate) fn run(&self, job: Job) {
        let mut state = self.state.lock();
        state.waiting.push_back(job);
        if state.threads == self.width {
            return;
        }
        let shared = Arc::clone(&self.state);
        match thread::Builder::new().name("han".into()).spawn(move || work(&shared)) {
            Ok(_) => state.threads += 1,
            Err(error) if state.threads == 0 => {
                let job = state.waiting.pop_back();
                drop(state);
                if let Some(job) = job {
                    job(Err(error));
                }
            }
            // The running threads will take it.
            Err(_) => {}
        }
    }
}

fn work(state: &Mutex<State>) {
    loop {
        let job = {
            let mut state = state.lock();
            match state.waiting.pop_front() {
                Some(job) => job,
                None => {
                    state.threads -= 1;
                    return;
                }
            }
        };
        job(Ok(()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_lane_of_one_keeps_the_order() {
        let lane = Lane::new(1);
        let (sender, receiver) = mpsc::channel();
        for number in 0..100 {
            let sender = sender.clone();
            lane.run(Box::new(move |_| sender.send(number).expect("the receiver waits")));
        }
        drop(sender);
        assert_eq!(receiver.iter().collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn no_more_threads_run_than_the_lane_is_wide() {
        let lane = Lane::new(3);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (sender, receiver) = mpsc::channel();
        for _ in 0..30 {
            let (running, most, sender) = (Arc::clone(&running), Arc::clone(&most), sender.clone());
            lane.run(Box::new(move |_| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                sender.send(()).expect("the receiver waits");
            }));
        }
        drop(sender);
        assert_eq!(receiver.iter().count(), 30);
        assert!(most.load(Ordering::SeqCst) <= 3);
    }
}
