//! Properties that hold of any transcripts and any history: what is in the database depends on the files as they are, not on
//! their history.
#![allow(clippy::unwrap_used)]

mod arrival;
mod bytes;
pub(crate) mod history;
mod order;
mod regressions;
mod series;
mod slicing;
mod spill_places;
mod spills;
