//! How long do queries of a database of 1M messages take: at rest, beside a writer at full speed, and while another process
//! is inside a write transaction?

mod beside;
mod database;
mod node;
mod reads;

use std::time::{Duration, Instant};

use crate::Result;
use crate::context::Context;
use crate::report::{Bound, Row};
use beside::Beside;
pub(crate) use beside::{hold, index_all};
use reads::{Measured, Reads};

/// What is indexed while queries run.
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

    // As long as the other process holds its transaction below: what a query finds in memory depends on those before it.
    let end = Instant::now() + Duration::from_secs(HOLD_SECONDS);
    let quiet = repeated(&reads, &|| Instant::now() < end)?;
    rows.extend(quiet.iter().flat_map(|read| read.rows("")));
    rows.extend(reads.search_against_bare(&quiet)?);

    let holding = Beside::hold(&scaled.database, HOLD_SECONDS)?;
    let held = repeated(&reads, &|| holding.is_running())?;
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

/// Runs all queries again and again, as long as `goes_on`.
fn repeated(reads: &Reads, goes_on: &dyn Fn() -> bool) -> Result<Vec<Measured>> {
    let mut measured = Vec::new();
    while goes_on() {
        Measured::join(&mut measured, reads.all(goes_on)?);
    }
    Ok(measured)
}
