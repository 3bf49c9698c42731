//! Where and how files are watched: config dirs that are missing, added, linked, and polling instead of events.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use han_native::model::WatchMode;
use han_native::{ErrorCode, WatchOptions};

use super::watch_support::{Watched, place, prompts, wait_until};
use crate::support::home::Home;

#[test]
fn folders_that_are_missing_at_the_start_are_waited_for() {
    let watched = Watched::new();
    assert!(!watched.file("projects").exists());
    watched.home.write(&place("s1"), prompts("s1", 2).as_bytes());
    watched.wait_for_messages(2);

    let (parent, database) = (Home::new(), Watched::new().database);
    let config_dir = parent.file("not/yet/there");
    database.han.watcher().start().unwrap();
    database.han.watcher().add_path(&config_dir).unwrap();
    let file = config_dir.join(place("s2"));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, prompts("s2", 3)).unwrap();
    wait_until("what appears is found", || database.han.stats().unwrap().messages == 3);
    fs::remove_dir_all(parent.file("not")).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, prompts("s2", 5)).unwrap();
    wait_until("and what comes back", || database.han.stats().unwrap().messages >= 5);
}

#[test]
fn config_dirs_come_and_go_while_it_runs() {
    let watched = Watched::new();
    let other = Home::new();
    other.write(&place("s2"), prompts("s2", 2).as_bytes());
    let watcher = watched.database.han.watcher();
    watcher.add_path(other.config_dir()).unwrap();
    watched.wait_for_messages(2);
    other.append(&place("s2"), prompts("more", 3).as_bytes());
    watched.wait_for_messages(5);
    let paths = [&watched.home, &other].map(|home| home.config_dir().display().to_string());
    assert_eq!(watcher.status().paths, paths);

    // Scans find it, too.
    let scanned = watched.database.scan();
    assert_eq!((scanned.files, scanned.messages_indexed), (1, 0));

    watcher.remove_path(other.config_dir()).unwrap();
    assert_eq!(watcher.status().paths, paths[..1]);
    other.append(&place("s2"), prompts("unseen", 1).as_bytes());
    watched.home.write(&place("s1"), prompts("s1", 1).as_bytes());
    watched.wait_for_messages(6);
    let unknown = watcher.remove_path(other.config_dir()).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::NotFound);
    let file = watcher.add_path(watched.file(&place("s1"))).unwrap_err();
    assert_eq!(file.code(), ErrorCode::InvalidArgument);
}

#[cfg(unix)]
#[test]
fn a_config_dir_counts_once_by_whatever_name() {
    let watched = Watched::new();
    let beside = tempfile::tempdir().unwrap();
    let link = beside.path().join("link");
    std::os::unix::fs::symlink(watched.home.config_dir(), &link).unwrap();
    let watcher = watched.database.han.watcher();
    watcher.add_path(&link).unwrap();
    assert_eq!(watcher.status().paths.len(), 1);
    watched.home.write(&place("s1"), prompts("s1", 2).as_bytes());
    watched.wait_for_messages(2);
    assert_eq!(watched.database.number("SELECT count(*) FROM files"), 1);

    // Through the link alone.
    let linked = Watched::unstarted(Home::new(), WatchOptions::default()).database;
    linked.han.watcher().add_path(&link).unwrap();
    linked.han.watcher().start().unwrap();
    watched.home.append(&place("s1"), prompts("more", 3).as_bytes());
    wait_until("what is written below the link is found", || linked.han.stats().unwrap().messages == 5);
    watched.expect_up_to_date();
}

#[test]
fn polling_finds_everything_that_events_find() {
    let often = WatchOptions {
        mode: Some(WatchMode::Poll),
        poll_interval: Duration::from_millis(20),
        ..WatchOptions::default()
    };
    let watched = Watched::over(Home::new(), often);
    let status = watched.database.han.watcher().status();
    assert_eq!((status.running, status.mode), (true, WatchMode::Poll));
    assert!(status.reason.is_some());
    watched.home.write(&place("s1"), prompts("s1", 2).as_bytes());
    watched.home.write("projects/-code-shop/s1/subagents/agent-a1.jsonl", prompts("s1", 1).as_bytes());
    watched.wait_for_messages(3);
    watched.home.append(&place("s1"), prompts("more", 1).as_bytes());
    watched.wait_for_messages(4);
    watched.expect_up_to_date();
    fs::remove_file(watched.file(&place("s1"))).unwrap();
    wait_until("the file is missing", || watched.database.han.stats().unwrap().files_missing == 1);
    watched.home.write(&place("s1"), prompts("anew", 6).as_bytes());
    watched.expect_up_to_date();
}

#[test]
fn the_environment_may_ask_for_polling() {
    for (wanted, expected) in [
        ("poll", "watching poll HAN_WATCH_MODE"),
        ("native", "watching native"),
        ("never", "error HAN_INVALID_ARGUMENT HAN_WATCH_MODE"),
    ] {
        let (home, folder) = (Home::new(), tempfile::tempdir().unwrap());
        let mut child = Command::new(env!("CARGO_BIN_EXE_han-test-child"))
            .arg("watch")
            .args([folder.path().join("han.db"), home.config_dir()])
            .env("HAN_WATCH_MODE", wanted)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.map(Result::unwrap).find(|line| !line.starts_with("peak"));
        drop(child.stdin.take());
        child.wait().unwrap();
        let said = said.expect("the child says how it watches");
        assert!(said.starts_with(expected), "{wanted}: {said}");
    }
}
