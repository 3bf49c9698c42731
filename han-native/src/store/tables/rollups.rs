//! Tables `rollups`, `session_rollups` and `tool_rollups`: sums per session, per quarter hour and per local day, kept in the
//! data's own transaction.
//!
//! Within a transaction everything is summed per quarter hour, session, project and model; the coarser sums follow from that
//! when it is written. No offset of a time zone since 1972 cuts a quarter hour, so a local day is a sum of quarter hours.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::store::Failure;

/// Defines [`Sums`] and the columns that it is stored in, so that neither is without the other.
macro_rules! sums {
    (in both tables: $($shared:ident),*; of long requests: $($long:ident),*; in rollups only: $($other:ident),*;) => {
        /// What one message or one API message adds, or a sum of such.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(crate) struct Sums {
            $(pub $shared: i64,)*
            $(pub $long: i64,)*
            $(pub $other: i64,)*
        }

        /// The summed columns of `session_rollups` but for those of long requests alone.
        pub(crate) const SHORT_SESSION_COLUMNS: &[&str] = &[$(stringify!($shared)),*];

        /// The summed columns of `session_rollups`; they start with [`SHORT_SESSION_COLUMNS`].
        pub(crate) const SESSION_COLUMNS: &[&str] = &[$(stringify!($shared),)* $(stringify!($long)),*];

        /// The summed columns of `rollups`, in the order that [`Sums::read`] reads.
        pub(crate) const COLUMNS: &[&str] = &[$(stringify!($shared),)* $(stringify!($long),)* $(stringify!($other)),*];

        impl Sums {
            /// Adds, or with `sign` -1 takes away.
            pub(crate) fn add(&mut self, other: &Sums, sign: i64) {
                $(self.$shared += sign * other.$shared;)*
                $(self.$long += sign * other.$long;)*
                $(self.$other += sign * other.$other;)*
            }

            fn session_values(&self) -> [i64; SESSION_COLUMNS.len()] {
                [$(self.$shared,)* $(self.$long),*]
            }

            fn values(&self) -> [i64; COLUMNS.len()] {
                [$(self.$shared,)* $(self.$long,)* $(self.$other),*]
            }

            /// Reads [`COLUMNS`] from `first` on.
            pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Sums> {
                let mut column = first..;
                let mut next = || row.get(column.next().unwrap_or(usize::MAX));
                Ok(Sums { $($shared: next()?,)* $($long: next()?,)* $($other: next()?,)* })
            }

            /// Reads [`SESSION_COLUMNS`] from `first` on, or [`SHORT_SESSION_COLUMNS`].
            pub(crate) fn read_session(row: &Row<'_>, first: usize, is_short: bool) -> rusqlite::Result<Sums> {
                let mut column = first..;
                let mut next = || row.get(column.next().unwrap_or(usize::MAX));
                let mut sums = Sums { $($shared: next()?,)* ..Sums::default() };
                if !is_short {
                    $(sums.$long = next()?;)*
                }
                sums.cache_creation_tokens = sums.cache_creation_5m_tokens + sums.cache_creation_1h_tokens;
                Ok(sums)
            }
        }
    };
}

sums! {
    in both tables:
        messages, prompts, talk, api_messages,
        input_tokens, output_tokens, cache_read_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens;
    of long requests:
        input_tokens_above_100k, output_tokens_above_100k, cache_read_tokens_above_100k,
        cache_creation_5m_tokens_above_100k, cache_creation_1h_tokens_above_100k,
        input_tokens_above_200k, output_tokens_above_200k, cache_read_tokens_above_200k,
        cache_creation_5m_tokens_above_200k, cache_creation_1h_tokens_above_200k;
    in rollups only:
        assistants, tool_calls, tool_errors, lines_added, lines_removed, hooks, hook_errors, compactions,
        cache_creation_tokens;
}

/// Where something counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub session_id: i64,
    pub project_id: i64,
    /// 0 where no model is named.
    pub model_id: i64,
    /// What has no time counts in no quarter hour and on no day, see [`UNTIMED`].
    pub time: Option<i64>,
}

/// Whose sums a row of `rollups` holds; the other tables have quarter hours and days only.
pub(crate) mod scope {
    /// The bucket is `sessions.id`.
    pub(crate) const SESSION: i64 = 0;
    /// The bucket is the time / 900,000.
    pub(crate) const QUARTER_HOUR: i64 = 1;
    /// The bucket is the count of days since 1970-01-01 in the database's time zone.
    pub(crate) const DAY: i64 = 2;
}

/// Milliseconds.
pub(crate) const QUARTER_HOUR: i64 = 900_000;

/// The bucket, of quarter hours and of days, of what has no time.
pub(crate) const UNTIMED: i64 = -(1 << 32);

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
    /// Calls by quarter hour, project and tool.
    tools: HashMap<[i64; 3], i64>,
}

impl Rollups {
    /// Adds, or with `sign` -1 takes away.
    pub(crate) fn add(&mut self, place: Place, sums: &Sums, sign: i64) {
        let Place { session_id, project_id, model_id, time } = place;
        let cell = Cell { quarter: quarter_of(time), session_id, project_id, model_id };
        self.cells.entry(cell).or_default().add(sums, sign);
    }

    /// Adds one call of a tool, or with `sign` -1 takes it away.
    pub(crate) fn add_call(&mut self, place: Place, tool_name_id: i64, sign: i64) {
        *self.tools.entry([quarter_of(place.time), place.project_id, tool_name_id]).or_default() += sign;
    }

    /// Writes what changed.
    pub(crate) fn flush(&mut self, connection: &Connection, zone: &TimeZone) -> Result<(), Failure> {
        // Ordered by key, as the tables are.
        let mut rollups: BTreeMap<[i64; 4], Sums> = BTreeMap::new();
        let mut sessions: BTreeMap<[i64; 5], Sums> = BTreeMap::new();
        for (Cell { quarter, session_id, project_id, model_id }, sums) in self.cells.drain() {
            let day = day_of_quarter(quarter, zone);
            for key in [
                [scope::SESSION, session_id, project_id, model_id],
                [scope::QUARTER_HOUR, quarter, project_id, model_id],
                [scope::DAY, day, project_id, model_id],
            ] {
                rollups.entry(key).or_default().add(&sums, 1);
            }
            for (scope, bucket) in [(scope::QUARTER_HOUR, quarter), (scope::DAY, day)] {
                sessions.entry([scope, bucket, project_id, session_id, model_id]).or_default().add(&sums, 1);
            }
        }
        let mut tools: BTreeMap<[i64; 4], i64> = BTreeMap::new();
        for ([quarter, project_id, name_id], calls) in self.tools.drain() {
            *tools.entry([scope::QUARTER_HOUR, quarter, project_id, name_id]).or_default() += calls;
            *tools.entry([scope::DAY, day_of_quarter(quarter, zone), project_id, name_id]).or_default() += calls;
        }
        let mut table = Table::new("rollups", &["scope", "bucket", "project_id", "model_id"], COLUMNS);
        rollups.iter().try_for_each(|(key, sums)| table.add(connection, key, &sums.values()))?;
        let keys = ["scope", "bucket", "project_id", "session_id", "model_id"];
        table = Table::new("session_rollups", &keys, SESSION_COLUMNS);
        sessions.iter().try_for_each(|(key, sums)| table.add(connection, key, &sums.session_values()))?;
        table = Table::new("tool_rollups", &["scope", "bucket", "project_id", "name_id"], &["calls"]);
        tools.iter().try_for_each(|(key, calls)| table.add(connection, key, &[*calls]))
    }
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
        // Only what takes away can leave nothing behind.
        if delta.iter().any(|value| *value < 0) {
            connection.prepare_cached(&self.remove_zeros)?.execute(params_from_iter(key))?;
        }
        Ok(())
    }
}

/// Takes every sum away.
pub(crate) fn clear(connection: &Connection) -> Result<(), Failure> {
    for table in ["rollups", "session_rollups", "tool_rollups"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

/// Sums the local days anew from the quarter hours, as the days of this time zone. One statement a table, whatever the
/// number of messages.
pub(crate) fn rebuild_days(connection: &Connection, zone: &TimeZone) -> Result<(), Failure> {
    let quarters: Vec<i64> = connection
        .prepare("SELECT DISTINCT bucket FROM rollups WHERE scope = ?1 UNION SELECT bucket FROM tool_rollups WHERE scope = ?1")?
        .query_map([scope::QUARTER_HOUR], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let days: Vec<[i64; 2]> = quarters.iter().map(|quarter| [*quarter, day_of_quarter(*quarter, zone)]).collect();
    let days = serde_json::to_string(&days).unwrap_or_default();
    for (table, keys, columns) in [
        ("rollups", "project_id, model_id", COLUMNS),
        ("session_rollups", "project_id, session_id, model_id", SESSION_COLUMNS),
        ("tool_rollups", "project_id, name_id", &["calls"]),
    ] {
        let sums: Vec<String> = columns.iter().map(|name| format!("sum({name})")).collect();
        connection.execute(&format!("DELETE FROM {table} WHERE scope = ?1"), [scope::DAY])?;
        connection.execute(
            &format!(
                "INSERT INTO {table} (scope, bucket, {keys}, {})
                 SELECT ?1, day.value ->> 1, {keys}, {} FROM json_each(?3) AS day
                 CROSS JOIN {table} ON scope = ?2 AND bucket = day.value ->> 0 GROUP BY day.value ->> 1, {keys}",
                columns.join(", "),
                sums.join(", ")
            ),
            params![scope::DAY, scope::QUARTER_HOUR, days],
        )?;
    }
    Ok(())
}

fn quarter_of(time: Option<i64>) -> i64 {
    time.map_or(UNTIMED, |time| time.div_euclid(QUARTER_HOUR))
}

/// The local day of a quarter hour, in days since 1970-01-01.
pub(crate) fn day_of_quarter(quarter: i64, zone: &TimeZone) -> i64 {
    match quarter {
        UNTIMED => UNTIMED,
        quarter => (quarter * (QUARTER_HOUR / 1_000) + offset_seconds(quarter, zone)).div_euclid(86_400),
    }
}

/// What the clocks of a time zone are ahead of UTC in a quarter hour.
pub(crate) fn offset_seconds(quarter: i64, zone: &TimeZone) -> i64 {
    let instant = jiff::Timestamp::from_millisecond(quarter * QUARTER_HOUR).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    i64::from(zone.to_offset(instant).seconds())
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
        let connection = Connection::open_in_memory().unwrap();
        for migration in [include_str!("../migrations/001_core.sql"), include_str!("../migrations/003_analytics.sql")] {
            connection.execute_batch(migration).unwrap();
        }
        let place = Place { session_id: 1, project_id: 2, model_id: 3, time: Some(0) };
        let sums = Sums { messages: 1, lines_added: 7, ..Sums::default() };
        let count = || -> i64 {
            let sql = "SELECT (SELECT count(*) FROM rollups) + (SELECT count(*) FROM session_rollups)
                       + (SELECT count(*) FROM tool_rollups)";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        for (sign, rows) in [(1, 3 + 2 + 2), (-1, 0)] {
            let mut rollups = Rollups::default();
            rollups.add(place, &sums, sign);
            rollups.add_call(place, 4, sign);
            rollups.flush(&connection, &TimeZone::UTC).unwrap();
            assert_eq!(count(), rows);
        }
    }
}
