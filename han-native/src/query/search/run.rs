//! One search, from the request to a page of hits.

use rusqlite::Connection;

use super::hits::Making;
use super::rank::{Position, Search};
use super::terms::Term;
use super::{filter, fts5, plain, terms};
use crate::error::{Error, Result};
use crate::model::{Page, SearchField, SearchHit, SearchOrder, SearchQuery, SearchSyntax};
use crate::query::page;
use crate::store::{Failure, Store};

/// The most hits of a page.
const MAXIMUM: i64 = 1_000;
/// How many hits a page has where the caller does not say.
const DEFAULT: i64 = 20;
/// A query of more bytes is no query, but a text.
const LONGEST_QUERY: usize = 64 << 10;

/// A page of hits. Its cursors hold as long as the database does not change: new messages change the scores of all.
pub(crate) fn search(store: &Store, query: &SearchQuery) -> Result<Page<SearchHit>> {
    store.read(|connection| search_in(connection, query))
}

pub(super) fn search_in(connection: &Connection, query: &SearchQuery) -> Result<Page<SearchHit>, Failure> {
    let limit = page::checked_limit("first", query.first.unwrap_or(DEFAULT), MAXIMUM)?;
    if query.query.len() > LONGEST_QUERY {
        let problem = format!("has {} bytes; give at most {LONGEST_QUERY}", query.query.len());
        return Err(Error::invalid("query", problem).into());
    }
    let order = query.order.unwrap_or_default();
    let list = match order {
        SearchOrder::Relevance => "search by relevance",
        SearchOrder::Newest => "search by time",
    };
    let after = query.after.as_deref().map(|cursor| page::decode::<Position>("after", list, cursor)).transpose()?;
    let fields = match query.fields.as_deref() {
        None | Some([]) => SearchField::ALL.to_vec(),
        Some(fields) => SearchField::ALL.into_iter().filter(|field| fields.contains(field)).collect(),
    };
    let syntax = query.syntax.unwrap_or_default();
    let Some((terms, expression)) = compile(&query.query, syntax, &fields) else {
        return Ok(Page {
            items: Vec::new(),
            has_next_page: false,
            has_previous_page: false,
            start_cursor: None,
            end_cursor: None,
            total_count: None,
        });
    };

    let filter = filter::clauses(query);
    let is_raw = syntax == SearchSyntax::Fts5;
    let search = Search { connection, expression: &expression, is_raw, filter: &filter, order };
    let ranked = search.ranked()?;
    let mut matches = search.top(&ranked, after.as_ref(), limit + 1)?;
    let has_next_page = matches.len() > limit;
    matches.truncate(limit);

    let row_ids: Vec<i64> = matches.iter().map(|found| found.row_id).collect();
    let making = Making { connection, terms: &terms, fields: &fields, is_partial: ranked.is_partial };
    Ok(Page {
        items: making.hits(&row_ids, &search.scores_of(&matches)?)?,
        has_next_page,
        // A cursor is that of a hit, which lies before what follows it.
        has_previous_page: after.is_some(),
        start_cursor: matches.first().map(|found| page::encode(list, &found.position)),
        end_cursor: matches.last().map(|found| page::encode(list, &found.position)),
        total_count: None,
    })
}

/// The terms to show and the FTS5 expression to run; nothing where nothing is asked for.
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
