//! Table `usage`: each API message counted once, over all files.

use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Statement, params};

use super::rollups::{Place, Rollups, Sums};
use crate::row::flag;
use crate::store::failure::Failure;

/// The statement of [`intern`].
pub(crate) const INSERT: &str = "INSERT INTO usage (key) VALUES (?1) ON CONFLICT DO NOTHING";

/// The row of a key, and whether it is new; without a key, a new row of its own.
pub(crate) fn intern(
    connection: &Connection,
    statement: &mut Statement<'_>,
    key: Option<&str>,
) -> Result<(i64, bool), Failure> {
    let added = statement.execute([key])?;
    if added > 0 {
        return Ok((connection.last_insert_rowid(), true));
    }
    let id = connection.prepare_cached("SELECT id FROM usage WHERE key = ?1")?.query_row([key], |row| row.get(0))?;
    Ok((id, false))
}

/// A line that states the tokens of an API message.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub id: i64,
    pub flags: i64,
    pub is_superseded: bool,
    pub is_replay: bool,
    pub is_foreign: bool,
    pub path: Rc<str>,
    pub config_dir: Rc<str>,
    pub line: i64,
    pub part: i64,
    /// Of what it adds if it wins, but for the time, session and project, which are the origin's.
    pub place: Place,
    /// Input, output, cache read, cache creation, and of that five minutes and one hour.
    pub tokens: [i64; 6],
}

impl Candidate {
    /// The greatest one's tokens count.
    fn weight(&self) -> impl Ord + '_ {
        let least_place = std::cmp::Reverse((&self.path, self.line, self.part, &self.config_dir));
        let sum: i64 = self.tokens[..4].iter().sum();
        (self.flags & flag::CARRIED_USAGE == 0, self.flags & flag::SIDECHAIN == 0, self.tokens[1], sum, least_place)
    }

    /// The least one's time, session and project count: that of an original, which were decided before. What is superseded is
    /// asked only where nothing else is left.
    fn age(&self) -> impl Ord + '_ {
        let own_time = self.place.time.filter(|_| self.flags & flag::OWN_TIME != 0).unwrap_or(i64::MAX);
        (self.is_superseded, self.is_replay, own_time, self.is_foreign, &self.path, self.line, self.part, &self.config_dir)
    }
}

/// What a row counts at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counted {
    winner_id: i64,
    origin_id: i64,
    place: Place,
    tokens: [i64; 6],
}

impl Counted {
    fn sums(&self) -> Sums {
        let [input, output, cache_read, cache_creation, five_minutes, one_hour] = self.tokens;
        let prompt = input + cache_read + cache_creation;
        let above = |limit: i64, tokens: i64| if prompt > limit { tokens } else { 0 };
        Sums {
            api_messages: 1,
            input_tokens: input,
            output_tokens: output,
            cache_read_tokens: cache_read,
            cache_creation_tokens: cache_creation,
            cache_creation_5m_tokens: five_minutes,
            cache_creation_1h_tokens: one_hour,
            input_tokens_above_100k: above(100_000, input),
            output_tokens_above_100k: above(100_000, output),
            cache_read_tokens_above_100k: above(100_000, cache_read),
            cache_creation_5m_tokens_above_100k: above(100_000, five_minutes),
            cache_creation_1h_tokens_above_100k: above(100_000, one_hour),
            input_tokens_above_200k: above(200_000, input),
            output_tokens_above_200k: above(200_000, output),
            cache_read_tokens_above_200k: above(200_000, cache_read),
            cache_creation_5m_tokens_above_200k: above(200_000, five_minutes),
            cache_creation_1h_tokens_above_200k: above(200_000, one_hour),
            ..Sums::default()
        }
    }
}

/// Counts an API message again from its lines, and moves the difference into the rollups. `fresh` has all of its lines where
/// the row was added in this transaction.
pub(crate) fn recount(
    connection: &Connection,
    id: i64,
    fresh: Option<Vec<Candidate>>,
    rollups: &mut Rollups,
) -> Result<(), Failure> {
    let (before, candidates) = match fresh {
        Some(candidates) => (None, candidates),
        None => (counted(connection, id)?, candidates(connection, id)?),
    };
    let winner = candidates.iter().max_by(|left, right| left.weight().cmp(&right.weight()));
    let origin = candidates.iter().min_by(|left, right| left.age().cmp(&right.age()));
    let after = match (winner, origin) {
        (Some(winner), Some(origin)) => Some(Counted {
            winner_id: winner.id,
            origin_id: origin.id,
            place: Place { model_id: winner.place.model_id, ..origin.place },
            tokens: winner.tokens,
        }),
        _ => None,
    };
    if before == after && after.is_some() {
        return Ok(());
    }
    if let Some(counted) = before {
        rollups.add(counted.place, &counted.sums(), -1);
    }
    match after {
        Some(counted) => {
            rollups.add(counted.place, &counted.sums(), 1);
            write(connection, id, &counted)
        }
        None => {
            connection.prepare_cached("DELETE FROM usage WHERE id = ?1")?.execute([id])?;
            Ok(())
        }
    }
}

fn counted(connection: &Connection, id: i64) -> Result<Option<Counted>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT winner_id, origin_id, session_id, project_id, model_id, time, input_tokens, output_tokens,
         cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens
         FROM usage WHERE id = ?1 AND winner_id IS NOT NULL",
    )?;
    let counted = statement.query_row([id], |row| {
        Ok(Counted {
            winner_id: row.get(0)?,
            origin_id: row.get(1)?,
            place: Place { session_id: row.get(2)?, project_id: row.get(3)?, model_id: row.get(4)?, time: row.get(5)? },
            tokens: [row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?, row.get(10)?, row.get(11)?],
        })
    });
    Ok(counted.optional()?)
}

fn candidates(connection: &Connection, id: i64) -> Result<Vec<Candidate>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.flags, g.is_superseded, m.record_session_id IS NOT NULL, f.path, d.path, m.line, m.part,
         f.session_id, f.project_id, coalesce(m.model_id, 0), m.time, m.input_tokens, m.output_tokens,
         m.cache_read_tokens, m.cache_creation_tokens, m.cache_creation_5m_tokens, m.cache_creation_1h_tokens,
         m.replay_of IS NOT NULL
         FROM messages m JOIN generations g ON g.id = m.generation_id JOIN files f ON f.id = g.file_id
         JOIN config_dirs d ON d.id = f.config_dir_id WHERE m.usage_id = ?1",
    )?;
    let rows = statement.query_map([id], |row| {
        Ok(Candidate {
            id: row.get(0)?,
            flags: row.get(1)?,
            is_superseded: row.get(2)?,
            is_replay: row.get(18)?,
            is_foreign: row.get(3)?,
            path: row.get(4)?,
            config_dir: row.get(5)?,
            line: row.get(6)?,
            part: row.get(7)?,
            place: Place {
                session_id: row.get(8)?,
                project_id: row.get(9)?,
                model_id: row.get(10)?,
                time: row.get(11)?,
            },
            tokens: [row.get(12)?, row.get(13)?, row.get(14)?, row.get(15)?, row.get(16)?, row.get(17)?],
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn write(connection: &Connection, id: i64, counted: &Counted) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE usage SET winner_id = ?2, origin_id = ?3, session_id = ?4, project_id = ?5, model_id = ?6, time = ?7,
             input_tokens = ?8, output_tokens = ?9, cache_read_tokens = ?10, cache_creation_tokens = ?11,
             cache_creation_5m_tokens = ?12, cache_creation_1h_tokens = ?13 WHERE id = ?1",
        )?
        .execute(params![
            id,
            counted.winner_id,
            counted.origin_id,
            counted.place.session_id,
            counted.place.project_id,
            counted.place.model_id,
            counted.place.time,
            counted.tokens[0],
            counted.tokens[1],
            counted.tokens[2],
            counted.tokens[3],
            counted.tokens[4],
            counted.tokens[5],
        ])?;
    Ok(())
}
