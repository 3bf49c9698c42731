//! What sessions spent: tokens and cost, from the sums that are kept with the data.

use rusqlite::Connection;

use super::analytics::{ByModel, Pricing, Reported, reported, session_bills, tokens};
use super::page;
use super::per_session::Wanted;
use crate::cost::PriceTable;
use crate::error::Result;
use crate::model::{ReportedCost, SessionUsage, Timestamp};
use crate::store::{Failure, Store};

pub(crate) fn by_session(
    store: &Store,
    prices: &PriceTable,
    session_ids: &[String],
) -> Result<Vec<Option<SessionUsage>>> {
    page::check_batch(session_ids)?;
    store.read(|connection| by_session_in(connection, prices, session_ids))
}

pub(super) fn by_session_in(
    connection: &Connection,
    prices: &PriceTable,
    session_ids: &[String],
) -> Result<Vec<Option<SessionUsage>>, Failure> {
    let wanted = Wanted::find(connection, session_ids)?;
    let mut pricing = Pricing::new(connection, prices);
    let row_ids = wanted.row_ids();
    let bills = session_bills(connection, &mut pricing, &row_ids)?;
    let said = reported(connection, &row_ids)?;
    let none = ByModel::default();
    wanted
        .known()
        .map(|session| {
            let Some((row_id, name)) = session else { return Ok(None) };
            usage(name, bills.get(&row_id).unwrap_or(&none), said.get(&row_id), &mut pricing).map(Some)
        })
        .collect()
}

fn usage(
    session_id: &str,
    bills: &ByModel,
    said: Option<&Reported>,
    pricing: &mut Pricing<'_>,
) -> Result<SessionUsage, Failure> {
    let (sums, bill) = bills.whole();
    let (by_model, unpriced) = bills.shown(pricing)?;
    let answers = bills.costs(pricing)?;
    let reported = said.map(|said| {
        let (by_model, difference) = said.beside(&answers);
        ReportedCost { cost: said.cost.dollars(), difference, by_model, reported_at: said.time.map(Timestamp) }
    });
    Ok(SessionUsage {
        session_id: session_id.to_owned(),
        api_messages: sums.api_messages,
        iterations: sums.iterations,
        web_searches: sums.web_searches,
        tokens: tokens(&sums),
        cost: bill.cost.dollars(),
        unpriced,
        by_model,
        reported,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TokenUsage;
    use crate::query::testing::{Fixture, PRICES};
    use crate::store::rollups::{Sums, UNTIMED, scope};
    use crate::store::session_sums::{Change, Key};

    #[test]
    fn tokens_are_summed_by_session_and_model() {
        let fixture = Fixture::new();
        let (spent, _free) = (fixture.session("spent", None, true), fixture.session("free", None, true));
        let (large, small) = (fixture.string("large"), fixture.string("small"));
        let rows = [
            // Day, project, model, API messages, input, cache reads.
            [7, 1, small, 1, 5, 0],
            [UNTIMED, 1, large, 2, 1, 900],
            [70, 2, small, 1, 7, 0],
            [8, 1, 0, 1, 12, 0],
            [9, 3, 0, 0, 0, 0],
        ];
        let mut change = Change::default();
        for [bucket, project_id, name_id, api_messages, input_tokens, cache_read_tokens] in rows {
            let sums = Sums { messages: 1, api_messages, input_tokens, cache_read_tokens, ..Sums::default() };
            change.add(scope::DAY, spent, Key { bucket, project_id, name_id }, &sums);
        }
        change.add(scope::QUARTER_HOUR, spent, Key { bucket: 7, project_id: 1, name_id: large }, &Sums::default());
        change.write(&fixture.connection).unwrap();
        let asked = ["free", "unknown", "spent"].map(str::to_owned);
        let found = by_session_in(&fixture.connection, &PRICES, &asked).unwrap();
        let free = found[0].as_ref().unwrap();
        assert_eq!((free.session_id.as_str(), free.api_messages, free.by_model.len()), ("free", 0, 0));
        assert_eq!(found[1], None);
        let spent = found[2].as_ref().unwrap();
        let of =
            |input_tokens, cache_read_tokens| TokenUsage { input_tokens, cache_read_tokens, ..TokenUsage::default() };
        let models: Vec<_> =
            spent.by_model.iter().map(|model| (model.model.as_deref(), model.api_messages, model.tokens)).collect();
        assert_eq!(models, [(Some("large"), 2, of(1, 900)), (None, 1, of(12, 0)), (Some("small"), 2, of(12, 0))]);
        assert_eq!((spent.api_messages, spent.tokens), (5, of(25, 900)));
        assert_eq!((spent.cost, spent.unpriced.len(), spent.reported.is_none()), (0.0, 3, true));
    }
}
