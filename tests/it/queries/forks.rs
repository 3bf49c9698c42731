//! Forks and other copies of a session: which file has the originals, in whatever order the files arrive, and what is reported about the copies.

use han_native::model::{Message, MessageQuery, SessionQuery};
use serde_json::{Value, json};

use crate::support::dump::Scope;
use crate::support::home::{Database, Home, place};
use crate::support::laws;
use crate::support::lines::{self, jsonl, time, with};

/// What is expected of a session.
struct Expected {
    session: &'static str,
    /// The numbers of the lines that are its own.
    own: &'static [i64],
    forked_from: Option<&'static str>,
}

const fn of(session: &'static str, own: &'static [i64], forked_from: Option<&'static str>) -> Expected {
    Expected { session, own, forked_from }
}

/// A name, the files by session, and what is expected. A file is a list of records, each a letter, a number that is its uuid and its
/// time, and after `@` the other session that it names:
///
/// - `u` a prompt, `a` an answer, each with a uuid; `A@x` and `U@x` say that they were forked from x, `a@x` that x requested it,
///   `k@x` is a prompt that still names x as its session; `u2t9` has another time than its number
/// - without a uuid: `q` a queue operation, `s` a snapshot of files, `p` the last prompt, which has no time
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [Expected]);

const CASES: &[Case] = &[
    (
        "the file that began first, also where it was not continued",
        &[("x", "q1 u2 a3"), ("y", "q4 u2 a3 u7 a8")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4, 5], Some("x"))],
    ),
    (
        "both were continued",
        &[("x", "q1 u2 a3 u9"), ("y", "q4 u2 a3 u7 a8")],
        &[of("x", &[1, 2, 3, 4], None), of("y", &[1, 4, 5], Some("x"))],
    ),
    (
        "a file that was requested by another is a copy of it, in all of its lines",
        &[("x", "u2 a3"), ("y", "u2 a3@x u7")],
        &[of("x", &[1, 2], None), of("y", &[3], Some("x"))],
    ),
    (
        "a fork that says so, though it began first",
        &[("x", "u2 a3 u9"), ("y", "q1 U2@x a3 u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
    (
        "an origin that is not there decides nothing",
        &[("x", "q1 u2@gone a3"), ("y", "q4 u2 a3 u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
    (
        "snapshots of files have the time",
        &[("x", "s1 u2 a3"), ("y", "s5 u2 a3 u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
    (
        "snapshots that were copied do not",
        &[("x", "s1 u2 a3 u4"), ("y", "s1 u2 a3 q6 u7")],
        &[of("x", &[1, 2, 3, 4], None), of("y", &[1, 4, 5], Some("x"))],
    ),
    (
        "a last prompt is a record of one's own",
        &[("x", "u2 a3 p3"), ("y", "q5 u2 a3 u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
    (
        "a fork of a fork is from the one that it was forked from",
        &[("x", "q1 u2 a3 u10"), ("y", "q4 u2 a3 u5 a6 u11"), ("z", "q7 u2 a3 u5 a6 u12")],
        &[of("x", &[1, 2, 3, 4], None), of("y", &[1, 4, 5, 6], Some("x")), of("z", &[1, 6], Some("y"))],
    ),
    (
        "two forks of one session",
        &[("x", "q1 u2 a3"), ("y", "q4 u2 a3 u5"), ("z", "q6 u2 a3 u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x")), of("z", &[1, 4], Some("x"))],
    ),
    (
        "a copy that says nothing of its own",
        &[("x", "q1 u2 a3 u9"), ("y", "q1 u2 a3")],
        &[of("x", &[1, 2, 3, 4], None), of("y", &[1], Some("x"))],
    ),
    (
        "times that were rewritten come before all",
        &[("x", "q8 u2 a3"), ("y", "q4 u2t50 a3t50 u57")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
    (
        "so do records that name another session",
        &[("x", "q8 u2 a3"), ("y", "q4 k2@x k3@x u7")],
        &[of("x", &[1, 2, 3], None), of("y", &[1, 4], Some("x"))],
    ),
];

/// The names of a case's files: either may be the first.
fn named(letter: &str, is_reversed: bool) -> String {
    let rank = letter.bytes().map(u32::from).sum::<u32>() - u32::from(b'w');
    format!("{}0000000-0000-4000-8000-00000000000{letter}", if is_reversed { 9 - rank } else { rank })
}

fn record(session: &str, text: &str, name: &dyn Fn(&str) -> String) -> Value {
    let (text, source) = text.split_once('@').map_or((text, None), |(text, source)| (text, Some(name(source))));
    let (number, own_time) = text[1..].split_once('t').unwrap_or((&text[1..], &text[1..]));
    let (id, number): (&str, usize) = (number, number.parse().unwrap());
    let uuid = format!("{number:08x}-0000-4000-8000-000000000000");
    let at = time(own_time.parse().unwrap());
    let bare = |record: Value| with(record, &[("/sessionId", session.into())]);
    let spoken =
        |record: Value| with(bare(record), &[("/uuid", uuid.clone().into()), ("/timestamp", at.clone().into())]);
    let answer = || {
        let record = lines::assistant(&[lines::text("an answer")]);
        spoken(with(record, &[("/message/id", format!("msg_{id}").into())]))
    };
    let prompt = || spoken(lines::user("a prompt"));
    let forked = |record: Value| with(record, &[("/forkedFrom", json!({ "sessionId": source.clone() }))]);
    match &text[..1] {
        "k" => with(prompt(), &[("/sessionId", source.clone().into())]),
        "u" => with(prompt(), &[("/requestSessionId", source.clone().into())]),
        "a" => with(answer(), &[("/requestSessionId", source.clone().into())]),
        "U" => forked(prompt()),
        "A" => forked(answer()),
        "q" => {
            bare(json!({ "type": "queue-operation", "operation": "enqueue", "timestamp": at, "content": "a prompt" }))
        }
        "s" => json!({ "type": "file-history-snapshot", "messageId": uuid, "snapshot": { "timestamp": at } }),
        "p" => bare(json!({ "type": "last-prompt", "lastPrompt": "a prompt", "leafUuid": uuid })),
        other => panic!("what is {other}?"),
    }
}

fn own_lines(database: &Database, session: &str) -> Vec<i64> {
    let query = MessageQuery { session_id: session.to_owned(), ..MessageQuery::default() };
    let messages: Vec<Message> = database.han.messages().list(&query).unwrap().items;
    messages.iter().map(|message| message.line_number).collect()
}

fn check(what: &str, database: &Database, expected: &[Expected], lengths: &[usize], name: &dyn Fn(&str) -> String) {
    let listed = database.han.sessions().list(&SessionQuery::default()).unwrap().items;
    for (expected, length) in expected.iter().zip(lengths) {
        let id = name(expected.session);
        let session = database.han.sessions().get(&[&id]).unwrap().remove(0).unwrap();
        assert_eq!(own_lines(database, &id), expected.own, "{what}: lines of {}", expected.session);
        let copied = length - expected.own.len();
        assert_eq!(session.message_count, expected.own.len() as i64, "{what}: {}", expected.session);
        assert_eq!(session.copied_count, copied as i64, "{what}: copies in {}", expected.session);
        assert_eq!(session.forked_from, expected.forked_from.map(name), "{what}: where {} is from", expected.session);
        assert_eq!(session.tokens.output_tokens, session.assistant_count * 5, "{what}: tokens of {}", expected.session);
        let is_listed = listed.iter().any(|session| session.id == id);
        assert_eq!(is_listed, session.prompt_count + session.assistant_count > 0, "{what}: {}", expected.session);
    }
}

#[test]
fn the_original_of_a_fork_keeps_its_records_in_whatever_order_they_arrive() {
    for (what, files, expected) in CASES {
        for is_reversed in [false, true] {
            let name = |letter: &str| if letter == "gone" { letter.to_owned() } else { named(letter, is_reversed) };
            let contents: Vec<(String, Vec<String>)> = files
                .iter()
                .map(|(letter, text)| {
                    let id = name(letter);
                    let records = text.split(' ').map(|text| jsonl(&[record(&id, text, &name)])).collect();
                    (place(&id), records)
                })
                .collect();
            let lengths: Vec<usize> = contents.iter().map(|(_, lines)| lines.len()).collect();
            // All at once, one file after the other in both orders, and line by line.
            for order in ["at once", "forwards", "backwards", "by line"] {
                let home = Home::new();
                let database = home.database();
                let mut turns: Vec<&(String, Vec<String>)> = contents.iter().collect();
                if order == "backwards" {
                    turns.reverse();
                }
                match order {
                    "by line" => {
                        for at in 0..lengths.iter().copied().max().unwrap_or_default() {
                            for (place, lines) in turns.iter().rev().filter(|(_, lines)| at < lines.len()) {
                                home.append(place, &lines[at]);
                                database.index(&home.file(place));
                            }
                        }
                    }
                    _ => {
                        for (place, lines) in turns {
                            home.write(place, lines.concat());
                            if order != "at once" {
                                database.index(&home.file(place));
                            }
                        }
                    }
                }
                database.scan();
                let what = format!("{what}, {order}, reversed {is_reversed}");
                check(&what, &database, expected, &lengths, &name);
                database.dump(Scope::Present).expect(&home.from_scratch(), &what).unwrap();
                laws::check(&home, &database).unwrap();
            }
        }
    }
}

#[test]
fn a_copy_becomes_the_original_when_the_original_goes() {
    let home = Home::new();
    let name = |letter: &str| named(letter, false);
    let [original, fork] = ["x", "y"].map(name);
    for (id, text) in [(&original, "q1 u2 a3"), (&fork, "q4 u2 a3 u7")] {
        let records: Vec<Value> = text.split(' ').map(|text| record(id, text, &name)).collect();
        home.write(&place(id), jsonl(&records));
    }
    let database = home.database();
    database.scan();
    assert_eq!(own_lines(&database, &fork), [1, 4]);
    let target = han_native::ForgetTarget::Session(original);
    database.han.forget(&target).unwrap();
    assert_eq!(own_lines(&database, &fork), [1, 2, 3, 4]);
    let session = database.han.sessions().get(&[&fork]).unwrap().remove(0).unwrap();
    assert_eq!((session.copied_count, session.forked_from), (0, None));
}
