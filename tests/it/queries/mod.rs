//! Questions about many things at once, and lists.
#![allow(clippy::unwrap_used)]

mod agreement;
mod batches;
mod readers;
mod rows;
