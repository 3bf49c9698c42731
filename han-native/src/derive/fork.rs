//! What a record says about where it comes from, for distinguishing the original of a session from its forks: both have the same uuids and
//! times, and name the session of their own file.

use xxhash_rust::xxh3::Xxh3;

use super::row::LoneRow;
use super::time;
use crate::transcript::record::{Purpose, Record, RecordType};

/// The session that the record names as the one it was copied from, or asked by: its own if it is not a copy.
pub(super) fn origin(record: &Record<'_>) -> Option<String> {
    let envelope = record.envelope;
    envelope.forked_from.session_id.to_owned().or_else(|| envelope.request_session_id.to_owned())
}

/// A record without a uuid that shows when its file was active. `effective_time` is that of the record, or of one before it.
pub(super) fn lone(record: &Record<'_>, own_time: Option<i64>, effective_time: Option<i64>) -> Option<LoneRow> {
    let envelope = record.envelope;
    if envelope.uuid.non_empty().is_some() {
        return None;
    }
    let snapshot = envelope.message_id.non_empty().filter(|_| is(record, RecordType::FileHistorySnapshot));
    let time = match snapshot {
        Some(_) => own_time.or_else(|| time::read(envelope.snapshot.timestamp)),
        // These have no time, or not each of them.
        None if is(record, RecordType::LastPrompt) || is_log(record) => effective_time,
        None => own_time,
    };
    let key = match snapshot {
        Some(message_id) => xxhash_rust::xxh3::xxh3_64(message_id.as_bytes()),
        None => key_without_session(record),
    };
    Some(LoneRow { key: key as i64, time: time? })
}

fn is(record: &Record<'_>, record_type: RecordType) -> bool {
    record.record_type() == Some(record_type)
}

fn is_log(record: &Record<'_>) -> bool {
    record.record_type().is_some_and(|known| known.purpose() == Purpose::Log)
}

/// A hash of the record that is the same in a copy whose session id was rewritten.
fn key_without_session(record: &Record<'_>) -> u64 {
    let mut hash = Xxh3::new();
    match record.envelope.session_id.non_empty() {
        Some(session) => record.json.split(session).for_each(|piece| {
            hash.update(piece.as_bytes());
            hash.update(&[0]);
        }),
        None => hash.update(record.json.as_bytes()),
    }
    hash.digest()
}
