//! What the agent program itself says that sessions cost, compared with the sum of their answers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, params};

use crate::cost::{Money, canonical};
use crate::model::{ReportedModel, TokenUsage};
use crate::query::rows::{self, json_array};
use crate::store::Failure;

/// What it says about one session, or about several.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reported {
    pub(crate) cost: Money,
    /// By the name under which spellings of a model are compared.
    models: BTreeMap<String, Said>,
    /// The time of the record.
    pub(crate) time: Option<i64>,
}

#[derive(Debug, Clone, Default)]
struct Said {
    /// As it is spelled.
    model: String,
    cost: Money,
    tokens: TokenUsage,
    web_searches: i64,
}

const COLUMNS: &str = "model.value, said.cost, said.web_searches, said.input_tokens, said.output_tokens,
    said.cache_read_tokens, said.cache_creation_tokens, said.cache_creation_5m_tokens, said.cache_creation_1h_tokens";

/// What counts for each of these sessions, by row id, without what forks took over; `None` if nothing is said about one.
pub(crate) fn reported(connection: &Connection, session_ids: &[i64]) -> Result<HashMap<i64, Reported>, Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT said.session_id, session.forked_from_id, message.time, {COLUMNS} FROM json_each(?1) AS wanted
         CROSS JOIN reported_costs AS said ON said.session_id = wanted.value
         CROSS JOIN sessions AS session ON session.id = said.session_id
         CROSS JOIN messages AS message ON message.id = said.message_id
         LEFT JOIN strings AS model ON model.id = said.model_id"
    ))?;
    let mut rows = statement.query([json_array(session_ids)])?;
    let mut found: HashMap<i64, Reported> = HashMap::new();
    let mut originals: HashMap<i64, i64> = HashMap::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        originals.extend(row.get::<_, Option<i64>>(1)?.map(|original_id| (id, original_id)));
        let reported = found.entry(id).or_default();
        reported.time = row.get(2)?;
        reported.add(row, 3)?;
    }
    for (fork_id, original_id) in originals {
        if let Some(fork) = found.get_mut(&fork_id) {
            fork.without(&taken_over(connection, fork_id, original_id)?);
        }
    }
    Ok(found)
}

/// The sessions, of a project or of all, of which something is said, by row id, and all of that together.
pub(super) fn reported_in_all(
    connection: &Connection,
    project_id: Option<i64>,
) -> Result<(HashSet<i64>, Reported), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT said.session_id FROM reported_costs AS said
         CROSS JOIN sessions AS session ON session.id = said.session_id
         WHERE said.model_id = 0 AND (?1 IS NULL OR session.project_id = ?1)",
    )?;
    let ids = statement.query_map([project_id], |row| row.get(0))?.collect::<rusqlite::Result<HashSet<i64>>>()?;
    let mut all = Reported::default();
    if ids.is_empty() {
        return Ok((ids, all));
    }
    let mut statement = connection.prepare_cached(&format!(
        "WITH said AS (
             SELECT model_id, sum(cost) AS cost, sum(web_searches) AS web_searches, sum(input_tokens) AS input_tokens,
                 sum(output_tokens) AS output_tokens, sum(cache_read_tokens) AS cache_read_tokens,
                 sum(cache_creation_tokens) AS cache_creation_tokens,
                 sum(cache_creation_5m_tokens) AS cache_creation_5m_tokens,
                 sum(cache_creation_1h_tokens) AS cache_creation_1h_tokens
             FROM reported_costs
             WHERE ?1 IS NULL OR session_id IN (SELECT id FROM sessions WHERE project_id = ?1)
             GROUP BY model_id)
         SELECT {COLUMNS} FROM said LEFT JOIN strings AS model ON model.id = said.model_id"
    ))?;
    let mut rows = statement.query([project_id])?;
    while let Some(row) = rows.next()? {
        all.add(row, 0)?;
    }
    let mut statement =
        connection.prepare_cached("SELECT id, forked_from_id FROM sessions WHERE forked_from_id IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (fork_id, original_id) = (row.get(0)?, row.get(1)?);
        if ids.contains(&fork_id) {
            all.without(&taken_over(connection, fork_id, original_id)?);
        }
    }
    Ok((ids, all))
}

/// What a fork took over: the cost of a fork begins with that of its original, as it was when the fork's own records begin. Nothing
/// of the original's later cost is in the fork's.
fn taken_over(connection: &Connection, fork_id: i64, original_id: i64) -> Result<Reported, Failure> {
    let mut statement = connection.prepare_cached(&format!(
        "WITH begun (time) AS (
             SELECT min(message.time) FROM files AS file
             CROSS JOIN generations AS generation ON generation.id = file.generation_id
             CROSS JOIN messages AS message ON message.generation_id = generation.id
             WHERE file.session_id = ?1 AND message.uuid IS NOT NULL AND message.replay_of IS NULL),
         stood (message_id) AS (
             SELECT state.message_id FROM cost_states AS state
             CROSS JOIN messages AS message ON message.id = state.message_id
             CROSS JOIN generations AS generation ON generation.id = message.generation_id
             CROSS JOIN files AS file ON file.id = generation.file_id
             CROSS JOIN config_dirs AS config_dir ON config_dir.id = file.config_dir_id
             WHERE state.session_id = ?2 AND state.model_id = 0 AND NOT generation.is_superseded
             AND message.replay_of IS NULL
             AND coalesce(message.time <= (SELECT time FROM begun), 1)
             ORDER BY message.time DESC, file.path DESC, config_dir.path DESC, message.line DESC, message.part DESC
             LIMIT 1)
         SELECT {COLUMNS} FROM stood CROSS JOIN cost_states AS said ON said.message_id = stood.message_id
         LEFT JOIN strings AS model ON model.id = said.model_id"
    ))?;
    let mut rows = statement.query(params![fork_id, original_id])?;
    let mut taken = Reported::default();
    while let Some(row) = rows.next()? {
        taken.add(row, 0)?;
    }
    Ok(taken)
}

impl Reported {
    fn add(&mut self, row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<()> {
        let cost = Money::of_picodollars(row.get(first + 1)?);
        let Some(model) = row.get::<_, Option<String>>(first)? else {
            self.cost += cost;
            return Ok(());
        };
        let said = self.models.entry(canonical(&model)).or_default();
        // Which of two spellings is shown does not depend on the order of rows.
        if said.model.is_empty() || model < said.model {
            said.model = model;
        }
        said.cost += cost;
        said.web_searches += row.get::<_, i64>(first + 2)?;
        said.tokens = said.tokens.plus(&rows::tokens(row, first + 3)?);
        Ok(())
    }

    /// Without what was taken over from elsewhere. Nothing becomes less than 0.
    fn without(&mut self, other: &Reported) {
        self.cost = (self.cost - other.cost).max(Money::default());
        for (name, taken) in &other.models {
            let Some(said) = self.models.get_mut(name) else { continue };
            said.cost = (said.cost - taken.cost).max(Money::default());
            said.web_searches = (said.web_searches - taken.web_searches).max(0);
            said.tokens = said.tokens.without(&taken.tokens);
        }
        self.models
            .retain(|_, said| said.cost != Money::default() || said.tokens.total() != 0 || said.web_searches != 0);
    }

    /// By model, compared with what the answers cost, and how much more the whole is than these.
    pub(crate) fn beside(&self, answers: &[(String, Money)]) -> (Vec<ReportedModel>, f64) {
        let mut models: BTreeMap<String, (Said, Money)> =
            self.models.iter().map(|(name, said)| (name.clone(), (said.clone(), Money::default()))).collect();
        for (model, cost) in answers.iter().filter(|(_, cost)| *cost != Money::default()) {
            let (said, answered) = models.entry(canonical(model)).or_default();
            if said.model.is_empty() {
                said.model.clone_from(model);
            }
            *answered += *cost;
        }
        let answered: Money = answers.iter().map(|(_, cost)| *cost).sum();
        let mut shown: Vec<(Money, ReportedModel)> = models
            .into_values()
            .map(|(said, answered)| {
                let difference = said.cost - answered;
                let model = ReportedModel {
                    model: said.model,
                    cost: said.cost.dollars(),
                    answers_cost: answered.dollars(),
                    difference: difference.dollars(),
                    tokens: said.tokens,
                    web_searches: said.web_searches,
                };
                (difference, model)
            })
            .collect();
        shown.sort_by(|(difference, model), (other, another)| {
            (Reverse(difference), &model.model).cmp(&(Reverse(other), &another.model))
        });
        (shown.into_iter().map(|(_, model)| model).collect(), (self.cost - answered).dollars())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{Fixture, Line};

    /// Says at a time that a session cost this many dollars, and one of its models as much.
    fn say(fixture: &Fixture, session: i64, generation: i64, time: i64, dollars: i64) {
        let message = fixture.line(generation, Line::new(time, Some(time), "cost"));
        let picodollars = dollars * 1_000_000_000_000;
        for model in [0, fixture.string("claude-opus-5")] {
            let values = (message, session, model, picodollars, dollars);
            fixture.run("INSERT INTO cost_states VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, 0, 0, 0, 0)", values);
        }
    }

    #[test]
    fn a_fork_takes_over_what_its_original_cost_when_it_began() {
        let fixture = Fixture::new();
        let (original, fork) = (fixture.session("original", None, true), fixture.session("fork", None, true));
        let first = fixture.file(original, "projects/p/original.jsonl", "main", None);
        let second = fixture.file(fork, "projects/p/fork.jsonl", "main", None);
        for (time, dollars) in [(10, 2), (20, 3), (40, 9)] {
            say(&fixture, original, first, time, dollars);
        }
        fixture.line(second, Line { uuid: Some([7; 16]), ..Line::new(1, Some(30), "own") });
        say(&fixture, fork, second, 50, 8);
        let dollars = |reported: &Reported| {
            let of_model = reported.models.get(&canonical("claude-opus-5"));
            (reported.cost.dollars(), of_model.map(|said| (said.cost.dollars(), said.tokens.input_tokens)))
        };
        let taken = taken_over(&fixture.connection, fork, original).unwrap();
        assert_eq!(dollars(&taken), (3.0, Some((3.0, 3))));
        for session in [original, fork] {
            fixture.run(
                "INSERT INTO reported_costs (session_id, message_id, model_id, cost, web_searches, input_tokens, output_tokens,
                     cache_read_tokens, cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens)
                 SELECT session_id, message_id, model_id, cost, web_searches, input_tokens, output_tokens, cache_read_tokens,
                     cache_creation_tokens, cache_creation_5m_tokens, cache_creation_1h_tokens FROM cost_states
                 WHERE message_id = (SELECT max(message_id) FROM cost_states WHERE session_id = ?1)",
                [session],
            );
        }
        for (is_known, of_fork, of_all) in [(false, (8.0, Some((8.0, 8))), 17.0), (true, (5.0, Some((5.0, 5))), 14.0)] {
            let from = is_known.then_some(original);
            fixture.run("UPDATE sessions SET forked_from_id = ?2 WHERE id = ?1", (fork, from));
            let found = reported(&fixture.connection, &[original, fork]).unwrap();
            assert_eq!(dollars(&found[&fork]), of_fork);
            assert_eq!(dollars(&found[&original]), (9.0, Some((9.0, 9))), "the original keeps what is its own");
            let (ids, all) = reported_in_all(&fixture.connection, None).unwrap();
            assert_eq!((ids.len(), all.cost.dollars()), (2, of_all));
        }
    }
}
