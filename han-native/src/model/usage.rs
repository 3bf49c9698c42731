use serde::{Deserialize, Serialize};

use super::{ModelActivity, ReportedCost, TokenUsage, UnpricedModel};

/// What a session and its agents spent, each API message counted once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionUsage {
    /// The session.
    pub session_id: String,
    /// How many API messages were counted.
    pub api_messages: i64,
    /// Requests within them, whose own tokens leave them out.
    pub iterations: i64,
    /// Web searches that the API made.
    pub web_searches: i64,
    /// The tokens of all of these.
    pub tokens: TokenUsage,
    /// What all of it cost, in US dollars, as far as prices are known: tokens at the rates that the answers name, and web
    /// searches. What no answer shows is not in it; see `reported`.
    pub cost: f64,
    /// What has no known price, the most tokens first.
    pub unpriced: Vec<UnpricedModel>,
    /// The same by model, the costliest first.
    pub by_model: Vec<ModelActivity>,
    /// What the agent program itself says; `null` if it says nothing.
    pub reported: Option<ReportedCost>,
}
