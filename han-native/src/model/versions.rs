use serde::{Deserialize, Serialize};

/// The versions of what is in this library: for bug reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Versions {
    /// The version of han-native, such as `0.1.0`.
    pub library: String,
    /// The version of SQLite, such as `3.51.0`.
    pub sqlite: String,
    /// The number of the newest database schema that this version knows, and writes.
    pub schema: i64,
}
