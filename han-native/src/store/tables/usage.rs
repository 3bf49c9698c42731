//! Table `usage`: each API message counted once, over all files.

use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, Row, Statement, params};

use super::rates;
use super::rollups::{Place, Rollups, Sums};
use super::strings::StringCache;
use crate::cost::{Billing, Charge, Charged};
use crate::model::TokenUsage;
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
    /// Of what it adds if it wins, except the time, session and project, which are the origin's.
    pub place: Place,
    pub tokens: TokenUsage,
    /// What else its price depends on, as [`Billing`] keeps it.
    pub billing: Option<String>,
}

impl Candidate {
    /// The greatest one's tokens count, and what it says about their price: of lines with the same tokens it is the one that says
    /// most, since more and more is recorded of an answer while it streams.
    fn weight(&self) -> impl Ord + '_ {
        let least_place = std::cmp::Reverse((&self.path, self.line, self.part, &self.config_dir));
        let said = self.billing.as_deref().map(|billing| Billing::parse(Some(billing)).weight());
        let is_own = self.flags & flag::CARRIED_USAGE == 0;
        let is_main = self.flags & flag::SIDECHAIN == 0;
        (is_own, is_main, self.tokens.output_tokens, self.tokens.total(), said, &self.billing, least_place)
    }

    /// The least one's time, session and project count: that of an original, which were decided before. A superseded line is
    /// used only if nothing else is left.
    fn age(&self) -> impl Ord + '_ {
        let own_time = self.place.time.filter(|_| self.flags & flag::OWN_TIME != 0).unwrap_or(i64::MAX);
        (
            self.is_superseded,
            self.is_replay,
            own_time,
            self.is_foreign,
            &self.path,
            self.line,
            self.part,
            &self.config_dir,
        )
    }
}

/// What a row counts at present.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    winner_id: i64,
    origin_id: i64,
    place: Place,
    tokens: TokenUsage,
    billing: Option<String>,
}

impl Counted {
    /// Adds what it counts to the sums, or with `sign` -1 subtracts it: the same for the same row, whenever it is done.
    fn move_into(
        &self,
        connection: &Connection,
        strings: &mut StringCache,
        rollups: &mut Rollups,
        sign: i64,
    ) -> Result<(), Failure> {
        // The names of other models only: the message's own is interned already.
        for charge in Billing::parse(self.billing.as_deref()).charges(None, self.tokens) {
            let model_id = match &charge.model {
                Some(model) => strings.intern(connection, model)?,
                None => self.place.model_id,
            };
            let place = Place { model_id: rates::intern(connection, model_id, &charge.rate)?, ..self.place };
            rollups.add(place, &sums(&charge), sign);
        }
        Ok(())
    }
}

fn sums(charge: &Charge) -> Sums {
    let Charge { tokens, charged: Charged { by_length: [_, long, very_long], web_searches }, .. } = charge;
    Sums {
        api_messages: i64::from(!charge.is_iteration),
        iterations: i64::from(charge.is_iteration),
        web_searches: *web_searches,
        input_tokens: tokens.input_tokens,
        output_tokens: tokens.output_tokens,
        cache_read_tokens: tokens.cache_read_tokens,
        cache_creation_tokens: tokens.cache_creation_tokens,
        cache_creation_5m_tokens: tokens.cache_creation5m_tokens,
        cache_creation_1h_tokens: tokens.cache_creation1h_tokens,
        input_tokens_above_100k: long.input + very_long.input,
        output_tokens_above_100k: long.output + very_long.output,
        cache_read_tokens_above_100k: long.cache_read + very_long.cache_read,
        cache_creation_5m_tokens_above_100k: long.cache_write_5m + very_long.cache_write_5m,
        cache_creation_1h_tokens_above_100k: long.cache_write_1h + very_long.cache_write_1h,
        input_tokens_above_200k: very_long.input,
        output_tokens_above_200k: very_long.output,
        cache_read_tokens_above_200k: very_long.cache_read,
        cache_creation_5m_tokens_above_200k: very_long.cache_write_5m,
        cache_creation_1h_tokens_above_200k: very_long.cache_write_1h,
        ..Sums::default()
    }
}

/// Counts an API message again from its lines, and moves the difference into the rollups. `fresh` has all of its lines where
/// the row was added in this transaction.
pub(crate) fn recount(
    connection: &Connection,
    id: i64,
    fresh: Option<Vec<Candidate>>,
    strings: &mut StringCache,
    rollups: &mut Rollups,
) -> Result<(), Failure> {
    let (before, mut candidates) = match fresh {
        Some(candidates) => (None, candidates),
        None => (counted(connection, id)?, candidates(connection, id)?),
    };
    let origin = candidates.iter().min_by(|left, right| left.age().cmp(&right.age()));
    let origin = origin.map(|origin| (origin.id, origin.place));
    let winner =
        (0..candidates.len()).max_by(|left, right| candidates[*left].weight().cmp(&candidates[*right].weight()));
    let after = winner.zip(origin).map(|(winner, (origin_id, place))| {
        let winner = candidates.swap_remove(winner);
        Counted {
            winner_id: winner.id,
            origin_id,
            place: Place { model_id: winner.place.model_id, ..place },
            tokens: winner.tokens,
            billing: winner.billing,
        }
    });
    if before == after && after.is_some() {
        return Ok(());
    }
    if let Some(counted) = before {
        counted.move_into(connection, strings, rollups, -1)?;
    }
    match after {
        Some(counted) => {
            counted.move_into(connection, strings, rollups, 1)?;
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
        "SELECT winner_id, origin_id, session_id, project_id, model_id, time, billing, input_tokens, output_tokens,
         cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens
         FROM usage WHERE id = ?1 AND winner_id IS NOT NULL",
    )?;
    let counted = statement.query_row([id], |row| {
        Ok(Counted {
            winner_id: row.get(0)?,
            origin_id: row.get(1)?,
            place: Place { session_id: row.get(2)?, project_id: row.get(3)?, model_id: row.get(4)?, time: row.get(5)? },
            billing: row.get(6)?,
            tokens: tokens(row, 7)?,
        })
    });
    Ok(counted.optional()?)
}

fn candidates(connection: &Connection, id: i64) -> Result<Vec<Candidate>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.flags, g.is_superseded, m.record_session_id IS NOT NULL, f.path, d.path, m.line, m.part,
         f.session_id, f.project_id, coalesce(m.model_id, 0), m.time, m.billing, m.input_tokens, m.output_tokens,
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
            is_replay: row.get(19)?,
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
            billing: row.get(12)?,
            tokens: tokens(row, 13)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Six columns from `first` on.
fn tokens(row: &Row<'_>, first: usize) -> rusqlite::Result<TokenUsage> {
    Ok(TokenUsage {
        input_tokens: row.get(first)?,
        output_tokens: row.get(first + 1)?,
        cache_read_tokens: row.get(first + 2)?,
        cache_creation_tokens: row.get(first + 3)?,
        cache_creation5m_tokens: row.get(first + 4)?,
        cache_creation1h_tokens: row.get(first + 5)?,
    })
}

fn write(connection: &Connection, id: i64, counted: &Counted) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE usage SET winner_id = ?2, origin_id = ?3, session_id = ?4, project_id = ?5, model_id = ?6, time = ?7,
             input_tokens = ?8, output_tokens = ?9, cache_read_tokens = ?10, cache_creation_tokens = ?11,
             cache_creation_5m_tokens = ?12, cache_creation_1h_tokens = ?13, billing = ?14 WHERE id = ?1",
        )?
        .execute(params![
            id,
            counted.winner_id,
            counted.origin_id,
            counted.place.session_id,
            counted.place.project_id,
            counted.place.model_id,
            counted.place.time,
            counted.tokens.input_tokens,
            counted.tokens.output_tokens,
            counted.tokens.cache_read_tokens,
            counted.tokens.cache_creation_tokens,
            counted.tokens.cache_creation5m_tokens,
            counted.tokens.cache_creation1h_tokens,
            counted.billing,
        ])?;
    Ok(())
}
