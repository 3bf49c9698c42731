//! Copying the write-ahead log into the database beside the writer, while much is written.

use rusqlite::Connection;

use super::connection::{WAL_AUTOCHECKPOINT_PAGES, WAL_LIMIT};
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
        self.set_log(0, -1)?;
        Ok(Some(Checkpointer { connection }))
    }

    /// Lets commits copy the log again.
    pub(crate) fn end_bulk(&self) -> Result<()> {
        self.set_log(WAL_AUTOCHECKPOINT_PAGES, WAL_LIMIT)
    }

    /// After how many pages commits copy the log, and to how many bytes it is cut back then: each cut frees what the next
    /// commits need again.
    fn set_log(&self, autocheckpoint_pages: i64, limit: i64) -> Result<()> {
        self.connection(|connection| {
            connection.pragma_update(None, "wal_autocheckpoint", autocheckpoint_pages)?;
            connection.pragma_update(None, "journal_size_limit", limit)?;
            Ok::<_, Failure>(())
        })
    }
}
