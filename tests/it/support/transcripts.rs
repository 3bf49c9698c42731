//! Strategies for whole files, and for how they are written.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::home::{Database, Home};
use super::records::{self, SESSIONS};

/// Bytes that are shown as text.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "b\"{}\"", self.0.escape_ascii().to_string().replace("\\\"", "\""))
    }
}

/// The places that files are put at: main files of two projects, agents of every layout, an event file.
pub(crate) fn places() -> Vec<String> {
    let [one, two, three, _] = SESSIONS;
    vec![
        format!("projects/-code-app/{one}.jsonl"),
        format!("projects/-code-app/{two}.jsonl"),
        format!("projects/-code-lib/{three}.jsonl"),
        format!("projects/-code-app/{one}/subagents/agent-a1.jsonl"),
        "projects/-code-app/agent-a2.jsonl".to_owned(),
        format!("projects/-code-app/{one}/subagents/workflows/wf_0a1b2c3d-001/agent-a3.jsonl"),
        format!("projects/-code-app/{one}-han.jsonl"),
        format!("projects/-code-lib/{one}.jsonl"),
    ]
}

/// Where a session's spilled tool result is.
pub(crate) fn spill(name: &str) -> String {
    format!("projects/-code-app/{}/tool-results/{name}", SESSIONS[0])
}

/// One of the places.
pub(crate) fn place() -> impl Strategy<Value = String> {
    proptest::sample::select(places())
}

/// Lines with their ends, the last of which may be missing.
pub(crate) fn content(most_lines: usize) -> BoxedStrategy<Bytes> {
    (vec(records::line(), 0..=most_lines), proptest::bool::weighted(0.2), proptest::bool::weighted(0.1))
        .prop_map(|(lines, is_torn, is_dos)| {
            let end: &[u8] = if is_dos { b"\r\n" } else { b"\n" };
            let mut bytes = Vec::new();
            for line in &lines {
                bytes.extend_from_slice(line);
                bytes.extend_from_slice(end);
            }
            if is_torn {
                bytes.truncate(bytes.len().saturating_sub(end.len()));
            }
            Bytes(bytes)
        })
        .boxed()
}

/// Bytes cut into at most this many pieces, anywhere, even inside a line; near line ends more often.
pub(crate) fn slices(content: impl Strategy<Value = Bytes>, most: usize) -> impl Strategy<Value = Vec<Bytes>> {
    (content, vec((any::<Index>(), -2..=2_isize, any::<bool>()), 0..most)).prop_map(|(Bytes(bytes), cuts)| {
        let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').map(|at| at + 1).collect();
        let mut places: Vec<usize> = cuts
            .into_iter()
            .map(|(index, shift, is_near_end)| match is_near_end && !ends.is_empty() {
                true => index.get(&ends).saturating_add_signed(shift).min(bytes.len()),
                false => index.index(bytes.len() + 1),
            })
            .collect();
        places.push(bytes.len());
        places.sort_unstable();
        let mut start = 0;
        places
            .into_iter()
            .map(|end| Bytes(bytes[std::mem::replace(&mut start, end)..end].to_vec()))
            .filter(|piece| !piece.0.is_empty())
            .collect()
    })
}

/// How what was written is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taking {
    /// Not at all, yet.
    Later,
    File,
    Scan,
}

pub(crate) fn taking() -> impl Strategy<Value = Taking> {
    prop_oneof![1 => Just(Taking::Later), 3 => Just(Taking::File), 2 => Just(Taking::Scan)]
}

impl Taking {
    /// Indexes a file that was written, or everything.
    pub(crate) fn run(self, home: &Home, database: &Database, path: &str) {
        let absolute = home.file(path);
        match self {
            Taking::File if absolute.exists() => {
                database.index(&absolute);
            }
            Taking::Scan => {
                database.scan();
            }
            Taking::File | Taking::Later => {}
        }
    }
}
