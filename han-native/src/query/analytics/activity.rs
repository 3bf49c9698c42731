//! What was done by local day, and by hour of the clock.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Connection;

use super::cells;
use super::dashboard::find_project;
use super::days::{Days, date};
use super::pricing::{Bill, Pricing, tokens};
use crate::cost::PriceTable;
use crate::error::Result;
use crate::model::{Activity, AnalyticsFilter, DayActivity, HourActivity};
use crate::store::rollups::{QUARTER_HOUR, Sums, UNTIMED, offset_seconds};
use crate::store::{Failure, Store};

pub(crate) fn activity(store: &Store, prices: &PriceTable, filter: &AnalyticsFilter) -> Result<Activity> {
    store.read(|connection| activity_in(connection, prices, filter))
}

#[derive(Debug, Default)]
struct Day {
    sums: Sums,
    bill: Bill,
    sessions: HashSet<i64>,
}

pub(super) fn activity_in(
    connection: &Connection,
    prices: &PriceTable,
    filter: &AnalyticsFilter,
) -> Result<Activity, Failure> {
    let days = Days::of(connection, filter)?;
    let project_id = filter.project_id.as_deref().map(|slug| find_project(connection, slug)).transpose()?;
    let mut pricing = Pricing::new(connection, prices);
    let mut by_day: BTreeMap<i64, Day> = BTreeMap::new();
    let mut by_hour: Vec<(Sums, Bill)> = vec![Default::default(); 24];

    let quarter_hours = [days.quarter_hours()];
    cells::for_each(connection, &quarter_hours, project_id, &mut |cell| {
        if cell.bucket == UNTIMED {
            return Ok(());
        }
        let bill = pricing.bill(&cell, &days)?;
        let seconds = cell.bucket * (QUARTER_HOUR / 1_000) + offset_seconds(cell.bucket, &days.zone);
        let (day, hour) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) / 3_600);
        if let Some((sums, total)) = by_hour.get_mut(hour as usize) {
            sums.add(&cell.sums, 1);
            total.add(bill);
        }
        let day = by_day.entry(day).or_default();
        day.sums.add(&cell.sums, 1);
        day.bill.add(bill);
        Ok(())
    })?;
    cells::for_each_session_that_talked(
        connection,
        days.whole_days(),
        project_id,
        &mut |scope, bucket, session_id| {
            if let Some(day) = days.day(scope, bucket) {
                by_day.entry(day).or_default().sessions.insert(session_id);
            }
        },
    )?;
    Ok(Activity {
        since: days.first.map(date),
        until: days.last.map(date),
        days: by_day.into_iter().map(|(day, activity)| day_activity(day, &activity)).collect(),
        hours: by_hour.iter().zip(0..).map(|((sums, bill), hour)| hour_activity(hour, sums, bill)).collect(),
        time_zone: days.zone_name,
    })
}

fn day_activity(day: i64, Day { sums, bill, sessions }: &Day) -> DayActivity {
    DayActivity {
        date: date(day),
        sessions: sessions.len() as i64,
        messages: sums.messages,
        prompts: sums.prompts,
        tool_calls: sums.tool_calls,
        lines_added: sums.lines_added,
        lines_removed: sums.lines_removed,
        api_messages: sums.api_messages,
        tokens: tokens(sums),
        cost: bill.cost.dollars(),
        unpriced_api_messages: bill.unpriced_api_messages,
    }
}

fn hour_activity(hour: i64, sums: &Sums, bill: &Bill) -> HourActivity {
    HourActivity {
        hour,
        messages: sums.messages,
        prompts: sums.prompts,
        tool_calls: sums.tool_calls,
        lines_added: sums.lines_added,
        lines_removed: sums.lines_removed,
        api_messages: sums.api_messages,
        tokens: tokens(sums),
        cost: bill.cost.dollars(),
        unpriced_api_messages: bill.unpriced_api_messages,
    }
}
