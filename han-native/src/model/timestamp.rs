use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z. At every edge it is a string such as `2026-01-31T08:15:00.250Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest and the latest instant that have a four-digit year.
    const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

    /// The instant of a count of milliseconds, if its year has four digits.
    pub fn from_millis(millis: i64) -> Option<Timestamp> {
        Timestamp::RANGE.contains(&millis).then_some(Timestamp(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(formatter, "{instant:.3}")
    }
}

impl FromStr for Timestamp {
    type Err = String;

    /// Reads RFC 3339; a date alone is its midnight in UTC, a time without an offset is UTC.
    fn from_str(text: &str) -> Result<Timestamp, String> {
        let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
        instant
            .and_then(|instant| Timestamp::from_millis(instant.as_millisecond()))
            .ok_or_else(|| format!("is not an ISO 8601 time: {text:?}; write 2026-01-31 or 2026-01-31T08:15:00Z"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "An instant, ISO 8601 in UTC: `2026-01-31T08:15:00.250Z`. As an input also a date (its midnight in UTC) \
                            or a time without an offset (UTC).",
            "type": "string",
            "format": "date-time",
        })
    }
}
