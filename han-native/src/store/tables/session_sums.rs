//! Table `session_sums`: what was done in each session by quarter hour and by local day, and how often it called which tool.
//!
//! A row has all of a session within a span of time, packed, so that a year is a walk over few rows, and an append changes
//! few bytes. An entry is a run of LEB128 numbers: the bucket within the span, the project and the model; then which of
//! [`COLUMNS`] are not 0, as bits, and those. The calls of a tool are the same three, the tool for the model, and the count.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Rows, params};

use super::sums::{COLUMNS, QUARTERS_OF_DAY, Sums, scope};
use crate::error::Error;
use crate::store::failure::Failure;

/// What sums are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Quarter hour or local day, see [`scope`].
    pub bucket: i64,
    pub project_id: i64,
    /// `strings.id` of the model, 0 if none is named, or `rates.id` of it; of calls, that of the tool.
    pub name_id: i64,
}

/// A row, of which the requested buckets are visited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanOfSession<'r> {
    pub session_id: i64,
    /// Its first bucket.
    first: i64,
    sums: &'r [u8],
    calls: &'r [u8],
    /// The requested buckets: up to but excluding `end`.
    start: i64,
    end: i64,
}

/// How many buckets a row spans: the quarter hours of a day of UTC, or this many local days. Short spans keep appends cheap,
/// long ones year queries.
const fn width(scope: i64) -> i64 {
    if scope == scope::QUARTER_HOUR { QUARTERS_OF_DAY } else { 32 }
}

/// Visits every row that has buckets from `start` up to but excluding `end`, in the order of time.
pub(crate) fn for_each(
    connection: &Connection,
    scope: i64,
    start: i64,
    end: i64,
    visit: &mut dyn FnMut(SpanOfSession<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let width = width(scope);
    let mut statement = connection.prepare_cached(
        "SELECT span, session_id, sums, calls FROM session_sums WHERE scope = ?1 AND span BETWEEN ?2 AND ?3",
    )?;
    let spans = [scope, start.div_euclid(width), end.saturating_sub(1).div_euclid(width)];
    visit_rows(&mut statement.query(spans)?, width, (start, end), visit)
}

/// As [`for_each`], of some sessions: looks up each span of each.
pub(crate) fn for_each_of(
    connection: &Connection,
    session_ids: &[i64],
    scope: i64,
    start: i64,
    end: i64,
    visit: &mut dyn FnMut(SpanOfSession<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let width = width(scope);
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE spans (span) AS (
             SELECT min(span) FROM session_sums WHERE scope = ?1 AND span BETWEEN ?2 AND ?3
             UNION ALL
             SELECT (SELECT min(later.span) FROM session_sums AS later
                     WHERE later.scope = ?1 AND later.span > spans.span AND later.span <= ?3)
             FROM spans WHERE spans.span IS NOT NULL)
         SELECT sums.span, sums.session_id, sums.sums, sums.calls FROM spans CROSS JOIN json_each(?4) AS wanted
         CROSS JOIN session_sums AS sums
             ON sums.scope = ?1 AND sums.span = spans.span AND sums.session_id = wanted.value",
    )?;
    let spans = (start.div_euclid(width), end.saturating_sub(1).div_euclid(width));
    let ids = json_list(session_ids);
    visit_rows(&mut statement.query(params![scope, spans.0, spans.1, ids])?, width, (start, end), visit)
}

/// Every local day of some sessions, in the order of `ids`.
pub(crate) fn for_each_day_of(
    connection: &Connection,
    session_ids: &[i64],
    visit: &mut dyn FnMut(SpanOfSession<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT sums.span, sums.session_id, sums.sums, sums.calls FROM json_each(?1) AS wanted
         CROSS JOIN session_sums AS sums INDEXED BY session_sums_by_session
             ON sums.session_id = wanted.value AND sums.scope = 2",
    )?;
    let ids = json_list(session_ids);
    visit_rows(&mut statement.query([ids])?, width(scope::DAY), (i64::MIN, i64::MAX), visit)
}

fn json_list(ids: &[i64]) -> String {
    // Numbers always serialise.
    serde_json::to_string(ids).unwrap_or_default()
}

/// Visits rows of span, session, sums and calls.
fn visit_rows(
    rows: &mut Rows<'_>,
    width: i64,
    (start, end): (i64, i64),
    visit: &mut dyn FnMut(SpanOfSession<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while let Some(row) = rows.next()? {
        let first = row.get::<_, i64>(0)?.saturating_mul(width);
        let blob = |column: usize| row.get_ref(column)?.as_blob().map_err(|_| damaged());
        visit(SpanOfSession { session_id: row.get(1)?, first, sums: blob(2)?, calls: blob(3)?, start, end })?;
    }
    Ok(())
}

impl SpanOfSession<'_> {
    /// Visits the sums, in the order of their keys.
    pub(crate) fn for_each_sum(&self, visit: &mut dyn FnMut(Key, &Sums) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut rest = self.sums;
        while !rest.is_empty() {
            let key = self.key(&mut rest)?;
            let mut named = number(&mut rest)?;
            let mut values = [0; COLUMNS.len()];
            while named != 0 {
                let column = named.trailing_zeros() as usize;
                *values.get_mut(column).ok_or_else(damaged)? = number(&mut rest)?;
                named &= named - 1;
            }
            if (self.start..self.end).contains(&key.bucket) {
                visit(key, &Sums::of(values))?;
            }
        }
        Ok(())
    }

    /// Visits how often each tool was called, in the order of the keys.
    pub(crate) fn for_each_call(&self, visit: &mut dyn FnMut(Key, i64) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut rest = self.calls;
        while !rest.is_empty() {
            let (key, calls) = (self.key(&mut rest)?, number(&mut rest)?);
            if (self.start..self.end).contains(&key.bucket) {
                visit(key, calls)?;
            }
        }
        Ok(())
    }

    fn key(&self, rest: &mut &[u8]) -> Result<Key, Failure> {
        let bucket = self.first.wrapping_add(number(rest)?);
        Ok(Key { bucket, project_id: number(rest)?, name_id: number(rest)? })
    }
}

/// What is added to rows, and subtracted from them.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// By scope, span and session, as the table is ordered.
    rows: BTreeMap<[i64; 3], Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    sums: BTreeMap<Key, Sums>,
    calls: BTreeMap<Key, i64>,
}

impl Change {
    /// Adds to the sums of a session.
    pub(crate) fn add(&mut self, scope: i64, session_id: i64, key: Key, sums: &Sums) {
        self.row(scope, session_id, key.bucket).sums.entry(key).or_default().add(sums, 1);
    }

    /// Adds to the calls of a tool in a session.
    pub(crate) fn add_calls(&mut self, scope: i64, session_id: i64, key: Key, calls: i64) {
        *self.row(scope, session_id, key.bucket).calls.entry(key).or_default() += calls;
    }

    fn row(&mut self, scope: i64, session_id: i64, bucket: i64) -> &mut Entries {
        self.rows.entry([scope, bucket.div_euclid(width(scope)), session_id]).or_default()
    }

    /// Writes it. A row in which nothing is left is removed.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), Failure> {
        let mut statement = connection.prepare_cached(
            "SELECT sums, calls FROM session_sums WHERE scope = ?1 AND span = ?2 AND session_id = ?3",
        )?;
        let blobs = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        for (place @ [scope, span, session_id], mut entries) in self.rows {
            let before: Option<(Vec<u8>, Vec<u8>)> = statement.query_row(place, blobs).optional()?;
            let first = span.saturating_mul(width(scope));
            if let Some((sums, calls)) = &before {
                let row = SpanOfSession { session_id, first, sums, calls, start: i64::MIN, end: i64::MAX };
                entries.add(&row)?;
            }
            let (sums, calls) = entries.packed(first);
            let sql = match (before.is_some(), sums.is_empty() && calls.is_empty()) {
                (false, true) => continue,
                (true, true) => {
                    let sql = "DELETE FROM session_sums WHERE scope = ?1 AND span = ?2 AND session_id = ?3";
                    connection.prepare_cached(sql)?.execute(place)?;
                    continue;
                }
                (false, false) => {
                    "INSERT INTO session_sums (scope, span, session_id, sums, calls) VALUES (?1, ?2, ?3, ?4, ?5)"
                }
                (true, false) => {
                    "UPDATE session_sums SET sums = ?4, calls = ?5 WHERE scope = ?1 AND span = ?2 AND session_id = ?3"
                }
            };
            connection.prepare_cached(sql)?.execute(params![scope, span, session_id, sums, calls])?;
        }
        Ok(())
    }
}

impl Entries {
    fn add(&mut self, row: &SpanOfSession<'_>) -> Result<(), Failure> {
        row.for_each_sum(&mut |key, sums| {
            self.sums.entry(key).or_default().add(sums, 1);
            Ok(())
        })?;
        row.for_each_call(&mut |key, calls| {
            *self.calls.entry(key).or_default() += calls;
            Ok(())
        })
    }

    /// The bytes of the sums and of the calls, those of 0 left out.
    fn packed(&self, first: i64) -> (Vec<u8>, Vec<u8>) {
        let (mut sums, mut calls) = (Vec::new(), Vec::new());
        let pack_key = |bytes: &mut Vec<u8>, key: &Key| {
            for part in [key.bucket.wrapping_sub(first), key.project_id, key.name_id] {
                pack(bytes, part);
            }
        };
        for (key, entry) in self.sums.iter().filter(|(_, sums)| **sums != Sums::default()) {
            let values = entry.values();
            let named: i64 = (0..).zip(values).filter(|(_, value)| *value != 0).map(|(column, _)| 1 << column).sum();
            pack_key(&mut sums, key);
            pack(&mut sums, named);
            values.iter().filter(|value| **value != 0).for_each(|value| pack(&mut sums, *value));
        }
        for (key, count) in self.calls.iter().filter(|(_, count)| **count != 0) {
            pack_key(&mut calls, key);
            pack(&mut calls, *count);
        }
        (sums, calls)
    }
}

/// Writes a number: seven bits per byte, the low ones first; the eighth says that more follow.
fn pack(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = number as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// Reads what [`pack`] wrote.
fn number(rest: &mut &[u8]) -> Result<i64, Failure> {
    let (mut number, mut shift) = (0_u64, 0);
    loop {
        let (byte, after) = rest.split_first().ok_or_else(damaged)?;
        *rest = after;
        number |= u64::from(byte & 0x7F).checked_shl(shift).ok_or_else(damaged)?;
        if *byte < 0x80 {
            return Ok(number as i64);
        }
        shift += 7;
    }
}

fn damaged() -> Failure {
    let reason = "the sums of a session cannot be read".into();
    Failure::Other(Error::Corrupt { path: Default::default(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums_in(connection: &Connection, scope: i64, start: i64, end: i64) -> Result<Vec<(i64, Key, Sums)>, Failure> {
        let mut found = Vec::new();
        for_each(connection, scope, start, end, &mut |row| {
            row.for_each_sum(&mut |key, sums| {
                found.push((row.session_id, key, *sums));
                Ok(())
            })
        })?;
        Ok(found)
    }

    #[test]
    fn numbers_of_every_length_are_read_as_they_were_written() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 300, 1 << 35, i64::MAX, -1, i64::MIN];
        numbers.iter().for_each(|number| pack(&mut bytes, *number));
        let mut rest = bytes.as_slice();
        assert!(numbers.iter().all(|expected| number(&mut rest).unwrap() == *expected));
        assert!(rest.is_empty());
        for bad in [&[][..], &[0x80], &[0xFF; 11]] {
            assert!(number(&mut &*bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn of_a_row_only_the_buckets_asked_for_are_given() {
        let connection = crate::store::empty_database();
        let mut change = Change::default();
        let buckets = [super::super::sums::UNTIMED, -1, 0, 31, 32, 100];
        let of = |bucket: i64| Sums { messages: bucket.abs(), compactions: 7, ..Sums::default() };
        for bucket in buckets {
            change.add(scope::DAY, 5, Key { bucket, project_id: 1, name_id: 300 }, &of(bucket));
        }
        change.write(&connection).unwrap();
        for (start, end) in [(i64::MIN, i64::MAX), (0, 32), (31, 33), (-1, 0), (1, 31), (101, i64::MAX)] {
            let found = sums_in(&connection, scope::DAY, start, end).unwrap();
            let expected = buckets.iter().filter(|bucket| (start..end).contains(bucket));
            let expected: Vec<_> =
                expected.map(|bucket| (5, Key { bucket: *bucket, project_id: 1, name_id: 300 }, of(*bucket))).collect();
            assert_eq!(found, expected, "{start} to {end}");
        }
        assert_eq!(sums_in(&connection, scope::QUARTER_HOUR, i64::MIN, i64::MAX).unwrap(), []);
    }

    #[test]
    fn some_sessions_are_read_without_the_others() {
        let connection = crate::store::empty_database();
        let mut change = Change::default();
        let buckets = [super::super::sums::UNTIMED, 0, 40, 200];
        for session_id in 1..=4 {
            for bucket in buckets {
                let sums = Sums { messages: session_id, ..Sums::default() };
                for scope in [scope::DAY, scope::QUARTER_HOUR] {
                    change.add(scope, session_id, Key { bucket, project_id: 1, name_id: 2 }, &sums);
                }
            }
        }
        change.write(&connection).unwrap();
        let found = |read: &dyn Fn(&mut dyn FnMut(SpanOfSession<'_>) -> Result<(), Failure>)| {
            let mut found = Vec::new();
            read(&mut |row| {
                row.for_each_sum(&mut |key, sums| {
                    assert_eq!(sums.messages, row.session_id);
                    found.push((row.session_id, key.bucket));
                    Ok(())
                })
            });
            found.sort_unstable();
            found
        };
        let of = |ids: &[i64], buckets: &[i64]| {
            let mut pairs: Vec<_> = ids.iter().flat_map(|id| buckets.iter().map(|bucket| (*id, *bucket))).collect();
            pairs.sort_unstable();
            pairs
        };
        for ids in [&[2, 4][..], &[3], &[9], &[]] {
            let known: Vec<i64> = ids.iter().copied().filter(|id| *id < 9).collect();
            assert_eq!(found(&|visit| for_each_day_of(&connection, ids, visit).unwrap()), of(&known, &buckets));
            for scope in [scope::DAY, scope::QUARTER_HOUR] {
                let all = found(&|visit| for_each_of(&connection, ids, scope, i64::MIN, i64::MAX, visit).unwrap());
                assert_eq!(all, of(&known, &buckets), "{scope}");
                let some = found(&|visit| for_each_of(&connection, ids, scope, 0, 41, visit).unwrap());
                assert_eq!(some, of(&known, &buckets[1..3]), "{scope}");
            }
        }
    }

    #[test]
    fn damaged_sums_are_an_error() {
        let connection = crate::store::empty_database();
        for bytes in ["x'80'", "x'0000008080808010'", "x'00000001'", "'text'"] {
            let sql = format!("REPLACE INTO session_sums VALUES (2, 0, 1, {bytes}, x'')");
            connection.execute(&sql, []).unwrap();
            let refused = sums_in(&connection, scope::DAY, 0, 9);
            assert!(matches!(refused, Err(Failure::Other(Error::Corrupt { .. }))), "{bytes}: {refused:?}");
        }
    }
}
