//! Reads, in batches: every answer takes a fixed number of statements, however many items it has. Knows nothing of
//! transcripts on the disk, and writes nothing to the database.

mod bytes;
mod clauses;
pub(crate) mod messages;
mod page;
mod places;
mod problems;
mod restore;
mod rows;
mod search;
pub(crate) mod sessions;
mod sources;
mod stats;
#[cfg(test)]
mod testing;

pub(crate) use problems::list as problems;
pub(crate) use restore::restore;
pub(crate) use search::search;
pub(crate) use stats::stats;
