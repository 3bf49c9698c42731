//! Bytes to records: which files exist and what they are, what to read next, complete lines, typed records.
//!
//! Knows nothing about databases. Parsing never fails: a line becomes records, or a problem that is counted.

pub(crate) mod cursor;
pub(crate) mod discover;
pub(crate) mod folder;
pub(crate) mod lines;
pub(crate) mod record;
pub(crate) mod sources;
