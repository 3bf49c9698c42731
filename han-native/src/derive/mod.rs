//! Records to rows: pure functions, one rule per file. Knows nothing about files or databases.

mod about;
mod agents;
mod billing;
mod carry;
mod cost_state;
mod file_changes;
mod fold;
mod fork;
mod hooks;
mod leaf;
mod message;
mod noise;
mod places;
mod plain;
mod preview;
mod prompt;
mod queue;
mod repeated;
mod spill;
mod stated;
mod tasks;
mod terminal;
mod texts;
mod time;
mod titles;
mod todos;
pub(crate) mod tokens;
mod tools;
mod typed;
mod usage;
mod uuid;
mod warm_up;

#[cfg(test)]
mod tests;

pub(crate) use crate::row;
pub(crate) use crate::spill::Spill;
pub(crate) use about::call_summary;
pub(crate) use carry::Carry;
pub(crate) use leaf::{WrittenBlocks, for_each_said};
pub(crate) use prompt::{is_queued_prompt, said_by, with_blocks};
pub(crate) use terminal::visible;
pub(crate) use typed::split_typed;

use row::{LineRows, ProblemRow, Span, flag};

use crate::model::SearchField;
use crate::transcript::discover::FileKind;
use crate::transcript::record::read_line;
use repeated::for_each_repeated;
use texts::Texts;

/// Raised whenever a rule changes what is derived: rows of older revisions are derived again from the stored bytes.
pub(crate) const REVISION: i64 = 2;

/// One line of a file, as bytes without its end.
pub(crate) struct Line<'a> {
    pub bytes: &'a [u8],
    /// Counted from 1, blank ones included.
    pub number: i64,
    /// Where it starts in the file.
    pub offset: i64,
    /// Whether `\n` follows. A line without an end yields provisional rows, or the problem `torn_tail`.
    pub is_terminated: bool,
}

/// Derives the rows of one line, which is not blank, and moves `carry` past it. `spill` reads a spilled tool result
/// by its file name.
///
/// A line without an end leaves `carry` as it is: the line is derived again when it has grown.
pub(crate) fn derive_line(
    line: &Line<'_>,
    kind: FileKind,
    carry: &mut Carry,
    spill: &mut dyn FnMut(&str) -> Spill,
    rows: &mut LineRows,
) {
    let mut discarded;
    let carry = if line.is_terminated {
        carry
    } else {
        discarded = carry.clone();
        &mut discarded
    };
    let first = rows.messages.len();
    let remark = read_line(line.bytes, line.is_terminated, &mut |place, record| {
        let mut row = message::message(record, kind, carry, spill);
        row.line = line.number;
        row.part = place.part;
        row.offset = line.offset + place.start as i64;
        row.length = place.length as i64;
        if !line.is_terminated {
            row.flags |= flag::PROVISIONAL;
        }
        carry.relate(&mut row);
        let settled =
            if kind == FileKind::Main { carry.queue.follow(record, (row.line, row.part)) } else { Vec::new() };
        rows.messages.push(row);
        settled.into_iter().for_each(|place| rows.take_back(place));
        if let Some(json_start) = place.json_start.filter(|_| line.is_terminated) {
            // The values are parts of the record's text, so how far they are from its start is where they are.
            let place_of = |value: &str| json_start + (value.as_ptr().addr() - record.json.as_ptr().addr());
            for_each_repeated(record, |value| {
                let offset = line.offset + place_of(value) as i64;
                rows.repeated.push(Span { offset, length: value.len() as i64 });
            });
        }
    });
    let Some(remark) = remark else { return };
    if remark.kind.is_note() {
        rows.messages[first].notes.push((remark.kind, remark.detail));
    } else {
        rows.problems.push(ProblemRow {
            line: line.number,
            part: 0,
            offset: line.offset,
            length: line.bytes.len() as i64,
            kind: remark.kind,
            detail: remark.detail,
        });
    }
}

/// The searchable texts of one record as they read, for cutting snippets: the same texts whose tokens are in the index.
pub(crate) fn searchable_texts(
    record: &[u8],
    kind: FileKind,
    spill: &mut dyn FnMut(&str) -> Spill,
) -> Vec<(SearchField, String)> {
    let mut found = None;
    read_line(record, true, &mut |_, record| {
        if found.is_none() {
            found = Some(Texts::of(record, kind, spill).into_fields().collect());
        }
    });
    found.unwrap_or_default()
}

/// A hash of the searchable texts of a record, as [`searchable_texts`] returns them: that of [`row::MessageRow::text_hash`].
pub(crate) fn text_hash(texts: &[(SearchField, String)]) -> i64 {
    texts::hash(texts.iter().map(|(field, text)| (*field, text.as_str()))).unwrap_or(0) as i64
}
