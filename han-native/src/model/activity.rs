use serde::{Deserialize, Serialize};

use super::TokenUsage;

/// When something was done. What has no time is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Activity {
    /// The time zone of the days, as an IANA name.
    pub time_zone: String,
    /// The requested first day, such as `2026-01-31`; `null` if there is no beginning.
    pub since: Option<String>,
    /// The requested last day; `null` if there is no end.
    pub until: Option<String>,
    /// Days on which something was done, the earliest first.
    pub days: Vec<DayActivity>,
    /// The 24 hours of the clock, summed up over those days.
    pub hours: Vec<HourActivity>,
}

/// What was done on one day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DayActivity {
    /// The local day, such as `2026-01-31`.
    pub date: String,
    /// Sessions with a user or assistant line on it.
    pub sessions: i64,
    /// Messages.
    pub messages: i64,
    /// Prompts.
    pub prompts: i64,
    /// Tool calls.
    pub tool_calls: i64,
    /// Lines added to files.
    pub lines_added: i64,
    /// Lines removed from files.
    pub lines_removed: i64,
    /// API messages.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
    /// What all of it cost, in US dollars, as far as prices are known.
    pub cost: f64,
    /// API messages whose price is not known: they are not in the cost.
    pub unpriced_api_messages: i64,
}

/// What was done in one hour of the clock, on whichever day. An hour that daylight saving repeats has both of its turns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct HourActivity {
    /// The local hour, 0 to 23.
    pub hour: i64,
    /// Messages.
    pub messages: i64,
    /// Prompts.
    pub prompts: i64,
    /// Tool calls.
    pub tool_calls: i64,
    /// Lines added to files.
    pub lines_added: i64,
    /// Lines removed from files.
    pub lines_removed: i64,
    /// API messages.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
    /// What all of it cost, in US dollars, as far as prices are known.
    pub cost: f64,
    /// API messages whose price is not known: they are not in the cost.
    pub unpriced_api_messages: i64,
}
