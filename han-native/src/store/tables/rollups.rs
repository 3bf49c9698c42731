//! Sums of what was done, kept in the data's own transaction: table `rollups` for whole sessions and for local days, and
//! [`session_sums`] for each session by quarter hour and by local day.
//!
//! Within a transaction everything is summed per quarter hour, session, project and model; the coarser sums follow from that
//! when it is written. No offset of a time zone since 1972 cuts a quarter hour, so a local day is a sum of quarter hours.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use rusqlite::{Connection, params_from_iter};

use super::session_sums::{self, Change, Key};
use super::sums::quarter_of;
pub(crate) use super::sums::{
    COLUMNS, Place, QUARTER_HOUR, QUARTERS_OF_DAY, Sums, UNTIMED, day_of_quarter, offset_seconds, scope,
};
use crate::store::failure::Failure;

/// A quarter hour, session, project and model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Cell {
    quarter: i64,
    session_id: i64,
    project_id: i64,
    model_id: i64,
}

/// The changes of one transaction, written at its end.
#[derive(Default)]
pub(crate) struct Rollups {
    cells: HashMap<Cell, Sums>,
    /// Calls by quarter hour, session, project and tool.
    tools: HashMap<[i64; 4], i64>,
}

impl Rollups {
    /// Adds, or with `sign` -1 subtracts.
    pub(crate) fn add(&mut self, place: Place, sums: &Sums, sign: i64) {
        let Place { session_id, project_id, model_id, time } = place;
        let cell = Cell { quarter: quarter_of(time), session_id, project_id, model_id };
        self.cells.entry(cell).or_default().add(sums, sign);
    }

    /// Adds one call of a tool, or with `sign` -1 subtracts it.
    pub(crate) fn add_call(&mut self, place: Place, tool_name_id: i64, sign: i64) {
        let Place { session_id, project_id, time, .. } = place;
        *self.tools.entry([quarter_of(time), session_id, project_id, tool_name_id]).or_default() += sign;
    }

    /// Writes what changed.
    pub(crate) fn flush(&mut self, connection: &Connection, zone: &TimeZone) -> Result<(), Failure> {
        // Ordered by key, as the tables are.
        let mut rollups: BTreeMap<[i64; 4], Sums> = BTreeMap::new();
        let mut change = Change::default();
        let mut days = LocalDays::new(zone);
        for (Cell { quarter, session_id, project_id, model_id }, sums) in self.cells.drain() {
            let day = days.of(quarter);
            for (scope, bucket) in [(scope::SESSION, session_id), (scope::DAY, day)] {
                rollups.entry([scope, bucket, project_id, model_id]).or_default().add(&sums, 1);
            }
            for (scope, bucket) in [(scope::QUARTER_HOUR, quarter), (scope::DAY, day)] {
                change.add(scope, session_id, Key { bucket, project_id, name_id: model_id }, &sums);
            }
        }
        for ([quarter, session_id, project_id, name_id], calls) in self.tools.drain() {
            for (scope, bucket) in [(scope::QUARTER_HOUR, quarter), (scope::DAY, days.of(quarter))] {
                change.add_calls(scope, session_id, Key { bucket, project_id, name_id }, calls);
            }
        }
        write(connection, &rollups)?;
        change.write(connection)
    }
}

/// Moves the sums of `rollups`, by scope, bucket, project and model.
fn write(connection: &Connection, rollups: &BTreeMap<[i64; 4], Sums>) -> Result<(), Failure> {
    let table = Table::new("rollups", &["scope", "bucket", "project_id", "model_id"], COLUMNS);
    rollups.iter().try_for_each(|(key, sums)| table.add(connection, key, &sums.values()))
}

/// The statements that move the sums of a table.
struct Table {
    add: String,
    remove_zeros: String,
}

impl Table {
    fn new(name: &str, keys: &[&str], columns: &[&str]) -> Table {
        let marks = vec!["?"; keys.len() + columns.len()].join(", ");
        let updates: Vec<String> = columns.iter().map(|name| format!("{name} = {name} + excluded.{name}")).collect();
        let conditions: Vec<String> = keys.iter().map(|name| format!("{name} = ?")).collect();
        Table {
            add: format!(
                "INSERT INTO {name} ({}, {}) VALUES ({marks}) ON CONFLICT DO UPDATE SET {}",
                keys.join(", "),
                columns.join(", "),
                updates.join(", ")
            ),
            remove_zeros: format!(
                "DELETE FROM {name} WHERE {} AND NOT ({})",
                conditions.join(" AND "),
                columns.join(" OR ")
            ),
        }
    }

    fn add(&self, connection: &Connection, key: &[i64], delta: &[i64]) -> Result<(), Failure> {
        if delta.iter().all(|value| *value == 0) {
            return Ok(());
        }
        connection.prepare_cached(&self.add)?.execute(params_from_iter(key.iter().chain(delta)))?;
        // Only a subtraction can leave zeros.
        if delta.iter().any(|value| *value < 0) {
            connection.prepare_cached(&self.remove_zeros)?.execute(params_from_iter(key))?;
        }
        Ok(())
    }
}

/// Removes every sum.
pub(crate) fn clear(connection: &Connection) -> Result<(), Failure> {
    connection.execute("DELETE FROM rollups", [])?;
    connection.execute("DELETE FROM session_sums", [])?;
    Ok(())
}

/// Sums the local days again from the quarter hours, as the days of this time zone.
pub(crate) fn rebuild_days(connection: &Connection, zone: &TimeZone) -> Result<(), Failure> {
    for table in ["rollups", "session_sums"] {
        connection.execute(&format!("DELETE FROM {table} WHERE scope = ?1"), [scope::DAY])?;
    }
    let mut rollups: BTreeMap<[i64; 4], Sums> = BTreeMap::new();
    let mut change = Change::default();
    let mut days = LocalDays::new(zone);
    session_sums::for_each(connection, scope::QUARTER_HOUR, i64::MIN, i64::MAX, &mut |row| {
        row.for_each_sum(&mut |key, sums| {
            let day = days.of(key.bucket);
            rollups.entry([scope::DAY, day, key.project_id, key.name_id]).or_default().add(sums, 1);
            change.add(scope::DAY, row.session_id, Key { bucket: day, ..key }, sums);
            Ok(())
        })?;
        row.for_each_call(&mut |key, calls| {
            let day = days.of(key.bucket);
            change.add_calls(scope::DAY, row.session_id, Key { bucket: day, ..key }, calls);
            Ok(())
        })
    })?;
    write(connection, &rollups)?;
    change.write(connection)
}

/// The local days of quarter hours that come in any order, but often one many times.
struct LocalDays<'z> {
    zone: &'z TimeZone,
    known: HashMap<i64, i64>,
}

impl LocalDays<'_> {
    fn new(zone: &TimeZone) -> LocalDays<'_> {
        LocalDays { zone, known: HashMap::new() }
    }

    fn of(&mut self, quarter: i64) -> i64 {
        *self.known.entry(quarter).or_insert_with(|| day_of_quarter(quarter, self.zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_time_zone_with_daylight_saving() {
        let day_in = |zone: &str, text: &str| {
            let zone = TimeZone::get(zone).unwrap();
            day_of_quarter(quarter_of(Some(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())), &zone)
        };
        let day = |text: &str| day_in("Europe/Berlin", text);
        assert_eq!(day("2026-03-28T22:59:59Z") + 1, day("2026-03-28T23:00:00Z"), "CET is one hour ahead");
        assert_eq!(day("2026-03-29T21:59:59Z") + 1, day("2026-03-29T22:00:00Z"), "CEST is two hours ahead");
        let day = |text: &str| day_in("Asia/Kathmandu", text);
        assert_eq!(day("2026-03-28T18:14:59Z") + 1, day("2026-03-28T18:15:00Z"), "three quarters of an hour");
        assert_eq!(day_of_quarter(UNTIMED, &TimeZone::UTC), UNTIMED);
    }

    #[test]
    fn a_row_that_sums_up_to_nothing_goes() {
        let connection = crate::store::empty_database();
        let place = Place { session_id: 1, project_id: 2, model_id: 3, time: Some(0) };
        let sums = Sums { messages: 1, lines_added: 7, ..Sums::default() };
        let count = || -> i64 {
            let sql = "SELECT (SELECT count(*) FROM rollups) + (SELECT count(*) FROM session_sums)";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        for (sign, rows) in [(1, 2 + 2), (-1, 0)] {
            let mut rollups = Rollups::default();
            rollups.add(place, &sums, sign);
            rollups.add_call(place, 4, sign);
            rollups.flush(&connection, &TimeZone::UTC).unwrap();
            assert_eq!(count(), rows);
        }
    }

    #[test]
    fn days_that_are_summed_anew_are_those_that_would_have_been_kept() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let kept_in = |zone: &TimeZone| {
            let connection = crate::store::empty_database();
            for step in 0..40_i64 {
                let mut rollups = Rollups::default();
                let time = (step % 9 > 0).then_some(step * 7 * 3_600_000);
                let place = Place { session_id: step % 3, project_id: step % 2, model_id: step % 4, time };
                rollups.add(place, &Sums { messages: 1, output_tokens: step, ..Sums::default() }, 1);
                rollups.add_call(place, 5, 1);
                rollups.flush(&connection, zone).unwrap();
            }
            connection
        };
        let rows = |connection: &Connection| -> Vec<(i64, i64, i64, String)> {
            let sql =
                "SELECT scope, bucket, project_id, messages || ' ' || output_tokens || ' ' || model_id FROM rollups
                       UNION ALL SELECT scope, span, session_id, hex(sums) || ' ' || hex(calls) FROM session_sums
                       ORDER BY 1, 2, 3, 4";
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let connection = kept_in(&TimeZone::UTC);
        let in_berlin = rows(&kept_in(&berlin));
        assert_ne!(rows(&connection), in_berlin);
        rebuild_days(&connection, &berlin).unwrap();
        assert_eq!(rows(&connection), in_berlin);
    }
}
