//! Table `message_times`: between which times the messages of a run of row ids lie. By it a search finds which of very many
//! matches are the newest, without looking at each of them.
//!
//! Bounds are only widened: they still hold after messages were removed or derived again, if not as narrowly.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::store::failure::Failure;

/// The time of a message that has none: before all others.
pub(crate) const UNTIMED: i64 = i64::MIN;

/// How many row ids a run has.
const LENGTH: i64 = 256;

/// The run of a message.
pub(crate) fn run_of(message_id: i64) -> i64 {
    message_id.div_euclid(LENGTH)
}

/// The times of the messages that a transaction writes.
#[derive(Debug, Default)]
pub(crate) struct MessageTimes {
    /// The least and the greatest by run.
    runs: BTreeMap<i64, (i64, i64)>,
}

impl MessageTimes {
    pub(crate) fn note(&mut self, message_id: i64, time: Option<i64>) {
        let time = time.unwrap_or(UNTIMED);
        let (first, last) = self.runs.entry(run_of(message_id)).or_insert((time, time));
        (*first, *last) = ((*first).min(time), (*last).max(time));
    }

    /// Writes what was noted.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Result<(), Failure> {
        let mut statement = connection.prepare_cached(
            "INSERT INTO message_times (run, first, last) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)",
        )?;
        for (run, (first, last)) in std::mem::take(&mut self.runs) {
            statement.execute(params![run, first, last])?;
        }
        Ok(())
    }
}

/// Every run with its first and last time.
pub(crate) fn all(connection: &Connection) -> Result<BTreeMap<i64, (i64, i64)>, Failure> {
    let mut statement = connection.prepare_cached("SELECT run, first, last FROM message_times")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads all of them from the messages.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), Failure> {
    connection.execute("DELETE FROM message_times", [])?;
    let mut times = MessageTimes::default();
    let mut statement = connection.prepare("SELECT id, time FROM messages")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        times.note(row.get(0)?, row.get(1)?);
    }
    times.flush(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_widened_and_found_anew() {
        let connection = crate::store::empty_database();
        for messages in [&[(1, Some(50)), (255, Some(20)), (256, None)][..], &[(2, Some(70)), (256, Some(3))]] {
            let mut times = MessageTimes::default();
            messages.iter().for_each(|(id, time)| times.note(*id, *time));
            times.flush(&connection).unwrap();
        }
        let runs = || all(&connection).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(runs(), [(0, (20, 70)), (1, (UNTIMED, 3))]);
        connection
            .execute(
                "INSERT INTO messages (id, generation_id, line, part, offset, length, type_id, flags, time, preview)
                 VALUES (300, 1, 1, 0, 0, 1, 1, 0, 9, '')",
                [],
            )
            .unwrap();
        rebuild(&connection).unwrap();
        assert_eq!(runs(), [(1, (9, 9))]);
    }
}
