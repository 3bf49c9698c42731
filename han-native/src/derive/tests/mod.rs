mod billing;
mod columns;
mod lines;
mod prompts;
mod queue;
mod request_log;
mod state;
mod texts;
mod tools;

use serde_json::Value;

use super::row::MessageRow;
use super::*;
use crate::model::ProblemKind;

/// What one terminated line becomes, with what was carried before it.
fn derive(line: &[u8], kind: FileKind, carry: &mut Carry) -> LineRows {
    let mut rows = LineRows::default();
    let line = Line { bytes: line, number: 3, offset: 100, is_terminated: true };
    derive_line(&line, kind, carry, &mut |_| Spill::Missing, &mut rows);
    rows
}

/// The row of a line that is one record.
fn row_in(kind: FileKind, record: &Value) -> MessageRow {
    let rows = derive(record.to_string().as_bytes(), kind, &mut Carry::default());
    assert_eq!((rows.messages.len(), rows.problems.len()), (1, 0), "{record}");
    rows.messages.into_iter().next().unwrap()
}

/// The row of a record of a main file.
fn row_of(record: &Value) -> MessageRow {
    row_in(FileKind::Main, record)
}
