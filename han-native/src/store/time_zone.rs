//! The time zone whose days the local days of the sums are. It belongs to the database, not to a handle.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::batch::Batch;
use super::tables::rollups;
use super::{Failure, Store};
use crate::error::{Error, Result};

/// The IANA name of the database's time zone.
pub(crate) fn stored_name(connection: &Connection) -> Result<String, Failure> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'time_zone'")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The database's time zone; UTC where the system does not know it any more.
pub(crate) fn stored(connection: &Connection) -> Result<TimeZone, Failure> {
    Ok(TimeZone::get(&stored_name(connection)?).unwrap_or(TimeZone::UTC))
}

impl Store {
    /// Makes this the database's time zone, if it is another, and sums the local days anew: the cost is that of the quarter
    /// hours, not of the messages. A handle that only reads changes nothing.
    pub(crate) fn adopt_time_zone(&self, name: &str) -> Result<()> {
        if self.is_read_only || self.read(stored_name)?.eq_ignore_ascii_case(name) {
            return Ok(());
        }
        let zone = TimeZone::get(name).map_err(|error| Error::invalid("timeZone", format!("is unknown: {error}")))?;
        let writing = self.begin_writing()?;
        writing.transaction(|batch| batch.change_time_zone(name, &zone))?;
        if let Some(writer) = self.writer.lock().as_mut() {
            writer.time_zone = zone;
        }
        Ok(())
    }
}

impl Batch<'_> {
    fn change_time_zone(&mut self, name: &str, zone: &TimeZone) -> Result<(), Failure> {
        rollups::rebuild_days(self.connection(), zone)?;
        self.connection().execute("UPDATE meta SET value = ?1 WHERE key = 'time_zone'", [name])?;
        Ok(())
    }
}
