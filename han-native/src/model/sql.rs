use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The values of a statement's parameters: a list for `?`, an object for `:name`, `@name` and `$name` (written with or without
/// that first character).
///
/// `null`, numbers and strings stand for themselves, `true` and `false` for 1 and 0. `{"hex": "00ff"}` is a blob. Any other
/// list or object is given as its JSON text, so that `json_each(?1)` spreads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SqlParameters {
    /// In the order of their numbers.
    Positional(Vec<Value>),
    /// By name.
    Named(Map<String, Value>),
}

impl Default for SqlParameters {
    fn default() -> SqlParameters {
        SqlParameters::Positional(Vec::new())
    }
}

/// A column of an [`SqlResult`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "napi",
    napi_derive::napi(object, use_nullable = true, object_to_js = false, object_from_js = false)
)]
pub struct SqlColumn {
    /// The name: that of `AS`, else SQLite's.
    pub name: String,
    /// The type that the table's column was declared with, such as `INTEGER`; nothing for an expression.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "napi", napi(js_name = "type"))]
    pub declared_type: Option<String>,
}

/// What a statement answered.
///
/// Values are JSON: integers keep all of their 64 bits (a reader that knows doubles only, such as JavaScript, rounds beyond
/// 2^53; select such a column as text), infinite numbers are the strings `Infinity` and `-Infinity`, a blob is
/// `{"hex": "00ff"}`, and bytes of a text that are no UTF-8 are U+FFFD.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlResult {
    /// The columns, in the order of the values.
    pub columns: Vec<SqlColumn>,
    /// The rows, each with one value a column.
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than were asked for, or than fit.
    pub is_truncated: bool,
}
