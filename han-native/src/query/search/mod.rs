//! Full-text search: a query to an expression, the expression to ranked messages, a message to a snippet.

mod filter;
mod fts5;
mod hits;
mod plain;
mod rank;
mod run;
mod snippet;
mod terms;

pub(super) use hits::spill;
pub(crate) use run::search;
