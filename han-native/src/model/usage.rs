use serde::{Deserialize, Serialize};

use super::TokenUsage;

/// The tokens that a session and its agents spent, each API message counted once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SessionUsage {
    /// The session.
    pub session_id: String,
    /// How many API messages were counted.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
    /// The same by model, the one with the most tokens first.
    pub by_model: Vec<ModelUsage>,
}

/// The tokens that were spent with one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ModelUsage {
    /// The model; `null` for messages that name none.
    pub model: Option<String>,
    /// How many API messages were counted.
    pub api_messages: i64,
    /// Their tokens.
    pub tokens: TokenUsage,
}
