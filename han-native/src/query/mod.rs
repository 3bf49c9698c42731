//! Reads, in batches: every answer takes a fixed number of statements, however many items it has. Knows nothing about
//! transcripts on the disk, and writes nothing to the database.

mod adhoc;
pub(crate) mod analytics;
mod clauses;
mod columns;
mod costliest;
mod export;
pub(crate) mod files;
pub(crate) mod message_blocks;
mod message_filter;
pub(crate) mod messages;
mod new_file;
mod page;
mod per_session;
mod places;
#[cfg(test)]
mod plan_tests;
mod problems;
mod record;
mod restore;
mod rows;
mod search;
mod session_filter;
pub(crate) mod session_state;
pub(crate) mod sessions;
mod sources;
mod stats;
#[cfg(test)]
mod testing;
pub(crate) mod tool_calls;
pub(crate) mod usage;
pub(crate) mod vectors;
#[cfg(test)]
mod vectors_plan_tests;
mod with_costs;

pub(crate) use adhoc::query as adhoc;
pub(crate) use export::{export, export_to_file};
pub(crate) use problems::list as problems;
pub(crate) use restore::restore;
pub(crate) use search::search;
pub(crate) use stats::stats;
