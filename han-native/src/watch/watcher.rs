//! The watch itself: from events and the time to a set of dirty paths.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use globset::GlobSet;
use parking_lot::Mutex;

use super::inbox::{Inbox, Mail};
use super::ports::{EventSource, MonotonicClock, Opener};
use super::schedule::{Periods, Schedule};
use super::tree::{LimitReached, Tree};
use super::waypoints::Waypoints;
use crate::model::WatchMode;
use crate::transcript::discover;

/// While watches are being set, folders may appear on the way; then it is walked again, at most this often.
const SETTLING_ROUNDS: usize = 4;

/// A look at everything that is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// Something may have been missed.
    Changes,
    /// It is time for the regular one.
    Full,
}

/// What may have changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dirty {
    /// Whether everything has to be looked at.
    pub look: Option<Look>,
    /// Files, and folders with all that is in them. They need not exist any more.
    pub paths: HashSet<PathBuf>,
}

impl Dirty {
    pub(crate) fn is_empty(&self) -> bool {
        self.look.is_none() && self.paths.is_empty()
    }

    fn ask(&mut self, look: Look) {
        self.look = self.look.max(Some(look));
    }
}

/// How it is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub mode: WatchMode,
    /// Why it is polled, or a part of it.
    pub reason: Option<String>,
}

/// What to watch, and how.
pub(crate) struct Plan {
    pub config_dirs: Vec<PathBuf>,
    pub exclude: GlobSet,
    pub periods: Periods,
    /// Why native events are not to be tried at all.
    pub poll_reason: Option<String>,
}

/// Reaches a watch from other threads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Remote {
    inbox: Arc<Inbox>,
    standing: Arc<Mutex<Standing>>,
}

impl Remote {
    /// Ends the watch: [`Watch::next`] says that nothing comes any more.
    pub(crate) fn stop(&self) {
        self.inbox.stop();
    }

    /// Watches these config dirs from now on; what is in them is looked at.
    pub(crate) fn set_config_dirs(&self, config_dirs: Vec<PathBuf>) {
        self.inbox.set_config_dirs(config_dirs);
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing.lock().clone()
    }
}

/// Says which paths may have changed. Belongs to one thread.
pub(crate) struct Watch {
    remote: Remote,
    plan: Plan,
    opener: Box<dyn Opener>,
    clock: Box<dyn MonotonicClock>,
    /// `None` while it is polled.
    source: Option<Box<dyn EventSource>>,
    waypoints: Waypoints,
    tree: Tree,
    schedule: Schedule,
    dirty: Dirty,
}

impl Watch {
    /// Sets the watches; from then on nothing is missed. The first thing that is dirty is everything.
    pub(crate) fn start(remote: &Remote, plan: Plan, opener: Box<dyn Opener>, clock: Box<dyn MonotonicClock>) -> Watch {
        let schedule = Schedule::new(plan.periods, clock.now());
        let mut watch = Watch {
            remote: remote.clone(),
            plan,
            opener,
            clock,
            source: None,
            waypoints: Waypoints::default(),
            tree: Tree::default(),
            schedule,
            dirty: Dirty::default(),
        };
        watch.open();
        watch
    }

    /// What may have changed since the last call, as soon as there is something; waits while there is nothing, up to
    /// `at_most`. `None` once it is stopped.
    pub(crate) fn next(&mut self, at_most: Option<Duration>) -> Option<Dirty> {
        let deadline = at_most.map(|at_most| self.clock.now() + at_most);
        while self.gather() {
            let now = self.clock.now();
            if !self.dirty.is_empty() || deadline.is_some_and(|deadline| deadline <= now) {
                return Some(std::mem::take(&mut self.dirty));
            }
            let rest = deadline.map_or(Duration::MAX, |deadline| deadline.saturating_sub(now));
            self.remote.inbox.wait(self.schedule.wait(now).min(rest));
        }
        None
    }

    /// Adds what has come in and what is due to what is dirty; false once it is stopped.
    pub(super) fn gather(&mut self) -> bool {
        let Mail { paths, mut is_incomplete, config_dirs, is_stopped } = self.remote.inbox.take();
        if is_stopped {
            return false;
        }
        if let Some(config_dirs) = config_dirs {
            self.plan.config_dirs = config_dirs;
            is_incomplete = true;
        }
        for (path, is_structural) in paths {
            match self.waypoints.concerns(&path) {
                true => is_incomplete |= is_structural,
                false => self.follow(&path, is_structural),
            }
        }
        if is_incomplete {
            self.settle();
            self.dirty.ask(Look::Changes);
        }
        self.keep_time();
        self.tell_standing();
        true
    }

    fn keep_time(&mut self) {
        let now = self.clock.now();
        let due = self.schedule.take_due(now);
        if due.retry && self.source.is_none() {
            self.open();
        }
        if due.scan {
            self.settle();
            self.dirty.ask(Look::Full);
        }
        if due.poll {
            match self.source.is_some() {
                true => self.dirty.paths.extend(self.tree.polled().iter().cloned()),
                false => self.dirty.ask(Look::Changes),
            }
        }
        let is_native = self.source.is_some();
        let is_polled = !is_native || !self.tree.polled().is_empty();
        self.schedule.set_needs(is_polled, !is_native && self.plan.poll_reason.is_none(), now);
    }

    /// Tries to watch natively.
    fn open(&mut self) {
        self.tree = Tree::default();
        let opened = match self.plan.poll_reason.clone() {
            Some(reason) => Err(reason),
            None => self.opener.open(&self.remote.inbox),
        };
        match opened {
            Ok(source) => {
                self.tree = Tree::new(source.budget());
                self.source = Some(source);
                self.remote.standing.lock().mode = WatchMode::Native;
                self.settle();
                self.dirty.ask(Look::Changes);
            }
            Err(reason) => self.fall_back(reason),
        }
    }

    /// Polls from now on.
    fn fall_back(&mut self, reason: String) {
        self.source = None;
        self.tree = Tree::default();
        self.waypoints = Waypoints::of(&self.plan.config_dirs, &self.plan.exclude);
        *self.remote.standing.lock() = Standing { mode: WatchMode::Poll, reason: Some(reason) };
        self.dirty.ask(Look::Changes);
    }

    /// Makes the watches what they should be, as the disk is now.
    fn settle(&mut self) {
        for _ in 0..SETTLING_ROUNDS {
            self.waypoints = Waypoints::of(&self.plan.config_dirs, &self.plan.exclude);
            if self.set_watches().is_err() {
                return self.fall_back("the system has no watches left for the folders of projects".into());
            }
            // What has appeared meanwhile was not watched while it did.
            if Waypoints::of(&self.plan.config_dirs, &self.plan.exclude) == self.waypoints {
                return;
            }
        }
    }

    fn set_watches(&mut self) -> Result<(), LimitReached> {
        let Some(source) = self.source.as_deref_mut() else { return Ok(()) };
        let Waypoints { roots, folders } = &self.waypoints;
        let mut filtered = folders.clone();
        filtered.retain(|folder, _| roots.iter().all(|root| root.below(folder).is_none()));
        self.remote.inbox.set_waypoints(filtered);
        self.tree.begin_round();
        for folder in folders.keys() {
            self.tree.add_waypoint(source, folder)?;
        }
        for root in roots {
            self.tree.grow(source, root, &root.projects(), false, &self.plan.exclude)?;
        }
        self.tree.end_round(source);
        Ok(())
    }

    /// Something happened at a path: what it means depends on what is there now.
    fn follow(&mut self, path: &Path, is_structural: bool) {
        let Some((root, below)) = self.waypoints.roots.iter().find_map(|root| Some((root, root.below(path)?))) else {
            return;
        };
        if discover::is_excluded(&below, &self.plan.exclude) {
            return;
        }
        let found = std::fs::symlink_metadata(path);
        if root.follows(&below)
            || found.as_ref().is_ok_and(|found| found.is_symlink() && below.matches('/').count() == 1)
        {
            // Which links are followed depends on all of them.
            self.settle();
            return self.dirty.ask(Look::Changes);
        }
        let (is_file, is_folder) = (discover::is_of_interest(&below), discover::is_walked(&below));
        let source = self.source.as_deref_mut();
        let is_dirty = match found {
            Ok(metadata) if metadata.is_dir() && is_folder => {
                let is_new = is_structural || !self.tree.contains(path);
                if let Some(source) = source.filter(|_| is_new) {
                    self.tree.cut(source, path);
                    if self.tree.grow(source, root, path, true, &self.plan.exclude).is_err() {
                        return self.fall_back("the system has no watches left for the folders of projects".into());
                    }
                }
                is_new
            }
            Ok(_) => is_file,
            Err(_) => {
                if let Some(source) = source {
                    self.tree.cut(source, path);
                }
                is_file || is_folder
            }
        };
        if is_dirty {
            self.dirty.paths.insert(path.to_path_buf());
        }
    }

    fn tell_standing(&self) {
        if self.source.is_some() {
            let count = self.tree.polled().len();
            let reason = format!("{count} folders of sessions are polled: there are too few watches for all of them");
            self.remote.standing.lock().reason = (count > 0).then_some(reason);
        }
    }
}

#[cfg(test)]
#[path = "watcher_tests.rs"]
mod tests;
