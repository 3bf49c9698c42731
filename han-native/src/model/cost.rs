use serde::{Deserialize, Serialize};

use super::{Timestamp, TokenUsage};

/// What one model did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelActivity {
    /// Its name; `null` for answers that name no model.
    pub model: Option<String>,
    /// API messages of it.
    pub api_messages: i64,
    /// Requests of it within API messages, whose own tokens leave them out: advice, compactions, attempts that were refused after
    /// they had begun to answer.
    pub iterations: i64,
    /// Web searches that the API made for it.
    pub web_searches: i64,
    /// The tokens of all of these.
    pub tokens: TokenUsage,
    /// What they cost, in US dollars; `null` if no price is known.
    pub cost: Option<f64>,
    /// The same by the rate at which they were charged, the usual one first.
    pub rates: Vec<ModelRate>,
}

/// What one model did at one rate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelRate {
    /// `standard`, or what sets the price apart: the mode (`fast`), the place of inference (`us`), the service tier (`batch`),
    /// `refused` for what was declined before any output and is free; several are words of one text.
    pub rate: String,
    /// API messages.
    pub api_messages: i64,
    /// Requests within API messages, whose own tokens leave them out.
    pub iterations: i64,
    /// Web searches.
    pub web_searches: i64,
    /// The tokens of all of these.
    pub tokens: TokenUsage,
    /// What they cost, in US dollars; `null` if no price is known.
    pub cost: Option<f64>,
}

/// What has no known price: it is in no cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnpricedModel {
    /// The model, spelled as the transcripts do; `null` for answers that name no model.
    pub model: Option<String>,
    /// The rate of it that has no price, such as `priority`; `null` if the model has none at all.
    pub rate: Option<String>,
    /// API messages of it.
    pub api_messages: i64,
    /// Requests of it within API messages, whose own tokens leave them out.
    pub iterations: i64,
    /// Web searches.
    pub web_searches: i64,
    /// The tokens of all of these.
    pub tokens: TokenUsage,
}

/// What the agent program itself says that a session cost, as of the last time it said so, compared with the sum of its answers. It alone
/// knows of requests that no line of a transcript shows. What a fork took over from its original is taken off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportedCost {
    /// What it says, in US dollars.
    pub cost: f64,
    /// How much more that is than the cost of the answers; less than 0 if it is less.
    pub difference: f64,
    /// By model, the greatest difference first.
    pub by_model: Vec<ReportedModel>,
    /// When it said so: the time of the record before.
    pub reported_at: Option<Timestamp>,
}

/// The part of one model in what the agent program says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportedModel {
    /// The model that was requested; another one may have answered.
    pub model: String,
    /// What the agent program says that it cost, in US dollars.
    pub cost: f64,
    /// What the answers of this model cost.
    pub answers_cost: f64,
    /// The first minus the second.
    pub difference: f64,
    /// The tokens that the agent program counted.
    pub tokens: TokenUsage,
    /// The web searches that it counted.
    pub web_searches: i64,
}

/// What the agent program itself says about all the sessions in which it says something, compared with the sum of their answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportedCosts {
    /// In how many sessions it says something.
    pub sessions: i64,
    /// What it says that they cost, in US dollars.
    pub cost: f64,
    /// How much more that is than the cost of the answers in these sessions.
    pub difference: f64,
    /// By model, the greatest difference first.
    pub by_model: Vec<ReportedModel>,
}

/// Where prices are from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PriceList {
    /// What the prices that come with the library are.
    pub source: String,
    /// The day as of which they are those, such as `2026-01-31`.
    pub date: Option<String>,
    /// The file whose prices replace those of the same models.
    pub own_file: Option<String>,
}
