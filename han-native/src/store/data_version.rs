//! Noticing what others commit: a connection of its own that looks at SQLite's data version.

use rusqlite::Connection;

use super::failure::Failure;

/// Looks at the database from outside of every transaction, and so blocks nothing.
pub(crate) struct DataVersion {
    connection: Connection,
    seen: i64,
}

impl DataVersion {
    pub(super) fn new(connection: Connection) -> Result<DataVersion, Failure> {
        let seen = look(&connection)?;
        Ok(DataVersion { connection, seen })
    }

    /// Whether any handle, this one included, has committed since the last look.
    pub(crate) fn has_moved(&mut self) -> Result<bool, Failure> {
        let version = look(&self.connection)?;
        Ok(std::mem::replace(&mut self.seen, version) != version)
    }
}

fn look(connection: &Connection) -> Result<i64, Failure> {
    Ok(connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}
