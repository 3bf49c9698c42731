//! What goes wrong while transcripts are watched: nothing is lost, the status says what is wrong, and the watcher recovers by itself.

use std::time::{Duration, Instant};

use han_native::model::WatcherStatus;
use han_native::{ErrorCode, Han, OpenOptions, WatchOptions};

use super::checks::{assert_sound, options};
use super::mounts::Mount;
use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::lines::turns;

/// Long enough for any machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "it never came true: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

fn says(status: &WatcherStatus, words: &str) -> bool {
    status.running && status.reason.as_ref().is_some_and(|reason| reason.contains(words))
}

#[test]
fn a_full_disk_holds_a_watcher_up_and_nothing_is_lost() {
    let home = Home::new();
    let mut database = home.database();
    let Some(disk) = Mount::of_size(&database.path.with_file_name("disk"), 3 * 1024) else { return };
    database.han.close();
    database.path = disk.path().join("han.db");
    database.han = Han::open(options(&database.path, &home.config_dir())).unwrap();
    database.han.watcher().start().unwrap();
    assert_eq!(database.han.watcher().status().reason, None);
    for session in 0..40 {
        let name = format!("session-{session:02}");
        home.append(&format!("projects/-code-shop/{name}.jsonl"), turns(&name, 500).as_bytes());
    }
    wait_until("the status says why it has stopped", || says(&database.han.watcher().status(), "no space is left"));
    // Written while the disk is full.
    home.append("projects/-code-shop/late.jsonl", turns("late", 2).as_bytes());
    assert!(database.han.watcher().status().running);
    assert_sound(&database.han, &database.path);

    disk.resize(64 * 1024);
    let expected = home.from_scratch();
    wait_until("everything is there", || database.dump(Scope::Present).expect(&expected, "with room").is_ok());
    wait_until("the status has nothing to say", || database.han.watcher().status().reason.is_none());
    assert_sound(&database.han, &database.path);
    database.han.close();
}

#[test]
fn a_database_that_is_moved_away_is_no_longer_written() {
    let home = Home::new();
    home.write_session("s1", turns("s1", 1));
    let han = home.open();
    han.watcher().start().unwrap();
    let (here, away) = (home.database_file(), home.folder().join("away.db"));
    std::fs::rename(&here, &away).unwrap();
    let refused = han.index_session_file(home.transcript("s1")).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotFound);
    assert!(refused.to_string().contains(here.to_str().unwrap()), "{refused}");
    home.write_session("s1", turns("s1", 2));
    wait_until("the status says so", || says(&han.watcher().status(), "deleted, moved or replaced"));
    std::fs::rename(&away, &here).unwrap();
    wait_until("it continues", || han.stats().unwrap().messages == 4 && han.watcher().status().reason.is_none());

    // Another one in its place is another one.
    std::fs::rename(&here, &away).unwrap();
    for suffix in ["-wal", "-shm"] {
        let beside = |path: &std::path::Path| std::path::PathBuf::from(format!("{}{suffix}", path.display()));
        std::fs::rename(beside(&here), beside(&away)).unwrap();
    }
    let other = Han::open(home.options()).unwrap();
    other.watcher().start().unwrap();
    assert_eq!(other.stats().unwrap().messages, 4);
    home.write_session("s2", turns("s2", 1));
    wait_until("the new one is written", || other.stats().unwrap().messages == 6);
    wait_until("the old one says why it is not", || says(&han.watcher().status(), "deleted, moved or replaced"));
    assert_eq!(han.coordinator().try_acquire().unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn odd_options_are_refused_or_work() {
    let home = Home::new();
    for watch in [
        WatchOptions { scan_interval: Duration::from_millis(0), ..WatchOptions::default() },
        WatchOptions { poll_interval: Duration::from_millis(0), ..WatchOptions::default() },
        WatchOptions { native_retry: Duration::from_millis(0), ..WatchOptions::default() },
    ] {
        let han = Han::open(OpenOptions { watch, ..home.options() }).unwrap();
        assert_eq!(han.watcher().start().unwrap_err().code(), ErrorCode::InvalidArgument);
        assert!(!han.watcher().status().running);
    }
    // For ever is as long as it takes.
    let han = Han::open(OpenOptions { lock_timeout: Duration::from_millis(u64::MAX), ..home.options() }).unwrap();
    han.watcher().start().unwrap();
    for path in ["", "a\0b"] {
        assert_eq!(han.watcher().add_path(path).unwrap_err().code(), ErrorCode::InvalidArgument, "{path:?}");
    }
}
