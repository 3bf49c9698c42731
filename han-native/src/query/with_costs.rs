//! Sessions with what they cost.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::analytics::{Pricing, session_bills};
use super::rows;
use crate::cost::PriceTable;
use crate::model::Session;
use crate::store::Failure;

/// The sessions of these row ids, in their order; one that is gone is left out.
pub(super) fn sessions(connection: &Connection, prices: &PriceTable, row_ids: &[i64]) -> Result<Vec<Session>, Failure> {
    let found = rows::sessions(connection, row_ids)?;
    Ok(with_costs(connection, prices, found)?.into_iter().flatten().collect())
}

/// The sessions of these session ids, in their order; `None` in the place of an unknown one.
pub(super) fn sessions_by_name(
    connection: &Connection,
    prices: &PriceTable,
    ids: &[String],
) -> Result<Vec<Option<Session>>, Failure> {
    let found = rows::sessions_by_name(connection, ids)?;
    with_costs(connection, prices, found)
}

fn with_costs(
    connection: &Connection,
    prices: &PriceTable,
    sessions: Vec<Option<(i64, Session)>>,
) -> Result<Vec<Option<Session>>, Failure> {
    let mut pricing = Pricing::new(connection, prices);
    let row_ids: BTreeSet<i64> = sessions.iter().flatten().map(|(row_id, _)| *row_id).collect();
    let bills = session_bills(connection, &mut pricing, &row_ids.into_iter().collect::<Vec<_>>())?;
    let mut with_cost = |(row_id, mut session): (i64, Session)| {
        if let Some(bill) = bills.get(&row_id) {
            session.cost = bill.whole().1.cost.dollars();
            session.unpriced = bill.shown(&mut pricing)?.1;
        }
        Ok(session)
    };
    sessions.into_iter().map(|session| session.map(&mut with_cost).transpose()).collect()
}
