use serde::{Deserialize, Serialize};

use super::{ModelActivity, PriceList, ReportedCosts, Timestamp, TokenUsage, UnpricedModel};

/// What to look at. The days are whole days of the requested time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnalyticsFilter {
    /// From this day on: a date such as `2026-01-31`, or an instant, which counts as the whole day that it lies in.
    pub since: Option<String>,
    /// Up to and including this day: a date, or an instant, which counts as the day that the last moment before it lies in.
    pub until: Option<String>,
    /// Whose days and hours, as an IANA name; those of the database's own time zone by default.
    pub time_zone: Option<String>,
    /// Only this project.
    pub project_id: Option<String>,
}

/// What was done on some days. Copies written by a resume, a fork or a compaction count nowhere; each API message counts
/// once, in the session and at the time of its first line. What has no time counts only if no day bounds the query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Dashboard {
    /// The time zone of the days, as an IANA name.
    pub time_zone: String,
    /// The requested first day, such as `2026-01-31`; `null` if there is no beginning.
    pub since: Option<String>,
    /// The requested last day; `null` if there is no end.
    pub until: Option<String>,
    /// Sessions with a user or assistant line.
    pub sessions: i64,
    /// Messages of every record type, those of agents included.
    pub messages: i64,
    /// Prompts that a person typed.
    pub prompts: i64,
    /// Assistant lines; one API message may have several.
    pub assistant_lines: i64,
    /// API messages: answers that were paid for.
    pub api_messages: i64,
    /// Requests within them, whose own tokens leave them out: advice, compactions, attempts that were refused after they had begun
    /// to answer.
    pub iterations: i64,
    /// Web searches that the API made.
    pub web_searches: i64,
    /// The tokens of all of these.
    pub tokens: TokenUsage,
    /// What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers name, and web
    /// searches. What no answer shows is not in it; see `reported`.
    pub cost: f64,
    /// API messages whose price is not known: they are not in the cost.
    pub unpriced_api_messages: i64,
    /// Requests within API messages whose price is not known.
    pub unpriced_iterations: i64,
    /// What these are, by model and rate, the most tokens first.
    pub unpriced_models: Vec<UnpricedModel>,
    /// What the agent program itself says about these sessions; `null` if it says nothing, and if days bound the query, since
    /// it says nothing of days.
    pub reported: Option<ReportedCosts>,
    /// Where the prices are from.
    pub prices: PriceList,
    /// Lines that successful tool calls added to files.
    pub lines_added: i64,
    /// Lines that they removed.
    pub lines_removed: i64,
    /// Tool calls.
    pub tool_calls: i64,
    /// Tool results that are errors.
    pub tool_errors: i64,
    /// The ten tools called most.
    pub tools: Vec<ToolActivity>,
    /// Hook executions.
    pub hooks: i64,
    /// Those of them that failed.
    pub hook_errors: i64,
    /// Compactions of a context.
    pub compactions: i64,
    /// Agents that began, one for each agent file that is not a mere copy.
    pub subagents: i64,
    /// Models that answered, the costliest first.
    pub models: Vec<ModelActivity>,
    /// Projects, the costliest first.
    pub projects: Vec<ProjectActivity>,
    /// The ten sessions that cost most in these days.
    pub top_sessions_by_cost: Vec<SessionActivity>,
    /// The ten that cost least, of those that asked a model and whose models all have a price.
    pub bottom_sessions_by_cost: Vec<SessionActivity>,
    /// The ten with the most messages in these days.
    pub top_sessions_by_messages: Vec<SessionActivity>,
    /// The ten with the fewest.
    pub bottom_sessions_by_messages: Vec<SessionActivity>,
}

/// How often a tool was called.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ToolActivity {
    /// Its name.
    pub name: String,
    /// Calls of it.
    pub calls: i64,
}

/// What was done in one project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProjectActivity {
    /// The id of the project.
    pub project_id: String,
    /// Its true path, from the records.
    pub project_path: Option<String>,
    /// The path of its repository.
    pub repository_path: Option<String>,
    /// Sessions with a user or assistant line.
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

/// What was done in one session, within the requested days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionActivity {
    /// The session.
    pub session_id: String,
    /// The id of its project.
    pub project_id: String,
    /// Its title.
    pub title: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When its last message was written.
    pub ended_at: Option<Timestamp>,
    /// Messages, those of its agents included.
    pub messages: i64,
    /// Prompts.
    pub prompts: i64,
    /// API messages.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
    /// What all of it cost, in US dollars, as far as prices are known.
    pub cost: f64,
    /// API messages whose price is not known: they are not in the cost.
    pub unpriced_api_messages: i64,
}
