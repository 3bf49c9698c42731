//! One search, from the request to a page of hits.

use rusqlite::Connection;

use super::fusion::{self, Fused, WINDOW};
use super::hits::{HitBuilder, RankedHit};
use super::nearest::{Breadth, Nearest, Neighbour};
use super::rank::{Match, Position, Search};
use super::terms::Term;
use super::{filter, fts5, plain, terms};
use crate::embedding;
use crate::error::{Error, Result, Subject};
use crate::model::{MatchedBy, Page, SearchField, SearchHit, SearchMode, SearchOrder, SearchQuery, SearchSyntax};
use crate::query::clauses::Clauses;
use crate::query::page;
use crate::store::vectors::{self, Model};
use crate::store::{Failure, Store};

/// The most hits of a page.
const MAXIMUM: i64 = 1_000;
/// How many hits a page has if the caller does not say.
const DEFAULT: i64 = 20;
/// A query of more bytes is not a query, but a text.
const LONGEST_QUERY: usize = 64 << 10;

/// A page of hits. Its cursors hold as long as the database does not change: new messages change the scores of all.
pub(crate) fn search(store: &Store, query: &SearchQuery) -> Result<Page<SearchHit>> {
    store.read(|connection| search_in(connection, query))
}

pub(in crate::query) fn search_in(connection: &Connection, query: &SearchQuery) -> Result<Page<SearchHit>, Failure> {
    let limit = page::checked_limit("first", query.first.unwrap_or(DEFAULT), MAXIMUM)?;
    if query.query.len() > LONGEST_QUERY {
        let problem = format!("has {} bytes; pass at most {LONGEST_QUERY}", query.query.len());
        return Err(Error::invalid("query", problem).into());
    }
    let mode = query.mode.unwrap_or_default();
    let order = query.order.unwrap_or_default();
    let syntax = query.syntax.unwrap_or_default();
    check_options(query, mode, order, syntax)?;
    let list = match (mode, order) {
        (SearchMode::Text, SearchOrder::Relevance) => "search by relevance",
        (SearchMode::Text, SearchOrder::Newest) => "search by time",
        (SearchMode::Vector, _) => "search by vector",
        (SearchMode::Hybrid, _) => "hybrid search",
    };
    let after = query.after.as_deref().map(|cursor| page::decode::<Position>("after", list, cursor)).transpose()?;
    let fields = match query.fields.as_deref() {
        None | Some([]) => SearchField::ALL.to_vec(),
        Some(fields) => SearchField::ALL.into_iter().filter(|field| fields.contains(field)).collect(),
    };
    let (terms, expression) = compile(&query.query, syntax, &fields).unwrap_or_default();
    let filter = filter::clauses(query);
    let request = Request {
        connection,
        order,
        is_raw: syntax == SearchSyntax::Fts5,
        expression: &expression,
        filter: &filter,
        is_narrow: filter::is_narrow(query),
        fields: &fields,
    };
    // One more than is shown decides whether the list continues.
    let found = match mode {
        SearchMode::Text => request.by_text(after.as_ref(), limit + 1)?,
        SearchMode::Vector => request.by_vector(query, after.as_ref(), limit + 1)?,
        SearchMode::Hybrid => request.by_both(query, after.as_ref(), limit + 1)?,
    };
    let Found { mut chosen, mut positions, is_partial } = found;
    let has_next_page = chosen.len() > limit;
    chosen.truncate(limit);
    positions.truncate(limit);
    let builder = HitBuilder { connection, terms: &terms, fields: &fields, is_partial };
    Ok(Page {
        items: builder.hits(&chosen)?,
        has_next_page,
        // A cursor is that of a hit, which lies before what follows it.
        has_previous_page: after.is_some() && !(mode == SearchMode::Text && expression.is_empty()),
        start_cursor: positions.first().map(|position| page::encode(list, position)),
        end_cursor: positions.last().map(|position| page::encode(list, position)),
        total_count: None,
    })
}

/// Refuses what would be of no use in the mode.
fn check_options(query: &SearchQuery, mode: SearchMode, order: SearchOrder, syntax: SearchSyntax) -> Result<()> {
    let of_vectors = "is of use in the modes vector and hybrid only; leave it out, or pass mode";
    match mode {
        SearchMode::Text if query.vector.is_some() => Err(Error::invalid("vector", of_vectors)),
        SearchMode::Text if query.model.is_some() => Err(Error::invalid("model", of_vectors)),
        SearchMode::Vector | SearchMode::Hybrid if order == SearchOrder::Newest => {
            Err(Error::invalid("order", "is newest, which only the mode text has; leave it out"))
        }
        SearchMode::Vector if syntax == SearchSyntax::Fts5 => {
            Err(Error::invalid("syntax", "is fts5, which the mode vector has no use for; leave it out"))
        }
        _ => Ok(()),
    }
}

/// What was found, the best first: what is shown of it, and where it lies in the list.
struct Found {
    chosen: Vec<RankedHit>,
    positions: Vec<Position>,
    is_partial: bool,
}

/// A request, as far as the modes have it in common.
struct Request<'a> {
    connection: &'a Connection,
    order: SearchOrder,
    is_raw: bool,
    /// Empty if nothing is requested.
    expression: &'a str,
    filter: &'a Clauses,
    is_narrow: bool,
    fields: &'a [SearchField],
}

impl<'a> Request<'a> {
    fn matches(&self, after: Option<&Position>, limit: usize) -> Result<(Vec<(Match, f64)>, bool), Failure> {
        if self.expression.is_empty() {
            return Ok((Vec::new(), false));
        }
        let Request { connection, order, is_raw, expression, filter, is_narrow, .. } = *self;
        let search = Search { connection, expression, is_raw, filter, is_narrow, order };
        let ranked = search.ranked()?;
        let matches = search.top(&ranked, after, limit)?;
        let scores = search.scores_of(&matches)?;
        Ok((matches.into_iter().zip(scores).collect(), ranked.is_partial))
    }

    fn neighbours(
        &self,
        query: &SearchQuery,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<Neighbour>, Failure> {
        let model = model(self.connection, query.model.as_deref())?;
        let Some(vector) = query.vector.as_deref() else {
            let problem = format!("is missing; pass one, or register an embedder of the model {}", model.name);
            return Err(Error::invalid("vector", problem).into());
        };
        embedding::check_vector("vector", vector, &model.name, model.dimensions)?;
        let is_part = query.agent_id.is_some()
            || query.since.is_some()
            || query.until.is_some()
            || self.fields.len() < SearchField::ALL.len();
        let breadth = match query.session_id.is_some() || query.project_id.is_some() {
            true => Breadth::Place,
            false if is_part => Breadth::Part,
            false => Breadth::All,
        };
        let Request { connection, filter, fields, .. } = *self;
        Nearest { connection, model: &model, vector, filter, fields, breadth }.top(after, limit)
    }

    fn by_text(&self, after: Option<&Position>, limit: usize) -> Result<Found, Failure> {
        let (matches, is_partial) = self.matches(after, limit)?;
        let (mut chosen, mut positions) = (Vec::new(), Vec::new());
        for (Match { position, row_id }, score) in matches {
            let matched_by = MatchedBy::Text;
            chosen.push(RankedHit { row_id, score, matched_by, text_rank: None, vector_rank: None, vector: None });
            positions.push(position);
        }
        Ok(Found { chosen, positions, is_partial })
    }

    fn by_vector(&self, query: &SearchQuery, after: Option<&Position>, limit: usize) -> Result<Found, Failure> {
        let (mut chosen, mut positions) = (Vec::new(), Vec::new());
        for Neighbour { position, row_id, distance, piece } in self.neighbours(query, after, limit)? {
            chosen.push(RankedHit {
                row_id,
                score: 1.0 - distance,
                matched_by: MatchedBy::Vector,
                text_rank: None,
                vector_rank: None,
                vector: Some((distance, piece)),
            });
            positions.push(position);
        }
        Ok(Found { chosen, positions, is_partial: false })
    }

    fn by_both(&self, query: &SearchQuery, after: Option<&Position>, limit: usize) -> Result<Found, Failure> {
        let neighbours = self.neighbours(query, None, WINDOW)?;
        let (matches, is_partial) = self.matches(None, WINDOW)?;
        let fused = fusion::fuse(matches.into_iter().map(|(found, _)| found).collect(), neighbours);
        let (mut chosen, mut positions) = (Vec::new(), Vec::new());
        for Fused { position, row_id, text_rank, neighbour } in
            fused.into_iter().filter(|found| after.is_none_or(|after| found.position > *after)).take(limit)
        {
            let matched_by = match (text_rank, &neighbour) {
                (Some(_), Some(_)) => MatchedBy::Both,
                (Some(_), None) => MatchedBy::Text,
                (None, _) => MatchedBy::Vector,
            };
            chosen.push(RankedHit {
                row_id,
                score: position.score(),
                matched_by,
                text_rank: text_rank.map(|rank| rank as i64),
                vector_rank: neighbour.as_ref().map(|(rank, _)| *rank as i64),
                vector: neighbour.map(|(_, found)| (found.distance, found.piece)),
            });
            positions.push(position);
        }
        Ok(Found { chosen, positions, is_partial })
    }
}

/// The model of a name, or the only one there is.
fn model(connection: &Connection, name: Option<&str>) -> Result<Model, Failure> {
    let mut models = vectors::models(connection)?;
    let unknown = |name: &str| Error::NotFound { what: Subject::Model, name: name.to_owned() };
    match name {
        Some(name) => Ok(models.into_iter().find(|model| model.name == name).ok_or_else(|| unknown(name))?),
        None if models.len() > 1 => {
            let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
            Err(Error::invalid("model", format!("is missing; there are vectors of {}", names.join(", "))).into())
        }
        None => Ok(models.pop().ok_or_else(|| unknown("any"))?),
    }
}

/// The terms to show and the FTS5 expression to run; `None` if nothing is requested.
fn compile(query: &str, syntax: SearchSyntax, fields: &[SearchField]) -> Option<(Vec<Term>, String)> {
    match syntax {
        SearchSyntax::Plain => {
            let terms = plain::terms(query);
            let expression = terms::expression(&terms, fields);
            (!terms.is_empty()).then_some((terms, expression))
        }
        SearchSyntax::Fts5 => {
            // A star in the first place would be one of FTS5's own commands, and no expression.
            let expression = query.trim().trim_matches('\0');
            let expression = if expression.starts_with('*') { format!(" {expression}") } else { expression.to_owned() };
            (!expression.is_empty()).then(|| (fts5::terms(query), terms::in_columns(&expression, fields)))
        }
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
