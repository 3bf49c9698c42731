//! What is summed, and by which units of time: the basis of [`rollups`](super::rollups) and
//! [`session_sums`](super::session_sums).

use jiff::tz::TimeZone;
use rusqlite::Row;

/// Defines [`Sums`] and the columns that it is stored in, so that neither is without the other.
macro_rules! sums {
    ($($name:ident),*;) => {
        /// What one message or one API message adds, or a sum of these.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(crate) struct Sums {
            $(pub $name: i64,)*
        }

        /// The summed columns of `rollups`. Packed sums name them by their position: new ones go to the end.
        pub(crate) const COLUMNS: &[&str] = &[$(stringify!($name)),*];

        impl Sums {
            /// Adds, or with `sign` -1 subtracts.
            pub(crate) fn add(&mut self, other: &Sums, sign: i64) {
                $(self.$name += sign * other.$name;)*
            }

            /// In the order of [`COLUMNS`].
            pub(super) fn values(&self) -> [i64; COLUMNS.len()] {
                [$(self.$name),*]
            }

            /// From values in the order of [`COLUMNS`].
            pub(super) fn of(values: [i64; COLUMNS.len()]) -> Sums {
                let [$($name),*] = values;
                Sums { $($name),* }
            }

            /// Reads [`COLUMNS`] from `first` on.
            pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Sums> {
                let mut values = [0; COLUMNS.len()];
                for (column, value) in (first..).zip(&mut values) {
                    *value = row.get(column)?;
                }
                Ok(Sums::of(values))
            }
        }
    };
}

sums! {
    messages, prompts, talk, api_messages,
    input_tokens, output_tokens, cache_read_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens,
    input_tokens_above_100k, output_tokens_above_100k, cache_read_tokens_above_100k,
    cache_creation_5m_tokens_above_100k, cache_creation_1h_tokens_above_100k,
    input_tokens_above_200k, output_tokens_above_200k, cache_read_tokens_above_200k,
    cache_creation_5m_tokens_above_200k, cache_creation_1h_tokens_above_200k,
    assistants, tool_calls, tool_errors, lines_added, lines_removed, hooks, hook_errors, compactions,
    cache_creation_tokens, web_searches, iterations;
}

/// Where something counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub session_id: i64,
    pub project_id: i64,
    /// 0 if no model is named. Of what is not charged as usual, the row of [`rates`](super::rates) with the model.
    pub model_id: i64,
    /// What has no time counts in no quarter hour and on no day, see [`UNTIMED`].
    pub time: Option<i64>,
}

/// Whose sums a row holds.
pub(crate) mod scope {
    /// The bucket is `sessions.id`; only in `rollups`.
    pub(crate) const SESSION: i64 = 0;
    /// The bucket is the time / 900,000; only in `session_sums`.
    pub(crate) const QUARTER_HOUR: i64 = 1;
    /// The bucket is the count of days since 1970-01-01 in the database's time zone.
    pub(crate) const DAY: i64 = 2;
}

/// Milliseconds.
pub(crate) const QUARTER_HOUR: i64 = 900_000;
/// How many a day of UTC has.
pub(crate) const QUARTERS_OF_DAY: i64 = 86_400_000 / QUARTER_HOUR;

/// The bucket, of quarter hours and of days, of what has no time.
pub(crate) const UNTIMED: i64 = -(1 << 32);

/// The quarter hour of a time.
pub(super) fn quarter_of(time: Option<i64>) -> i64 {
    time.map_or(UNTIMED, |time| time.div_euclid(QUARTER_HOUR))
}

/// The local day of a quarter hour, in days since 1970-01-01.
pub(crate) fn day_of_quarter(quarter: i64, zone: &TimeZone) -> i64 {
    match quarter {
        UNTIMED => UNTIMED,
        quarter => (quarter * (QUARTER_HOUR / 1_000) + offset_seconds(quarter, zone)).div_euclid(86_400),
    }
}

/// How far the clocks of a time zone are ahead of UTC in a quarter hour.
pub(crate) fn offset_seconds(quarter: i64, zone: &TimeZone) -> i64 {
    let instant = jiff::Timestamp::from_millisecond(quarter * QUARTER_HOUR).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    i64::from(zone.to_offset(instant).seconds())
}
