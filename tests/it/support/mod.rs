//! What the tests share: a config dir to write transcripts into, the content of a database as text, laws that hold for every
//! database, and strategies for transcripts. Uses the public interface and the schema, nothing else of the crate.
#![allow(clippy::unwrap_used)]

pub(crate) mod dump;
pub(crate) mod home;
pub(crate) mod laws;
pub(crate) mod lines;
pub(crate) mod old;
pub(crate) mod random;
pub(crate) mod records;
pub(crate) mod rollups;
pub(crate) mod runner;
pub(crate) mod size;
pub(crate) mod transcripts;
