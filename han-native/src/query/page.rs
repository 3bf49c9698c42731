//! Pages by key, in both directions, never by offset: limits, cursors, and whether the list continues.

use std::fmt::Write as _;
use std::ops::Bound;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::model::{Page, PageRequest};
use crate::store::Failure;

/// The most items of a page, and the most ids of a batch.
pub(super) const MAXIMUM: i64 = 10_000;
/// How many items a page has if the caller does not say.
const DEFAULT: i64 = 50;

/// Which way a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

impl Direction {
    /// `ASC` or `DESC` of a key that the list has in ascending order.
    pub(super) fn sql(self) -> &'static str {
        match self {
            Direction::Forward => "ASC",
            Direction::Backward => "DESC",
        }
    }

    pub(super) fn reversed(self) -> Direction {
        match self {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        }
    }
}

/// A stretch of a list: everything between two keys.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch<K> {
    pub lower: Bound<K>,
    pub upper: Bound<K>,
}

/// A checked page request whose cursors are keys again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Window<K> {
    after: Option<K>,
    before: Option<K>,
    limit: usize,
    direction: Direction,
}

/// Where a page lies in its list.
#[derive(Debug, PartialEq)]
pub(super) struct Slice<K, T> {
    pub items: Vec<(K, T)>,
    pub has_next: bool,
    pub has_previous: bool,
}

impl<K: Clone + DeserializeOwned> Window<K> {
    /// Checks a request. `list` names the list, so that a cursor of another one is refused.
    pub(super) fn new(request: &PageRequest, list: &str) -> Result<Window<K>> {
        let (limit, direction) = match (request.first, request.last) {
            (Some(_), Some(_)) => return Err(Error::invalid("last", "cannot be combined with first; drop one")),
            (Some(first), None) => (checked_limit("first", first, MAXIMUM)?, Direction::Forward),
            (None, Some(last)) => (checked_limit("last", last, MAXIMUM)?, Direction::Backward),
            (None, None) => (DEFAULT as usize, Direction::Forward),
        };
        let key = |name, cursor: &Option<String>| cursor.as_deref().map(|text| decode(name, list, text)).transpose();
        Ok(Window { after: key("after", &request.after)?, before: key("before", &request.before)?, limit, direction })
    }
}

impl<K: Clone> Window<K> {
    /// Fills the page. `fetch` returns at most this many items of a stretch, walking in a direction from its end.
    pub(super) fn fill<T>(
        self,
        mut fetch: impl FnMut(&Stretch<K>, Direction, usize) -> Result<Vec<(K, T)>, Failure>,
    ) -> Result<Slice<K, T>, Failure> {
        let Window { after, before, limit, direction } = self;
        let stretch = Stretch {
            lower: after.clone().map_or(Bound::Unbounded, Bound::Excluded),
            upper: before.clone().map_or(Bound::Unbounded, Bound::Excluded),
        };
        let mut items = fetch(&stretch, direction, limit + 1)?;
        let goes_on = items.len() > limit;
        items.truncate(limit);
        if direction == Direction::Backward {
            items.reverse();
        }
        // What lies beyond a cursor has not been looked at yet.
        let mut exists = |stretch: Stretch<K>| fetch(&stretch, Direction::Forward, 1).map(|found| !found.is_empty());
        let has_next = match (direction, before) {
            (Direction::Forward, _) if goes_on => true,
            (_, None) => false,
            (_, Some(before)) => {
                let edge = items.last().map_or(Bound::Included(before), |(key, _)| Bound::Excluded(key.clone()));
                exists(Stretch { lower: edge, upper: Bound::Unbounded })?
            }
        };
        let has_previous = match (direction, after) {
            (Direction::Backward, _) if goes_on => true,
            (_, None) => false,
            (_, Some(after)) => {
                let edge = items.first().map_or(Bound::Included(after), |(key, _)| Bound::Excluded(key.clone()));
                exists(Stretch { lower: Bound::Unbounded, upper: edge })?
            }
        };
        Ok(Slice { items, has_next, has_previous })
    }
}

impl<K: Serialize, T> Slice<K, T> {
    /// The page, with its keys as cursors of `list`. `items` are the final items in the order of the slice's.
    pub(super) fn into_page<I>(
        self,
        list: &str,
        items: impl FnOnce(Vec<T>) -> Result<Vec<I>, Failure>,
    ) -> Result<Page<I>, Failure> {
        let start_cursor = self.items.first().map(|(key, _)| encode(list, key));
        let end_cursor = self.items.last().map(|(key, _)| encode(list, key));
        let items = items(self.items.into_iter().map(|(_, item)| item).collect())?;
        Ok(Page {
            items,
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor,
            end_cursor,
            total_count: None,
        })
    }
}

/// `first` or `last`, if it is in its range.
pub(super) fn checked_limit(name: &'static str, value: i64, maximum: i64) -> Result<usize> {
    if (1..=maximum).contains(&value) {
        return Ok(value as usize);
    }
    Err(Error::invalid(name, format!("is {value}; pass a number from 1 to {maximum}")))
}

/// Refuses a batch of too many ids.
pub(super) fn check_batch(ids: &[String]) -> Result<()> {
    if ids.len() as i64 <= MAXIMUM {
        return Ok(());
    }
    Err(Error::invalid("ids", format!("are {}; pass at most {MAXIMUM} at once", ids.len())))
}

/// A key as an opaque cursor.
pub(super) fn encode<K: Serialize>(list: &str, key: &K) -> String {
    // Keys are tuples of numbers and strings: they always serialise.
    let json = serde_json::to_vec(&(list, key)).unwrap_or_default();
    json.iter().fold(String::with_capacity(json.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The key of a cursor that [`encode`] made for the same list.
pub(super) fn decode<K: DeserializeOwned>(name: &'static str, list: &str, cursor: &str) -> Result<K> {
    let parsed = bytes_of_hex(cursor).and_then(|json| serde_json::from_slice::<(String, K)>(&json).ok());
    match parsed {
        Some((found, key)) if found == list => Ok(key),
        _ => Err(Error::invalid(name, "is not a cursor of this list; pass a startCursor or endCursor of it unchanged")),
    }
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fetch(list: &[i64]) -> impl FnMut(&Stretch<i64>, Direction, usize) -> Result<Vec<(i64, i64)>, Failure> {
        move |stretch, direction, limit| {
            let mut inside: Vec<_> = list
                .iter()
                .filter(|item| std::ops::RangeBounds::contains(&(stretch.lower, stretch.upper), *item))
                .map(|item| (*item, *item))
                .collect();
            if direction == Direction::Backward {
                inside.reverse();
            }
            inside.truncate(limit);
            Ok(inside)
        }
    }

    fn request(first: Option<i64>, after: Option<i64>, last: Option<i64>, before: Option<i64>) -> PageRequest {
        let cursor = |key: Option<i64>| key.map(|key| encode("numbers", &key));
        PageRequest { first, after: cursor(after), last, before: cursor(before) }
    }

    #[test]
    fn requests_out_of_range_are_refused() {
        for (first, last) in
            [(Some(0), None), (Some(-1), None), (Some(10_001), None), (None, Some(0)), (Some(1), Some(1))]
        {
            let refused = Window::<i64>::new(&request(first, None, last, None), "numbers");
            assert!(matches!(refused, Err(Error::InvalidArgument { .. })), "{first:?} {last:?}");
        }
        assert!(Window::<i64>::new(&request(Some(10_000), None, None, None), "numbers").is_ok());
    }

    #[test]
    fn cursors_that_are_none_of_ours_are_refused() {
        let other = encode("letters", &7_i64);
        let wrong_key = encode("numbers", &"seven");
        for cursor in ["", "7", "zz", "7b7d", "é", "+1", other.as_str(), wrong_key.as_str()] {
            let refused = decode::<i64>("after", "numbers", cursor);
            assert!(matches!(&refused, Err(Error::InvalidArgument { name, .. }) if name == "after"), "{cursor:?}");
        }
        assert!(matches!(decode::<i64>("after", "numbers", &encode("numbers", &-7_i64)), Ok(-7)));
    }

    proptest! {
        #[test]
        fn a_page_is_what_its_definition_says(
            list in proptest::collection::btree_set(0_i64..20, 0..12),
            after in proptest::option::of(0_i64..20),
            before in proptest::option::of(0_i64..20),
            limit in 1_i64..6,
            forward: bool,
        ) {
            let list: Vec<i64> = list.into_iter().collect();
            let (first, last) = if forward { (Some(limit), None) } else { (None, Some(limit)) };
            let window = Window::<i64>::new(&request(first, after, last, before), "numbers").unwrap();
            let slice = window.fill(fetch(&list)).unwrap();
            let found: Vec<i64> = slice.items.iter().map(|(key, _)| *key).collect();

            let inside: Vec<i64> = list
                .iter()
                .copied()
                .filter(|item| after.is_none_or(|key| *item > key) && before.is_none_or(|key| *item < key))
                .collect();
            let count = (limit as usize).min(inside.len());
            let expected = if forward { &inside[..count] } else { &inside[inside.len() - count..] };
            prop_assert_eq!(&found[..], expected);
            let (next, previous) = match (found.first(), found.last()) {
                (Some(start), Some(end)) => (list.iter().any(|item| item > end), list.iter().any(|item| item < start)),
                _ => (
                    before.is_some_and(|key| list.iter().any(|item| *item >= key)),
                    after.is_some_and(|key| list.iter().any(|item| *item <= key)),
                ),
            };
            prop_assert_eq!((slice.has_next, slice.has_previous), (next, previous));
        }
    }
}
