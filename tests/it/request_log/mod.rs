//! The log of requests to the API that agent programs write between the lines of a conversation: kept, but in no list by default.
#![allow(clippy::unwrap_used)]

mod messages;
mod storage;
mod upgrade;

pub(crate) use storage::sessions;

use serde_json::{Value, json};

use crate::support::lines::{answer, line, prompt, text, time};
use crate::support::random::Random;

/// A word of every system prompt of these tests, and of nothing else.
const SYSTEM_WORD: &str = "wolframquartz";

/// A record of the log, which has no uuid.
fn logged(session: &str, number: usize, mut record: Value) -> String {
    record["sessionId"] = session.into();
    record["timestamp"] = time(number).into();
    format!("{record}\n")
}

/// A text of this many bytes that hardly compresses.
pub(crate) fn system_prompt(seed: u64, length: usize) -> String {
    const LETTERS: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -";
    let mut random = Random::new(seed);
    let mut text = format!("{SYSTEM_WORD} ");
    while text.len() < length {
        text.push(char::from(LETTERS[random.below(64) as usize]));
    }
    text
}

/// The lines of one turn, the log of its request included: 2 of the conversation and 5 of the log.
pub(crate) fn turn(session: &str, number: usize, words: &str, system: &str) -> [String; 7] {
    let tools = json!([{ "name": "Bash", "description": system, "input_schema": { "type": "object" } }]);
    let blob = |role: &str, text: &str| {
        json!({ "type": "api-request-blob", "hash": format!("sha256:{session}{number}{role}"),
            "message": { "role": role, "content": [{ "type": "text", "text": text }] } })
    };
    let snapshot = json!({ "type": "attachment", "isSidechain": false,
        "attachment": { "type": "prompt_snapshot", "systemPrompt": [system, format!("of {session}")], "tools": tools } });
    let shape = json!({ "type": "api-request-shape", "shapeHash": "sha256:1",
        "shape": { "system": [{ "type": "text", "text": system }], "tools": tools } });
    let request = json!({ "type": "api-request", "id": format!("r{number}"), "shapeHash": "sha256:1",
        "params": { "model": "model-a", "max_tokens": 1_000 }, "keep": 0, "tail": ["sha256:2"] });
    let at = number * 10;
    [
        prompt(session, at, words),
        line(session, at + 1, snapshot),
        logged(session, at + 2, shape),
        logged(session, at + 3, blob("system", system)),
        logged(session, at + 3, blob("user", words)),
        logged(session, at + 4, request),
        answer(session, at + 5, text(&format!("done with {words}"))),
    ]
}
