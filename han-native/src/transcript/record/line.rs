//! A line to its records: one as a rule, several where writers glued them together, none if it is not JSON.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::salvage::salvage;
use super::{Envelope, Record};
use crate::model::ProblemKind;

/// How many records of one line are taken; what comes after them stays in the stored bytes only.
const PARTS_PER_LINE: usize = 1_024;

/// Where a record is on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// 0, or the position among the records of the line.
    pub part: i64,
    /// Its first byte. A record that is alone on its line has the whole line.
    pub start: usize,
    pub length: usize,
    /// Where [`Record::json`] starts on the line; `None` if that is not a part of the line, but a repaired copy.
    pub json_start: Option<usize>,
}

/// What there is to say about a line besides its records.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Remark {
    /// `invalid_json`, `not_object` and `torn_tail` represent the line, which then has no part 0; `glued_records` is a
    /// note on part 0.
    pub kind: ProblemKind,
    pub detail: String,
}

/// Reads the records of one line, which is not blank. A line without an end counts only if it is exactly one record.
pub(crate) fn read_line(line: &[u8], is_terminated: bool, each: &mut dyn FnMut(Place, &Record<'_>)) -> Option<Remark> {
    let nuls = line.iter().position(|&byte| byte != 0).unwrap_or(line.len());
    let bytes = &line[nuls..];
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.trim_ascii_start().starts_with('{')
        && let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text)
    {
        let json_start = Some(nuls + text.len() - text.trim_ascii_start().len());
        let place = Place { part: 0, start: 0, length: line.len(), json_start };
        Record::with_envelope(text.trim_ascii(), &envelope, |record| each(place, record));
        return None;
    }

    let split = split(bytes);
    let is_one_record = split.failure.is_none() && split.total() == 1;
    if !is_terminated && !is_one_record {
        return Some(Remark { kind: ProblemKind::TornTail, detail: torn_detail(&split, line.len()) });
    }
    let whole = Span { start: 0, end: line.len() };
    let (remark, first_part) = judge(&split, nuls);
    for (index, span) in split.first.spans.iter().chain(&split.salvaged.spans).take(PARTS_PER_LINE).enumerate() {
        let shown = if is_one_record { whole } else { Span { start: span.start + nuls, end: span.end + nuls } };
        let part = first_part + index as i64;
        let json = lossy(&bytes[span.start..span.end]);
        let json_start = matches!(json, Cow::Borrowed(_)).then_some(nuls + span.start);
        let place = Place { part, start: shown.start, length: shown.end - shown.start, json_start };
        Record::open(&json, |record| each(place, record));
    }
    remark
}

fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Objects that follow one another.
#[derive(Debug, Default)]
pub(super) struct Objects {
    /// The first of them.
    pub(super) spans: Vec<Span>,
    /// How many there are.
    pub(super) total: usize,
}

/// A line, taken apart.
#[derive(Debug)]
struct Split {
    /// What the line starts with.
    first: Objects,
    /// Why the line does not continue with another object, and where.
    failure: Option<Failure>,
    /// What follows the part that is broken, up to the end of the line.
    salvaged: Objects,
}

impl Split {
    fn total(&self) -> usize {
        self.first.total + self.salvaged.total
    }
}

#[derive(Debug)]
pub(super) struct Failure {
    pub(super) start: usize,
    /// The byte at which the parser gave up.
    pub(super) position: usize,
    reason: String,
    /// How many bytes there are from `start` to the end of the line.
    rest: usize,
    /// What the whole line is, if it is JSON.
    other_kind: Option<&'static str>,
}

fn split(bytes: &[u8]) -> Split {
    let (first, failure) = objects(bytes, 0);
    let salvaged = match &failure {
        Some(failure) if failure.other_kind.is_none() => salvage(bytes, failure),
        _ => Objects::default(),
    };
    Split { first, failure, salvaged }
}

/// The objects that follow one another from `start` on, with blanks between them.
pub(super) fn objects(bytes: &[u8], start: usize) -> (Objects, Option<Failure>) {
    let mut objects = Objects::default();
    let mut position = start;
    loop {
        position += bytes[position..].iter().take_while(|byte| is_blank(**byte)).count();
        if position == bytes.len() && objects.total > 0 {
            return (objects, None);
        }
        let mut values = Deserializer::from_slice(&bytes[position..]).into_iter::<IgnoredAny>();
        let is_object = bytes.get(position) == Some(&b'{');
        match values.next() {
            Some(Ok(_)) if is_object => {
                let end = position + values.byte_offset();
                objects.total += 1;
                if objects.spans.len() < PARTS_PER_LINE {
                    objects.spans.push(Span { start: position, end });
                }
                position = end;
            }
            outcome => return (objects, Some(failure(bytes, position, outcome))),
        }
    }
}

fn failure(bytes: &[u8], start: usize, outcome: Option<Result<IgnoredAny, serde_json::Error>>) -> Failure {
    let rest = &bytes[start..];
    let error = match outcome {
        Some(Err(error)) => Some(error),
        // Not an object, but something that serde_json takes from a stream: the line as a whole decides.
        _ => serde_json::from_slice::<IgnoredAny>(rest).err(),
    };
    let other_kind = (error.is_none() && start_of_line(bytes, start)).then(|| json_kind(rest.first().copied()));
    let column = error.as_ref().map_or(1, serde_json::Error::column);
    Failure {
        start,
        position: (start + column.saturating_sub(1)).min(bytes.len()),
        rest: rest.trim_ascii_end().len(),
        reason: error.map_or_else(|| "expected an object".to_owned(), |error| without_place(&error)),
        other_kind,
    }
}

fn start_of_line(bytes: &[u8], start: usize) -> bool {
    bytes[..start].iter().all(|byte| is_blank(*byte))
}

/// The message of an error, which ends with a place inside the slice that was parsed.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |end| text[..end].to_owned())
}

fn json_kind(first: Option<u8>) -> &'static str {
    match first {
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The remark on a line that ended, and the part of its first record.
fn judge(split: &Split, nuls: usize) -> (Option<Remark>, i64) {
    let total = split.total();
    let note = |detail: String| Some(Remark { kind: ProblemKind::GluedRecords, detail: detail + &dropped(total) });
    let Some(failure) = &split.failure else {
        return (if total > 1 { note(format!("{total} records are on this line")) } else { None }, 0);
    };
    if split.first.total > 0 {
        let broken_end = split.salvaged.spans.first().map_or(failure.start + failure.rest, |span| span.start);
        let broken = format!(
            "{total} {} on this line, with {} bytes from column {} on that are not JSON",
            if total == 1 { "record is" } else { "records are" },
            broken_end - failure.start,
            nuls + failure.start + 1,
        );
        return (note(broken), 0);
    }
    if let Some(kind) = failure.other_kind {
        return (Some(Remark { kind: ProblemKind::NotObject, detail: format!("is {kind}, not an object") }), 0);
    }
    let mut detail = format!("{} at column {}", failure.reason, nuls + failure.position + 1);
    if split.salvaged.total > 0 {
        detail += &format!("; {} after it could be read", split.salvaged.total);
    }
    (Some(Remark { kind: ProblemKind::InvalidJson, detail: detail + &dropped(total) }), 1)
}

fn dropped(total: usize) -> String {
    match total.saturating_sub(PARTS_PER_LINE) {
        0 => String::new(),
        more => format!("; only the first {PARTS_PER_LINE} were taken, {more} were not"),
    }
}

fn torn_detail(split: &Split, length: usize) -> String {
    let reason = match &split.failure {
        Some(Failure { other_kind: Some(kind), .. }) => format!("is {kind}"),
        Some(failure) => failure.reason.clone(),
        None => format!("{} records are on it", split.total()),
    };
    format!("the last line has no end and is not one JSON object after {length} bytes: {reason}")
}
