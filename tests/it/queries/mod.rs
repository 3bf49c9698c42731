//! Queries for many items at once, and lists.
#![allow(clippy::unwrap_used)]

mod agreement;
mod batches;
mod blocks;
mod first;
mod forks;
mod iterators;
mod prompts;
mod readers;
mod rows;
