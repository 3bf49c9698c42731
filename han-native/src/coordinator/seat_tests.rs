//! The thread of a seat, and whose wishes it respects.

use std::sync::{Arc, OnceLock, Weak};
use std::time::{Duration, Instant};

use super::seat::Seat;
use super::timing::Timing;
use crate::config::OpenOptions;
use crate::logging::Log;
use crate::signal::Signal;
use crate::store::Store;

/// Long enough for any machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn options(folder: &tempfile::TempDir) -> OpenOptions {
    OpenOptions {
        db_path: Some(folder.path().join("han.db")),
        heartbeat_interval: Duration::from_millis(20),
        stale_after: Duration::from_millis(10_000),
        ..OpenOptions::default()
    }
}

fn seat(options: OpenOptions) -> (Arc<Store>, Seat) {
    let timing = Timing::of(&options).unwrap();
    let log = Log::new(options.log.clone());
    let store = Arc::new(Store::open(options).unwrap());
    let seat = Seat::new(&store, &log, timing);
    (store, seat)
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} does not come");
        std::thread::yield_now();
    }
}

#[test]
fn the_last_wish_to_end_ends_leading() {
    let folder = tempfile::tempdir().unwrap();
    let (store, seat) = seat(options(&folder));
    let (one, other) = (seat.stand().unwrap(), seat.stand().unwrap());
    assert!(one.leads && other.leads);
    assert!(!seat.stand_down(one).unwrap());
    assert!(store.leads());
    assert!(seat.stand_down(other).unwrap());
    assert!(!store.leads());
}

#[test]
fn a_wish_of_before_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (store, seat) = seat(options(&folder));
    let old = seat.stand().unwrap();
    assert!(seat.close().unwrap());
    let new = seat.stand().unwrap();
    assert!(new.leads);
    assert!(!seat.stand_down(old).unwrap());
    assert!(store.leads(), "another caller still wants it to lead");
    let beats = store.leader().unwrap().unwrap().heartbeat;
    wait("a sign of life", || store.leader().unwrap().unwrap().heartbeat > beats);
    assert!(seat.stand_down(new).unwrap());
}

#[test]
fn a_follower_leads_by_itself_once_the_leader_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let (store, leader) = seat(options(&folder));
    assert!(leader.stand().unwrap().leads);
    let (other, follower) = seat(options(&folder));
    drop(leader);
    assert!(!store.leads() && store.leader().unwrap().unwrap().is_released);
    let writing = store.begin_writing().unwrap();
    assert!(!follower.stand().unwrap().leads);
    drop(writing);
    wait("a leader", || other.leads());
    drop(follower);
    assert!(!other.leads() && other.leader().unwrap().unwrap().is_released);
}

#[test]
fn the_log_may_ask_for_the_status_and_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let place: Arc<OnceLock<Weak<Seat>>> = Arc::default();
    let told = Arc::new(Signal::default());
    let (seen, bell) = (Arc::clone(&place), Arc::clone(&told));
    let log: crate::config::LogHook = Arc::new(move |_| {
        if let Some(seat) = seen.get().and_then(Weak::upgrade) {
            let _ = seat.status();
            let _ = seat.close();
            bell.ring();
        }
    });
    let (store, seat) = seat(OpenOptions { log: Some(log), ..options(&folder) });
    let seat = Arc::new(seat);
    place.set(Arc::downgrade(&seat)).unwrap();
    assert!(seat.stand().unwrap().leads);
    // From now on each sign of life fails.
    rusqlite::Connection::open(store.path()).unwrap().execute_batch("ALTER TABLE leader RENAME TO gone").unwrap();
    assert!(told.wait(0, Some(Instant::now() + PATIENCE)));
    assert!(!store.leads());
}
