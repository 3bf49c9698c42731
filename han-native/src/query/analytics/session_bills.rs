//! What some sessions cost, over all of their time, by model and rate.

use std::collections::HashMap;

use rusqlite::Connection;

use super::by_model::ByModel;
use super::pricing::Pricing;
use crate::store::Failure;
use crate::store::rollups::UNTIMED;
use crate::store::session_sums;

/// The bills of sessions, by their row ids; none for one that did nothing. Each day has its own prices: that of the database's time
/// zone.
pub(crate) fn session_bills(
    connection: &Connection,
    pricing: &mut Pricing<'_>,
    session_ids: &[i64],
) -> Result<HashMap<i64, ByModel>, Failure> {
    let mut bills: HashMap<i64, ByModel> = HashMap::new();
    if session_ids.is_empty() {
        return Ok(bills);
    }
    session_sums::for_each_day_of(connection, session_ids, &mut |row| {
        let by_model = bills.entry(row.session_id).or_default();
        row.for_each_sum(&mut |key, sums| {
            let day = (key.bucket != UNTIMED).then_some(key.bucket);
            let bill = pricing.bill_on(key.name_id, sums, || day)?;
            by_model.add(key.name_id, sums, bill);
            Ok(())
        })
    })?;
    Ok(bills)
}
