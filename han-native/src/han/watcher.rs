//! The watcher: one thread that asks `watch` what may have changed and has `index` look at it, and the methods that start
//! and stop it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{JoinHandle, ThreadId};
use std::time::Duration;

use crossbeam_channel::Sender;
use parking_lot::Mutex;

use crate::config::{Cancellation, LogLevel, WatchOptions};
use crate::error::{Error, ErrorCode, Result};
use crate::index::{Depth, Live};
use crate::model::{WatchMode, WatcherStatus};
use crate::store::Store;
use crate::watch::{Dirty, Look, Native, Periods, Plan, Remote, SystemClock, Watch};

/// Between two tries while another process writes.
const LOCKED_RETRY: Duration = Duration::from_millis(250);
/// With more paths than this waiting to be written, everything is looked at instead.
const MAX_WAITING_PATHS: usize = 65_536;

/// The operations on the watcher; see [`Han::watcher`](super::Han::watcher).
#[derive(Clone, Copy)]
pub struct Watcher<'a> {
    watching: &'a Watching,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(watching: &'a Watching) -> Watcher<'a> {
        Watcher { watching }
    }

    /// Begins to index transcripts as they are written, on a thread of its own (`han-watch`), beside which the system's events
    /// may need another. Blocks until the watches stand and everything that is there is indexed. Idempotent.
    ///
    /// A last line without an end is left until it has its end, or until two full scans found it the same. Files that
    /// cannot be read are told to the log.
    ///
    /// # Errors
    /// `NOT_LEADER` where another process coordinates, `LOCKED`, `READ_ONLY`, `DISK_FULL`, `CLOSED`; `CANCELLED` where it was
    /// stopped meanwhile; `INVALID_ARGUMENT` for a bad `HAN_WATCH_MODE`. Then it does not run.
    pub fn start(&self) -> Result<()> {
        self.watching.start()
    }

    /// Ends the watching. Blocks until the thread has ended, which may be waiting for another process that writes, up to the lock
    /// timeout; nothing is written afterwards. Idempotent, and a no-op where it does not run. From within the log hook it
    /// only begins to end it.
    pub fn stop(&self) {
        self.watching.stop();
    }

    /// Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans. One
    /// that is there already, perhaps by another name, counts once.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for what is no directory; `CLOSED`.
    pub fn add_path(&self, config_dir: impl AsRef<Path>) -> Result<()> {
        self.watching.add_path(config_dir.as_ref())
    }

    /// Takes a config dir away from those of the handle. What was indexed of it stays.
    ///
    /// # Errors
    /// `NOT_FOUND` for one that the handle does not have; `CLOSED`.
    pub fn remove_path(&self, config_dir: impl AsRef<Path>) -> Result<()> {
        self.watching.remove_path(config_dir.as_ref())
    }

    /// Whether it watches, and how. Never blocks for long.
    pub fn status(&self) -> WatcherStatus {
        self.watching.status()
    }
}

/// The watcher of a handle. Dropping it stops it.
pub(super) struct Watching {
    store: Arc<Store>,
    options: WatchOptions,
    /// The thread. Starting and stopping take turns.
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Of the thread that runs, or ran last.
    control: Mutex<Option<Arc<Control>>>,
}

/// What reaches a running thread.
#[derive(Default)]
struct Control {
    remote: Remote,
    cancellation: Cancellation,
    thread: Mutex<Option<ThreadId>>,
    end: Mutex<Option<End>>,
}

/// How a thread ended.
#[derive(Debug, Clone)]
struct End {
    /// None where it was told to.
    reason: Option<String>,
}

impl Control {
    fn has_ended(&self) -> bool {
        self.end.lock().is_some()
    }

    fn stop(&self) {
        self.cancellation.cancel();
        self.remote.stop();
    }
}

impl Watching {
    pub(super) fn new(store: &Arc<Store>, options: WatchOptions) -> Watching {
        Watching { store: Arc::clone(store), options, thread: Mutex::new(None), control: Mutex::new(None) }
    }

    fn start(&self) -> Result<()> {
        let mut thread = self.thread.lock();
        if self.control.lock().as_ref().is_some_and(|control| !control.has_ended()) {
            return Ok(());
        }
        join(thread.take());
        drop(self.store.begin_reading()?);
        let plan = self.plan()?;
        let control = Arc::new(Control::default());
        *self.control.lock() = Some(Arc::clone(&control));
        let (ready, is_ready) = crossbeam_channel::bounded(1);
        let store = Arc::clone(&self.store);
        let running = std::thread::Builder::new().name("han-watch".into()).spawn(move || {
            *control.thread.lock() = Some(std::thread::current().id());
            let _ending = Ending(Arc::clone(&control));
            run(&store, &control, plan, &ready);
        });
        let running = match running {
            Ok(running) => running,
            Err(error) => {
                *self.control.lock() = None;
                return Err(Error::io("han-watch", error));
            }
        };
        match is_ready.recv() {
            Ok(Ok(())) => {
                *thread = Some(running);
                Ok(())
            }
            Ok(Err(error)) => {
                join(Some(running));
                Err(error)
            }
            Err(_) => {
                join(Some(running));
                Err(Error::Cancelled)
            }
        }
    }

    pub(super) fn stop(&self) {
        let Some(control) = self.control.lock().clone() else { return };
        control.stop();
        // A log hook runs on the thread itself, which cannot wait for its own end.
        if *control.thread.lock() == Some(std::thread::current().id()) {
            return;
        }
        let mut thread = self.thread.lock();
        // It may have been started anew before it was our turn.
        if let Some(control) = &*self.control.lock() {
            control.stop();
        }
        join(thread.take());
    }

    fn plan(&self) -> Result<Plan> {
        let options = &self.options;
        let poll_reason = match (options.mode, WatchOptions::default_mode()?) {
            (Some(WatchMode::Poll), _) => Some("the options ask for it"),
            (None, Some(WatchMode::Poll)) => Some("HAN_WATCH_MODE asks for it"),
            _ => None,
        };
        let default = Periods::default();
        let period = |milliseconds: Option<u64>, default| milliseconds.map_or(default, Duration::from_millis);
        Ok(Plan {
            config_dirs: self.store.config_dirs(),
            exclude: self.store.exclude().clone(),
            periods: Periods {
                scan: period(options.scan_interval_ms, default.scan),
                poll: period(options.poll_interval_ms, default.poll),
                retry: period(options.native_retry_ms, default.retry),
            },
            poll_reason: poll_reason.map(str::to_owned),
        })
    }

    fn add_path(&self, config_dir: &Path) -> Result<()> {
        drop(self.store.begin_reading()?);
        let absolute = std::path::absolute(config_dir).map_err(|error| Error::io(config_dir, error))?;
        if std::fs::metadata(&absolute).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(Error::invalid("configDir", format!("is no directory: {}", absolute.display())));
        }
        self.change_config_dirs(|config_dirs| {
            if !config_dirs.iter().any(|other| is_same(other, &absolute)) {
                config_dirs.push(absolute);
            }
        });
        Ok(())
    }

    fn remove_path(&self, config_dir: &Path) -> Result<()> {
        drop(self.store.begin_reading()?);
        let mut is_found = false;
        self.change_config_dirs(|config_dirs| {
            let count = config_dirs.len();
            config_dirs.retain(|other| !is_same(other, config_dir));
            is_found = config_dirs.len() < count;
        });
        match is_found {
            true => Ok(()),
            false => Err(Error::NotFound { what: "config dir", name: config_dir.display().to_string() }),
        }
    }

    fn change_config_dirs(&self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        self.store.change_config_dirs(change);
        if let Some(control) = &*self.control.lock() {
            control.remote.set_config_dirs(self.store.config_dirs());
        }
    }

    fn status(&self) -> WatcherStatus {
        let paths = self.store.config_dirs().iter().map(|path| path.display().to_string()).collect();
        let control = self.control.lock().clone();
        let Some(control) = control else {
            let mode = self.options.mode.or(WatchOptions::default_mode().ok().flatten()).unwrap_or_default();
            return WatcherStatus { running: false, mode, reason: None, paths };
        };
        let standing = control.remote.standing();
        let end = control.end.lock().clone();
        let reason = match &end {
            Some(end) => end.reason.clone(),
            None => standing.reason,
        };
        WatcherStatus { running: end.is_none(), mode: standing.mode, reason, paths }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.stop();
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread {
        // Where it panicked its end says so.
        let _ = thread.join();
    }
}

/// Whether two paths name one config dir.
fn is_same(one: &Path, other: &Path) -> bool {
    let resolved = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    one == other || matches!((resolved(one), resolved(other)), (Ok(one), Ok(other)) if one == other)
}

/// Notes the end of the thread, however it comes.
struct Ending(Arc<Control>);

impl Drop for Ending {
    fn drop(&mut self) {
        let is_panic = std::thread::panicking();
        let reason = is_panic.then(|| "a defect of this library: the thread of the watcher panicked".to_owned());
        self.0.end.lock().get_or_insert(End { reason });
    }
}

/// The life of the thread.
fn run(store: &Store, control: &Control, plan: Plan, ready: &Sender<Result<()>>) {
    let mut watch = Watch::start(&control.remote, plan, Box::new(Native), Box::new(SystemClock::new()));
    let mut live = Live::default();
    let mut work = Work::default();
    let first = match watch.next(None) {
        Some(dirty) => {
            work.add(dirty);
            // Who may not write is told so at once, whether there is something to write or not.
            let may_write = store.begin_writing().map(drop);
            may_write.and_then(|()| work.run(&mut live, store, &control.cancellation))
        }
        None => Err(Error::Cancelled),
    };
    let is_running = first.is_ok();
    if let Err(error) = &first {
        *control.end.lock() = Some(End { reason: reason(error) });
    }
    // Nobody waits for it any more where the handle was dropped meanwhile.
    let _ = ready.send(first);
    if is_running && let Err(error) = follow(&mut watch, &mut live, work, store, control) {
        store.log(LogLevel::Warning, &format!("the watcher has stopped: {error}"));
        *control.end.lock() = Some(End { reason: reason(&error) });
    }
}

fn reason(error: &Error) -> Option<String> {
    let is_told = matches!(error, Error::Cancelled | Error::Closed);
    (!is_told).then(|| error.to_string())
}

/// Has what becomes dirty indexed until it is told to stop, or until it must not write any more.
fn follow(watch: &mut Watch, live: &mut Live, mut work: Work, store: &Store, control: &Control) -> Result<()> {
    loop {
        let Some(dirty) = watch.next(work.retry) else { return Ok(()) };
        let is_full = dirty.look == Some(Look::Full);
        work.add(dirty);
        if work.is_held_back && !is_full {
            continue;
        }
        match work.run(live, store, &control.cancellation) {
            Ok(()) => {}
            Err(Error::Cancelled | Error::Closed) => return Ok(()),
            Err(error) => match error.code() {
                ErrorCode::NotLeader | ErrorCode::AlreadyLeaderInProcess | ErrorCode::ReadOnly => return Err(error),
                ErrorCode::Locked | ErrorCode::WriterStalled => {
                    work.retry = Some(LOCKED_RETRY);
                    work.is_held_back = false;
                }
                _ => {
                    store.log(LogLevel::Warning, &format!("the watcher goes on with the next full scan: {error}"));
                    work.retry = None;
                    work.is_held_back = true;
                }
            },
        }
    }
}

/// What is dirty and not indexed yet.
#[derive(Default)]
struct Work {
    look: Option<Look>,
    paths: HashSet<PathBuf>,
    /// It failed because another process was writing: it is tried again so soon.
    retry: Option<Duration>,
    /// It failed for another reason: the next full scan tries again.
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

    /// Indexes it. What failed stays.
    fn run(&mut self, live: &mut Live, store: &Store, cancellation: &Cancellation) -> Result<()> {
        if let Some(look) = self.look {
            let depth = if look == Look::Full { Depth::Full } else { Depth::Changes };
            live.look(store, depth, cancellation)?;
            self.look = None;
        }
        if !self.paths.is_empty() {
            live.look_at(store, &self.paths, cancellation)?;
            self.paths.clear();
        }
        self.retry = None;
        self.is_held_back = false;
        Ok(())
    }
}
