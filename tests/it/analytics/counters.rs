//! Other ways of counting transcripts, compared with ours shape by shape: each agrees on some shapes, and none on all.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::transcript::{AGENT, MAIN, OTHER, answer, days, indexed, with};

const DAY: &str = "2026-03-01T10:00:00.000Z";
const NEXT_DAY: &str = "2026-03-02T10:00:00.000Z";

/// Input and output tokens, and of the input that of the first day.
type Totals = (i64, i64, i64);

type Files = Vec<(&'static str, Vec<Value>)>;

/// The lines that state tokens, in the order of the files and in theirs.
fn lines(files: &Files) -> impl Iterator<Item = &Value> {
    files.iter().flat_map(|(_, records)| records).filter(|record| record["message"]["usage"].is_object())
}

fn sum<'r>(lines: impl IntoIterator<Item = &'r Value>) -> Totals {
    lines.into_iter().fold((0, 0, 0), |(input, output, first_day), line| {
        let tokens = |name: &str| line["message"]["usage"][name].as_i64().unwrap_or(0);
        let is_first_day = line["timestamp"].as_str().is_some_and(|time| time < "2026-03-02");
        let of_day = if is_first_day { tokens("input_tokens") } else { 0 };
        (input + tokens("input_tokens"), output + tokens("output_tokens"), first_day + of_day)
    })
}

/// One line for each key, chosen by `pick` from the known one and a later one; every line without a key.
fn one_of_each<'r, K: Eq + std::hash::Hash>(
    lines: impl Iterator<Item = &'r Value>,
    key: impl Fn(&Value) -> Option<K>,
    pick: impl Fn(&'r Value, &'r Value) -> &'r Value,
) -> Totals {
    let (mut picked, mut others): (HashMap<K, &Value>, Vec<&Value>) = Default::default();
    for line in lines {
        match key(line) {
            Some(key) => {
                picked.entry(key).and_modify(|known| *known = pick(known, line)).or_insert(line);
            }
            None => others.push(line),
        }
    }
    sum(picked.into_values().chain(others))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Each by name.
fn counted_elsewhere(files: &Files) -> [(&'static str, Totals); 4] {
    let message = |line: &Value| text(&line["message"]["id"]);
    let request = |line: &Value| Some((message(line)?, text(&line["requestId"])?));
    [
        ("every line", sum(lines(files))),
        ("the first line of each request", one_of_each(lines(files), request, |first, _| first)),
        ("each uuid once", one_of_each(lines(files), |line| text(&line["uuid"]), |first, _| first)),
        ("the last line of each message", one_of_each(lines(files), message, |_, last| last)),
    ]
}

struct Shape {
    name: &'static str,
    files: Files,
    right: Totals,
    /// In the order of [`counted_elsewhere`].
    elsewhere: [Totals; 4],
    why: &'static str,
}

fn streamed(changes: &[(&str, Value)]) -> Vec<Value> {
    let line = |uuid: &str, output: i64| with(answer(uuid, DAY, "msg_1", 100, output), changes);
    vec![line("u1", 1), line("u2", 1), line("u3", 40)]
}

fn shapes() -> Vec<Shape> {
    let whole = || answer("u1", DAY, "msg_1", 100, 40);
    let nobody = || with(whole(), &[("/message/id", Value::Null), ("/requestId", Value::Null)]);
    let resumed = [("/timestamp", json!(NEXT_DAY)), ("/sessionId", json!("s2"))];
    let side = [("/isSidechain", json!(true)), ("/requestId", json!("req_2")), ("/timestamp", json!(NEXT_DAY))];
    let mirror = json!({ "type": "progress", "uuid": "p1", "sessionId": "s1", "timestamp": DAY,
        "data": { "type": "agent_progress", "agentId": "a1", "message": whole() } });
    vec![
        Shape {
            name: "a streamed answer",
            files: vec![(MAIN, streamed(&[]))],
            right: (100, 40, 100),
            elsewhere: [(300, 42, 300), (100, 1, 100), (300, 42, 300), (100, 40, 100)],
            why: "the output grows from line to line, and was paid once, as the last one says",
        },
        Shape {
            name: "a streamed answer without a request id",
            files: vec![(MAIN, streamed(&[("/requestId", Value::Null)]))],
            right: (100, 40, 100),
            elsewhere: [(300, 42, 300), (300, 42, 300), (300, 42, 300), (100, 40, 100)],
            why: "not every provider returns request ids; that of the message is enough",
        },
        Shape {
            name: "a copy that ends in the middle of an answer",
            files: vec![(MAIN, streamed(&[])), (OTHER, streamed(&resumed)[..1].to_vec())],
            right: (100, 40, 100),
            elsewhere: [(400, 43, 300), (100, 1, 100), (300, 42, 300), (100, 1, 0)],
            why: "what a message cost is what its greatest line says, wherever that is",
        },
        Shape {
            name: "a resumed session whose file comes first",
            files: vec![("projects/-code-app/s0.jsonl", vec![with(whole(), &resumed)]), (MAIN, vec![whole()])],
            right: (100, 40, 100),
            elsewhere: [(200, 80, 100), (100, 40, 0), (100, 40, 0), (100, 40, 100)],
            why: "a copy bears the time of the resumption; it was paid on the day of the original",
        },
        Shape {
            name: "a fork with uuids of its own",
            files: vec![(MAIN, vec![whole()]), (OTHER, vec![with(whole(), &[("/uuid", json!("u9"))])])],
            right: (100, 40, 100),
            elsewhere: [(200, 80, 200), (100, 40, 100), (200, 80, 200), (100, 40, 100)],
            why: "a uuid names a line, and the message id what was paid",
        },
        Shape {
            name: "a side question that repeats an answer",
            files: vec![(MAIN, vec![whole()]), (AGENT, vec![with(answer("u9", NEXT_DAY, "msg_1", 100, 90), &side)])],
            right: (100, 40, 100),
            elsewhere: [(200, 130, 100), (200, 130, 100), (200, 130, 100), (100, 90, 0)],
            why: "the conversation is sent again under another request id; its answers were paid once, and it knows what for",
        },
        Shape {
            name: "an agent that only progress reports",
            files: vec![(MAIN, vec![mirror])],
            right: (100, 40, 100),
            elsewhere: [(0, 0, 0); 4],
            why: "where the agent's own file is gone, the mirror is the only witness of what was paid",
        },
        Shape {
            name: "a copy of an answer without any id",
            files: vec![(MAIN, vec![nobody()]), (OTHER, vec![with(nobody(), &resumed)])],
            right: (100, 40, 100),
            elsewhere: [(200, 80, 100), (200, 80, 100), (100, 40, 100), (200, 80, 100)],
            why: "the uuid replaces the id of the message",
        },
        Shape {
            name: "what the agent program says itself",
            files: vec![(MAIN, vec![with(whole(), &[("/message/model", json!("<synthetic>"))])])],
            right: (0, 0, 0),
            elsewhere: [(100, 40, 100); 4],
            why: "no model was called",
        },
    ]
}

#[test]
fn where_other_counters_differ_it_is_known_why() {
    let mut agreements = [0; 4];
    for Shape { name, files, right, elsewhere, why } in shapes() {
        let borrowed: Vec<(&str, &[Value])> = files.iter().map(|(path, records)| (*path, &records[..])).collect();
        let (_home, database) = indexed(&borrowed);
        let input = |until: Option<&str>| {
            let tokens = database.han.dashboard(&days(None, until, "UTC")).unwrap().tokens;
            (tokens.input_tokens, tokens.output_tokens)
        };
        let (all, first_day) = (input(None), input(Some("2026-03-01")));
        assert_eq!((all.0, all.1, first_day.0), right, "{name}: {why}");
        for (index, (counter, totals)) in counted_elsewhere(&files).into_iter().enumerate() {
            assert_eq!(totals, elsewhere[index], "{name}, counted by {counter}");
            agreements[index] += usize::from(totals == right);
        }
    }
    assert!(agreements.iter().all(|count| *count < shapes().len()), "each is wrong somewhere: {agreements:?}");
}
