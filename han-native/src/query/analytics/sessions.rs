//! Sessions by what was done in them within some days: how many, and the first and last ones by cost and by messages.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row};

use super::pricing::{Bill, tokens, total};
use crate::cost::Money;
use crate::model::{SessionActivity, Timestamp};
use crate::query::rows::json_array;
use crate::store::Failure;
use crate::store::rollups::Sums;

/// How many sessions each end of an order has.
const SHOWN: usize = 10;

/// What was done in the sessions, within some days.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_id: HashMap<i64, Tally>,
    /// Sessions that were talked in, by project.
    by_project: HashMap<i64, HashSet<i64>>,
}

/// What was done in a session.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    id: i64,
    sums: Sums,
    bill: Bill,
}

impl Tally {
    pub(super) fn of(id: i64) -> Tally {
        Tally { id, ..Tally::default() }
    }

    pub(super) fn add(&mut self, sums: &Sums, bill: Bill) {
        self.sums.add(sums, 1);
        self.bill.add(bill);
    }
}

/// What is shown of a session beside its sums.
struct Label {
    session_id: String,
    project_id: String,
    title: Option<String>,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

/// The first and last sessions in two orders.
pub(super) struct Ends {
    pub(super) top_by_cost: Vec<SessionActivity>,
    pub(super) bottom_by_cost: Vec<SessionActivity>,
    pub(super) top_by_messages: Vec<SessionActivity>,
    pub(super) bottom_by_messages: Vec<SessionActivity>,
}

impl Sessions {
    /// Adds what was done in a session.
    pub(super) fn add(&mut self, tally: &Tally) {
        self.by_id.entry(tally.id).or_insert(Tally::of(tally.id)).add(&tally.sums, tally.bill);
    }

    /// Adds what was done in a session for a project.
    pub(super) fn talked(&mut self, project_id: i64, session_id: i64, sums: &Sums) {
        if sums.talk > 0 {
            self.by_project.entry(project_id).or_default().insert(session_id);
        }
    }

    /// How many were talked in.
    pub(super) fn count(&self) -> i64 {
        self.talked_in().count() as i64
    }

    /// How many were talked in, in a project.
    pub(super) fn count_in(&self, project_id: i64) -> i64 {
        self.by_project.get(&project_id).map_or(0, HashSet::len) as i64
    }

    fn talked_in(&self) -> impl Iterator<Item = &Tally> {
        self.by_id.values().filter(|tally| tally.sums.talk > 0)
    }

    pub(super) fn ends(&self, connection: &Connection) -> Result<Ends, Failure> {
        let all: Vec<&Tally> = self.talked_in().collect();
        let is_priced = |tally: &&Tally| tally.sums.api_messages > 0 && tally.bill.unpriced_api_messages == 0;
        let priced: Vec<&Tally> = all.iter().copied().filter(is_priced).collect();
        let by_cost = |tally: &Tally| (tally.bill.cost, tally.sums.messages, total(&tally.sums));
        let by_messages =
            |tally: &Tally| -> (i64, Money, i64) { (tally.sums.messages, tally.bill.cost, total(&tally.sums)) };
        let orders = [
            leading(&all, |tally| Reverse(by_cost(tally))),
            leading(&priced, by_cost),
            leading(&all, |tally| Reverse(by_messages(tally))),
            leading(&all, by_messages),
        ];
        let ids: HashSet<i64> = orders.iter().flatten().map(|(_, tally)| tally.id).collect();
        let labels = labels(connection, ids)?;
        let [top_by_cost, bottom_by_cost, top_by_messages, bottom_by_messages] =
            orders.map(|order| shown(order, &labels));
        Ok(Ends { top_by_cost, bottom_by_cost, top_by_messages, bottom_by_messages })
    }
}

/// The sessions that may be among the first by a key, each with its rank: sessions of one key have one rank.
fn leading<K: Ord + Copy>(tallies: &[&Tally], key: impl Fn(&Tally) -> K) -> Vec<(usize, Tally)> {
    let mut keyed: Vec<(K, usize)> = tallies.iter().zip(0..).map(|(tally, index)| (key(tally), index)).collect();
    if keyed.len() > SHOWN {
        let (_, (last, _), _) = keyed.select_nth_unstable(SHOWN - 1);
        let last = *last;
        keyed.retain(|(key, _)| *key <= last);
    }
    keyed.sort_unstable();
    let mut ranked: Vec<(usize, Tally)> = Vec::new();
    for (place, (key, index)) in keyed.iter().enumerate() {
        let rank = match ranked.last() {
            Some((rank, _)) if keyed[place - 1].0 == *key => *rank,
            _ => place,
        };
        ranked.push((rank, *tallies[*index]));
    }
    ranked
}

/// The first of them; where all the numbers are the same, by session id, so that every database answers alike.
fn shown(order: Vec<(usize, Tally)>, labels: &HashMap<i64, Label>) -> Vec<SessionActivity> {
    let mut shown: Vec<(usize, SessionActivity)> =
        order.into_iter().filter_map(|(rank, tally)| Some((rank, activity(&tally, labels.get(&tally.id)?)))).collect();
    shown.sort_by(|(rank, left), (other, right)| (rank, &left.session_id).cmp(&(other, &right.session_id)));
    shown.truncate(SHOWN);
    shown.into_iter().map(|(_, session)| session).collect()
}

fn activity(tally: &Tally, label: &Label) -> SessionActivity {
    SessionActivity {
        session_id: label.session_id.clone(),
        project_id: label.project_id.clone(),
        title: label.title.clone(),
        started_at: label.started_at,
        ended_at: label.ended_at,
        messages: tally.sums.messages,
        prompts: tally.sums.prompts,
        api_messages: tally.sums.api_messages,
        tokens: tokens(&tally.sums),
        cost: tally.bill.cost.dollars(),
        unpriced_api_messages: tally.bill.unpriced_api_messages,
    }
}

fn labels(connection: &Connection, ids: HashSet<i64>) -> Result<HashMap<i64, Label>, Failure> {
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut statement = connection.prepare_cached(
        "SELECT session.id, session.session_id, project.slug, session.title, session.started_at, session.ended_at
         FROM json_each(?1) AS wanted CROSS JOIN sessions AS session ON session.id = wanted.value
         CROSS JOIN projects AS project ON project.id = session.project_id",
    )?;
    let time = |row: &Row<'_>, column: usize| row.get::<_, Option<i64>>(column).map(|time| time.map(Timestamp));
    let rows = statement.query_map([json_array(&ids)], |row| {
        let label = Label {
            session_id: row.get(1)?,
            project_id: row.get(2)?,
            title: row.get(3)?,
            started_at: time(row, 4)?,
            ended_at: time(row, 5)?,
        };
        Ok((row.get(0)?, label))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
