//! Table `rollups`: sums per session, per quarter hour and per local day, kept in the data's own transaction.

use std::collections::HashMap;

use rusqlite::{Connection, params_from_iter};

use crate::store::Failure;

/// The summed columns, in the order of [`Sums`].
const COLUMNS: [&str; 14] = [
    "messages",
    "prompts",
    "assistants",
    "tool_calls",
    "tool_errors",
    "lines_added",
    "lines_removed",
    "api_messages",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_creation_tokens",
    "cache_creation_5m_tokens",
    "cache_creation_1h_tokens",
];

/// What one message or one API message adds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub messages: i64,
    pub prompts: i64,
    pub assistants: i64,
    pub tool_calls: i64,
    pub tool_errors: i64,
    pub lines_added: i64,
    pub lines_removed: i64,
    pub api_messages: i64,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub cache_read_tokens: i64,
    pub cache_creation_tokens: i64,
    pub cache_creation_5m_tokens: i64,
    pub cache_creation_1h_tokens: i64,
}

impl Sums {
    fn values(&self) -> [i64; COLUMNS.len()] {
        [
            self.messages,
            self.prompts,
            self.assistants,
            self.tool_calls,
            self.tool_errors,
            self.lines_added,
            self.lines_removed,
            self.api_messages,
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_creation_tokens,
            self.cache_creation_5m_tokens,
            self.cache_creation_1h_tokens,
        ]
    }
}

/// Where something counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub session_id: i64,
    pub project_id: i64,
    /// 0 where no model is named.
    pub model_id: i64,
    /// What has no time counts for its session only.
    pub time: Option<i64>,
}

/// The changes of one transaction, written at its end.
#[derive(Default)]
pub(crate) struct Rollups {
    deltas: HashMap<(i64, i64, i64, i64), [i64; COLUMNS.len()]>,
}

const QUARTER_HOUR: i64 = 900_000;

impl Rollups {
    /// Adds, or with `sign` -1 takes away.
    pub(crate) fn add(&mut self, place: Place, sums: &Sums, sign: i64, zone: &jiff::tz::TimeZone) {
        let mut keys = vec![(0, place.session_id)];
        if let Some(time) = place.time {
            keys.push((1, time.div_euclid(QUARTER_HOUR)));
            keys.push((2, local_day(time, zone)));
        }
        for (scope, bucket) in keys {
            let delta = self.deltas.entry((scope, bucket, place.project_id, place.model_id)).or_default();
            for (sum, value) in delta.iter_mut().zip(sums.values()) {
                *sum += sign * value;
            }
        }
    }

    /// Writes what changed.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Result<(), Failure> {
        let names = COLUMNS.join(", ");
        let marks = vec!["?"; COLUMNS.len()].join(", ");
        let updates: Vec<String> = COLUMNS.iter().map(|name| format!("{name} = {name} + excluded.{name}")).collect();
        let mut upsert = connection.prepare_cached(&format!(
            "INSERT INTO rollups (scope, bucket, project_id, model_id, {names}) VALUES (?, ?, ?, ?, {marks})
             ON CONFLICT DO UPDATE SET {}",
            updates.join(", ")
        ))?;
        let mut remove = connection.prepare_cached(&format!(
            "DELETE FROM rollups WHERE scope = ? AND bucket = ? AND project_id = ? AND model_id = ? AND NOT ({})",
            COLUMNS.join(" OR ")
        ))?;
        for ((scope, bucket, project_id, model_id), delta) in self.deltas.drain() {
            if delta.iter().all(|value| *value == 0) {
                continue;
            }
            let key = [scope, bucket, project_id, model_id];
            upsert.execute(params_from_iter(key.iter().chain(delta.iter())))?;
            // Only what takes away can leave nothing behind.
            if delta.iter().any(|value| *value < 0) {
                remove.execute(params_from_iter(key))?;
            }
        }
        Ok(())
    }
}

/// Days since 1970-01-01 in the time zone.
fn local_day(time: i64, zone: &jiff::tz::TimeZone) -> i64 {
    let instant = jiff::Timestamp::from_millisecond(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let offset = i64::from(zone.to_offset(instant).seconds());
    (time.div_euclid(1_000) + offset).div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_time_zone_with_daylight_saving() {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let day = |text: &str| local_day(text.parse::<jiff::Timestamp>().unwrap().as_millisecond(), &zone);
        assert_eq!(day("2026-03-28T22:59:59Z") + 1, day("2026-03-28T23:00:00Z"), "CET is one hour ahead");
        assert_eq!(day("2026-03-29T21:59:59Z") + 1, day("2026-03-29T22:00:00Z"), "CEST is two hours ahead");
    }
}
