//! The lines of small transcripts, written by hand: records as JSON, and the same as lines of a session.
//!
//! A line has a number, which determines its time and, with the session, its uuid:
//!
//! ```ignore
//! let lines = [
//!     lines::prompt("s1", 1, "list the files"),
//!     lines::call("s1", 2, "toolu_1", "Bash", json!({ "command": "ls" })),
//!     lines::result("s1", 3, "toolu_1", "a.rs", json!({})),
//!     lines::answer("s1", 4, lines::text("there is one")),
//! ];
//! home.write_session("s1", lines.concat());
//! ```

use serde_json::{Value, json};

use super::random::Random;

// --- records ---

/// What a user says, or content blocks such as tool results.
pub(crate) fn user(content: impl Into<Value>) -> Value {
    json!({ "type": "user", "message": { "role": "user", "content": content.into() } })
}

/// What a model says: content blocks.
pub(crate) fn assistant(blocks: &[Value]) -> Value {
    json!({ "type": "assistant", "message": { "role": "assistant", "model": "model-a", "content": blocks,
        "usage": { "input_tokens": 1_000, "output_tokens": 5 } } })
}

pub(crate) fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

pub(crate) fn thinking(text: &str) -> Value {
    json!({ "type": "thinking", "thinking": text })
}

pub(crate) fn tool_use(id: &str, name: &str, input: Value) -> Value {
    json!({ "type": "tool_use", "id": id, "name": name, "input": input })
}

pub(crate) fn tool_result(id: &str, content: impl Into<Value>) -> Value {
    json!({ "type": "tool_result", "tool_use_id": id, "content": content.into() })
}

/// The record with some of its fields set, each by its path such as `/message/model`.
pub(crate) fn with(mut record: Value, changes: &[(&str, Value)]) -> Value {
    for (path, value) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        record.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    record
}

// --- lines ---

/// Records as lines, as they are.
pub(crate) fn jsonl(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// A record as a line of a session. What every record has is added unless it is there.
pub(crate) fn line(session: &str, number: usize, mut record: Value) -> String {
    let hash = session.bytes().fold(7_u64, |hash, byte| (hash * 131 + u64::from(byte)) % 0xffff_ffff_ffff);
    let is_answer = record["type"] == "assistant";
    let mut add = |parent: &str, name: &str, value: String| {
        let fields = record.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
        fields.entry(name).or_insert(value.into());
    };
    add("", "uuid", format!("{number:08x}-0000-4000-8000-{hash:012x}"));
    add("", "timestamp", time(number));
    add("", "sessionId", session.into());
    add("", "cwd", "/code/shop".into());
    if is_answer {
        add("/message", "id", format!("msg_{session}_{number}"));
    }
    format!("{record}\n")
}

/// The time of the line of this number: this many seconds after 10:00 on a day in March.
pub(crate) fn time(number: usize) -> String {
    let (hour, minute, second) = ((10 + number / 3_600) % 24, number / 60 % 60, number % 60);
    format!("2026-03-01T{hour:02}:{minute:02}:{second:02}.000Z")
}

/// What a user says.
pub(crate) fn prompt(session: &str, number: usize, text: &str) -> String {
    line(session, number, user(text))
}

/// What a model says: a content block.
pub(crate) fn answer(session: &str, number: usize, block: Value) -> String {
    line(session, number, assistant(&[block]))
}

/// The call of a tool.
pub(crate) fn call(session: &str, number: usize, id: &str, name: &str, input: Value) -> String {
    answer(session, number, tool_use(id, name, input))
}

/// The result of a tool; its `outcome` is what the record has besides the text.
pub(crate) fn result(session: &str, number: usize, id: &str, content: &str, outcome: Value) -> String {
    let record = user(vec![tool_result(id, content)]);
    line(session, number, with(record, &[("/toolUseResult", outcome)]))
}

/// A prompt and its answer, as two lines.
pub(crate) fn turn(session: &str, number: usize, words: &str) -> String {
    let (prompt, answer) = (uuid(session, number * 2), uuid(session, number * 2 + 1));
    let time = time(number);
    let later = time.replace(".000Z", ".500Z");
    format!(
        r#"{{"type":"user","uuid":"{prompt}","parentUuid":null,"timestamp":"{time}","sessionId":"{session}","cwd":"/code/shop","version":"2.1.0","gitBranch":"main","isSidechain":false,"userType":"external","message":{{"role":"user","content":"please {words}"}}}}
{{"type":"assistant","uuid":"{answer}","parentUuid":"{prompt}","timestamp":"{later}","sessionId":"{session}","cwd":"/code/shop","version":"2.1.0","gitBranch":"main","isSidechain":false,"userType":"external","requestId":"req_{session}_{number}","message":{{"id":"msg_{session}_{number}","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{{"type":"text","text":"done with {words}"}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{{"input_tokens":7,"output_tokens":11,"cache_read_input_tokens":0,"cache_creation_input_tokens":0}}}}}}
"#
    )
}

/// This many turns with words that differ from turn to turn.
pub(crate) fn turns(session: &str, count: usize) -> String {
    const NOUNS: [&str; 7] = ["parser", "ledger", "window", "socket", "garden", "bridge", "matrix"];
    (0..count).map(|number| turn(session, number, &format!("the {} number{number}", NOUNS[number % 7]))).collect()
}

fn uuid(session: &str, number: usize) -> String {
    let mut random =
        Random::new(session.bytes().fold(number as u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte)));
    let (high, low) = (random.next(), random.next());
    let group = |value: u64, digits: u32| value & ((1 << (digits * 4)) - 1);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        group(high, 8),
        group(high >> 32, 4),
        group(high >> 48, 3),
        group(low >> 48, 3),
        group(low, 12)
    )
}
