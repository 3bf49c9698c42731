//! Two connections for one statement that a caller wrote: one runs it, the other serves the functions that it calls. Both
//! see the same snapshot, can only read, and are closed after it.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::connection;
use super::failure::Failure;
use super::pool::Pool;
use crate::error::Error;

/// Tries to bring the two connections to one snapshot, while others commit in between.
const TRIES: usize = 1_000;

/// Pages that the statement may keep in memory, in KiB; what it sorts beyond goes to temporary files.
const CACHE_KIB: i64 = 16 * 1024;

/// The connections, each inside a read transaction of one snapshot.
pub(crate) struct Dedicated {
    /// Runs the statement. Has the requested temporary views.
    pub statement: Connection,
    /// Serves the functions.
    pub functions: Connection,
}

impl Dedicated {
    /// Opens them on a database on disk. `views` makes the temporary views.
    pub(super) fn on_disk(readers: &Pool, path: &Path, views: &str) -> Result<Dedicated, Failure> {
        Dedicated { statement: readers.open()?, functions: readers.open()? }.prepared(path, views)
    }

    /// Copies a database in memory, which has one connection only, for them.
    pub(super) fn of_memory(source: &Connection, views: &str) -> Result<Dedicated, Failure> {
        let copy = || -> Result<Connection, Failure> {
            let mut target = connection::open_in_memory()?;
            Backup::new(source, &mut target)?.step(-1)?;
            target.pragma_update(None, "query_only", true)?;
            Ok(target)
        };
        Dedicated { statement: copy()?, functions: copy()? }.prepared(Path::new(":memory:"), views)
    }

    fn prepared(self, path: &Path, views: &str) -> Result<Dedicated, Failure> {
        let statement = &self.statement;
        // A sort of everything must not fill the memory.
        statement.pragma_update(None, "temp_store", "file")?;
        statement.pragma_update(None, "cache_size", -CACHE_KIB)?;
        statement.pragma_update(None, "query_only", false)?;
        statement.execute_batch(views)?;
        statement.pragma_update(None, "query_only", true)?;
        for _ in 0..TRIES {
            let before = data_version(&self.functions)?;
            pin(statement)?;
            let after = pin(&self.functions)?;
            // Nothing was committed between the two looks, and between them the statement's snapshot was taken.
            if before == after {
                return Ok(self);
            }
            statement.execute_batch("ROLLBACK")?;
            self.functions.execute_batch("ROLLBACK")?;
        }
        Err(Error::Locked { path: path.into(), pid: None }.into())
    }
}

/// Begins a read transaction, and takes its snapshot.
fn pin(connection: &Connection) -> Result<i64, Failure> {
    connection.execute_batch("BEGIN")?;
    data_version(connection)
}

fn data_version(connection: &Connection) -> Result<i64, Failure> {
    Ok(connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
}
