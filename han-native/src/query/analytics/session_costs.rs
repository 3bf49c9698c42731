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
pub(crate) fn session_costs(connection: &Connection, prices: &PriceTable) -> Result<HashMap<i64, Money>, Failure> {
    let days = Days::of(connection, &AnalyticsFilter::default())?;
    let mut pricing = Pricing::new(connection, prices);
    let mut costs: HashMap<i64, Money> = HashMap::new();
    cells::for_each_part(connection, &days.buckets(&[]), None, &mut |part| {
        let mut cost = Money::default();
        part.for_each_cell(&mut |cell| {
            cost += pricing.bill(&cell, &days)?.cost;
            Ok(())
        })?;
        *costs.entry(part.session_id()).or_default() += cost;
        Ok(())
    })?;
    Ok(costs)
}
