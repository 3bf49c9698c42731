use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// The values of a statement's parameters: a list for `?`, an object for `:name`, `@name` and `$name` (written with or without
/// that first character).
///
/// `null`, numbers and strings are bound as they are, `true` and `false` as 1 and 0. `{"hex": "00ff"}` is a blob. Any other
/// list or object is bound as its JSON text, so that `json_each(?1)` spreads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SqlColumn {
    /// The name: that of `AS`, else SQLite's.
    pub name: String,
    /// The type that the table's column was declared with, such as `INTEGER`; empty for an expression.
    #[serde(rename = "type")]
    pub declared_type: Option<String>,
}

/// What a statement returned.
///
/// Values are JSON: integers keep all of their 64 bits (a reader that knows doubles only, such as JavaScript, rounds beyond
/// 2^53; select such a column as text), infinite numbers are the strings `Infinity` and `-Infinity`, a blob is
/// `{"hex": "00ff"}`, and bytes of a text that are not UTF-8 become U+FFFD.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SqlResult {
    /// The columns, in the order of the values.
    pub columns: Vec<SqlColumn>,
    /// The rows, each with one value per column.
    #[serde(serialize_with = "rows")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Vec<SqlValue>>"))]
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than were requested, or than fit.
    pub is_truncated: bool,
}

/// Writes whole numbers as signed ones: some languages have another type for large unsigned ones.
fn rows<S: Serializer>(rows: &[Vec<Value>], serializer: S) -> Result<S::Ok, S::Error> {
    struct Row<'v>(&'v [Value]);
    struct Cell<'v>(&'v Value);

    impl Serialize for Row<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0.iter().map(Cell))
        }
    }

    impl Serialize for Cell<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.0.as_i64() {
                Some(integer) => serializer.serialize_i64(integer),
                None => self.0.serialize(serializer),
            }
        }
    }

    serializer.collect_seq(rows.iter().map(|row| Row(row)))
}

/// A value of an ad-hoc query: `null`, a number, a text, or the bytes of a blob. JavaScript rounds integers beyond 2^53: select such a
/// column as text.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum SqlValue {
    Null,
    Number(f64),
    Text(String),
    Blob(SqlBlob),
}

/// Bytes, in hexadecimal digits.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[allow(dead_code)]
struct SqlBlob {
    /// Two digits per byte.
    hex: String,
}
