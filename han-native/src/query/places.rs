//! Lists that run through files: generations in the order of a list, and a walk through the rows of each.

use std::cmp::{Ordering, Reverse};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::page::{Direction, Stretch};
use crate::store::Failure;

/// The position of a generation in a list. Holds no row id, so that a cursor outlives a new index of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlaceKey {
    pub path: String,
    pub config_dir: String,
    /// The number of a superseded generation; the current one has none, and comes first.
    pub superseded: Option<i64>,
}

impl Ord for PlaceKey {
    fn cmp(&self, other: &PlaceKey) -> Ordering {
        let newest_first = |key: &PlaceKey| key.superseded.map(Reverse);
        (&self.path, &self.config_dir, newest_first(self)).cmp(&(&other.path, &other.config_dir, newest_first(other)))
    }
}

impl PartialOrd for PlaceKey {
    fn partial_cmp(&self, other: &PlaceKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A generation whose rows belong to a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub key: PlaceKey,
    pub generation_id: i64,
}

/// A row's position: its generation's, and its own there.
pub(super) type Key<R> = (PlaceKey, R);

/// Collects at most `limit` rows of a stretch through the places, which are in ascending order. `fetch` returns those of one
/// generation, in the requested direction.
pub(super) fn walk<R: Clone, T>(
    places: &[Place],
    stretch: &Stretch<Key<R>>,
    direction: Direction,
    limit: usize,
    mut fetch: impl FnMut(i64, &Stretch<R>, Direction, usize) -> Result<Vec<(R, T)>, Failure>,
) -> Result<Vec<(Key<R>, T)>, Failure> {
    let mut found = Vec::new();
    let mut visit = |place: &Place| -> Result<bool, Failure> {
        if let Some(within) = within(stretch, &place.key) {
            let rows = fetch(place.generation_id, &within, direction, limit - found.len())?;
            found.extend(rows.into_iter().map(|(row, item)| ((place.key.clone(), row), item)));
        }
        Ok(found.len() < limit)
    };
    match direction {
        Direction::Forward => {
            for place in places {
                if !visit(place)? {
                    break;
                }
            }
        }
        Direction::Backward => {
            for place in places.iter().rev() {
                if !visit(place)? {
                    break;
                }
            }
        }
    }
    Ok(found)
}

/// The part of a stretch that lies in one place, if any.
fn within<R: Clone>(stretch: &Stretch<Key<R>>, place: &PlaceKey) -> Option<Stretch<R>> {
    let bound = |bound: &Bound<Key<R>>, outside: Ordering| {
        let (key, edge) = match bound {
            Bound::Unbounded => return Some(Bound::Unbounded),
            Bound::Included((key, row)) => (key, Bound::Included(row.clone())),
            Bound::Excluded((key, row)) => (key, Bound::Excluded(row.clone())),
        };
        match place.cmp(key) {
            Ordering::Equal => Some(edge),
            side if side == outside => None,
            _ => Some(Bound::Unbounded),
        }
    };
    Some(Stretch { lower: bound(&stretch.lower, Ordering::Less)?, upper: bound(&stretch.upper, Ordering::Greater)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str, superseded: Option<i64>, generation_id: i64) -> Place {
        Place { key: PlaceKey { path: path.into(), config_dir: "/c".into(), superseded }, generation_id }
    }

    #[test]
    fn the_current_generation_stands_before_older_ones_newest_first() {
        let mut places = vec![place("b", None, 1), place("a", Some(1), 2), place("a", None, 3), place("a", Some(2), 4)];
        places.sort_by(|left, right| left.key.cmp(&right.key));
        let order: Vec<i64> = places.iter().map(|place| place.generation_id).collect();
        assert_eq!(order, [3, 4, 2, 1]);
    }

    #[test]
    fn a_walk_visits_only_what_it_needs() {
        let places = [place("a", None, 1), place("b", None, 2), place("c", None, 3)];
        let rows = |generation: i64, stretch: &Stretch<i64>, direction: Direction, limit: usize| {
            assert_ne!(generation, 1, "lies before the stretch");
            let mut rows: Vec<(i64, i64)> = (1..=3)
                .filter(|row| std::ops::RangeBounds::contains(&(stretch.lower, stretch.upper), row))
                .map(|row| (row, generation * 10 + row))
                .collect();
            if direction == Direction::Backward {
                rows.reverse();
            }
            rows.truncate(limit);
            Ok(rows)
        };
        let stretch = Stretch { lower: Bound::Excluded((places[1].key.clone(), 1)), upper: Bound::Unbounded };
        let forward = walk(&places, &stretch, Direction::Forward, 3, rows).unwrap();
        assert_eq!(forward.iter().map(|(_, item)| *item).collect::<Vec<_>>(), [22, 23, 31]);
        let backward = walk(&places, &stretch, Direction::Backward, 9, rows).unwrap();
        assert_eq!(backward.iter().map(|(_, item)| *item).collect::<Vec<_>>(), [33, 32, 31, 23, 22]);
    }
}
