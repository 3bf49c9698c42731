//! One order from two: reciprocal rank fusion of the matches of a text and the nearest vectors.

use std::collections::HashMap;

use super::nearest::Neighbour;
use super::rank::{Match, Position};

/// How many of each list are joined: a message further down in both is of little use.
pub(super) const WINDOW: usize = 200;
/// Softens the difference between the first ranks; the constant of the paper that proposed it, which is in general use.
const SOFTENING: f64 = 60.0;

/// A message in the joined order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fused {
    pub position: Position,
    pub row_id: i64,
    /// From 1.
    pub text_rank: Option<usize>,
    /// With its rank, from 1.
    pub neighbour: Option<(usize, Neighbour)>,
}

/// Joins the two lists, each the best first.
pub(super) fn fuse(matches: Vec<Match>, neighbours: Vec<Neighbour>) -> Vec<Fused> {
    let mut fused: HashMap<i64, Fused> = HashMap::with_capacity(matches.len() + neighbours.len());
    for (index, found) in matches.into_iter().enumerate() {
        let Match { position, row_id } = found;
        fused.insert(row_id, Fused { position, row_id, text_rank: Some(index + 1), neighbour: None });
    }
    for (index, found) in neighbours.into_iter().enumerate() {
        let row_id = found.row_id;
        let joined = fused.entry(row_id).or_insert_with(|| Fused {
            position: found.position.clone(),
            row_id,
            text_rank: None,
            neighbour: None,
        });
        joined.neighbour = Some((index + 1, found));
    }
    let mut fused: Vec<Fused> = fused.into_values().collect();
    for joined in &mut fused {
        let vector_rank = joined.neighbour.as_ref().map(|(rank, _)| *rank);
        let score = part(joined.text_rank) + part(vector_rank);
        joined.position.set_score(score);
    }
    fused.sort_unstable_by(|left, right| left.position.cmp(&right.position));
    fused
}

fn part(rank: Option<usize>) -> f64 {
    rank.map_or(0.0, |rank| 1.0 / (SOFTENING + rank as f64))
}
