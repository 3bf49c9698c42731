//! Which days are requested, in which time zone, and in which sums they are found.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use rusqlite::Connection;

use crate::error::Error;
use crate::model::{AnalyticsFilter, Timestamp};
use crate::store::rollups::{QUARTER_HOUR, UNTIMED, day_of_quarter, scope};
use crate::store::{Failure, time_zone};

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Whole days of a time zone, as counts of days since 1970-01-01.
#[derive(Debug, Clone)]
pub(super) struct Days {
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    /// Whose days the days of the database are.
    own_zone: TimeZone,
    is_own_zone: bool,
}

/// Where sums are read: the buckets of a scope from `start` up to but excluding `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Buckets {
    pub(super) scope: i64,
    pub(super) start: i64,
    pub(super) end: i64,
}

impl Days {
    pub(super) fn of(connection: &Connection, filter: &AnalyticsFilter) -> Result<Days, Failure> {
        let own_name = time_zone::stored_name(connection)?;
        let mut zone_name = filter.time_zone.clone().unwrap_or_else(|| own_name.clone());
        let is_own_zone = zone_name.eq_ignore_ascii_case(&own_name);
        let zone = match TimeZone::get(&zone_name) {
            Ok(zone) => {
                // It may be passed in other case.
                zone_name = zone.iana_name().map_or(zone_name, str::to_owned);
                zone
            }
            // The database's days were summed in UTC as well, if the system does not know its time zone.
            Err(_) if is_own_zone => TimeZone::UTC,
            Err(error) => return Err(Error::invalid("timeZone", format!("is unknown: {error}")).into()),
        };
        let first = filter.since.as_deref().map(|text| bound("since", text, 0, &zone)).transpose()?;
        let last = filter.until.as_deref().map(|text| bound("until", text, -1, &zone)).transpose()?;
        if let (Some(first), Some(last)) = (first, last)
            && last < first
        {
            return Err(Error::invalid("until", "is not after since; pass a later day").into());
        }
        let own_zone = time_zone::stored(connection)?;
        Ok(Days { zone, zone_name, first, last, own_zone, is_own_zone })
    }

    /// Whether they have a beginning or an end.
    pub(super) fn is_bounded(&self) -> bool {
        self.first.is_some() || self.last.is_some()
    }

    /// The sums of these days; those without a time are among them only if nothing bounds the days. In another time
    /// zone than the database's they are days of that, and quarter hours at the ends, and wherever one of the `cuts` is: days
    /// that no bucket may reach over.
    pub(super) fn buckets(&self, cuts: &[i64]) -> Vec<Buckets> {
        let start = self.first.unwrap_or_else(|| self.least_bucket());
        let end = self.last.map_or(i64::MAX, |last| last + 1);
        if self.is_own_zone {
            return vec![Buckets { scope: scope::DAY, start, end }];
        }
        let cuts = cuts.iter().copied().filter(|cut| start < *cut && *cut < end);
        let edges: Vec<i64> = [start].into_iter().chain(cuts).chain([end]).collect();
        edges.windows(2).flat_map(|edge| self.between(edge[0], edge[1])).collect()
    }

    /// The sums from one day up to but excluding another one, in a time zone that is not the database's.
    fn between(&self, start: i64, end: i64) -> Vec<Buckets> {
        let quarter = |day: i64, zone: &TimeZone| start_of_day(day, zone).div_euclid(QUARTER_HOUR);
        let is_bounded = |day: i64| day > UNTIMED + 1 && day < i64::MAX;
        let (start_quarter, first_day) = match is_bounded(start) {
            false => (start, start),
            true => {
                let quarter_hour = quarter(start, &self.zone);
                let day = day_of_quarter(quarter_hour, &self.own_zone);
                (quarter_hour, if quarter(day, &self.own_zone) < quarter_hour { day + 1 } else { day })
            }
        };
        let (end_quarter, end_day) = match is_bounded(end) {
            false => (end, end),
            true => {
                let quarter_hour = quarter(end, &self.zone);
                (quarter_hour, day_of_quarter(quarter_hour, &self.own_zone))
            }
        };
        if first_day >= end_day {
            return vec![Buckets { scope: scope::QUARTER_HOUR, start: start_quarter, end: end_quarter }];
        }
        let mut buckets = vec![Buckets { scope: scope::DAY, start: first_day, end: end_day }];
        if is_bounded(start) {
            let end = quarter(first_day, &self.own_zone);
            buckets.push(Buckets { scope: scope::QUARTER_HOUR, start: start_quarter, end });
        }
        if is_bounded(end) {
            let start = quarter(end_day, &self.own_zone);
            buckets.push(Buckets { scope: scope::QUARTER_HOUR, start, end: end_quarter });
        }
        buckets
    }

    /// The quarter hours of these days.
    pub(super) fn quarter_hours(&self) -> Buckets {
        let quarter = |day: i64| start_of_day(day, &self.zone).div_euclid(QUARTER_HOUR);
        let start = self.first.map_or_else(|| self.least_bucket(), quarter);
        Buckets { scope: scope::QUARTER_HOUR, start, end: self.last.map_or(i64::MAX, |last| quarter(last + 1)) }
    }

    /// The milliseconds of these days: from the first of them up to but excluding the last; `None` where they are unbounded.
    pub(super) fn instants(&self) -> (Option<i64>, Option<i64>) {
        let start = |day: i64| start_of_day(day, &self.zone);
        (self.first.map(start), self.last.map(|last| start(last + 1)))
    }

    /// The day that a bucket is, or starts on; `None` for what has no time.
    pub(super) fn day(&self, scope: i64, bucket: i64) -> Option<i64> {
        match bucket {
            UNTIMED => None,
            bucket if scope == scope::DAY && self.is_own_zone => Some(bucket),
            bucket if scope == scope::DAY => {
                let start = start_of_day(bucket, &self.own_zone).div_euclid(QUARTER_HOUR);
                Some(day_of_quarter(start, &self.zone))
            }
            bucket => Some(day_of_quarter(bucket, &self.zone)),
        }
    }

    fn least_bucket(&self) -> i64 {
        if self.last.is_none() { UNTIMED } else { UNTIMED + 1 }
    }
}

/// The day that a bound names: a date, or an instant, moved by this many milliseconds.
fn bound(name: &'static str, text: &str, shift: i64, zone: &TimeZone) -> Result<i64, Failure> {
    // A date is read by its length, with hyphens or without: an instant starts with one.
    let date = text.parse::<Date>().ok().filter(|_| matches!(text.len(), 8 | 10));
    if let Some(days) = date.and_then(|date| EPOCH.until(date).ok()) {
        return Ok(i64::from(days.get_days()));
    }
    let instant: Timestamp = text.parse().map_err(|problem| Error::invalid(name, problem))?;
    Ok(day_of_quarter((instant.0 + shift).div_euclid(QUARTER_HOUR), zone))
}

/// The calendar's name of a day, such as `2026-01-31`.
pub(super) fn date(day: i64) -> String {
    civil(day).to_string()
}

fn civil(day: i64) -> Date {
    let span = Span::new().try_days(day).unwrap_or_else(|_| 0.days());
    EPOCH.saturating_add(span)
}

/// The first instant of a local day in milliseconds; it is midnight only if the clocks do not jump over it.
fn start_of_day(day: i64, zone: &TimeZone) -> i64 {
    let date = civil(day);
    match date.to_zoned(zone.clone()) {
        Ok(zoned) => zoned.timestamp().as_millisecond(),
        Err(_) => day.saturating_mul(86_400_000),
    }
}
