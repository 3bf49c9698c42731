//! The queries, and how long they took.

use std::time::{Duration, Instant};

use han_native::Han;
use han_native::model::{AnalyticsFilter, SearchQuery, SessionOrder, SessionQuery};
use rusqlite::{Connection, OpenFlags};

use super::database::{self, Scaled};
use crate::Result;
use crate::questions::{counts, search};
use crate::report::{Bound, Row};
use crate::statistics::Sample;

/// The sessions of a batch.
const SESSIONS: i64 = 1_000;
const ROUNDS: usize = 40;
const SEARCH: &str = "search, 20 hits";
/// The page cache of the bare connection: as large as that of a reader of ours.
const CACHE_KIB: i64 = 16 * 1024;

/// The handle that queries, and the arguments.
pub(super) struct Reads {
    han: Han,
    bare: Connection,
    ids: Vec<String>,
    queries: Vec<String>,
    /// The last year that has something.
    year: AnalyticsFilter,
}

/// How long the runs of one query took.
pub(super) struct Measured {
    pub(super) what: &'static str,
    durations: Vec<Duration>,
    /// The goals for the median and the 99th percentile, in milliseconds.
    goals: [Option<f64>; 2],
}

impl Reads {
    pub(super) fn new(scaled: &Scaled, seed: u64) -> Result<Reads> {
        let bare = Connection::open_with_flags(&scaled.database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        bare.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let ids = (bare.prepare("SELECT session_id FROM sessions ORDER BY random() LIMIT ?1")?)
            .query_map([SESSIONS], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let [since, until] = ["-1 year", "+1 day"].map(|shift| {
            let sql = "SELECT date(max(bucket) * 86400, 'unixepoch', ?1) FROM rollups WHERE scope = 2";
            bare.query_row(sql, [shift], |row| row.get::<_, Option<String>>(0))
        });
        let year = AnalyticsFilter { since: since?, until: until?, ..AnalyticsFilter::default() };
        let queries = search::queries(&scaled.database, seed)?;
        Ok(Reads { han: database::open_to_read(&scaled.database)?, bare, ids, queries, year })
    }

    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The counts of many sessions, next to the bare statement.
    pub(super) fn counts_against_bare(&mut self) -> Result<Row> {
        let wanted = serde_json::to_string(&self.ids)?;
        let mut statement = self.bare.prepare(counts::BARE)?;
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let counted = self.han.messages().count_batch(&self.ids)?;
            ours.push(start.elapsed());
            let start = Instant::now();
            let bare: Vec<(String, i64)> = statement
                .query_map([&wanted], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            floors.push(start.elapsed());
            if bare.len() != self.ids.len() || bare.iter().any(|(id, count)| counted.get(id) != Some(count)) {
                return Err("the call and the bare statement do not agree".into());
            }
        }
        let (ours, floors) = (Sample::of_durations(&ours), Sample::of_durations(&floors));
        let ratio = ours.median() / floors.median();
        let what = format!("{} counts in one call of Rust, beside rusqlite", self.ids.len());
        Ok(Row::new(what, format!("p50 {:.2} ms", ours.median()), ratio, "x")
            .against(format!("p50 {:.2} ms", floors.median()), ratio)
            .goal(Bound::AtMost(2.0)))
    }

    /// How long FTS5 alone takes for the best row ids of each query, without snippets; next to it, the time of a whole search.
    pub(super) fn search_against_bare(&self, quiet: &[Measured]) -> Result<Vec<Row>> {
        let sql = "SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rank LIMIT 20";
        let mut statement = self.bare.prepare(sql)?;
        let mut durations = Vec::new();
        for query in &self.queries {
            let start = Instant::now();
            // The last word is a prefix, as in ours.
            let rows = statement.query_map([format!("{query}*")], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<Vec<i64>>>()?;
            durations.push(start.elapsed());
        }
        let bare = Measured { what: SEARCH, durations, goals: [None, None] };
        let ours = quiet.iter().find(|measured| measured.what == SEARCH).ok_or("nothing was searched for")?;
        let row = |name: &str, ours_at: f64, bare_at: f64| {
            let ratio = ours_at / bare_at;
            let what = format!("{SEARCH}, {name}, beside row ids by FTS5 alone");
            Row::new(what, ours.shown(), ratio, "x").against(bare.shown(), ratio)
        };
        Ok(vec![row("p50", ours.p50(), bare.p50()), row("p99", ours.p99(), bare.p99())])
    }

    /// Runs all queries, many times, as long as `goes_on`.
    pub(super) fn all(&self, goes_on: &dyn Fn() -> bool) -> Result<Vec<Measured>> {
        let elsewhere = match self.han.dashboard(&self.year)?.time_zone.as_str() {
            "Asia/Kolkata" => "America/New_York",
            _ => "Asia/Kolkata",
        };
        let abroad = AnalyticsFilter { time_zone: Some(elsewhere.into()), ..self.year.clone() };
        let costliest =
            SessionQuery { order: Some(SessionOrder::Costliest), first: Some(20), ..SessionQuery::default() };
        let rounds = |what, goals, ask: &dyn Fn() -> han_native::Result<()>| -> Result<Measured> {
            let mut durations = Vec::new();
            while durations.len() < ROUNDS && (durations.is_empty() || goes_on()) {
                let start = Instant::now();
                ask()?;
                durations.push(start.elapsed());
            }
            Ok(Measured { what, durations, goals })
        };
        let mut measured = vec![
            rounds("1,000 counts in one call", [None, None], &|| self.han.messages().count_batch(&self.ids).map(drop))?,
            rounds("20 recent sessions", [None, None], &|| {
                self.han.sessions().list(&SessionQuery { first: Some(20), ..SessionQuery::default() }).map(drop)
            })?,
            rounds("20 costliest sessions", [None, None], &|| self.han.sessions().list(&costliest).map(drop))?,
            rounds("dashboard of a year", [Some(5.0), None], &|| self.han.dashboard(&self.year).map(drop))?,
            rounds("dashboard of a year elsewhere", [Some(50.0), None], &|| self.han.dashboard(&abroad).map(drop))?,
            rounds("activity of a year", [None, None], &|| self.han.activity(&self.year).map(drop))?,
        ];
        let mut durations = Vec::new();
        for query in &self.queries {
            if !durations.is_empty() && !goes_on() {
                break;
            }
            let query = SearchQuery { query: query.clone(), first: Some(20), ..SearchQuery::default() };
            let start = Instant::now();
            self.han.search(&query)?;
            durations.push(start.elapsed());
        }
        measured.push(Measured { what: SEARCH, durations, goals: [Some(10.0), Some(50.0)] });
        Ok(measured)
    }
}

impl Measured {
    fn sample(&self) -> Sample {
        Sample::of_durations(&self.durations)
    }

    fn p50(&self) -> f64 {
        self.sample().median()
    }

    pub(super) fn p99(&self) -> f64 {
        self.sample().quantile(0.99)
    }

    pub(super) fn shown(&self) -> String {
        let sample = self.sample();
        format!("p50 {:.2}, p99 {:.2}, max {:.2} ms", sample.median(), sample.quantile(0.99), sample.greatest())
    }

    /// A row for each goal, or one if there is none.
    pub(super) fn rows(&self, circumstance: &str) -> Vec<Row> {
        let sample = self.sample();
        let judged = [("p50", sample.median()), ("p99", sample.quantile(0.99))];
        let mut rows: Vec<Row> = (judged.into_iter().zip(self.goals))
            .filter_map(|((name, value), goal)| {
                let row = Row::new(format!("{}{circumstance}, {name}", self.what), self.shown(), value, " ms");
                goal.map(|goal| row.goal(Bound::AtMost(goal)))
            })
            .collect();
        if rows.is_empty() {
            rows.push(Row::new(format!("{}{circumstance}", self.what), self.shown(), sample.median(), " ms"));
        }
        rows
    }

    /// Adds what was measured again.
    pub(super) fn join(all: &mut Vec<Measured>, more: Vec<Measured>) {
        if all.is_empty() {
            *all = more;
            return;
        }
        for (all, more) in all.iter_mut().zip(more) {
            all.durations.extend(more.durations);
        }
    }
}
