//! Which sessions are listed.

use super::clauses::Clauses;
use super::page::checked_limit;
use crate::error::{Error, Result};
use crate::model::{SessionQuery, SessionStatus};

/// How long a session counts as active after its last record, in minutes, if the caller does not say.
const ACTIVE_MINUTES: i64 = 10;
/// A year.
const MOST_ACTIVE_MINUTES: i64 = 525_600;

/// The conditions on a row of `sessions`. `now` is in milliseconds.
pub(super) fn conditions(query: &SessionQuery, now: i64) -> Result<Clauses> {
    let mut clauses = Clauses::default();
    if let Some(project) = &query.project_id {
        clauses.and("project_id = (SELECT id FROM projects WHERE slug = ?)", [project.clone().into()]);
    }
    if let Some(repository) = &query.repository_path {
        clauses.and(
            "project_id IN (SELECT project.id FROM repos AS repo
             CROSS JOIN projects AS project ON project.repo_id = repo.id WHERE repo.path = ?)",
            [repository.clone().into()],
        );
    }
    for (column, name) in [("git_branch_id", &query.git_branch), ("model_id", &query.model)] {
        if let Some(name) = name {
            clauses.and(&format!("{column} = (SELECT id FROM strings WHERE value = ?)"), [name.clone().into()]);
        }
    }
    status(query, now, &mut clauses)?;
    match query.has_agents {
        Some(true) => clauses.and("agent_count > 0", []),
        Some(false) => clauses.and("agent_count = 0", []),
        None => {}
    }
    if let Some(since) = query.since {
        clauses.and("ended_at >= ?", [since.0.into()]);
    }
    if let Some(until) = query.until {
        clauses.and("started_at < ?", [until.0.into()]);
    }
    if !query.include_empty {
        clauses.and("is_talk", []);
    }
    Ok(clauses)
}

fn status(query: &SessionQuery, now: i64, clauses: &mut Clauses) -> Result<()> {
    let Some(status) = query.status else {
        return match query.active_minutes {
            Some(_) => Err(Error::invalid("activeMinutes", "says nothing without status; pass status, too")),
            None => Ok(()),
        };
    };
    let minutes = query.active_minutes.unwrap_or(ACTIVE_MINUTES);
    checked_limit("activeMinutes", minutes, MOST_ACTIVE_MINUTES)?;
    let start = now - minutes * 60_000;
    match status {
        SessionStatus::Active => clauses.and("ended_at >= ?", [start.into()]),
        SessionStatus::Ended => clauses.and("(ended_at IS NULL OR ended_at < ?)", [start.into()]),
    }
    Ok(())
}
