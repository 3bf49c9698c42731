//! What was done by local day, and by hour of the clock.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::tz::TimeZone;
use rusqlite::Connection;

use super::cells;
use super::dashboard::find_project;
use super::days::{Days, date};
use super::pricing::{Bill, Pricing, tokens};
use crate::cost::PriceTable;
use crate::error::Result;
use crate::model::{Activity, AnalyticsFilter, DayActivity, HourActivity};
use crate::store::rollups::{QUARTER_HOUR, QUARTERS_OF_DAY, Sums, UNTIMED, offset_seconds};
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
    let mut clock = Clock::new(&days.zone);
    let mut by_day: BTreeMap<i64, Day> = BTreeMap::new();
    // By day, hour and model: what is priced, and far less than there are quarter hours of sessions.
    let mut by_hour: HashMap<(i64, i64, i64), Sums> = HashMap::new();
    cells::for_each_part(connection, &[days.quarter_hours()], project_id, &mut |part| {
        let mut talked_on = None;
        part.for_each_cell(&mut |cell| {
            if cell.bucket == UNTIMED {
                return Ok(());
            }
            let (day, hour) = clock.at(cell.bucket);
            by_hour.entry((day, hour, cell.model_id)).or_default().add(cell.sums, 1);
            if cell.sums.talk > 0 && talked_on != Some(day) {
                talked_on = Some(day);
                by_day.entry(day).or_default().sessions.insert(part.session_id());
            }
            Ok(())
        })
    })?;

    let mut pricing = Pricing::new(connection, prices);
    let mut hours: Vec<(Sums, Bill)> = vec![Default::default(); 24];
    for ((day, hour, model_id), sums) in &by_hour {
        let bill = pricing.bill_on(*model_id, sums, || Some(*day))?;
        if let Some((all, total)) = hours.get_mut(*hour as usize) {
            all.add(sums, 1);
            total.add(bill);
        }
        let day = by_day.entry(*day).or_default();
        day.sums.add(sums, 1);
        day.bill.add(bill);
    }
    Ok(Activity {
        since: days.first.map(date),
        until: days.last.map(date),
        days: by_day.into_iter().map(|(day, activity)| day_activity(day, &activity)).collect(),
        hours: hours.iter().zip(0..).map(|((sums, bill), hour)| hour_activity(hour, sums, bill)).collect(),
        time_zone: days.zone_name,
    })
}

/// What the clocks of a time zone show in a quarter hour. Remembers those of the last day of UTC.
struct Clock<'z> {
    zone: &'z TimeZone,
    utc_day: i64,
    shown: [Option<(i64, i64)>; QUARTERS_OF_DAY as usize],
}

impl Clock<'_> {
    fn new(zone: &TimeZone) -> Clock<'_> {
        Clock { zone, utc_day: i64::MIN, shown: [None; QUARTERS_OF_DAY as usize] }
    }

    /// Day since 1970-01-01, and hour.
    fn at(&mut self, quarter: i64) -> (i64, i64) {
        let (utc_day, index) = (quarter.div_euclid(QUARTERS_OF_DAY), quarter.rem_euclid(QUARTERS_OF_DAY));
        if utc_day != self.utc_day {
            *self = Clock { utc_day, ..Clock::new(self.zone) };
        }
        *self.shown[index as usize].get_or_insert_with(|| {
            let seconds = quarter * (QUARTER_HOUR / 1_000) + offset_seconds(quarter, self.zone);
            (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) / 3_600)
        })
    }
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
