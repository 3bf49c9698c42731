//! The dashboard: everything that was done on some days, by model, by project, and the first and last sessions.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::by_model::ByModel;
use super::cells::{self, Calls};
use super::days::{Days, date};
use super::pricing::{Bill, Pricing, tokens};
use super::reported::{self, Reported};
use super::sessions::{Asked, Sessions, Tally};
use crate::cost::{Money, PriceTable};
use crate::error::Result;
use crate::model::{AnalyticsFilter, Dashboard, ProjectActivity, ReportedCosts, ToolActivity};
use crate::query::clauses::Clauses;
use crate::query::rows::json_array;
use crate::store::rollups::Sums;
use crate::store::{Failure, Store};

/// How many tools are shown.
const TOOLS: usize = 10;

pub(crate) fn dashboard(store: &Store, prices: &PriceTable, filter: &AnalyticsFilter) -> Result<Dashboard> {
    store.read(|connection| dashboard_in(connection, prices, filter))
}

pub(super) fn dashboard_in(
    connection: &Connection,
    prices: &PriceTable,
    filter: &AnalyticsFilter,
) -> Result<Dashboard, Failure> {
    let days = Days::of(connection, filter)?;
    let project_id = filter.project_id.as_deref().map(|slug| find_project(connection, slug)).transpose()?;
    let mut pricing = Pricing::new(connection, prices);
    let (reported_ids, reported) = match days.is_bounded() {
        true => Default::default(),
        false => reported::reported_in_all(connection, project_id)?,
    };
    let buckets = days.buckets(&pricing.days_of_change());
    let asked = Asked { connection, days: &days, buckets: &buckets, project_id };
    let Gathered { totals, sessions, calls, answers } = Gathered::read(asked, &reported_ids, &mut pricing)?;
    let ends = sessions.ends(asked, &mut pricing)?;
    let (models, unpriced_models) = totals.by_model.shown(&mut pricing)?;
    let (sum, bill) = (&totals.all.0, totals.all.1);
    let tools = cells::top_tools(connection, &calls, TOOLS)?;
    Ok(Dashboard {
        sessions: sessions.count(),
        messages: sum.messages,
        prompts: sum.prompts,
        assistant_lines: sum.assistants,
        api_messages: sum.api_messages,
        iterations: sum.iterations,
        web_searches: sum.web_searches,
        tokens: tokens(sum),
        cost: bill.cost.dollars(),
        unpriced_api_messages: bill.unpriced_api_messages,
        unpriced_iterations: bill.unpriced_iterations,
        unpriced_models,
        reported: beside(reported_ids.len(), &reported, &answers.costs(&mut pricing)?),
        prices: prices.list().clone(),
        lines_added: sum.lines_added,
        lines_removed: sum.lines_removed,
        tool_calls: sum.tool_calls,
        tool_errors: sum.tool_errors,
        tools: tools.into_iter().map(|(name, calls)| ToolActivity { name, calls }).collect(),
        hooks: sum.hooks,
        hook_errors: sum.hook_errors,
        compactions: sum.compactions,
        subagents: subagents(connection, &days, project_id)?,
        models,
        projects: projects(connection, &totals, &sessions)?,
        top_sessions_by_cost: ends.top_by_cost,
        bottom_sessions_by_cost: ends.bottom_by_cost,
        top_sessions_by_messages: ends.top_by_messages,
        bottom_sessions_by_messages: ends.bottom_by_messages,
        since: days.first.map(date),
        until: days.last.map(date),
        time_zone: days.zone_name,
    })
}

/// The row of a project; 0, which none has, for an unknown one.
pub(super) fn find_project(connection: &Connection, slug: &str) -> Result<i64, Failure> {
    let mut statement = connection.prepare_cached("SELECT id FROM projects WHERE slug = ?1")?;
    Ok(statement.query_row([slug], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// What the agent program says about this many sessions, compared with what their answers cost.
fn beside(sessions: usize, reported: &Reported, answers: &[(String, Money)]) -> Option<ReportedCosts> {
    let (by_model, difference) = reported.beside(answers);
    let cost = reported.cost.dollars();
    (sessions > 0).then_some(ReportedCosts { sessions: sessions as i64, cost, difference, by_model })
}

/// Everything that was done on some days.
#[derive(Debug, Default)]
struct Gathered {
    totals: Totals,
    sessions: Sessions,
    calls: Calls,
    /// What was done in the sessions of which the agent program itself says something.
    answers: ByModel,
}

/// The sums of some days: all of them, those of each model, those of each project.
#[derive(Debug, Default)]
struct Totals {
    all: (Sums, Bill),
    by_model: ByModel,
    by_project: HashMap<i64, (Sums, Bill)>,
}

impl Gathered {
    /// In one walk over the sums. Each is added up once, by project and model: there may be millions.
    fn read(asked: Asked<'_>, reported_ids: &HashSet<i64>, pricing: &mut Pricing<'_>) -> Result<Gathered, Failure> {
        let Gathered { mut sessions, mut calls, mut answers, .. } = Gathered::default();
        let mut totals: HashMap<(i64, i64), (Sums, Bill)> = HashMap::new();
        cells::for_each_part(asked.connection, asked.buckets, asked.project_id, &mut |part| {
            let session_id = part.session_id();
            let is_reported = reported_ids.contains(&session_id);
            let mut tally: Option<Tally> = None;
            // The days of a session are of one project, with rare exceptions.
            let mut talked_for = None;
            part.for_each_cell(&mut |cell| {
                let bill = pricing.bill(&cell, asked.days)?;
                tally.get_or_insert_with(|| Tally::of(session_id)).add(cell.sums, bill);
                let (sums, total) = totals.entry((cell.project_id, cell.model_id)).or_default();
                sums.add(cell.sums, 1);
                total.add(bill);
                if is_reported {
                    answers.add(cell.model_id, cell.sums, bill);
                }
                if cell.sums.talk > 0 && talked_for != Some(cell.project_id) {
                    talked_for = Some(cell.project_id);
                    sessions.talked(cell.project_id, session_id);
                }
                Ok(())
            })?;
            if let Some(tally) = tally {
                sessions.add(&tally);
            }
            part.count_calls(&mut calls)
        })?;
        Ok(Gathered { totals: Totals::of(totals), sessions, calls, answers })
    }
}

impl Totals {
    /// From the sums by project and model.
    fn of(sums: HashMap<(i64, i64), (Sums, Bill)>) -> Totals {
        let mut totals = Totals::default();
        for ((project_id, model_id), (sums, bill)) in sums {
            totals.by_model.add(model_id, &sums, bill);
            for (all, total) in [&mut totals.all, totals.by_project.entry(project_id).or_default()] {
                all.add(&sums, 1);
                total.add(bill);
            }
        }
        totals
    }
}

fn projects(connection: &Connection, totals: &Totals, sessions: &Sessions) -> Result<Vec<ProjectActivity>, Failure> {
    let ids: Vec<i64> = totals.by_project.keys().copied().collect();
    let mut statement = connection.prepare_cached(
        "SELECT project.id, project.slug, project.path, repo.path FROM json_each(?1) AS wanted
         CROSS JOIN projects AS project ON project.id = wanted.value LEFT JOIN repos AS repo ON repo.id = project.repo_id",
    )?;
    let mut rows = statement.query([json_array(&ids)])?;
    let mut projects: Vec<(Money, ProjectActivity)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let Some((sums, bill)) = totals.by_project.get(&id) else { continue };
        let project = ProjectActivity {
            project_id: row.get(1)?,
            project_path: row.get(2)?,
            repository_path: row.get(3)?,
            sessions: sessions.count_in(id),
            messages: sums.messages,
            prompts: sums.prompts,
            tool_calls: sums.tool_calls,
            lines_added: sums.lines_added,
            lines_removed: sums.lines_removed,
            api_messages: sums.api_messages,
            tokens: tokens(sums),
            cost: bill.cost.dollars(),
            unpriced_api_messages: bill.unpriced_api_messages,
        };
        projects.push((bill.cost, project));
    }
    projects.sort_by(|(cost, project), (other_cost, other)| {
        (Reverse((cost, project.messages)), &project.project_id)
            .cmp(&(Reverse((other_cost, other.messages)), &other.project_id))
    });
    Ok(projects.into_iter().map(|(_, project)| project).collect())
}

/// Agent files that began in these days, except mere copies.
fn subagents(connection: &Connection, days: &Days, project_id: Option<i64>) -> Result<i64, Failure> {
    let mut clauses = Clauses::new("file.kind = 'agent' AND generation.messages > generation.replays", []);
    if let Some(project_id) = project_id {
        clauses.and("file.project_id = ?", [project_id.into()]);
    }
    let (start, end) = days.instants();
    for (condition, bound) in [("generation.first_time >= ?", start), ("generation.first_time < ?", end)] {
        if let Some(bound) = bound {
            clauses.and(condition, [Value::from(bound)]);
        }
    }
    let mut statement = connection.prepare_cached(&format!(
        "SELECT count(*) FROM files AS file CROSS JOIN generations AS generation ON generation.id = file.generation_id
         WHERE {}",
        clauses.sql()
    ))?;
    Ok(statement.query_row(params_from_iter(clauses.values([])), |row| row.get(0))?)
}
