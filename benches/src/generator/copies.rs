//! Copies of a history, as resumes and forks write them into a new file.

use super::line::Line;

/// How a resume of 1.0 copies a history: the same uuids, but the new session's id, and the moment of the resume as time.
/// Prompts keep both.
pub(crate) fn resumed(lines: &[Line], old_session: &str, new_session: &str, timestamp: &str) -> Vec<Line> {
    lines
        .iter()
        .map(|line| {
            if line.facts.is_prompt {
                return line.clone();
            }
            let mut copy = line.clone();
            replace(&mut copy.bytes, &field("sessionId", old_session), &field("sessionId", new_session));
            if let Some(old) = copy.facts.timestamp.replace(timestamp.to_owned()) {
                replace(&mut copy.bytes, &field("timestamp", &old), &field("timestamp", timestamp));
            }
            copy
        })
        .collect()
}

fn field(key: &str, value: &str) -> String {
    format!("\"{key}\":\"{value}\"")
}

/// Replaces the last occurrence: the envelope's, if the record contains others.
fn replace(bytes: &mut Vec<u8>, old: &str, new: &str) {
    let (old, new) = (old.as_bytes(), new.as_bytes());
    if let Some(at) = bytes.windows(old.len()).rposition(|window| window == old) {
        bytes.splice(at..at + old.len(), new.iter().copied());
    }
}
