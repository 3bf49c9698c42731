use serde::{Deserialize, Serialize};

use super::TokenUsage;

/// A model that no price is known of: what it used is in no cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnpricedModel {
    /// Its name; `null` for answers that name no model.
    pub model: Option<String>,
    /// API messages of it.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
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
    /// The file whose prices stand in the place of those of the same models.
    pub own_file: Option<String>,
}
