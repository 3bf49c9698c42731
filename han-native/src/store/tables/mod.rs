//! One file per table, or a small family of tables: the statements that write them.

pub(super) mod agents;
pub(super) mod changes;
pub(super) mod cost_states;
pub(super) mod files;
pub(super) mod hooks;
pub(super) mod leader;
pub(crate) mod message_times;
pub(super) mod messages;
pub(super) mod own_records;
pub(super) mod problems;
pub(super) mod projects;
pub(crate) mod rates;
pub(super) mod replays;
pub(super) mod repositories;
pub(super) mod rewinds;
pub(crate) mod rollups;
pub(super) mod search;
pub(super) mod session_state;
pub(crate) mod session_sums;
pub(super) mod sessions;
pub(super) mod strings;
pub(super) mod sums;
pub(super) mod tasks;
pub(super) mod titles;
pub(super) mod tombstones;
pub(super) mod tools;
pub(super) mod usage;
pub(super) mod uuids;
pub(crate) mod vectors;

/// The error of a row that no version has written: `CORRUPT`.
fn damaged(reason: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(reason))
}
