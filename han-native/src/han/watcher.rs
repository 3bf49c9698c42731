//! The operations on the watcher: they start and stop its thread, and say what it does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;

use super::watch_thread::{self, Control, State};
use crate::config::WatchOptions;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::{Error, Result, Subject};
use crate::index::Context;
use crate::logging::Log;
use crate::model::{WatchMode, WatcherStatus};
use crate::store::Store;
use crate::transcript::sources::Sources;
use crate::watch::{Periods, Plan};

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
    /// may need another. Blocks until the watches are set and everything that is there is indexed. Idempotent.
    ///
    /// A last line without an end is left until it has its end, or until two full scans found it the same. Files that
    /// cannot be read are logged. If nothing can be written for a while, as on a full disk, it tries again by
    /// itself, and loses nothing; the status says why.
    ///
    /// If another process begins to lead, it stops, and the status says so: at once if this handle has led until then, else
    /// when it has something to write. It continues by itself once this handle leads, or when it is started again.
    ///
    /// ```
    /// use han_native::{Han, OpenOptions};
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// let han = Han::open(OpenOptions {
    ///     db_path: Some(folder.path().join("han.db")),
    ///     config_dirs: Some(vec![folder.path().to_owned()]),
    ///     ..OpenOptions::default()
    /// })?;
    /// han.watcher().start()?;
    /// // Transcripts are indexed as they are written, until:
    /// han.watcher().stop();
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::NotLeader`] if another process coordinates, [`ErrorCode::Locked`], [`ErrorCode::ReadOnly`],
    /// [`ErrorCode::DiskFull`], [`ErrorCode::Closed`]; [`ErrorCode::Cancelled`] if it was stopped meanwhile;
    /// [`ErrorCode::InvalidArgument`] for a bad `HAN_WATCH_MODE` and for an interval of 0. Then it does not run, or,
    /// if it had only stopped for another leader, waits as before. From within the log hook it changes nothing.
    pub fn start(&self) -> Result<()> {
        self.watching.start()
    }

    /// Ends the watching. Blocks until the thread has ended, which may be waiting for another process that writes, up to the lock
    /// timeout; nothing is written afterwards. Idempotent, and a no-op if it does not run. From within the log hook it
    /// only begins to end it.
    pub fn stop(&self) {
        self.watching.stop();
    }

    /// Adds a config dir, which need not exist yet, to those of the handle: for the watcher, running or not, and for scans. One
    /// that is there already, perhaps by another name, counts once.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a path that is not a directory; [`ErrorCode::Closed`].
    pub fn add_path(&self, config_dir: impl AsRef<Path>) -> Result<()> {
        self.watching.add_path(config_dir.as_ref())
    }

    /// Removes a config dir from those of the handle. What was indexed of it stays.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for one that the handle does not have; [`ErrorCode::Closed`].
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
    sources: Arc<Sources>,
    log: Log,
    options: WatchOptions,
    /// The thread. Starting and stopping take turns.
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Of the thread that runs, or ran last.
    control: Mutex<Option<Arc<Control>>>,
}

impl Watching {
    pub(super) fn new(store: &Arc<Store>, sources: &Arc<Sources>, log: &Log, options: WatchOptions) -> Watching {
        Watching {
            store: Arc::clone(store),
            sources: Arc::clone(sources),
            log: log.clone(),
            options,
            thread: Mutex::new(None),
            control: Mutex::new(None),
        }
    }

    fn start(&self) -> Result<()> {
        if self.control().is_some_and(|control| control.is_own_thread()) {
            return Ok(());
        }
        let mut thread = self.thread.lock();
        let control = self.control();
        match control.as_deref().map(|control| (control, control.state())) {
            Some((_, State::Watching { .. })) => return Ok(()),
            Some((control, State::Paused { .. })) => {
                // If it still may not write, it keeps waiting.
                self.store.check_may_write()?;
                control.stop();
            }
            Some((_, State::Ended { .. })) | None => {}
        }
        join(thread.take());
        drop(self.store.begin_reading()?);
        plan(&self.sources, &self.options)?;
        let control = Arc::new(Control::new());
        *self.control.lock() = Some(Arc::clone(&control));
        let (ready, is_ready) = crossbeam_channel::bounded(1);
        let (store, sources) = (Arc::clone(&self.store), Arc::clone(&self.sources));
        let (log, options) = (self.log.clone(), self.options.clone());
        let running = std::thread::Builder::new().name("han-watch".into()).spawn(move || {
            let context = Context { store: &store, sources: &sources, log: &log };
            watch_thread::run(context, &control, &|| plan(&sources, &options), ready);
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
        if self.store.is_forked() {
            // The thread is the other process's.
            return;
        }
        let Some(control) = self.control() else { return };
        control.stop();
        // A log hook runs on the thread itself, which cannot wait for its own end.
        if control.is_own_thread() {
            return;
        }
        let mut thread = self.thread.lock();
        // It may have been started again before it was our turn.
        if let Some(control) = self.control() {
            control.stop();
        }
        join(thread.take());
    }

    /// Stops watching because another handle leads instead of this one, until this one leads again. Waits for nobody.
    pub(super) fn pause(&self) {
        if let Some(control) = self.control() {
            control.pause(&watch_thread::not_leader(&self.store));
        }
    }

    fn control(&self) -> Option<Arc<Control>> {
        self.control.lock().clone()
    }

    fn add_path(&self, config_dir: &Path) -> Result<()> {
        drop(self.store.begin_reading()?);
        if config_dir.as_os_str().as_encoded_bytes().contains(&0) {
            return Err(Error::invalid("configDir", "has a NUL byte in it, which no path can"));
        }
        let absolute = std::path::absolute(config_dir)
            .map_err(|error| Error::invalid("configDir", format!("is not a path: {config_dir:?} ({error})")))?;
        if std::fs::metadata(&absolute).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(Error::invalid("configDir", format!("is not a directory: {}", absolute.display())));
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
            false => Err(Error::NotFound { what: Subject::ConfigDir, name: config_dir.display().to_string() }),
        }
    }

    fn change_config_dirs(&self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        self.sources.change_config_dirs(change);
        if let Some(control) = self.control() {
            control.set_config_dirs(self.sources.config_dirs());
        }
    }

    fn status(&self) -> WatcherStatus {
        let paths = self.sources.config_dirs().iter().map(|path| path.display().to_string()).collect();
        let Some(control) = self.control() else {
            let mode = self.options.mode.or(WatchOptions::default_mode().ok().flatten()).unwrap_or_default();
            return WatcherStatus { running: false, mode, reason: None, paths };
        };
        let standing = control.standing();
        let (running, reason) = match control.state() {
            State::Watching { trouble } => (true, trouble.or(standing.reason)),
            State::Paused { reason } => (false, Some(reason)),
            State::Ended { reason } => (false, reason),
        };
        WatcherStatus { running, mode: standing.mode, reason, paths }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What to watch, and how, as of now.
fn plan(sources: &Sources, options: &WatchOptions) -> Result<Plan> {
    let poll_reason = match (options.mode, WatchOptions::default_mode()?) {
        (Some(WatchMode::Poll), _) => Some("the options ask for it"),
        (None, Some(WatchMode::Poll)) => Some("HAN_WATCH_MODE asks for it"),
        _ => None,
    };
    let [scan, poll, retry] = options.intervals()?;
    Ok(Plan {
        config_dirs: sources.config_dirs(),
        exclude: sources.exclude().clone(),
        periods: Periods { scan, poll, retry },
        poll_reason: poll_reason.map(str::to_owned),
    })
}

fn join(thread: Option<JoinHandle<()>>) {
    if let Some(thread) = thread {
        // If it panicked, its end says so.
        let _ = thread.join();
    }
}

/// Whether two paths name one config dir.
fn is_same(one: &Path, other: &Path) -> bool {
    let resolved = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    one == other || matches!((resolved(one), resolved(other)), (Ok(one), Ok(other)) if one == other)
}
