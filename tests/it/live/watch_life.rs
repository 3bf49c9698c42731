//! The life of a watcher: started, stopped, refused, held up by others, and ended with its handle.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use han_native::model::{WatchMode, WatcherStatus};
use han_native::{ErrorCode, Han, LogHook, LogLevel, OpenOptions, WatchOptions};

use super::watch_support::{Watched, place, prompts, wait_until};
use crate::support::home::{Database, Home};

/// The warnings of a handle.
#[derive(Default)]
struct Warnings(Mutex<Vec<String>>);

impl Warnings {
    fn hook(self: &Arc<Warnings>) -> LogHook {
        let warnings = Arc::clone(self);
        Arc::new(move |record| {
            if record.level == LogLevel::Warning {
                warnings.0.lock().unwrap().push(record.message.into());
            }
        })
    }

    fn count(&self, words: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|message| message.contains(words)).count()
    }
}

#[test]
fn starting_indexes_what_is_there_and_stopping_ends_all_writing() {
    let home = Home::new();
    home.write(&place("s1"), prompts("s1", 3).as_bytes());
    let watched = Watched::unstarted(home, WatchOptions::default());
    let watcher = watched.database.han.watcher();
    let paths = vec![watched.home.config_dir().display().to_string()];
    let idle = WatcherStatus { running: false, mode: WatchMode::Native, reason: None, paths };
    assert_eq!(watcher.status(), idle);
    watcher.stop();
    watcher.start().unwrap();
    assert_eq!(watched.messages(), 3, "once it has started everything is indexed");
    watcher.start().unwrap();
    assert_eq!(watcher.status(), WatcherStatus { running: true, ..idle.clone() });
    watcher.stop();
    watcher.stop();
    assert_eq!(watcher.status(), idle);
    watched.home.append(&place("s1"), prompts("more", 2).as_bytes());
    assert_eq!(watched.messages(), 3);
    watcher.start().unwrap();
    assert_eq!(watched.messages(), 5, "what came meanwhile is made up for");
    watched.home.append(&place("s1"), prompts("again", 1).as_bytes());
    watched.wait_for_messages(6);
}

#[test]
fn a_handle_takes_its_watcher_with_it() {
    let home = Home::new();
    let (closed, dropped) = (home.database(), home.database());
    for database in [&closed, &dropped] {
        database.han.watcher().start().unwrap();
    }
    closed.han.close();
    assert!(!closed.han.watcher().status().running);
    assert_eq!(closed.han.watcher().start().unwrap_err().code(), ErrorCode::Closed);
    assert_eq!(closed.han.watcher().add_path(home.config_dir()).unwrap_err().code(), ErrorCode::Closed);

    let path = dropped.path.clone();
    let clone = dropped.han.clone();
    drop(dropped.han);
    assert!(clone.watcher().status().running, "a clone is left");
    drop(clone);
    // The log is copied into the database by whoever closes it last: a leftover thread would hold it open.
    assert!(!path.with_file_name("han.db-wal").exists());
}

#[test]
fn who_may_not_write_does_not_watch() {
    let home = Home::new();
    let database = home.database();
    let options = OpenOptions { db_path: Some(database.path.clone()), read_only: true, ..OpenOptions::default() };
    let reader = Han::open(options).unwrap();
    assert_eq!(reader.watcher().start().unwrap_err().code(), ErrorCode::ReadOnly);
    let status = reader.watcher().status();
    assert!(!status.running && status.reason.unwrap().contains("read-only"));
}

#[test]
fn while_another_process_writes_nothing_is_lost() {
    let home = Home::new();
    home.write(&place("s1"), prompts("s1", 1).as_bytes());
    let log = Arc::new(Warnings::default());
    let database = Database::with(OpenOptions {
        config_dirs: Some(vec![home.config_dir()]),
        lock_timeout: Duration::from_millis(10),
        log: Some(log.hook()),
        ..OpenOptions::default()
    });
    database.han.watcher().start().unwrap();
    let mut other = Command::new(env!("CARGO_BIN_EXE_han-test-child"))
        .arg("hold")
        .args([&database.path, &home.config_dir()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 7];
    other.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(&said, b"holding");
    home.append(&place("s1"), prompts("more", 2).as_bytes());
    // It is refused again and again meanwhile, and continues.
    let locked = database.han.index_session_file(home.file(&place("s1"))).unwrap_err();
    assert_eq!(locked.code(), ErrorCode::Locked);
    assert!(database.han.watcher().status().running);
    drop(other.stdin.take());
    other.wait().unwrap();
    wait_until("what was refused is there", || database.han.stats().unwrap().messages == 3);
    assert_eq!(log.count("stopped"), 0);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_reported_once_and_hinders_nobody() {
    use std::os::unix::fs::PermissionsExt;

    if rustix::process::geteuid().is_root() {
        return eprintln!("skipped: root may read everything");
    }
    let home = Home::new();
    home.write(&place("secret"), prompts("secret", 1).as_bytes());
    let secret = home.file(&place("secret"));
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    let log = Arc::new(Warnings::default());
    let database = Database::with(OpenOptions {
        config_dirs: Some(vec![home.config_dir()]),
        log: Some(log.hook()),
        ..OpenOptions::default()
    });
    database.han.watcher().start().unwrap();
    assert_eq!(log.count("secret"), 1);
    home.write(&place("s1"), prompts("s1", 2).as_bytes());
    wait_until("the other is there", || database.han.stats().unwrap().messages == 2);
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    wait_until("it may be read now", || database.han.stats().unwrap().messages == 3);
}
