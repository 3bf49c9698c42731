//! Which of very many matches are the newest. The times of runs of row ids decide it for almost all; only the messages of runs
//! in which the boundary may lie are looked at: it is guessed, what lies across the guess is looked at, and the guess corrected.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::query::rows::json_array;
use crate::store::Failure;
use crate::store::message_times::{self, UNTIMED};

/// Matches of one run.
#[derive(Debug, Clone, Copy)]
struct Run<'m> {
    first: i64,
    last: i64,
    row_ids: &'m [i64],
}

/// The newest of these, in the order of their row ids; where times are the same, those with the greatest ids. `row_ids`
/// ascend.
pub(super) fn newest(connection: &Connection, row_ids: &[i64], count: usize) -> Result<Vec<i64>, Failure> {
    let times = message_times::all(connection)?;
    let mut search =
        Boundary { runs: runs(row_ids, &times), timed: Vec::new(), newest: Vec::with_capacity(count), count };
    search.find(&mut |row_ids| timed(connection, row_ids))?;
    search.newest.sort_unstable();
    Ok(search.newest)
}

/// The search for the time of the last of the newest.
struct Boundary<'m> {
    /// Runs of which it is not known on which side they lie.
    runs: Vec<Run<'m>>,
    /// The same of single messages.
    timed: Vec<Timed>,
    /// The row ids of those that are known to be among the newest.
    newest: Vec<i64>,
    /// How many are to be found.
    count: usize,
}

impl Boundary<'_> {
    /// Fills `newest`, and looks at the messages that it has to.
    fn find(&mut self, look: &mut Look<'_>) -> Result<(), Failure> {
        while let Some(guess) = self.guess() {
            let (across, runs): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.runs).into_iter().partition(|run| run.first < guess && guess <= run.last);
            self.runs = runs;
            let row_ids: Vec<i64> = across.iter().flat_map(|run| run.row_ids).copied().collect();
            self.timed.extend(look(&row_ids)?);
            if !self.settle(guess) && across.is_empty() {
                // The guess is the earliest time that is left, and too many messages have it. All others are newer.
                let (last, newer): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut self.runs).into_iter().partition(|run| run.first <= guess);
                self.newest.extend(newer.iter().flat_map(|run| run.row_ids));
                let row_ids: Vec<i64> = last.iter().flat_map(|run| run.row_ids).copied().collect();
                self.timed.extend(look(&row_ids)?);
            }
        }
        let wanted = self.count.saturating_sub(self.newest.len());
        if wanted > 0 && self.timed.len() > wanted {
            self.timed.select_nth_unstable(wanted - 1);
        }
        self.newest.extend(self.timed.iter().take(wanted).map(|(_, Reverse(row_id))| row_id));
        Ok(())
    }

    /// Where the boundary would lie if all of a run were of the time in its middle; `None` if no run is left to guess from.
    fn guess(&self) -> Option<i64> {
        if self.runs.is_empty() || self.newest.len() >= self.count {
            return None;
        }
        let middle = |run: &Run<'_>| i64::midpoint(run.first, run.last);
        let mut weights: Vec<(Reverse<i64>, usize)> =
            self.runs.iter().map(|run| (Reverse(middle(run)), run.row_ids.len())).collect();
        weights.extend(self.timed.iter().map(|(time, _)| (*time, 1)));
        weights.sort_unstable();
        let mut sum = self.newest.len();
        let last = weights.iter().find(|(_, length)| {
            sum += length;
            sum >= self.count
        });
        last.or(weights.last()).map(|(Reverse(time), _)| *time)
    }

    /// Keeps one side of a time that no run lies across: the boundary is on it. Returns whether there was anything on the other.
    fn settle(&mut self, time: i64) -> bool {
        let is_newer = |timed: &Timed| timed.0.0 >= time;
        let newer = self.runs.iter().filter(|run| run.first >= time).map(|run| run.row_ids.len()).sum::<usize>()
            + self.timed.iter().filter(|timed| is_newer(timed)).count();
        let before = self.runs.len() + self.timed.len();
        if self.newest.len() + newer > self.count {
            self.runs.retain(|run| run.first >= time);
            self.timed.retain(is_newer);
        } else {
            let newest = &mut self.newest;
            self.runs.retain(|run| {
                if run.first >= time {
                    newest.extend(run.row_ids);
                }
                run.first < time
            });
            self.timed.retain(|timed| {
                if is_newer(timed) {
                    newest.push(timed.1.0);
                }
                !is_newer(timed)
            });
        }
        self.runs.len() + self.timed.len() < before
    }
}

fn runs<'m>(row_ids: &'m [i64], times: &BTreeMap<i64, (i64, i64)>) -> Vec<Run<'m>> {
    let of_one_run = |left: &i64, right: &i64| message_times::run_of(*left) == message_times::run_of(*right);
    let run = |row_ids: &'m [i64]| {
        // A run that nothing is known of may hold any time.
        let (first, last) = times.get(&message_times::run_of(row_ids[0])).copied().unwrap_or((UNTIMED, i64::MAX));
        Run { first, last, row_ids }
    };
    row_ids.chunk_by(of_one_run).map(run).collect()
}

/// Time and row id of a message; the newest is the least.
type Timed = (Reverse<i64>, Reverse<i64>);

/// What looks up the times of messages.
type Look<'l> = dyn FnMut(&[i64]) -> Result<Vec<Timed>, Failure> + 'l;

/// The times of these messages.
fn timed(connection: &Connection, row_ids: &[i64]) -> Result<Vec<Timed>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(message.time, -9223372036854775808), message.id
         FROM json_each(?1) AS wanted CROSS JOIN messages AS message ON message.id = wanted.value",
    )?;
    let rows = statement.query_map([json_array(row_ids)], |row| Ok((Reverse(row.get(0)?), Reverse(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::testing::empty_index;

    fn times() -> impl Strategy<Value = Vec<Option<i64>>> {
        // In order except a few, or in no order.
        let nearly = proptest::collection::vec((0..40_i64, proptest::option::weighted(0.95, Just(()))), 1..1_500)
            .prop_map(|steps| (0..).zip(steps).map(|(at, (step, timed))| timed.map(|()| at * 10 - step)).collect());
        let none = proptest::collection::vec(proptest::option::of(0..50_i64), 1..1_500);
        prop_oneof![nearly, none]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn they_are_those_that_a_sort_finds(times in times(), step in 1..5_usize, count in 1..800_usize) {
            let connection = empty_index();
            let rows: Vec<(i64, Option<i64>)> = (1..).zip(times).collect();
            let mut insert = connection
                .prepare(
                    "INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, flags, time, preview)
                     VALUES (?1, 1, ?1, 0, 0, 1, 1, 0, ?2, '')",
                )
                .unwrap();
            let mut kept = message_times::MessageTimes::default();
            for (id, time) in &rows {
                insert.execute((id, time)).unwrap();
                kept.note(*id, *time);
            }
            kept.flush(&connection).unwrap();
            let matches: Vec<(i64, Option<i64>)> = rows.into_iter().step_by(step).collect();
            let ids: Vec<i64> = matches.iter().map(|(id, _)| *id).collect();
            let mut sorted = matches;
            sorted.sort_by_key(|(id, time)| Reverse((*time, *id)));
            let mut expected: Vec<i64> = sorted.into_iter().take(count).map(|(id, _)| id).collect();
            expected.sort_unstable();
            prop_assert_eq!(newest(&connection, &ids, count).unwrap(), expected);
        }
    }

    #[test]
    fn only_messages_at_the_boundary_are_looked_at() {
        let row_ids: Vec<i64> = (0..20_000).collect();
        // Of each hundred messages some lie across many others, and some are of no time.
        let time = |id: i64| match id % 1_000 {
            7 => UNTIMED,
            8 => (id * 7_919) % 200_000,
            _ => id * 10,
        };
        let run = |row_ids: &'static [i64]| {
            let times = row_ids.iter().map(|id| time(*id));
            Run { first: times.clone().min().unwrap(), last: times.max().unwrap(), row_ids }
        };
        let row_ids: &'static [i64] = row_ids.leak();
        let odd = row_ids.chunks(100).filter(|ids| ids[0] % 1_000 == 0).count() * 100;
        for count in [0, 1, 50, 9_999, 15_000, 20_000, 30_000] {
            let runs = row_ids.chunks(100).map(run).collect();
            let mut search = Boundary { runs, timed: Vec::new(), newest: Vec::new(), count };
            let mut looked = 0;
            search
                .find(&mut |ids| {
                    looked += ids.len();
                    Ok(ids.iter().map(|id| (Reverse(time(*id)), Reverse(*id))).collect())
                })
                .unwrap();
            let mut expected: Vec<i64> = row_ids.to_vec();
            expected.sort_by_key(|id| Reverse((time(*id), *id)));
            expected.truncate(count);
            expected.sort_unstable();
            search.newest.sort_unstable();
            assert_eq!(search.newest, expected, "{count}");
            assert!(looked <= odd + 1_000, "{looked} of 20000 were looked at for {count}");
        }
    }
}
