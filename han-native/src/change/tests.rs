//! Subscribers over changes without messages, which need no transcripts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Feed, Subscriber};
use crate::config::{Cancellation, OpenOptions, SubscribeOptions};
use crate::model::Change;
use crate::store::{Store, Topic, announce, raise_sequence, trim_changes};

/// Long enough for any machine, and an error if it is not.
const PATIENCE: Duration = Duration::from_secs(60);
const DAY: i64 = 24 * 60 * 60 * 1_000;

struct Fixture {
    // Dropped in this order.
    feed: Arc<Feed>,
    store: Arc<Store>,
}

impl Fixture {
    fn in_memory() -> Fixture {
        Fixture::open(OpenOptions { in_memory: true, ..OpenOptions::default() })
    }

    fn open(options: OpenOptions) -> Fixture {
        let store = Arc::new(Store::open(OpenOptions { config_dirs: Some(Vec::new()), ..options }).unwrap());
        Fixture { feed: Arc::new(Feed::new(&store)), store }
    }

    /// Commits this many changes of this time.
    fn commit(&self, count: usize, time: i64) {
        let writing = self.store.begin_writing().unwrap();
        writing
            .transaction(|batch| (0..count).try_for_each(|_| announce(batch.connection(), Topic::LeaderAcquired, time)))
            .unwrap();
        self.store.news().ring();
    }

    fn trim(&self, now: i64) {
        self.store.begin_writing().unwrap().transaction(|batch| trim_changes(batch.connection(), now)).unwrap();
    }

    fn raise(&self) {
        self.store.begin_writing().unwrap().transaction(|batch| raise_sequence(batch.connection())).unwrap();
    }

    fn subscribe(&self, options: SubscribeOptions) -> Subscriber {
        self.feed.subscribe(&self.store, options).unwrap()
    }

    fn since(&self, cursor: &str) -> Subscriber {
        self.subscribe(SubscribeOptions { since: Some(cursor.into()), ..SubscribeOptions::default() })
    }
}

/// What there is to report, as cursors; a gap as `from..to`.
fn told(subscriber: &mut Subscriber) -> Vec<String> {
    let mut told = Vec::new();
    while let Some(item) = subscriber.next(Some(Instant::now())).unwrap() {
        told.push(match item {
            Change::Change { cursor, .. } => cursor,
            Change::Gap { cursor, from, to } => {
                assert_eq!(cursor, to);
                format!("{from}..{to}")
            }
        });
    }
    told
}

#[test]
fn a_subscriber_hears_what_is_behind_its_cursor() {
    let fixture = Fixture::in_memory();
    fixture.commit(3, 1);
    let mut new = fixture.subscribe(SubscribeOptions::default());
    assert_eq!(told(&mut new), [""; 0]);
    assert_eq!(told(&mut fixture.since("0")), ["1", "2", "3"]);
    assert_eq!(told(&mut fixture.since("2")), ["3"]);
    // A change without messages has no middle.
    assert_eq!(told(&mut fixture.since("1.7")), ["2", "3"]);
    fixture.commit(1, 1);
    assert_eq!(told(&mut new), ["4"]);
    assert_eq!(told(&mut new), [""; 0]);
}

#[test]
fn a_cursor_ahead_of_the_database_is_one_behind_its_newest_change() {
    let fixture = Fixture::in_memory();
    fixture.commit(2, 1);
    let mut ahead = fixture.since("70000");
    fixture.raise();
    fixture.commit(1, 1);
    assert_eq!(told(&mut ahead), ["1000003"]);
}

#[test]
fn what_is_no_cursor_is_refused() {
    let fixture = Fixture::in_memory();
    for since in ["", "a", "-1", "+1", "1.", ".1", "1.2.3", "1.-2", " 1", "9223372036854775808", "1,0", "١"] {
        let options = SubscribeOptions { since: Some(since.into()), ..SubscribeOptions::default() };
        let refused = fixture.feed.subscribe(&fixture.store, options).map(|_| ()).unwrap_err();
        assert_eq!(refused.code().as_str(), "HAN_INVALID_ARGUMENT", "{since:?}");
    }
}

#[test]
fn what_is_older_than_a_day_is_trimmed_and_told_as_one_gap() {
    let fixture = Fixture::in_memory();
    fixture.commit(3, 1);
    fixture.commit(2, DAY);
    let mut slow = fixture.since("0");
    fixture.trim(DAY + 1);
    assert_eq!(told(&mut slow), ["0..3", "4", "5"]);
    assert_eq!(told(&mut fixture.since("1")), ["1..3", "4", "5"]);
    assert_eq!(told(&mut fixture.since("1.4")), ["1.4..3", "4", "5"]);
    assert_eq!(told(&mut fixture.since("3")), ["4", "5"]);
    // Nothing is left, but it is still known up to where something was.
    fixture.trim(3 * DAY);
    assert_eq!(told(&mut slow), [""; 0]);
    assert_eq!(told(&mut fixture.since("4")), ["4..5"]);
    let mut new = fixture.subscribe(SubscribeOptions::default());
    fixture.commit(1, 3 * DAY);
    assert_eq!(told(&mut new), ["6"]);
}

#[test]
fn what_is_young_stays_behind_an_older_time() {
    let fixture = Fixture::in_memory();
    fixture.commit(1, 2 * DAY);
    // The clock was set back.
    fixture.commit(1, 1);
    fixture.trim(2 * DAY + 5);
    assert_eq!(told(&mut fixture.since("0")), ["1", "2"]);
}

#[test]
fn the_newest_hundred_thousand_are_kept_however_the_sequence_jumps() {
    let fixture = Fixture::in_memory();
    fixture.commit(10_005, 1);
    fixture.raise();
    fixture.commit(99_997, 1);
    // 3 + 99,997 are left, in steps of 10,000.
    fixture.trim(2);
    assert_eq!(told(&mut fixture.since("9999"))[..2], ["9999..10000", "10001"]);
    fixture.trim(2);
    let left = told(&mut fixture.since("9999"));
    assert_eq!(left.len(), 1 + 100_000);
    assert_eq!(left[..5], ["9999..10002", "10003", "10004", "10005", "1010006"]);
    fixture.trim(2);
    assert_eq!(told(&mut fixture.since("10002")).len(), 100_000);
}

#[test]
fn the_sequence_is_raised_also_before_the_first_change() {
    let fixture = Fixture::in_memory();
    fixture.raise();
    fixture.raise();
    fixture.commit(1, 1);
    assert_eq!(told(&mut fixture.since("0")), ["2000001"]);
}

#[test]
fn many_changes_that_are_not_wanted_are_passed_by() {
    let fixture = Fixture::in_memory();
    let mut deaf =
        fixture.subscribe(SubscribeOptions { topics: vec!["tool:**".into()], ..SubscribeOptions::default() });
    fixture.commit(2_000, 1);
    assert_eq!(told(&mut deaf), [""; 0]);
    fixture.feed.announce_local(Topic::LeaderLost);
    assert_eq!(told(&mut deaf), [""; 0]);
}

#[test]
fn a_local_announcement_is_told_to_one_handle_at_the_place_that_was_reached() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("han.db");
    let on_disk = || Fixture::open(OpenOptions { db_path: Some(path.clone()), ..OpenOptions::default() });
    let (one, other) = (on_disk(), on_disk());
    let mut here = one.since("0");
    let mut elsewhere = other.since("0");
    one.commit(2, 1);
    one.feed.announce_local(Topic::LeaderLost);
    assert_eq!(told(&mut here), ["1", "2", "2"]);
    assert_eq!(told(&mut elsewhere), ["1", "2"]);
    assert_eq!(told(&mut one.since("0")), ["1", "2"], "a later subscriber is not notified");
    let mut waiting = one.subscribe(SubscribeOptions { topics: vec!["leader:lost".into()], ..Default::default() });
    std::thread::scope(|scope| {
        let heard = scope.spawn(|| waiting.next(Some(Instant::now() + PATIENCE)).unwrap());
        one.feed.announce_local(Topic::LeaderLost);
        let Some(Change::Change { cursor, topic, session_id: None, .. }) = heard.join().unwrap() else {
            panic!("nothing was reported");
        };
        assert_eq!((cursor.as_str(), topic.as_str()), ("2", "leader:lost"));
    });
}

#[test]
fn the_thread_runs_while_there_are_subscribers_on_disk() {
    let runs = |fixture: &Fixture| fixture.feed.has_poller();
    let memory = Fixture::in_memory();
    let _subscriber = memory.since("0");
    assert!(!runs(&memory));
    let folder = tempfile::tempdir().unwrap();
    let disk = Fixture::open(OpenOptions { data_dir: Some(folder.path().join("data")), ..OpenOptions::default() });
    assert!(!runs(&disk));
    let (first, second) = (disk.since("0"), disk.since("0"));
    assert!(runs(&disk));
    drop(first);
    assert!(runs(&disk));
    drop(second);
    assert!(!runs(&disk));
    let _third = disk.since("0");
    assert!(runs(&disk));
    disk.feed.close();
    assert!(!runs(&disk));
}

/// Runs `end` while a subscriber waits, which then has to end.
fn ends_by(end: impl FnOnce(Fixture, &Cancellation)) {
    let fixture = Fixture::in_memory();
    let cancellation = Cancellation::default();
    let options = SubscribeOptions { cancellation: cancellation.clone(), ..SubscribeOptions::default() };
    let mut subscriber = fixture.subscribe(options);
    assert!(!subscriber.is_ended());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || {
            let heard = subscriber.next(Some(Instant::now() + PATIENCE)).unwrap();
            (heard, subscriber.is_ended())
        });
        end(fixture, &cancellation);
        assert_eq!(waiting.join().unwrap(), (None, true));
    });
}

#[test]
fn a_waiting_subscriber_ends_with_the_store_its_owner_or_its_token() {
    ends_by(|fixture, _| fixture.store.close());
    ends_by(|fixture, _| drop(fixture));
    let mut kept_open = None;
    ends_by(|fixture, cancellation| {
        cancellation.cancel();
        kept_open = Some(fixture);
    });
    assert!(kept_open.is_some_and(|fixture| !fixture.store.is_closed()));
}

#[test]
fn nothing_is_subscribed_to_behind_a_close() {
    let fixture = Fixture::in_memory();
    fixture.feed.close();
    fixture.store.close();
    let refused = fixture.feed.subscribe(&fixture.store, SubscribeOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(refused.code().as_str(), "HAN_CLOSED");
}
