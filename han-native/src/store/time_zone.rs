//! The time zone whose days the local days of the sums are. It belongs to the database, not to a handle.

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::failure::Failure;
use super::tables::rollups;
use crate::error::{Error, Result};

/// The IANA name of the database's time zone.
pub(crate) fn stored_name(connection: &Connection) -> Result<String, Failure> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'time_zone'")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// The database's time zone; UTC if the system no longer knows it.
pub(crate) fn stored(connection: &Connection) -> Result<TimeZone, Failure> {
    Ok(TimeZone::get(&stored_name(connection)?).unwrap_or(TimeZone::UTC))
}

/// The IANA name of the requested time zone, or of the system's.
pub(super) fn resolve(name: Option<&str>) -> Result<String> {
    match name {
        Some(name) => find(name).map(|_| name.into()),
        None => Ok(TimeZone::system().iana_name().unwrap_or("UTC").into()),
    }
}

/// The time zone of this IANA name.
pub(super) fn find(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|error| Error::invalid("timeZone", format!("is unknown: {error}")))
}

/// Makes this the database's time zone, and sums the local days again: the cost is that of the quarter hours, not of the
/// messages.
pub(super) fn change(connection: &Connection, name: &str, zone: &TimeZone) -> Result<(), Failure> {
    rollups::rebuild_days(connection, zone)?;
    connection.execute("UPDATE meta SET value = ?1 WHERE key = 'time_zone'", [name])?;
    Ok(())
}
