//! Which of very many matches are the newest. The times of runs of row ids decide it for almost all; only the messages of runs
//! in which the boundary may lie are looked at.

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
    let mut runs = runs(row_ids, &times);
    let (least, greatest) = boundary(&mut runs, count);
    let mut newest: Vec<i64> = Vec::with_capacity(count);
    let mut unsure: Vec<i64> = Vec::new();
    for run in runs {
        match run {
            run if run.first > greatest => newest.extend(run.row_ids),
            run if run.last >= least => unsure.extend(run.row_ids),
            _ => {}
        }
    }
    let mut unsure = timed(connection, &unsure)?;
    let wanted = count.saturating_sub(newest.len());
    if wanted > 0 && unsure.len() > wanted {
        unsure.select_nth_unstable(wanted - 1);
    }
    newest.extend(unsure.into_iter().take(wanted).map(|(_, Reverse(row_id))| row_id));
    newest.sort_unstable();
    Ok(newest)
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

/// Between which times that of the last of the newest lies.
fn boundary(runs: &mut [Run<'_>], count: usize) -> (i64, i64) {
    let mut bound = |time: fn(&Run<'_>) -> i64| {
        runs.sort_unstable_by_key(|run| Reverse(time(run)));
        let mut sum = 0;
        let last = runs.iter().find(|run| {
            sum += run.row_ids.len();
            sum >= count
        });
        last.map_or(UNTIMED, time)
    };
    (bound(|run| run.first), bound(|run| run.last))
}

/// Time and row id of a message; the newest is the least.
type Timed = (Reverse<i64>, Reverse<i64>);

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
        // In order but for a few, or in none.
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
        let mut runs: Vec<Run<'_>> =
            (0..100).map(|at| Run { first: at * 10, last: at * 10 + 15, row_ids: &[1, 2] }).collect();
        let (least, greatest) = boundary(&mut runs, 50);
        let unsure = runs.iter().filter(|run| run.first <= greatest && run.last >= least);
        assert!(unsure.count() <= 4, "{least} to {greatest}");
    }
}
