//! Sessions by what was done in them within some days: how many, and the first and last ones by cost and by messages.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, HashSet};

use rusqlite::{Connection, Row};

use super::cells;
use super::days::{Buckets, Days};
use super::pricing::{Bill, Pricing, tokens, total};
use crate::model::{SessionActivity, Timestamp};
use crate::query::rows::json_array;
use crate::store::Failure;
use crate::store::rollups::Sums;

/// How many sessions each end of an order has.
const SHOWN: usize = 10;

/// Up to this many sessions are ordered by their names, which are read for it; of more than that the names are walked in their order.
const FEW: usize = 1_000;

/// What is looked at.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) connection: &'a Connection,
    pub(super) days: &'a Days,
    pub(super) buckets: &'a [Buckets],
    pub(super) project_id: Option<i64>,
}

/// What was done in the sessions, within some days. Only what orders them is kept of each: there may be very many.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    tallies: Vec<Tally>,
    /// Where each session is among them.
    places: HashMap<i64, u32>,
    /// How many sessions were talked in, by project.
    by_project: HashMap<i64, i64>,
    /// Projects and sessions that were talked in for another project before.
    elsewhere: HashSet<(i64, i64)>,
}

/// What was done in a session.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    id: i64,
    /// The project for which it was talked in first; 0, which none has, before that.
    home: i64,
    /// Picodollars. Millions of dollars are all the same: it only orders.
    cost: i64,
    messages: i64,
    tokens: i64,
    is_talk: bool,
    has_asked: bool,
    has_unpriced: bool,
}

impl Tally {
    pub(super) fn of(id: i64) -> Tally {
        Tally { id, ..Tally::default() }
    }

    pub(super) fn add(&mut self, sums: &Sums, bill: Bill) {
        self.join(&Tally {
            cost: bill.cost.ordering(),
            messages: sums.messages,
            tokens: total(sums),
            is_talk: sums.talk > 0,
            has_asked: sums.api_messages > 0,
            has_unpriced: !bill.is_whole(),
            ..Tally::default()
        });
    }

    fn join(&mut self, other: &Tally) {
        self.cost = self.cost.saturating_add(other.cost);
        self.messages += other.messages;
        self.tokens += other.tokens;
        self.is_talk |= other.is_talk;
        self.has_asked |= other.has_asked;
        self.has_unpriced |= other.has_unpriced;
    }

    fn by_cost(&self) -> (i64, i64, i64) {
        (self.cost, self.messages, self.tokens)
    }

    fn by_messages(&self) -> (i64, i64, i64) {
        (self.messages, self.cost, self.tokens)
    }
}

/// What is shown of a session.
struct Shown {
    label: Label,
    sums: Sums,
    bill: Bill,
}

/// What is shown of a session besides its sums.
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
        self.of(tally.id).join(tally);
    }

    fn of(&mut self, id: i64) -> &mut Tally {
        let place = *self.places.entry(id).or_insert_with(|| {
            self.tallies.push(Tally::of(id));
            self.tallies.len() as u32 - 1
        });
        &mut self.tallies[place as usize]
    }

    /// Notes that a session was talked in for a project.
    pub(super) fn talked(&mut self, project_id: i64, session_id: i64) {
        let home = &mut self.of(session_id).home;
        let is_new = match *home {
            0 => {
                *home = project_id;
                true
            }
            home => home != project_id && self.elsewhere.insert((project_id, session_id)),
        };
        *self.by_project.entry(project_id).or_default() += i64::from(is_new);
    }

    /// How many were talked in.
    pub(super) fn count(&self) -> i64 {
        self.talked_in().count() as i64
    }

    /// How many were talked in, in a project.
    pub(super) fn count_in(&self, project_id: i64) -> i64 {
        self.by_project.get(&project_id).copied().unwrap_or_default()
    }

    fn talked_in(&self) -> impl Iterator<Item = &Tally> + Clone {
        self.tallies.iter().filter(|tally| tally.is_talk)
    }

    pub(super) fn ends(&self, asked: Asked<'_>, pricing: &mut Pricing<'_>) -> Result<Ends, Failure> {
        let is_priced = |tally: &&Tally| tally.has_asked && !tally.has_unpriced;
        let connection = asked.connection;
        let orders = [
            leading(connection, self.talked_in(), |tally| Reverse(tally.by_cost()))?,
            leading(connection, self.talked_in().filter(is_priced), Tally::by_cost)?,
            leading(connection, self.talked_in(), |tally| Reverse(tally.by_messages()))?,
            leading(connection, self.talked_in(), Tally::by_messages)?,
        ];
        let ids: HashSet<i64> = orders.iter().flatten().map(|(_, id)| *id).collect();
        let shown = read(asked, pricing, ids)?;
        let [top_by_cost, bottom_by_cost, top_by_messages, bottom_by_messages] =
            orders.map(|order| in_order(order, &shown));
        Ok(Ends { top_by_cost, bottom_by_cost, top_by_messages, bottom_by_messages })
    }
}

/// The first sessions by a key, each with its rank: sessions of one key have one rank. Of those that share the last rank the first
/// by session id are taken.
fn leading<'t, K: Ord + Copy>(
    connection: &Connection,
    tallies: impl Iterator<Item = &'t Tally> + Clone,
    key: impl Fn(&Tally) -> K,
) -> Result<Vec<(usize, i64)>, Failure> {
    let mut least: BinaryHeap<K> = BinaryHeap::with_capacity(SHOWN + 1);
    for tally in tallies.clone() {
        let key = key(tally);
        if least.len() < SHOWN || least.peek().is_some_and(|greatest| key < *greatest) {
            least.push(key);
            if least.len() > SHOWN {
                least.pop();
            }
        }
    }
    let Some(last) = least.peek().copied() else { return Ok(Vec::new()) };
    let mut keyed: Vec<(K, i64)> = Vec::with_capacity(SHOWN);
    let mut tied = Vec::new();
    for tally in tallies {
        match key(tally).cmp(&last) {
            Ordering::Less => keyed.push((key(tally), tally.id)),
            Ordering::Equal => tied.push(tally.id),
            Ordering::Greater => {}
        }
    }
    let wanted = SHOWN - keyed.len();
    keyed.extend(first_by_name(connection, tied, wanted)?.into_iter().map(|id| (last, id)));
    keyed.sort_unstable();
    let mut ranked: Vec<(usize, i64)> = Vec::with_capacity(keyed.len());
    for (place, (key, id)) in keyed.iter().enumerate() {
        let rank = match ranked.last() {
            Some((rank, _)) if keyed[place - 1].0 == *key => *rank,
            _ => place,
        };
        ranked.push((rank, *id));
    }
    Ok(ranked)
}

/// This many of the sessions of these row ids, those with the least session ids.
fn first_by_name(connection: &Connection, ids: Vec<i64>, wanted: usize) -> Result<Vec<i64>, Failure> {
    if ids.len() <= wanted {
        return Ok(ids);
    }
    if ids.len() <= FEW {
        let mut statement = connection.prepare_cached(
            "SELECT session.id FROM json_each(?1) AS wanted CROSS JOIN sessions AS session ON session.id = wanted.value
             ORDER BY session.session_id LIMIT ?2",
        )?;
        let rows = statement.query_map((json_array(&ids), wanted as i64), |row| row.get(0))?;
        return Ok(rows.collect::<rusqlite::Result<_>>()?);
    }
    let ids: HashSet<i64> = ids.into_iter().collect();
    let mut statement = connection.prepare_cached("SELECT id FROM sessions ORDER BY session_id")?;
    let mut rows = statement.query([])?;
    let mut first = Vec::with_capacity(wanted);
    while let Some(row) = rows.next()?
        && first.len() < wanted
    {
        let id = row.get(0)?;
        if ids.contains(&id) {
            first.push(id);
        }
    }
    Ok(first)
}

/// What is shown of these sessions.
fn read(asked: Asked<'_>, pricing: &mut Pricing<'_>, ids: HashSet<i64>) -> Result<HashMap<i64, Shown>, Failure> {
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut shown: HashMap<i64, Shown> = labels(asked.connection, &ids)?
        .into_iter()
        .map(|(id, label)| (id, Shown { label, sums: Sums::default(), bill: Bill::default() }))
        .collect();
    cells::for_each_part_of(asked.connection, &ids, asked.buckets, asked.project_id, &mut |part| {
        let Some(session) = shown.get_mut(&part.session_id()) else { return Ok(()) };
        part.for_each_cell(&mut |cell| {
            session.sums.add(cell.sums, 1);
            session.bill.add(pricing.bill(&cell, asked.days)?);
            Ok(())
        })
    })?;
    Ok(shown)
}

/// The sessions of an order; if all numbers are equal, by session id, so that every database returns the same.
fn in_order(order: Vec<(usize, i64)>, shown: &HashMap<i64, Shown>) -> Vec<SessionActivity> {
    let mut sessions: Vec<(usize, SessionActivity)> =
        order.into_iter().filter_map(|(rank, id)| Some((rank, activity(shown.get(&id)?)))).collect();
    sessions.sort_by(|(rank, left), (other, right)| (rank, &left.session_id).cmp(&(other, &right.session_id)));
    sessions.into_iter().map(|(_, session)| session).collect()
}

fn activity(Shown { label, sums, bill }: &Shown) -> SessionActivity {
    SessionActivity {
        session_id: label.session_id.clone(),
        project_id: label.project_id.clone(),
        title: label.title.clone(),
        started_at: label.started_at,
        ended_at: label.ended_at,
        messages: sums.messages,
        prompts: sums.prompts,
        api_messages: sums.api_messages,
        tokens: tokens(sums),
        cost: bill.cost.dollars(),
        unpriced_api_messages: bill.unpriced_api_messages,
    }
}

fn labels(connection: &Connection, ids: &[i64]) -> Result<HashMap<i64, Label>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT session.id, session.session_id, project.slug, session.title, session.started_at, session.ended_at
         FROM json_each(?1) AS wanted CROSS JOIN sessions AS session ON session.id = wanted.value
         CROSS JOIN projects AS project ON project.id = session.project_id",
    )?;
    let time = |row: &Row<'_>, column: usize| row.get::<_, Option<i64>>(column).map(|time| time.map(Timestamp));
    let rows = statement.query_map([json_array(ids)], |row| {
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
