//! The messages whose vectors are nearest to that of the query. Exact: all that the filter keeps is ranked, each message by its
//! nearest vector, however many it has.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::piece::Piece;
use super::rank::Position;
use crate::model::SearchField;
use crate::query::clauses::Clauses;
use crate::query::rows::{self, json_array};
use crate::store::Failure;
use crate::store::vectors::Model;

/// The most neighbours that sqlite-vec returns at once.
const MOST: usize = 4_096;
/// How many more vectors than messages are requested at first: some are those of one message, of copies, or of older generations.
const SPARE: usize = 8;
/// The factor by which more are requested if that was not enough.
const GROWTH: usize = 8;
/// Looking one vector up costs about as much as comparing this many in a row.
const COST_OF_LOOKUP: i64 = 64;

/// A query for the nearest vectors.
pub(super) struct Nearest<'a> {
    pub connection: &'a Connection,
    pub model: &'a Model,
    pub vector: &'a [f32],
    /// On a row of `messages AS message`.
    pub filter: &'a Clauses,
    pub fields: &'a [SearchField],
    pub breadth: Breadth,
}

/// How much of everything a filter keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Nearly all: what it drops is dropped from what was found.
    All,
    /// A part, found by looking at each vector's message.
    Part,
    /// A part, found by way of a session's or a project's messages.
    Place,
}

/// A message by its nearest vector.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Neighbour {
    pub position: Position,
    pub row_id: i64,
    /// Cosine.
    pub distance: f64,
    pub piece: Piece,
}

/// A vector, by its row id, and how far it is.
type Found = (i64, f64);

impl Nearest<'_> {
    /// At most `limit` messages after `after`, the nearest first.
    pub(super) fn top(&self, after: Option<&Position>, limit: usize) -> Result<Vec<Neighbour>, Failure> {
        let among = match self.breadth {
            Breadth::All => None,
            Breadth::Part | Breadth::Place => Some(self.among()?),
        };
        let mut best = HashMap::new();
        match &among {
            Some(ids) if ids.is_empty() => {}
            Some(ids) if self.is_few(ids)? => keep_best(&mut best, self.placed(&self.distances(ids)?)?),
            among => self.walk(among.as_deref(), after, limit, &mut best)?,
        }
        self.behind(best, after, limit)
    }

    /// Gathers neighbours from the cursor on, until there are enough, or all.
    fn walk(
        &self,
        among: Option<&[i64]>,
        after: Option<&Position>,
        limit: usize,
        best: &mut HashMap<i64, Neighbour>,
    ) -> Result<(), Failure> {
        let mut from = after.map_or(Bound::Unbounded, |after| Bound::Included(distance_at(after)));
        let mut count = (limit + SPARE).min(MOST);
        loop {
            let found = self.neighbours(count, among, from, Bound::Unbounded)?;
            let is_all = found.len() < count;
            let edge = found.last().map_or(0.0, |(_, distance)| *distance);
            // Some of those at the last distance may not have been returned.
            let known = if is_all { found.len() } else { found.partition_point(|(_, distance)| *distance < edge) };
            keep_best(best, self.placed(&found[..known])?);
            if is_all || self.behind(best.clone(), after, limit)?.len() == limit {
                return Ok(());
            }
            if count < MOST {
                count = (count * GROWTH).min(MOST);
                continue;
            }
            let ties = self.at_distance(edge, among)?;
            keep_best(best, self.placed(&ties)?);
            from = Bound::Excluded(edge);
        }
    }

    /// Every vector at one distance, however many these are.
    fn at_distance(&self, distance: f64, among: Option<&[i64]>) -> Result<Vec<Found>, Failure> {
        let here = Bound::Included(distance);
        let mut ties = self.neighbours(MOST, among, here, here)?;
        if ties.len() < MOST {
            return Ok(ties);
        }
        let mut rest: Vec<i64> = match among {
            Some(among) => among.to_vec(),
            None => self.all()?,
        };
        loop {
            let known: HashSet<i64> = ties.iter().map(|(id, _)| *id).collect();
            rest.retain(|id| !known.contains(id));
            let found = self.neighbours(MOST, Some(&rest), here, here)?;
            let is_all = found.len() < MOST;
            ties.extend(found);
            if is_all {
                return Ok(ties);
            }
        }
    }

    /// At most `count` vectors between two distances, the nearest first.
    fn neighbours(
        &self,
        count: usize,
        among: Option<&[i64]>,
        from: Bound<f64>,
        to: Bound<f64>,
    ) -> Result<Vec<Found>, Failure> {
        let mut clauses = Clauses::new("embedding MATCH ? AND k = ?", [self.bytes(), (count as i64).into()]);
        if let Some(ids) = among {
            clauses.and("rowid IN (SELECT value FROM json_each(?))", [json_array(ids).into()]);
        }
        for (bound, operator) in [(from, '>'), (to, '<')] {
            match bound {
                Bound::Unbounded => {}
                Bound::Included(distance) => clauses.and(&format!("distance {operator}= ?"), [distance.into()]),
                Bound::Excluded(distance) => clauses.and(&format!("distance {operator} ?"), [distance.into()]),
            }
        }
        let table = self.model.table();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT rowid, distance FROM {table} WHERE {} ORDER BY distance",
            clauses.sql()
        ))?;
        let found = statement.query_map(params_from_iter(clauses.values([])), found)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// How far each of these vectors is.
    fn distances(&self, ids: &[i64]) -> Result<Vec<Found>, Failure> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT wanted.value, vec_distance_cosine(vector.embedding, ?2) FROM json_each(?1) AS wanted
             CROSS JOIN {} AS vector ON vector.rowid = wanted.value",
            self.model.table()
        ))?;
        let found = statement.query_map(params![json_array(ids), self.bytes()], found)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether looking these vectors up one by one costs less than comparing all.
    fn is_few(&self, ids: &[i64]) -> Result<bool, Failure> {
        let mut statement = self.connection.prepare_cached("SELECT coalesce(max(id), 0) FROM vector_items")?;
        let all: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(ids.len() as i64 * COST_OF_LOOKUP <= all)
    }

    /// The vectors that the filter keeps.
    fn among(&self) -> Result<Vec<i64>, Failure> {
        let (outer, inner, condition) = match self.breadth {
            Breadth::Place => ("messages AS message", "vector_items AS item", "item.message_id = message.id"),
            _ => ("vector_items AS item", "messages AS message", "message.id = item.message_id"),
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT item.id FROM {outer} CROSS JOIN {inner} ON {condition}
             WHERE {} AND item.model_id = ? AND {}",
            self.filter.sql(),
            self.of_fields()
        ))?;
        let ids = statement
            .query_map(params_from_iter(self.filter.values([self.model.id.into()])), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(ids)
    }

    /// Every vector of the model.
    fn all(&self) -> Result<Vec<i64>, Failure> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM vector_items WHERE model_id = ?1")?;
        let ids = statement.query_map([self.model.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(ids)
    }

    /// A condition on `item`; a vector without a field represents all of them.
    fn of_fields(&self) -> String {
        if self.fields.len() == SearchField::ALL.len() {
            return "TRUE".into();
        }
        let numbers: Vec<String> = self.fields.iter().map(|field| (*field as i64).to_string()).collect();
        format!("(item.field IS NULL OR item.field IN ({}))", numbers.join(", "))
    }

    /// What these vectors represent, if the filter keeps it.
    fn placed(&self, found: &[Found]) -> Result<Vec<Neighbour>, Failure> {
        let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT file.path_hash, message.line, message.part, generation.number, generation.is_superseded,
                    message.time, wanted.key, file.config_dir_id, message.id,
                    item.chunk, item.field, item.text_start, item.text_end
             FROM json_each(?) AS wanted
             CROSS JOIN vector_items AS item ON item.id = wanted.value
             CROSS JOIN messages AS message ON message.id = item.message_id
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
             CROSS JOIN files AS file ON file.id = generation.file_id
             WHERE {} AND {}",
            self.filter.sql(),
            self.of_fields()
        ))?;
        let values = std::iter::once(Value::from(json_array(&ids))).chain(self.filter.values([]));
        let mut rows = statement.query(params_from_iter(values))?;
        let mut placed = Vec::with_capacity(found.len());
        while let Some(row) = rows.next()? {
            let Some((_, distance)) = found.get(rows::index(row, 6)?) else { continue };
            let id = rows::message_id(row, 0)?.to_string();
            placed.push(Neighbour {
                position: Position::new(score_of(*distance), row.get(5)?, id, row.get(7)?),
                row_id: row.get(8)?,
                distance: *distance,
                piece: Piece {
                    chunk: row.get(9)?,
                    field: row.get::<_, Option<i64>>(10)?.and_then(field_of),
                    start: row.get(11)?,
                    end: row.get(12)?,
                },
            });
        }
        Ok(placed)
    }

    /// Those after a cursor, in their order. A message whose nearest vector lies before it was returned before.
    fn behind(
        &self,
        best: HashMap<i64, Neighbour>,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<Neighbour>, Failure> {
        let mut neighbours: Vec<Neighbour> =
            best.into_values().filter(|found| after.is_none_or(|after| found.position > *after)).collect();
        if let Some(after) = after {
            let nearer = self.nearer_than(distance_at(after), &neighbours)?;
            neighbours.retain(|found| !nearer.contains(&found.row_id));
        }
        neighbours.sort_unstable_by(|left, right| left.position.cmp(&right.position));
        neighbours.truncate(limit);
        Ok(neighbours)
    }

    /// Those of these messages that also have a vector nearer than a distance.
    fn nearer_than(&self, distance: f64, neighbours: &[Neighbour]) -> Result<HashSet<i64>, Failure> {
        let row_ids: Vec<i64> = neighbours.iter().map(|found| found.row_id).collect();
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT item.message_id FROM json_each(?1) AS wanted
             CROSS JOIN vector_items AS item ON item.message_id = wanted.value AND item.model_id = ?2
             CROSS JOIN {} AS vector ON vector.rowid = item.id
             WHERE {} AND vec_distance_cosine(vector.embedding, ?3) < ?4
             AND (SELECT count(*) FROM vector_items AS other
                 WHERE other.message_id = item.message_id AND other.model_id = ?2) > 1",
            self.model.table(),
            self.of_fields()
        ))?;
        let values = params![json_array(&row_ids), self.model.id, self.bytes(), distance];
        let nearer = statement.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(nearer)
    }

    fn bytes(&self) -> Value {
        Value::Blob(bytemuck::cast_slice(self.vector).to_vec())
    }
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Keeps the nearest vector of each message; of several at one distance the first.
fn keep_best(best: &mut HashMap<i64, Neighbour>, neighbours: Vec<Neighbour>) {
    for found in neighbours {
        match best.entry(found.row_id) {
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(found);
            }
            std::collections::hash_map::Entry::Occupied(mut slot) => {
                let known = slot.get();
                if (&found.position, found.piece.chunk) < (&known.position, known.piece.chunk) {
                    slot.insert(found);
                }
            }
        }
    }
}

/// A score that is greater the nearer.
fn score_of(distance: f64) -> f64 {
    0.0 - distance
}

fn distance_at(position: &Position) -> f64 {
    0.0 - position.score()
}

fn field_of(number: i64) -> Option<SearchField> {
    usize::try_from(number).ok().and_then(|number| SearchField::ALL.get(number).copied())
}
