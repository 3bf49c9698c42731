//! Matches in their order. A match costs little: first its number and rank alone, the rest only for those at the top.

use std::cmp::Reverse;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::bm25::{self, Found};
use super::newest;
use crate::error::Error;
use crate::model::{MessageId, SearchOrder};
use crate::query::clauses::Clauses;
use crate::query::rows::{self, json_array};
use crate::store::{Failure, row_id_list};

/// Of more matches than these only the newest are ranked.
pub(super) const MOST_RANKED: usize = 20_000;
/// How many of the best matches are looked at first.
const FIRST_CHUNK: usize = 64;

/// What is searched for and what is kept of it.
pub(super) struct Search<'a> {
    pub connection: &'a Connection,
    /// FTS5.
    pub expression: &'a str,
    /// Whether the expression is the caller's, so that what SQLite refuses is the caller's mistake.
    pub is_raw: bool,
    pub filter: &'a Clauses,
    /// Whether the filter may leave out most matches, so that it has to come before the newest are chosen. Copies are few: they
    /// are dropped when they would be shown.
    pub is_narrow: bool,
    pub order: SearchOrder,
}

/// The position of a match in its order: the greatest `rank` first, then the latest, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    /// The score as a number that sorts like it, or the time.
    rank: Reverse<i64>,
    time: Reverse<Option<i64>>,
    id: String,
    /// Two config dirs may hold a message of one id.
    config_dir: i64,
}

impl Position {
    pub(super) fn new(score: f64, time: Option<i64>, id: String, config_dir: i64) -> Position {
        Position { rank: Reverse(sortable(score)), time: Reverse(time), id, config_dir }
    }

    /// The score, of a position that is not one by time.
    pub(super) fn score(&self) -> f64 {
        score(self.rank.0)
    }

    /// The same message with another score.
    pub(super) fn set_score(&mut self, score: f64) {
        self.rank = Reverse(sortable(score));
    }
}

/// A match at its position. Its row id is not part of the position: it depends on the order in which files were read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub position: Position,
    pub row_id: i64,
}

/// Matches, the best first.
pub(super) struct Ranked {
    /// Rank and row id; those that the filter drops may still be among them.
    candidates: Vec<(i64, i64)>,
    pub is_partial: bool,
}

impl Search<'_> {
    /// Every match with its rank.
    pub(super) fn ranked(&self) -> Result<Ranked, Failure> {
        let mut ranked = match self.order {
            SearchOrder::Newest => Ranked { candidates: self.times()?, is_partial: false },
            SearchOrder::Relevance => self.by_relevance()?,
        };
        ranked.candidates.sort_unstable_by_key(|(rank, row_id)| (Reverse(*rank), *row_id));
        Ok(ranked)
    }

    fn by_relevance(&self) -> Result<Ranked, Failure> {
        let (row_ids, occurrences) = self.matches()?;
        let is_partial = row_ids.len() > MOST_RANKED;
        if is_partial && self.is_narrow {
            return self.newest_that_pass();
        }
        let newest = is_partial.then(|| newest::newest(self.connection, &row_ids, MOST_RANKED)).transpose()?;
        let candidates = match occurrences {
            None => self.scores(newest.as_deref())?,
            Some(occurrences) => {
                let matches = row_ids.len();
                let found = row_ids.into_iter().zip(occurrences);
                let mut found: Vec<Found> = found.map(|(row_id, occurrences)| Found { row_id, occurrences }).collect();
                if let Some(newest) = newest {
                    // Both ascend.
                    let mut wanted = newest.into_iter().peekable();
                    found.retain(|found| wanted.next_if_eq(&found.row_id).is_some());
                }
                let scores = bm25::scores(self.connection, &found, matches)?;
                scores.into_iter().map(|(score, row_id)| (sortable(score), row_id)).collect()
            }
        };
        Ok(Ranked { candidates, is_partial })
    }

    /// The newest of the matches that the filter keeps, with their scores.
    fn newest_that_pass(&self) -> Result<Ranked, Failure> {
        let mut times = self.times()?;
        let is_partial = times.len() > MOST_RANKED;
        if is_partial {
            times.select_nth_unstable_by_key(MOST_RANKED - 1, |(time, row_id)| (Reverse(*time), Reverse(*row_id)));
            times.truncate(MOST_RANKED);
        }
        let mut newest: Vec<i64> = times.into_iter().map(|(_, row_id)| row_id).collect();
        newest.sort_unstable();
        Ok(Ranked { candidates: self.scores(Some(&newest))?, is_partial })
    }

    /// At most `limit` positions after `after`.
    pub(super) fn top(&self, ranked: &Ranked, after: Option<&Position>, limit: usize) -> Result<Vec<Match>, Failure> {
        let candidates = &ranked.candidates;
        let mut start = after.map_or(0, |after| candidates.partition_point(|(rank, _)| *rank > after.rank.0));
        let mut chunk = FIRST_CHUNK.max(limit);
        let mut found = Vec::new();
        while start < candidates.len() && found.len() < limit {
            let mut end = (start + chunk).min(candidates.len());
            // Those of one rank are put in order together.
            while end < candidates.len() && candidates[end].0 == candidates[end - 1].0 {
                end += 1;
            }
            let mut positions = self.positions(&candidates[start..end])?;
            positions.retain(|found| after.is_none_or(|after| found.position > *after));
            positions.sort_unstable();
            found.append(&mut positions);
            start = end;
            chunk *= 4;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// The row id of every match, in order, whatever the filter drops, and how often each has the phrase if the expression is one.
    fn matches(&self) -> Result<(Vec<i64>, Option<Vec<i64>>), Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT rowid, occurrences(messages_fts) FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rowid",
        )?;
        let mut rows = statement.query([self.expression]).map_err(|error| self.failure(error))?;
        let (mut row_ids, mut occurrences) = (Vec::new(), Some(Vec::new()));
        while let Some(row) = rows.next().map_err(|error| self.failure(error))? {
            row_ids.push(row.get(0)?);
            match (row.get(1)?, &mut occurrences) {
                (Some(count), Some(occurrences)) => occurrences.push(count),
                _ => occurrences = None,
            }
        }
        Ok((row_ids, occurrences))
    }

    /// Time and row id of every match that the filter keeps.
    fn times(&self) -> Result<Vec<(i64, i64)>, Failure> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT coalesce(message.time, -9223372036854775808), message.id
             FROM messages_fts CROSS JOIN messages AS message ON message.id = messages_fts.rowid
             WHERE messages_fts MATCH ? AND {}",
            self.filter.sql()
        ))?;
        let values = std::iter::once(Value::from(self.expression.to_owned())).chain(self.filter.values([]));
        self.pairs(&mut statement, values)
    }

    /// Score and row id of every match, or of those among these, which ascend.
    fn scores(&self, row_ids: Option<&[i64]>) -> Result<Vec<(i64, i64)>, Failure> {
        let among = if row_ids.is_some() { "AND is_among(rowid, ?)" } else { "" };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT bm25(messages_fts), rowid FROM messages_fts WHERE messages_fts MATCH ? {among}"
        ))?;
        let values = std::iter::once(Value::from(self.expression.to_owned()))
            .chain(row_ids.map(|row_ids| Value::from(row_id_list::packed(row_ids))));
        let mut rows = statement.query(params_from_iter(values)).map_err(|error| self.failure(error))?;
        let mut scores = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.failure(error))? {
            // FTS5 gives better matches lower numbers.
            scores.push((sortable(-row.get::<_, f64>(0)?), row.get(1)?));
        }
        Ok(scores)
    }

    /// The scores of these matches, in their order.
    pub(super) fn scores_of(&self, matches: &[Match]) -> Result<Vec<f64>, Failure> {
        if self.order == SearchOrder::Relevance {
            return Ok(matches.iter().map(|found| score(found.position.rank.0)).collect());
        }
        let row_ids: Vec<i64> = matches.iter().map(|found| found.row_id).collect();
        let mut sorted = row_ids.clone();
        sorted.sort_unstable();
        let scores: std::collections::HashMap<i64, i64> =
            self.scores(Some(&sorted))?.into_iter().map(|(rank, row_id)| (row_id, rank)).collect();
        Ok(row_ids.iter().map(|row_id| scores.get(row_id).map_or(0.0, |rank| score(*rank))).collect())
    }

    fn pairs(
        &self,
        statement: &mut rusqlite::Statement<'_>,
        values: impl Iterator<Item = Value>,
    ) -> Result<Vec<(i64, i64)>, Failure> {
        let mut rows = statement.query(params_from_iter(values)).map_err(|error| self.failure(error))?;
        let mut pairs = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.failure(error))? {
            pairs.push((row.get(0)?, row.get(1)?));
        }
        Ok(pairs)
    }

    /// The positions of those candidates that the filter keeps, in no order.
    fn positions(&self, candidates: &[(i64, i64)]) -> Result<Vec<Match>, Failure> {
        let row_ids: Vec<i64> = candidates.iter().map(|(_, row_id)| *row_id).collect();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT file.path_hash, message.line, message.part, generation.number, generation.is_superseded,
                    message.time, wanted.key, file.config_dir_id, message.id
             FROM json_each(?) AS wanted
             CROSS JOIN messages AS message ON message.id = wanted.value
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
             CROSS JOIN files AS file ON file.id = generation.file_id
             WHERE {}",
            self.filter.sql()
        ))?;
        let values = std::iter::once(Value::from(json_array(&row_ids))).chain(self.filter.values([]));
        let mut rows = statement.query(params_from_iter(values))?;
        let mut positions = Vec::with_capacity(candidates.len());
        while let Some(row) = rows.next()? {
            let Some((rank, _)) = candidates.get(rows::index(row, 6)?) else { continue };
            let id: MessageId = rows::message_id(row, 0)?;
            let (rank, time) = (Reverse(*rank), Reverse(row.get(5)?));
            let position = Position { rank, time, id: id.to_string(), config_dir: row.get(7)? };
            positions.push(Match { position, row_id: row.get(8)? });
        }
        Ok(positions)
    }

    /// What SQLite refuses in the caller's own expression is reported to the caller; all else is a failure.
    fn failure(&self, error: rusqlite::Error) -> Failure {
        match error {
            rusqlite::Error::SqliteFailure(code, Some(reason))
                if self.is_raw && code.extended_code == rusqlite::ffi::SQLITE_ERROR =>
            {
                Error::QuerySyntax { reason }.into()
            }
            error => error.into(),
        }
    }
}

/// A score as an integer of the same order.
fn sortable(score: f64) -> i64 {
    let bits = score.to_bits() as i64;
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The score that was passed to [`sortable`].
fn score(sortable: i64) -> f64 {
    f64::from_bits((if sortable < 0 { sortable ^ i64::MAX } else { sortable }) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_keep_their_order_and_value_as_integers() {
        let scores = [-3.5, -1e-9, 0.0, 1e-6, 0.25, 7.0, 1e9];
        assert!(scores.windows(2).all(|pair| sortable(pair[0]) < sortable(pair[1])));
        assert!(scores.iter().all(|value| score(sortable(*value)) == *value));
    }
}
