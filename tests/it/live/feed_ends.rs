//! How subscriptions wait and end, and who may have one.

use std::time::Duration;

use han_native::{Cancellation, Han, OpenOptions, SubscribeOptions, Subscription};

use super::feed_support::{PATIENCE, at_hand, next, place, prompt, topics};
use crate::support::home::{Database, Home};

fn world() -> (Home, Database) {
    let home = Home::new();
    home.write(&place("s1"), prompt("s1", 1, "open the shop").as_bytes());
    let database = home.database();
    database.scan();
    (home, database)
}

/// Runs `end` while another thread waits for an item, which then has to end, without one.
fn wakes(mut subscription: Subscription, end: impl FnOnce()) {
    let (started, has_started) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            started.send(()).unwrap();
            let none = subscription.next();
            (none.is_none(), subscription.is_ended(), subscription.next_timeout(PATIENCE).unwrap())
        });
        has_started.recv().unwrap();
        end();
        assert_eq!(waiting.join().unwrap(), (true, true, None));
    });
}

#[test]
fn closing_the_handle_ends_a_waiting_call() {
    let (_home, database) = world();
    let subscription = database.han.subscribe(SubscribeOptions::default()).unwrap();
    wakes(subscription, || database.han.close());
    assert_eq!(database.han.subscribe(SubscribeOptions::default()).unwrap_err().code().as_str(), "HAN_CLOSED");
}

#[test]
fn dropping_the_last_clone_of_the_handle_ends_a_waiting_call() {
    let (_home, database) = world();
    let subscription = database.han.subscribe(SubscribeOptions::default()).unwrap();
    let clone = database.han.clone();
    wakes(subscription, move || {
        drop(database);
        drop(clone);
    });
}

#[test]
fn cancelling_ends_a_waiting_call_and_no_other() {
    let (home, database) = world();
    let cancellation = Cancellation::default();
    let options = SubscribeOptions { cancellation: cancellation.clone(), ..SubscribeOptions::default() };
    let mut other = database.han.subscribe(SubscribeOptions::default()).unwrap();
    let subscription = database.han.subscribe(options.clone()).unwrap();
    wakes(subscription, || cancellation.cancel());
    let mut late = database.han.subscribe(options).unwrap();
    assert!(late.is_ended() && late.next().is_none());
    home.append(&place("s1"), prompt("s1", 2, "sell bread").as_bytes());
    database.scan();
    assert!(!other.is_ended());
    assert_eq!(topics(&at_hand(&mut other)), [("session:message:added", "s1"), ("session:updated", "s1")]);
}

#[test]
fn a_subscription_may_be_dropped_while_others_wait() {
    let (home, database) = world();
    let subscribe = || database.han.subscribe(SubscribeOptions::default()).unwrap();
    let (dropped, mut waiting) = (subscribe(), subscribe());
    std::thread::scope(|scope| {
        let heard = scope.spawn(move || next(&mut waiting));
        drop(dropped);
        home.append(&place("s1"), prompt("s1", 2, "sell bread").as_bytes());
        database.scan();
        assert_eq!(topics(&[heard.join().unwrap()]), [("session:message:added", "s1")]);
    });
}

#[test]
fn a_look_without_waiting_comes_back_at_once() {
    let (_home, database) = world();
    let mut subscription = database.han.subscribe(SubscribeOptions::default()).unwrap();
    assert_eq!(subscription.next_timeout(Duration::ZERO).unwrap(), None);
    assert_eq!(subscription.next_batch(5, Some(Duration::ZERO)).unwrap(), []);
    assert!(!subscription.is_ended());
}

#[test]
fn a_handle_that_only_reads_may_subscribe() {
    let (home, database) = world();
    let reader = Han::open(OpenOptions {
        db_path: Some(database.path.clone()),
        config_dirs: Some(Vec::new()),
        read_only: true,
        ..OpenOptions::default()
    })
    .unwrap();
    let mut following = reader.subscribe(SubscribeOptions { expand: true, ..SubscribeOptions::default() }).unwrap();
    for number in 2..6 {
        std::thread::scope(|scope| {
            let heard = scope.spawn(|| [next(&mut following), next(&mut following)]);
            home.append(&place("s1"), prompt("s1", number, "sell bread").as_bytes());
            database.scan();
            let heard = heard.join().unwrap();
            assert_eq!(topics(&heard), [("session:message:added", "s1"), ("session:updated", "s1")]);
        });
    }
}

#[test]
fn a_database_in_memory_is_followed() {
    let home = Home::new();
    home.write(&place("s1"), prompt("s1", 1, "open the shop").as_bytes());
    let han = Han::open_in_memory().unwrap();
    let mut following = han.subscribe(SubscribeOptions::default()).unwrap();
    std::thread::scope(|scope| {
        let heard = scope.spawn(|| [next(&mut following), next(&mut following), next(&mut following)]);
        han.index_session_file(home.file(&place("s1"))).unwrap();
        let heard = heard.join().unwrap();
        let expected = [("session:added", "s1"), ("session:message:added", "s1"), ("session:updated", "s1")];
        assert_eq!(topics(&heard), expected);
    });
}

#[test]
fn closing_with_subscriptions_open_leaves_one_file() {
    let (home, database) = world();
    let subscriptions: Vec<Subscription> =
        (0..3).map(|_| database.han.subscribe(SubscribeOptions::default()).unwrap()).collect();
    home.append(&place("s1"), prompt("s1", 2, "sell bread").as_bytes());
    database.scan();
    database.han.close();
    for suffix in ["-wal", "-shm"] {
        let mut path = database.path.clone().into_os_string();
        path.push(suffix);
        assert!(!std::path::Path::new(&path).exists(), "{suffix} is left over");
    }
    drop(subscriptions);
}
