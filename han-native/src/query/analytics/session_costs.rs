//! What each session cost, over all of its time.

use std::collections::HashMap;

use rusqlite::Connection;

use super::cells;
use super::days::Days;
use super::pricing::Pricing;
use crate::cost::{Money, PriceTable};
use crate::model::AnalyticsFilter;
use crate::store::Failure;

/// The cost of every session that spent something with a price, by its row id. Looks at each day of each session.
pub(in crate::query) fn session_costs(
    connection: &Connection,
    prices: &PriceTable,
) -> Result<HashMap<i64, Money>, Failure> {
    let days = Days::of(connection, &AnalyticsFilter::default())?;
    let mut pricing = Pricing::new(connection, prices);
    let buckets = days.buckets(&pricing.days_of_change());
    let mut costs: HashMap<i64, Money> = HashMap::new();
    cells::for_each_of_sessions(connection, &buckets, None, false, &mut |cell| {
        let bill = pricing.bill(&cell, &days)?;
        *costs.entry(cell.session_id).or_default() += bill.cost;
        Ok(())
    })?;
    Ok(costs)
}
