//! Copying the write-ahead log into the database beside the writer, while much is written.

use rusqlite::Connection;

use super::connection::WAL_AUTOCHECKPOINT_PAGES;
use super::{Failure, Store, Writing};
use crate::error::Result;

/// A connection of its own, for a thread of its own: SQLite lets a checkpoint run while another connection writes.
pub(crate) struct Checkpointer {
    connection: Connection,
}

impl Checkpointer {
    /// Copies what can be copied without waiting for anybody; tells how many pages the log holds.
    pub(crate) fn copy(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
    }
}

impl Writing<'_> {
    /// Leaves checkpoints to a [`Checkpointer`] until [`end_bulk`](Writing::end_bulk); none in memory, where there is no log.
    pub(crate) fn begin_bulk(&self) -> Result<Option<Checkpointer>> {
        let Some(connection) = Store::open_checkpointer(self)? else { return Ok(None) };
        self.set_autocheckpoint(0)?;
        Ok(Some(Checkpointer { connection }))
    }

    /// Lets commits copy the log again.
    pub(crate) fn end_bulk(&self) -> Result<()> {
        self.set_autocheckpoint(WAL_AUTOCHECKPOINT_PAGES)
    }

    fn set_autocheckpoint(&self, pages: i64) -> Result<()> {
        self.connection(|connection| {
            connection.pragma_update(None, "wal_autocheckpoint", pages)?;
            Ok::<_, Failure>(())
        })
    }
}
