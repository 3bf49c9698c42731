//! Which of the matching messages are wanted.

use rusqlite::types::Value;

use crate::model::SearchQuery;
use crate::query::clauses::Clauses;
use crate::store::REPEATS_AN_AGENT;

/// Whether a search is limited to some sessions, agents or times.
pub(super) fn is_narrow(query: &SearchQuery) -> bool {
    let SearchQuery { session_id, project_id, agent_id, since, until, .. } = query;
    session_id.is_some() || project_id.is_some() || agent_id.is_some() || since.is_some() || until.is_some()
}

/// The conditions on a row of `messages AS message`. Those on files are sets of generations, which SQLite gathers once.
pub(super) fn clauses(query: &SearchQuery) -> Clauses {
    let mut clauses = Clauses::default();
    let include_replays = query.include_replays;
    if !include_replays {
        clauses.and("message.replay_of IS NULL", []);
    }
    if let Some(since) = query.since {
        clauses.and("message.time >= ?", [since.0.into()]);
    }
    if let Some(until) = query.until {
        clauses.and("message.time < ?", [until.0.into()]);
    }
    if !query.include_superseded {
        clauses.and("message.generation_id NOT IN (SELECT id FROM generations WHERE is_superseded)", []);
    }
    let mut generations = Clauses::default();
    if let Some(session) = &query.session_id {
        generations.and("file.session_id = (SELECT id FROM sessions WHERE session_id = ?)", [session.clone().into()]);
    }
    if let Some(project) = &query.project_id {
        generations.and("file.project_id = (SELECT id FROM projects WHERE slug = ?)", [project.clone().into()]);
    }
    let generations_of = |condition: &str| {
        format!(
            "message.generation_id IN (SELECT generation.id FROM files AS file
             CROSS JOIN generations AS generation ON generation.file_id = file.id WHERE {condition})"
        )
    };
    if query.session_id.is_some() || query.project_id.is_some() {
        clauses.and(&generations_of(generations.sql()), generations.values([]));
    }
    if let Some(agent) = &query.agent_id {
        // A message names its agent only if it is not that of the file.
        let is_agent = "= (SELECT id FROM strings WHERE value = ?)";
        let of_file = generations_of(&format!("file.agent_id {is_agent}"));
        let condition = format!("(message.agent_id {is_agent} OR message.agent_id IS NULL AND {of_file})");
        clauses.and(&condition, [Value::from(agent.clone()), agent.clone().into()]);
    }
    if !include_replays {
        clauses.and(&format!("NOT ({REPEATS_AN_AGENT})"), []);
    }
    clauses
}
