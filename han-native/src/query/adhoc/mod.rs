//! Statements that a caller wrote: one at a time, which may only read, over views whose names stay, within a deadline and
//! bounds of rows and bytes. Knows nothing about the meaning of a statement.
//!
//! Each runs on connections of its own, so that none of its state (views, functions, limits, the authorizer) reaches another read.

mod answer;
mod costs;
mod functions;
mod gate;
mod linear;
mod parameters;
mod run;
mod vocabulary;

use crate::store::REPEATS_AN_AGENT;
pub(crate) use run::query;

/// The views, by the names that are documented at [`Han::sql`](crate::Han::sql).
fn views() -> String {
    include_str!("views.sql").replace("{REPEATS_AN_AGENT}", REPEATS_AN_AGENT)
}
