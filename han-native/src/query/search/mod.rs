//! Search: a query to an expression or a vector, these to ranked messages, a message to a snippet.

mod bm25;
mod filter;
mod fts5;
mod fusion;
mod hits;
mod nearest;
mod newest;
mod piece;
mod plain;
mod rank;
mod run;
mod snippet;
mod terms;

pub(super) use hits::texts;
pub(crate) use run::search;
#[cfg(test)]
pub(super) use run::search_in;
