//! The thread of the watcher: it asks `watch` what may have changed, and makes `index` look at it. It recovers by itself
//! from what is temporary: a full disk, another process that writes, a lead that is lost and won again.

use std::collections::HashSet;
use std::path::PathBuf;
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use parking_lot::Mutex;

use crate::config::Cancellation;
use crate::error::{Error, ErrorCode, Result};
use crate::index::{Context, Depth, Live};
use crate::store::Store;
use crate::watch::{Dirty, Look, Native, Plan, Remote, Standing, SystemClock, Watch};

/// Between two attempts while another process writes, and before the first one after any other failure.
const RETRY: Duration = Duration::from_millis(250);
/// The longest time between two attempts, which become rarer while they fail.
const MAX_RETRY: Duration = Duration::from_secs(5);
/// With more paths than this waiting to be written, everything is looked at instead.
const MAX_WAITING_PATHS: usize = 65_536;

/// What a thread is doing.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// It watches; and why it cannot write at the moment, if it cannot.
    Watching { trouble: Option<String> },
    /// Another process leads. It continues once this handle leads again.
    Paused { reason: String },
    /// `None` if it was asked to end.
    Ended { reason: Option<String> },
}

/// What reaches a running thread, and what it reports.
pub(super) struct Control {
    /// Of the watch; a new one each time that the thread continues.
    remote: Mutex<Remote>,
    cancellation: Cancellation,
    thread: Mutex<Option<ThreadId>>,
    state: Mutex<State>,
}

impl Control {
    pub(super) fn new() -> Control {
        Control {
            remote: Mutex::default(),
            cancellation: Cancellation::default(),
            thread: Mutex::new(None),
            state: Mutex::new(State::Watching { trouble: None }),
        }
    }

    pub(super) fn state(&self) -> State {
        self.state.lock().clone()
    }

    /// How it is watched, or was last.
    pub(super) fn standing(&self) -> Standing {
        self.remote.lock().standing()
    }

    pub(super) fn is_own_thread(&self) -> bool {
        *self.thread.lock() == Some(std::thread::current().id())
    }

    /// Makes the thread end, soon.
    pub(super) fn stop(&self) {
        self.cancellation.cancel();
        self.remote.lock().stop();
    }

    /// Makes the thread stop watching at once, until this handle leads again.
    pub(super) fn pause(&self, error: &Error) {
        {
            let mut state = self.state.lock();
            if !matches!(*state, State::Watching { .. }) {
                return;
            }
            *state = State::Paused { reason: format!("{error}; it goes on by itself once this handle leads again") };
        }
        self.remote.lock().stop();
    }

    pub(super) fn set_config_dirs(&self, config_dirs: Vec<PathBuf>) {
        self.remote.lock().set_config_dirs(config_dirs);
    }

    /// Begins to watch again; false if the lead was lost again meanwhile.
    fn go_on(&self, store: &Store) -> bool {
        *self.remote.lock() = Remote::default();
        *self.state.lock() = State::Watching { trouble: None };
        // The token shows a stop of the previous remote; a loss of the lead before now may have been missed.
        if self.cancellation.is_cancelled() {
            self.remote.lock().stop();
        }
        if !store.leads() {
            self.pause(&not_leader(store));
        }
        !self.is_paused()
    }

    fn is_paused(&self) -> bool {
        matches!(*self.state.lock(), State::Paused { .. })
    }

    fn end(&self, reason: Option<String>) {
        *self.state.lock() = State::Ended { reason };
    }

    /// Notes why nothing can be written, or that it can; returns whether that is new.
    fn set_trouble(&self, now: Option<String>) -> bool {
        match &mut *self.state.lock() {
            State::Watching { trouble } if *trouble != now => {
                *trouble = now;
                true
            }
            _ => false,
        }
    }
}

/// The error of a handle that led and no longer does.
pub(super) fn not_leader(store: &Store) -> Error {
    let pid = store.leader().ok().flatten().map(|leader| leader.process.pid);
    Error::NotLeader { path: store.path().to_owned(), pid }
}

/// Notes the end of the thread, however it comes.
struct Ending<'c>(&'c Control);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end(Some("a defect of this library: the thread of the watcher panicked".into()));
        }
    }
}

/// The life of the thread. `plans` says what to watch; `ready` receives once that it has begun, or why it has not.
pub(super) fn run(
    context: Context<'_>,
    control: &Control,
    plans: &dyn Fn() -> Result<Plan>,
    ready: Sender<Result<()>>,
) {
    let Context { store, log, .. } = context;
    *control.thread.lock() = Some(std::thread::current().id());
    let _ending = Ending(control);
    control.cancellation.wakes(store.news());
    let mut ready = Some(ready);
    loop {
        let outcome = watch(context, control, plans, &mut ready);
        if let Some(ready) = ready.take() {
            let error = outcome.err().unwrap_or(Error::Cancelled);
            let is_told = matches!(error, Error::Cancelled | Error::Closed);
            control.end((!is_told).then(|| error.to_string()));
            // Nobody waits for it any more if the handle was dropped meanwhile.
            let _ = ready.send(Err(error));
            return;
        }
        match outcome {
            Ok(()) => {}
            Err(error) if error.code() == ErrorCode::NotLeader => control.pause(&error),
            Err(error) => {
                log.warning(&format!("the watcher has stopped: {error}"));
                return control.end(Some(error.to_string()));
            }
        }
        let State::Paused { reason } = control.state() else { break };
        log.warning(&format!("the watcher has stopped: {reason}"));
        if !wait_for_lead(store, control) {
            break;
        }
        log.info("the watcher goes on");
    }
    control.end(None);
}

/// Watches until it is asked to stop, or until it must not write any more.
fn watch(
    context: Context<'_>,
    control: &Control,
    plans: &dyn Fn() -> Result<Plan>,
    ready: &mut Option<Sender<Result<()>>>,
) -> Result<()> {
    // Before the plan is made: config dirs that are added meanwhile reach this one.
    let remote = control.remote.lock().clone();
    let mut watch = Watch::start(&remote, plans()?, Box::new(Native), Box::new(SystemClock::new()));
    let mut live = Live::default();
    let mut work = Work::default();
    if ready.is_some() {
        work.add(watch.next(None).ok_or(Error::Cancelled)?);
        // A handle that may not write fails at once, whether there is something to write or not.
        context.store.check_may_write()?;
        work.run(&mut live, context, &control.cancellation)?;
    }
    if let Some(ready) = ready.take() {
        // As above.
        let _ = ready.send(Ok(()));
    }
    follow(&mut watch, &mut live, work, context, control)
}

/// Waits until this handle leads; false if the thread has to end.
fn wait_for_lead(store: &Store, control: &Control) -> bool {
    loop {
        // Rung when it leads, when the store is closed, and when the thread is asked to end.
        let heard = store.news().count();
        if control.cancellation.is_cancelled() || store.is_closed() {
            return false;
        }
        if store.leads() && control.go_on(store) {
            return true;
        }
        store.news().wait(heard, None);
    }
}

/// Indexes what becomes dirty until it is asked to stop, or until it must not write any more.
fn follow(watch: &mut Watch, live: &mut Live, mut work: Work, context: Context<'_>, control: &Control) -> Result<()> {
    loop {
        let Some(dirty) = watch.next(work.rest()) else { return Ok(()) };
        let is_full = dirty.look == Some(Look::Full);
        if is_full && context.sources.look_for_more() {
            control.set_config_dirs(context.sources.config_dirs());
        }
        work.add(dirty);
        if work.is_held_back() && !is_full {
            continue;
        }
        match work.run(live, context, &control.cancellation) {
            Ok(()) => {
                control.set_trouble(None);
            }
            Err(Error::Cancelled | Error::Closed) => return Ok(()),
            Err(error) if error.code() == ErrorCode::NotLeader => return Err(error),
            Err(error) => {
                // Another writer's turn is nothing to warn of.
                let is_turn = matches!(error.code(), ErrorCode::Locked | ErrorCode::WriterStalled);
                work.put_off(is_turn);
                if control.set_trouble(Some(error.to_string())) && !is_turn {
                    context.log.warning(&format!("the watcher tries again until it can write: {error}"));
                }
            }
        }
    }
}

/// What is dirty and not indexed yet.
#[derive(Default)]
struct Work {
    look: Option<Look>,
    paths: HashSet<PathBuf>,
    /// It has failed.
    retry: Option<Retry>,
}

/// When failed work is tried again.
struct Retry {
    at: Instant,
    pause: Duration,
    /// Whether what becomes dirty meanwhile waits, too.
    is_held_back: bool,
}

impl Work {
    fn add(&mut self, dirty: Dirty) {
        self.look = self.look.max(dirty.look);
        self.paths.extend(dirty.paths);
        if self.paths.len() > MAX_WAITING_PATHS {
            self.paths.clear();
            self.look = self.look.max(Some(Look::Changes));
        }
    }

    /// How long to wait at most; `None` if there is nothing to wait for.
    fn rest(&self) -> Option<Duration> {
        self.retry.as_ref().map(|retry| retry.at.saturating_duration_since(Instant::now()))
    }

    fn is_held_back(&self) -> bool {
        self.retry.as_ref().is_some_and(|retry| retry.is_held_back && retry.at > Instant::now())
    }

    /// Tries again later: soon if another process only writes at the moment, else with growing delays.
    fn put_off(&mut self, is_turn: bool) {
        let longer = self.retry.as_ref().map(|retry| (retry.pause * 2).min(MAX_RETRY));
        let pause = longer.filter(|_| !is_turn).unwrap_or(RETRY);
        self.retry = Some(Retry { at: Instant::now() + pause, pause, is_held_back: !is_turn });
        // A tail has not come to rest because the same look is repeated.
        self.look = self.look.map(|_| Look::Changes);
    }

    /// Indexes it. What failed stays.
    fn run(&mut self, live: &mut Live, context: Context<'_>, cancellation: &Cancellation) -> Result<()> {
        if let Some(look) = self.look {
            let depth = if look == Look::Full { Depth::Full } else { Depth::Changes };
            live.look(context, depth, cancellation)?;
            self.look = None;
        }
        if !self.paths.is_empty() {
            live.look_at(context, &self.paths, cancellation)?;
            self.paths.clear();
        }
        self.retry = None;
        Ok(())
    }
}
