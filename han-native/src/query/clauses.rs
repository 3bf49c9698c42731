//! A `WHERE` clause being built: conditions and their values together, so that neither is without the other.

use std::ops::Bound;

use rusqlite::types::Value;

/// Conditions that all must hold, with a value for each `?`.
#[derive(Debug, Clone, Default)]
pub(super) struct Clauses {
    sql: String,
    values: Vec<Value>,
}

impl Clauses {
    /// Starts with a condition.
    pub(super) fn new(condition: &str, values: impl IntoIterator<Item = Value>) -> Clauses {
        let mut clauses = Clauses::default();
        clauses.and(condition, values);
        clauses
    }

    /// Adds a condition.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        if !self.sql.is_empty() {
            self.sql.push_str(" AND ");
        }
        self.sql.push_str(condition);
        self.values.extend(values);
    }

    /// Adds the lower bound of a key of several columns, written as `(a, b)`; in a list that descends, `is_descending`.
    pub(super) fn and_lower<const N: usize>(&mut self, columns: &str, bound: Bound<[Value; N]>, is_descending: bool) {
        self.and_bound(columns, bound, if is_descending { '<' } else { '>' });
    }

    /// Adds the upper bound of a key of several columns.
    pub(super) fn and_upper<const N: usize>(&mut self, columns: &str, bound: Bound<[Value; N]>, is_descending: bool) {
        self.and_bound(columns, bound, if is_descending { '>' } else { '<' });
    }

    fn and_bound<const N: usize>(&mut self, columns: &str, bound: Bound<[Value; N]>, operator: char) {
        let (or_equal, values) = match bound {
            Bound::Unbounded => return,
            Bound::Included(values) => ("=", values),
            Bound::Excluded(values) => ("", values),
        };
        let marks = vec!["?"; N].join(", ");
        self.and(&format!("{columns} {operator}{or_equal} ({marks})"), values);
    }

    /// Whether everything is admitted.
    pub(super) fn is_empty(&self) -> bool {
        self.sql.is_empty()
    }

    /// The conditions joined.
    pub(super) fn sql(&self) -> &str {
        if self.sql.is_empty() { "TRUE" } else { &self.sql }
    }

    /// The values of the conditions, then the passed ones.
    pub(super) fn values(&self, behind: impl IntoIterator<Item = Value>) -> Vec<Value> {
        self.values.iter().cloned().chain(behind).collect()
    }
}
