//! What the tests of the watcher share: a watched config dir, and waiting for a condition.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use han_native::{OpenOptions, WatchOptions};

pub(super) use super::feed_support::{PATIENCE, place, prompt};
use crate::support::dump::Scope;
use crate::support::home::{Database, Home};

/// The time between two checks of a condition.
const PAUSE: Duration = Duration::from_millis(2);

/// A config dir, and a database that is kept up to date with it.
pub(super) struct Watched {
    pub(super) home: Home,
    pub(super) database: Database,
}

impl Watched {
    /// Starts watching an empty config dir.
    pub(super) fn new() -> Watched {
        Watched::over(Home::new(), WatchOptions::default())
    }

    /// Starts watching a config dir.
    pub(super) fn over(home: Home, watch: WatchOptions) -> Watched {
        let watched = Watched::unstarted(home, watch);
        watched.database.han.watcher().start().unwrap();
        watched
    }

    pub(super) fn unstarted(home: Home, watch: WatchOptions) -> Watched {
        let options = OpenOptions { config_dirs: Some(vec![home.config_dir()]), watch, ..OpenOptions::default() };
        Watched { home, database: Database::with(options) }
    }

    pub(super) fn file(&self, place: &str) -> PathBuf {
        self.home.file(place)
    }

    pub(super) fn messages(&self) -> i64 {
        self.database.han.stats().unwrap().messages
    }

    /// Waits until this many messages are there.
    pub(super) fn wait_for_messages(&self, count: i64) {
        wait_until(&format!("{count} messages"), || self.messages() == count);
    }

    /// Waits until the database is what a scan from scratch makes of the files.
    pub(super) fn expect_up_to_date(&self) {
        let expected = self.home.from_scratch();
        let deadline = Instant::now() + PATIENCE;
        while let Err(difference) = self.database.dump(Scope::Present).expect(&expected, "what was watched") {
            assert!(Instant::now() < deadline, "it never became as one from scratch: {difference}");
            std::thread::park_timeout(PAUSE);
        }
    }
}

/// Waits until a condition holds, and fails if it does not in time.
pub(super) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "it never came true: {what}");
        // Leaves the CPU to those who are waited for.
        std::thread::park_timeout(PAUSE);
    }
}

/// This many prompts of a session.
pub(super) fn prompts(session: &str, count: usize) -> String {
    (0..count).map(|number| prompt(session, number, &format!("alpha beta {number}"))).collect()
}

/// Renames something, and creates the target folder.
pub(super) fn rename(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::rename(from, to).unwrap();
}
