//! Many subscribers, of all kinds, while many files grow.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use han_native::model::Change;
use han_native::{Han, OpenOptions, ScanOptions, SubscribeOptions, Subscription};

use super::feed_support::{PATIENCE, message_of, place, prompt};
use crate::support::home::{Database, Home};
use crate::support::size;

const ROUNDS: usize = 5;
const LINES_A_ROUND: usize = 8;

/// How many files grow.
fn files() -> usize {
    size::of(250, 500)
}

fn all_messages() -> usize {
    files() * ROUNDS * LINES_A_ROUND
}

/// Each message once, and those of a file in its order.
#[derive(Default)]
struct Heard {
    messages: BTreeSet<String>,
    last_lines: BTreeMap<String, i64>,
}

impl Heard {
    fn hear(&mut self, message: String) {
        let mut parts = message.split(':');
        let file = parts.next().unwrap().to_owned();
        let line: i64 = parts.next().unwrap().parse().unwrap();
        let last = self.last_lines.insert(file, line).unwrap_or(0);
        assert!(last < line, "{message} is reported after line {last} of its file");
        assert!(self.messages.insert(message.clone()), "{message} is reported twice");
    }

    fn hear_item(&mut self, item: &Change) {
        self.hear(message_of(item).unwrap_or_else(|| panic!("no message: {item:?}")));
    }

    fn is_all(&self) -> bool {
        self.messages.len() == all_messages()
    }
}

fn options(since: Option<&str>) -> SubscribeOptions {
    SubscribeOptions {
        topics: vec!["session:message:*".into()],
        expand: true,
        since: since.map(Into::into),
        ..SubscribeOptions::default()
    }
}

/// Receives everything as soon as it can, by item or by batch.
fn quick(mut subscription: Subscription, batch: usize) {
    let mut heard = Heard::default();
    while !heard.is_all() {
        let items = subscription.next_batch(batch, Some(PATIENCE)).unwrap();
        assert!(!items.is_empty(), "only {} of {} messages were reported", heard.messages.len(), all_messages());
        items.iter().for_each(|item| heard.hear_item(item));
    }
}

/// Receives a little after each round, and the rest when everything is there.
fn slow(mut subscription: Subscription, rounds: &Receiver<()>) {
    let mut heard = Heard::default();
    for () in rounds {
        for item in subscription.next_batch(37, Some(PATIENCE)).unwrap() {
            heard.hear_item(&item);
        }
    }
    while !heard.is_all() {
        heard.hear_item(&subscription.next_timeout(PATIENCE).unwrap().expect("a message comes in time"));
    }
}

/// Dropped now and then, and started again where it was.
fn restless(han: &Han, first: Subscription) {
    let mut heard = Heard::default();
    let mut subscription = first;
    let mut cursor = None;
    while !heard.is_all() {
        for _ in 0..1_777.min(all_messages() - heard.messages.len()) {
            let item = subscription.next_timeout(PATIENCE).unwrap().expect("a message comes in time");
            cursor = Some(item.cursor().to_owned());
            heard.hear_item(&item);
        }
        subscription = han.subscribe(options(cursor.as_deref())).unwrap();
    }
}

/// Receives some items, and leaves.
fn gone_soon(mut subscription: Subscription) {
    let mut heard = Heard::default();
    for _ in 0..1_000 {
        heard.hear_item(&subscription.next_timeout(PATIENCE).unwrap().expect("a message comes in time"));
    }
}

/// A subscriber in another process. Killed when it is dropped.
struct OtherProcess {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl OtherProcess {
    /// Returns when it has subscribed.
    fn start(database: &Database) -> OtherProcess {
        let mut child = Command::new(env!("CARGO_BIN_EXE_han-test-child"))
            .args(["follow", database.path.to_str().unwrap(), "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut other = OtherProcess { child, lines };
        assert_eq!(other.line(), "following");
        other
    }

    fn line(&mut self) -> String {
        self.lines.next().expect("the other process is running").unwrap()
    }

    fn hear_all(&mut self) {
        let mut heard = Heard::default();
        while !heard.is_all() {
            let line = self.line();
            let json = line.strip_prefix("item ").unwrap_or_else(|| panic!("it said {line}"));
            let item: Change = serde_json::from_str(json).unwrap();
            if message_of(&item).is_some() {
                heard.hear_item(&item);
            }
        }
        // It ends with its input.
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for OtherProcess {
    fn drop(&mut self) {
        // Nothing to kill if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a round of every file and indexes it: most by scans, some file by file.
fn write_round(home: &Home, database: &Database, round: usize) {
    for file in 0..files() {
        let session = format!("s{file}");
        let lines: String = (0..LINES_A_ROUND)
            .map(|line| prompt(&session, round * LINES_A_ROUND + line, "sell bread and cake"))
            .collect();
        home.append(&place(&session), lines.as_bytes());
        if file % 50 == round {
            database.index(&home.file(&place(&session)));
        }
    }
    database.han.scan(ScanOptions::default()).unwrap();
}

#[test]
fn each_of_many_subscribers_hears_each_message_once_and_in_order() {
    let home = Home::new();
    let database = home.database();
    let reader = Han::open(OpenOptions {
        db_path: Some(database.path.clone()),
        config_dirs: Some(Vec::new()),
        read_only: true,
        ..OpenOptions::default()
    })
    .unwrap();
    let mut other = OtherProcess::start(&database);
    std::thread::scope(|scope| {
        let subscribe = || database.han.subscribe(options(None)).unwrap();
        for batch in [1, 10, 5_000] {
            let subscription = subscribe();
            scope.spawn(move || quick(subscription, batch));
        }
        let elsewhere = reader.subscribe(options(None)).unwrap();
        scope.spawn(move || quick(elsewhere, 100));
        let mut rounds = Vec::new();
        for _ in 0..2 {
            let (said, heard) = channel();
            rounds.push(said);
            let subscription = subscribe();
            scope.spawn(move || slow(subscription, &heard));
        }
        let (restless_one, han) = (subscribe(), &database.han);
        scope.spawn(move || restless(han, restless_one));
        for _ in 0..2 {
            let subscription = subscribe();
            scope.spawn(move || gone_soon(subscription));
        }
        scope.spawn(|| other.hear_all());
        for round in 0..ROUNDS {
            write_round(&home, &database, round);
            rounds.iter().for_each(|said| said.send(()).unwrap());
        }
        drop(rounds);
    });
    assert_eq!(database.number("SELECT count(*) FROM messages"), all_messages() as i64);
}
