//! How long do questions take of a database of 1M messages: at rest, beside a writer at full speed, and while another process
//! is inside a write transaction?

mod beside;
mod database;
mod node;
mod reads;

use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};
use beside::Beside;
pub(crate) use beside::{hold, index_all};
use reads::{Measured, Reads};

/// What is indexed beside the questions.
const WRITER_BYTES: u64 = 300_000_000;
const HOLD_SECONDS: u64 = 10;

pub(crate) fn ask(context: &mut Context) -> Result<Vec<Row>> {
    let Some(messages) = context.messages else {
        return Ok(vec![Row::skipped("questions of 1M messages", "ask for them with --large")]);
    };
    let scaled = database::fill(context, messages)?;
    eprintln!("bench: {scaled}");
    let mut reads = Reads::new(&scaled, context.seed)?;
    let mut rows = vec![reads.counts_against_bare()?, node::counts(context, &scaled, reads.ids())?];

    let quiet = reads.all(&|| true)?;
    rows.extend(quiet.iter().flat_map(|read| read.rows("")));

    let holding = Beside::hold(&scaled.database, HOLD_SECONDS)?;
    let mut held: Vec<Measured> = Vec::new();
    while holding.is_running() {
        Measured::join(&mut held, reads.all(&|| holding.is_running())?);
    }
    holding.finish()?;
    rows.extend(held.iter().zip(&quiet).map(|(held, quiet)| {
        let ratio = held.p99() / quiet.p99();
        let what = format!("{}, another process inside a write", held.what);
        Row::new(what, held.shown(), ratio, "x").against(quiet.shown(), ratio).goal(Bound::AtMost(1.5))
    }));

    let more: Vec<_> = (0..3).map(|number| database::more(context, WRITER_BYTES, number)).collect::<Result<_>>()?;
    let writing = Beside::write(&scaled.database, &more)?;
    let written = reads.all(&|| true)?;
    if !writing.is_running() {
        return Err("the writer ended before the questions did; it needs more to write".into());
    }
    writing.stop()?;
    rows.extend(written.iter().flat_map(|read| read.rows(", beside a writer")));
    Ok(rows)
}
