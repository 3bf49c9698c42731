//! What a transaction changed of the records that distinguish originals from their copies.

use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a transaction changed.
#[derive(Default)]
pub(super) struct Forks {
    /// Records without a uuid that came: their keys and generations.
    pub(super) lone_added: BTreeSet<(i64, i64)>,
    /// Keys of records without a uuid that went.
    pub(super) lone_removed: BTreeSet<i64>,
    /// Generations that lost records.
    pub(super) reduced: BTreeSet<i64>,
    /// Generations that share records, with the least time of those that came.
    pub(super) extended: BTreeMap<i64, i64>,
    /// Generations that name an origin which they did not name before.
    pub(super) named: BTreeSet<i64>,
    /// Origins that are known to be stored.
    pub(super) origins: HashSet<(i64, String)>,
}

impl Forks {
    /// Notes that records without a uuid went.
    pub(super) fn note_lone_removed(&mut self, keys: impl IntoIterator<Item = i64>) {
        self.lone_removed.extend(keys);
    }

    /// Notes that a generation lost records.
    pub(super) fn note_reduced(&mut self, generation_id: i64) {
        self.reduced.insert(generation_id);
    }
}
