//! A watcher whose handle loses the lead, and wins it again.

use std::time::Duration;

use han_native::model::Change;
use han_native::{ErrorCode, OpenOptions, SubscribeOptions};

use super::feed_support::{next, topics};
use super::watch_support::{place, prompts, wait_until};
use crate::support::home::{Database, Home};

/// A handle that leads and checks every few milliseconds whether it does.
fn leading(home: &Home) -> Database {
    let database = Database::with(OpenOptions {
        config_dirs: Some(vec![home.config_dir()]),
        heartbeat_interval: Duration::from_millis(20),
        stale_after: Duration::from_millis(60_000),
        ..OpenOptions::default()
    });
    database.han.watcher().start().unwrap();
    database
}

/// Takes the lead as another process would that found this one suspended.
fn take_lead(database: &Database) {
    let raw = rusqlite::Connection::open(&database.path).unwrap();
    raw.busy_timeout(super::feed_support::PATIENCE).unwrap();
    // The first process lives as long as the system.
    raw.execute_batch(
        "UPDATE leader SET epoch = epoch + 1, owner = 'another', pid = 1, lock_device = NULL, lock_inode = NULL,
             process_start = NULL",
    )
    .unwrap();
}

/// Releases the lead as that one would.
fn release(database: &Database) {
    let raw = rusqlite::Connection::open(&database.path).unwrap();
    raw.busy_timeout(super::feed_support::PATIENCE).unwrap();
    raw.execute_batch("UPDATE leader SET is_released = 1, owner = ''").unwrap();
}

#[test]
fn an_idle_watcher_stops_with_the_lead_and_goes_on_with_it() {
    let home = Home::new();
    home.write(&place("s1"), prompts("s1", 1).as_bytes());
    let database = leading(&home);
    let watcher = database.han.watcher();
    let leadership = database.han.coordinator().try_acquire().unwrap();
    assert!(leadership.led_at_once() && watcher.status().running);
    let mut told = database
        .han
        .subscribe(SubscribeOptions { topics: vec!["leader:**".into()], ..SubscribeOptions::default() })
        .unwrap();
    for round in 1..=3 {
        take_lead(&database);
        // Nothing is written: the next heartbeat detects it.
        let lost: Change = next(&mut told);
        assert_eq!(topics(&[lost]), [("leader:lost", "")]);
        let status = watcher.status();
        assert!(!status.running, "it has stopped by the time that this is reported: {status:?}");
        let reason = status.reason.expect("it says why");
        assert!(reason.contains("(pid 1)") && reason.contains("goes on"), "{reason}");
        assert_eq!(watcher.start().unwrap_err().code(), ErrorCode::NotLeader);
        assert!(watcher.status().reason.is_some(), "it waits as before");
        home.append(&place("s1"), prompts(&format!("more{round}"), 2).as_bytes());
        release(&database);
        let acquired: Change = next(&mut told);
        assert_eq!(topics(&[acquired]), [("leader:acquired", "")]);
        wait_until("it continues", || watcher.status().running);
        wait_until("what came meanwhile is there", || database.han.stats().unwrap().messages == 1 + 2 * round);
        assert_eq!(watcher.status().reason, None);
    }
    home.append(&place("s1"), prompts("last", 1).as_bytes());
    wait_until("what comes now, too", || database.han.stats().unwrap().messages == 8);
    drop(leadership);
}

#[test]
fn a_watcher_that_waits_for_the_lead_can_be_stopped_started_and_closed() {
    let home = Home::new();
    for ending in 0..3 {
        let database = leading(&home);
        let watcher = database.han.watcher();
        let leadership = database.han.coordinator().try_acquire().unwrap();
        take_lead(&database);
        wait_until("it has stopped", || !watcher.status().running);
        let added = Home::new();
        added.write(&place("s2"), prompts("s2", 3).as_bytes());
        watcher.add_path(added.config_dir()).unwrap();
        match ending {
            0 => {
                watcher.stop();
                assert_eq!((watcher.status().running, watcher.status().reason), (false, None));
                release(&database);
                wait_until("it leads", || database.han.coordinator().is_coordinator().unwrap());
                assert!(!watcher.status().running, "it was asked to stop");
            }
            1 => {
                // It no longer leads, nor tries to; nobody else does.
                leadership.release().unwrap();
                release(&database);
                watcher.start().unwrap();
                assert!(watcher.status().running);
                assert_eq!(database.han.stats().unwrap().messages, 3);
            }
            _ => database.han.close(),
        }
    }
}

#[test]
fn a_watcher_that_finds_another_leader_when_it_writes_says_so() {
    let home = Home::new();
    let database = leading(&home);
    let watcher = database.han.watcher();
    home.write(&place("s1"), prompts("s1", 1).as_bytes());
    wait_until("it writes", || database.han.stats().unwrap().messages == 1);
    take_lead_unreleased(&database);
    home.append(&place("s1"), prompts("more", 1).as_bytes());
    wait_until("it has stopped", || !watcher.status().running);
    assert!(watcher.status().reason.unwrap().contains("(pid 1)"));
    release(&database);
    watcher.start().unwrap();
    assert_eq!(database.han.stats().unwrap().messages, 2);
}

/// Like [`take_lead`], if nobody has led before.
fn take_lead_unreleased(database: &Database) {
    take_lead(database);
    let raw = rusqlite::Connection::open(&database.path).unwrap();
    raw.execute_batch("UPDATE leader SET is_released = 0").unwrap();
}
