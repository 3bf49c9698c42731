//! Where events are gathered until somebody asks: a set of paths, and the one who waits for it.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// With more paths than this, everything is looked at instead.
const MAX_PATHS: usize = 65_536;

/// What was gathered.
#[derive(Debug, Default)]
pub(super) struct Mail {
    /// The paths of events; true if something was made, removed or renamed there.
    pub paths: HashMap<PathBuf, bool>,
    /// Events were lost.
    pub is_incomplete: bool,
    /// The config dirs are now these.
    pub config_dirs: Option<Vec<PathBuf>>,
    /// Nothing more is requested.
    pub is_stopped: bool,
}

impl Mail {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.is_incomplete && self.config_dirs.is_none() && !self.is_stopped
    }
}

/// Gathers events. Any thread may add, one waits.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    mail: Mail,
    /// Of the entries of these folders only some are of interest.
    waypoints: HashMap<PathBuf, HashSet<OsString>>,
}

impl Inbox {
    /// Something happened at a path.
    pub(super) fn add(&self, path: PathBuf, is_structural: bool) {
        let mut state = self.state.lock();
        if state.is_noise(&path) {
            return;
        }
        if state.mail.paths.len() >= MAX_PATHS {
            state.mail.paths.clear();
            state.mail.is_incomplete = true;
        }
        *state.mail.paths.entry(path).or_default() |= is_structural;
        drop(state);
        self.changed.notify_one();
    }

    /// Events were lost, or it is not known.
    pub(super) fn add_loss(&self) {
        self.change(|mail| mail.is_incomplete = true);
    }

    pub(super) fn set_config_dirs(&self, config_dirs: Vec<PathBuf>) {
        self.change(|mail| mail.config_dirs = Some(config_dirs));
    }

    pub(super) fn stop(&self) {
        self.change(|mail| mail.is_stopped = true);
    }

    fn change(&self, change: impl FnOnce(&mut Mail)) {
        change(&mut self.state.lock().mail);
        self.changed.notify_one();
    }

    /// Says of which folders only which entries are of interest.
    pub(super) fn set_waypoints(&self, waypoints: HashMap<PathBuf, HashSet<OsString>>) {
        self.state.lock().waypoints = waypoints;
    }

    /// Takes what was gathered. That it is stopped stays.
    pub(super) fn take(&self) -> Mail {
        let mut state = self.state.lock();
        let is_stopped = state.mail.is_stopped;
        std::mem::replace(&mut state.mail, Mail { is_stopped, ..Mail::default() })
    }

    /// Whether nothing waits to be taken.
    #[cfg(test)]
    pub(super) fn is_taken(&self) -> bool {
        self.state.lock().mail.is_empty()
    }

    /// Waits until there is something, this long at most.
    pub(super) fn wait(&self, timeout: Duration) {
        let mut state = self.state.lock();
        if state.mail.is_empty() {
            self.changed.wait_while_for(&mut state, |state| state.mail.is_empty(), timeout);
        }
    }
}

impl State {
    fn is_noise(&self, path: &Path) -> bool {
        let names = path.parent().and_then(|folder| self.waypoints.get(folder));
        names.is_some_and(|names| path.file_name().is_none_or(|name| !names.contains(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_waypoint_only_the_named_entries_count() {
        let inbox = Inbox::default();
        inbox.set_waypoints(HashMap::from([("/home".into(), HashSet::from(["me".into()]))]));
        for path in ["/home/me", "/home/you", "/home", "/home/you/x"] {
            inbox.add(path.into(), true);
        }
        let mut paths: Vec<PathBuf> = inbox.take().paths.into_keys().collect();
        paths.sort();
        assert_eq!(paths, [Path::new("/home"), Path::new("/home/me"), Path::new("/home/you/x")]);
    }

    #[test]
    fn too_many_paths_become_one_loss() {
        let inbox = Inbox::default();
        for number in 0..=MAX_PATHS {
            inbox.add(format!("/{number}").into(), false);
        }
        let mail = inbox.take();
        assert!(mail.is_incomplete && mail.paths.len() == 1);
        assert!(inbox.take().is_empty());
    }
}
