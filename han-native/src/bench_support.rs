//! What the benches need from the inside of the crate: the full-text documents of a transcript, which a contentless index cannot return
//! back, and a connection with sqlite-vec. Behind the feature `bench`, not part of the public interface.

use std::path::Path;

use crate::derive::{Carry, Line, Spill, derive_line};
use crate::error::Result;
use crate::model::SearchField;
use crate::row::LineRows;
use crate::store;
use crate::transcript::discover::FileKind;

/// What is fed to the full-text index for one message.
#[derive(Debug)]
pub struct Document {
    /// The line of the message, counted from 1.
    pub line: i64,
    /// Its part of the line.
    pub part: i64,
    /// What the index is fed with by column; as many as [`SearchField::ALL`], in that order.
    pub columns: Vec<String>,
}

/// The documents of a transcript, in its order. `spill` reads a spilled tool result by its file name.
pub fn documents(transcript: &[u8], is_agent: bool, spill: &mut dyn FnMut(&str) -> Option<String>) -> Vec<Document> {
    let kind = if is_agent { FileKind::Agent } else { FileKind::Main };
    let mut spill = |name: &str| spill(name).map_or(Spill::Missing, |text| Spill::Text { text, is_cut: false });
    let mut carry = Carry::default();
    let mut rows = LineRows::default();
    let mut offset = 0;
    for (index, line) in transcript.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let bytes = line.strip_suffix(b"\n").unwrap_or(line);
        if !bytes.trim_ascii().is_empty() {
            let is_terminated = bytes.len() < line.len();
            let line = Line { bytes, number: index as i64 + 1, offset, is_terminated };
            derive_line(&line, kind, &mut carry, &mut spill, &mut rows);
        }
        offset += line.len() as i64;
    }
    let searchable = rows.messages.into_iter().filter(|message| !message.document.is_empty());
    searchable
        .map(|message| Document { line: message.line, part: message.part, columns: columns(message.document) })
        .collect()
}

/// A read-only connection of the settings that searches have, with sqlite-vec.
///
/// # Errors
/// Those of opening.
pub fn reader(database: &Path) -> Result<rusqlite::Connection> {
    store::reader(database)
}

/// The first part of the ids of the messages of a file, by its path below the config dir.
pub fn path_hash(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(path.as_bytes())
}

fn columns(document: Vec<(SearchField, String)>) -> Vec<String> {
    let mut columns = vec![String::new(); SearchField::ALL.len()];
    for (field, tokens) in document {
        if let Some(column) = SearchField::ALL.iter().position(|other| *other == field) {
            columns[column].push_str(&tokens);
        }
    }
    columns
}
