use serde::{Deserialize, Serialize};

/// One page of a list. Cursors are opaque and stay valid while the database lives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Page_for_{T}"))]
pub struct Page<T> {
    /// The items, in the order of the list whichever way it is paged.
    pub items: Vec<T>,
    /// Whether the list continues after the last item.
    pub has_next_page: bool,
    /// Whether the list has items before the first one.
    pub has_previous_page: bool,
    /// The cursor of the first item; `null` on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last item; `null` on an empty page.
    pub end_cursor: Option<String>,
    /// How many items the whole list has; `null` if it was not asked for.
    pub total_count: Option<i64>,
}

/// Which page of a list: `first` items after `after`, or `last` items before `before`; the first 50 if neither is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// How many items from the start, 1 to 10,000.
    pub first: Option<i64>,
    /// Only items after this cursor.
    pub after: Option<String>,
    /// How many items from the end, 1 to 10,000. Not together with `first`.
    pub last: Option<i64>,
    /// Only items before this cursor.
    pub before: Option<String>,
}
