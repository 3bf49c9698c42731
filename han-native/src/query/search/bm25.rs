//! BM25 as FTS5 computes it, for a single phrase. FTS5 would walk over all matches again to count them, and again to rank
//! those that are wanted.

use rusqlite::{Connection, OptionalExtension, ffi};

use crate::store::Failure;

/// A match, and how often it has the phrase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub row_id: i64,
    pub occurrences: i64,
}

/// How much the frequency of a phrase counts, and how much the length of a message.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// The weight of a phrase that half of all messages have.
const LEAST_WEIGHT: f64 = 1e-6;

/// Score and row id of each of `wanted`, for a phrase that `matches` messages have; greater is better.
pub(super) fn scores(connection: &Connection, wanted: &[Found], matches: usize) -> Result<Vec<(f64, i64)>, Failure> {
    let sql = "SELECT indexed_messages(messages_fts), indexed_tokens(messages_fts) FROM messages_fts LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let all: Option<(i64, i64)> = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((messages, tokens)) = all else { return Ok(Vec::new()) };
    let (messages, matches) = (messages as f64, matches as f64);
    let average = tokens as f64 / messages;
    let weight = ((messages - matches + 0.5) / (matches + 0.5)).ln();
    let weight = if weight <= 0.0 { LEAST_WEIGHT } else { weight };

    let mut statement = connection.prepare_cached("SELECT sz FROM messages_fts_docsize WHERE id = ?1")?;
    let score = |found: &Found| {
        let size = statement.query_row([found.row_id], |row| Ok(sum(row.get_ref(0)?.as_blob()?))).optional()?;
        let tokens = size.ok_or(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), None))? as f64;
        let frequency = found.occurrences as f64;
        let score = weight * ((frequency * (K1 + 1.0)) / (frequency + K1 * (1.0 - B + B * tokens / average)));
        Ok((score, found.row_id))
    };
    wanted.iter().map(score).collect()
}

/// The sum of the numbers of a record of sizes, one for each column: seven bits in a byte, the highest first, of which all but
/// the last have the eighth bit set. No column has enough tokens to take nine bytes.
fn sum(record: &[u8]) -> i64 {
    let (mut sum, mut number) = (0, 0);
    for byte in record {
        number = number << 7 | i64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            sum += std::mem::take(&mut number);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts of few words, some long.
    fn text() -> impl Strategy<Value = String> {
        let word = prop_oneof![3 => Just("a"), 2 => Just("b"), 1 => Just("abc")];
        let count = prop_oneof![8 => 0..12_usize, 1 => 100..400_usize];
        count
            .prop_flat_map(move |count| proptest::collection::vec(word.clone(), count))
            .prop_map(|words| words.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
        #[test]
        fn scores_are_those_of_fts5(texts in proptest::collection::vec((text(), text()), 1..40)) {
            let connection = crate::query::testing::empty_index();
            for (number, (user, output)) in (1_i64..).zip(&texts) {
                let sql = "INSERT INTO messages_fts (rowid, user, tool_output) VALUES (?1, ?2, ?3)";
                connection.execute(sql, (number, user, output)).unwrap();
            }
            for expression in ["a", "a*", "\"a b\"", "abc", "{user} : a", "zebra"] {
                let sql = "SELECT rowid, occurrences(messages_fts), -bm25(messages_fts)
                           FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rowid";
                let mut statement = connection.prepare(sql).unwrap();
                let rows = statement
                    .query_map([expression], |row| {
                        Ok((Found { row_id: row.get(0)?, occurrences: row.get(1)? }, row.get::<_, f64>(2)?))
                    })
                    .unwrap();
                let (found, theirs): (Vec<Found>, Vec<f64>) = rows.map(Result::unwrap).unzip();
                let ours = scores(&connection, &found, found.len()).unwrap();
                prop_assert_eq!(ours.len(), theirs.len());
                for ((score, row_id), (found, theirs)) in ours.iter().zip(found.iter().zip(&theirs)) {
                    prop_assert_eq!(*row_id, found.row_id);
                    prop_assert!((score - theirs).abs() <= theirs.abs() * 1e-12, "{} is not {}", score, theirs);
                }
            }
        }
    }
}
