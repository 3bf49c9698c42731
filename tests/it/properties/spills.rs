//! Tool results that are spilled to files of their own, and flat agent files, whose session is named inside them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::support::dump::Scope;
use crate::support::home::Home;
use crate::support::laws;
use crate::support::records::{SESSIONS, SPILLS};
use crate::support::runner::check;
use crate::support::transcripts::{Bytes, content, place, places, slices, spill};

/// A line whose output was spilled, after some others.
fn waiting() -> impl Strategy<Value = Bytes> {
    (content(3), vec((select(&SPILLS[..]), any::<bool>()), 1..3)).prop_map(|(Bytes(mut bytes), spilled)| {
        if bytes.last().is_some_and(|byte| *byte != b'\n') {
            bytes.push(b'\n');
        }
        for (name, is_stub) in spilled {
            let content = if is_stub { "<persisted-output>\nToo large" } else { "alpha, and more" };
            let block = json!({ "type": "tool_result", "tool_use_id": "toolu_1", "content": content });
            let record = json!({ "type": "user", "uuid": format!("u-{name}"), "timestamp": "2026-03-01T10:00:00.000Z",
                "message": { "role": "user", "content": [block] }, "toolUseResult": { "persistedOutputPath": name } });
            bytes.extend_from_slice(record.to_string().as_bytes());
            bytes.push(b'\n');
        }
        Bytes(bytes)
    })
}

/// What happens: a spill is written, the transcript, or one of its agents, is read, everything is scanned.
#[derive(Debug, Clone)]
enum Step {
    Spill(&'static str, &'static str),
    Transcript(usize),
    Scan,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => (select(&SPILLS[..]), select(&["spilled alpha", "spilled delta, longer", ""][..]))
            .prop_map(|(name, text)| Step::Spill(name, text)),
        2 => (0..2_usize).prop_map(Step::Transcript),
        1 => Just(Step::Scan),
    ];
    vec(step, 1..7)
}

#[test]
fn a_spill_may_come_after_its_transcript() {
    check(120, (waiting(), waiting(), steps()), |(main, agent, steps)| {
        let home = Home::new();
        let database = home.database();
        let files = [(places()[0].clone(), main), (places()[3].clone(), agent)];
        for step in steps {
            match step {
                Step::Spill(name, text) => home.write(&spill(name), text.as_bytes()),
                Step::Transcript(index) => {
                    let (place, content) = &files[index];
                    home.write(place, &content.0);
                    database.index(&home.file(place));
                }
                Step::Scan => {
                    database.scan();
                }
            }
        }
        database.scan();
        database.dump(Scope::Present).expect(&home.from_scratch(), "with late spills")?;
        laws::check(&home, &database)
    });
}

#[test]
fn a_flat_agent_file_may_name_its_session_late() {
    let flat = places()[4].clone();
    let without_session = vec(
        select(vec![
            json!({ "type": "user", "agentId": "a2", "message": { "role": "user", "content": "alpha" } }),
            json!({ "type": "file-history-snapshot", "messageId": "x" }),
        ]),
        0..3,
    );
    let named = (without_session, select(&SESSIONS[..]), slices(content(4), 3));
    check(100, (named, place(), content(3)), move |((first, session, pieces), other, others)| {
        let home = Home::new();
        let database = home.database();
        home.write(&other, &others.0);
        database.scan();
        let mut head: Vec<u8> = first.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
        if other != flat {
            home.append(&flat, &head);
            database.index(&home.file(&flat));
            head.clear();
        }
        head.extend_from_slice(format!("{}\n", json!({ "type": "user", "sessionId": session })).as_bytes());
        for piece in std::iter::once(&Bytes(head)).chain(&pieces) {
            home.append(&flat, &piece.0);
            database.index(&home.file(&flat));
            database.dump(Scope::Present).expect(&home.from_scratch(), "a flat agent file")?;
        }
        laws::check(&home, &database)
    });
}
