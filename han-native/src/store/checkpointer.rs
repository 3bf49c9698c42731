//! Checkpoints of the write-ahead log beside the writer, while much is written.

use rusqlite::Connection;

use super::connection::{self, Role, WAL_AUTOCHECKPOINT_PAGES, WAL_LIMIT};
use super::failure::Failure;
use super::writing::Writing;
use crate::error::Result;

/// A connection of its own, for a thread of its own: SQLite lets a checkpoint run while another connection writes.
pub(crate) struct Checkpointer {
    connection: Connection,
}

impl Checkpointer {
    /// Checkpoints as much as is possible without waiting; returns how many pages the log holds.
    pub(crate) fn checkpoint(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
    }
}

impl Writing<'_> {
    /// Leaves checkpoints to a [`Checkpointer`] until [`end_bulk`](Writing::end_bulk); `None` in memory, where there is no log.
    pub(crate) fn begin_bulk(&self) -> Result<Option<Checkpointer>> {
        if self.store.readers.is_none() {
            return Ok(None);
        }
        let connection = connection::open(&self.store.path, Role::Writer, self.store.lock_timeout)?;
        self.set_log(0, -1)?;
        Ok(Some(Checkpointer { connection }))
    }

    /// Lets commits checkpoint again.
    pub(crate) fn end_bulk(&self) -> Result<()> {
        self.set_log(WAL_AUTOCHECKPOINT_PAGES, WAL_LIMIT)
    }

    /// After how many pages commits checkpoint, and to how many bytes the log is truncated then: each truncation frees what the
    /// next commits need again.
    fn set_log(&self, autocheckpoint_pages: i64, limit: i64) -> Result<()> {
        self.connection(|connection| {
            connection.pragma_update(None, "wal_autocheckpoint", autocheckpoint_pages)?;
            connection.pragma_update(None, "journal_size_limit", limit)?;
            Ok::<_, Failure>(())
        })
    }
}
