//! Table `changes`: the outbox of events, written in the transaction of what they report, and kept for a while.

use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::failure::Failure;

/// What happened. The order is that of the stored changes of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    LeaderAcquired,
    /// Never stored: reported to the subscribers of one handle only.
    LeaderLost,
    SessionAdded,
    SessionReindexed,
    MessageAdded,
    ToolResultAdded,
    TodosChanged,
    TasksChanged,
    FilesChanged,
    HooksChanged,
    HookResultAdded,
    SessionUpdated,
}

impl Topic {
    /// The topics that are stored with the messages that they are about.
    pub(crate) const OF_MESSAGES: [Topic; 7] = [
        Topic::MessageAdded,
        Topic::ToolResultAdded,
        Topic::TodosChanged,
        Topic::TasksChanged,
        Topic::FilesChanged,
        Topic::HooksChanged,
        Topic::HookResultAdded,
    ];

    /// The topic as subscribers see it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Topic::LeaderAcquired => "leader:acquired",
            Topic::LeaderLost => "leader:lost",
            Topic::SessionAdded => "session:added",
            Topic::SessionReindexed => "session:reindexed",
            Topic::MessageAdded => "session:message:added",
            Topic::ToolResultAdded => "tool:result:added",
            Topic::TodosChanged => "session:todos:changed",
            Topic::TasksChanged => "session:tasks:changed",
            Topic::FilesChanged => "session:files:changed",
            Topic::HooksChanged => "session:hooks:changed",
            Topic::HookResultAdded => "hook:result:added",
            Topic::SessionUpdated => "session:updated",
        }
    }
}

/// The changes of one transaction: one for each session and topic.
#[derive(Default)]
pub(crate) struct Changes {
    pending: BTreeMap<(i64, Topic), Pending>,
    /// Messages that turned out to be copies.
    copies: HashSet<i64>,
}

#[derive(Default)]
struct Pending {
    times: i64,
    messages: Vec<i64>,
}

impl Changes {
    /// Notes that something happened, to a message if there is one. Session 0 is none.
    pub(crate) fn add(&mut self, session_id: i64, topic: Topic, message_id: Option<i64>) {
        let pending = self.pending.entry((session_id, topic)).or_default();
        pending.times += 1;
        pending.messages.extend(message_id);
    }

    /// Notes that a message is a copy: if it is new, it is not news.
    pub(crate) fn retract(&mut self, message_id: i64) {
        self.copies.insert(message_id);
    }

    /// Takes back what happened to a session that is gone, including whatever is stored of it.
    pub(crate) fn remove_session(&mut self, connection: &Connection, session_id: i64) -> Result<(), Failure> {
        self.pending.retain(|(id, _), _| *id != session_id);
        remove_session(connection, session_id)
    }

    /// Writes what was noted; returns whether there was anything.
    pub(crate) fn flush(&mut self, connection: &Connection, now: i64) -> Result<bool, Failure> {
        let has_changes = !self.pending.is_empty();
        for ((session_id, topic), pending) in std::mem::take(&mut self.pending) {
            // The range has the copies, too, and if nothing else was added, the count is 0: if their original goes, what is
            // read of the range are they.
            let copies = pending.messages.iter().filter(|id| self.copies.contains(id)).count() as i64;
            let (first, last) = (pending.messages.iter().min(), pending.messages.iter().max());
            insert(connection, now, topic, session_id, first.zip(last), pending.times - copies)?;
        }
        Ok(has_changes)
    }
}

fn insert(
    connection: &Connection,
    now: i64,
    topic: Topic,
    session_id: i64,
    messages: Option<(&i64, &i64)>,
    count: i64,
) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO changes (time, topic, session_id, first_message_id, last_message_id, count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            now,
            topic.name(),
            session_id,
            messages.map(|ends| ends.0),
            messages.map(|ends| ends.1),
            count
        ])?;
    Ok(())
}

/// Stores a change that is about no session, in the caller's transaction. `now` is in milliseconds.
pub(crate) fn announce(connection: &Connection, topic: Topic, now: i64) -> Result<(), Failure> {
    insert(connection, now, topic, 0, None, 1)
}

/// Removes what is stored of a session: its row id may be assigned to another.
fn remove_session(connection: &Connection, session_id: i64) -> Result<(), Failure> {
    connection.prepare_cached("DELETE FROM changes WHERE session_id = ?1")?.execute([session_id])?;
    Ok(())
}

/// How long a change is kept, in milliseconds.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// How many changes are kept.
const KEPT_CHANGES: i64 = 100_000;
/// How many are removed in one step, so that no step takes long.
const STEP_CHANGES: i64 = 10_000;
/// Where the greatest sequence that was removed is kept: sequences have holes, so it cannot be derived from those that are left.
const TRIMMED: &str = "changes_trimmed";

/// Removes the oldest changes that are no longer kept, at most 10,000 per call, and remembers up to where. Part of the caller's
/// transaction. `now` is in milliseconds.
pub(crate) fn trim(connection: &Connection, now: i64) -> Result<(), Failure> {
    let first_young: Option<i64> = connection
        .prepare_cached("SELECT seq FROM changes WHERE time > ?1 ORDER BY seq LIMIT 1")?
        .query_row([now - KEPT_MILLIS], |row| row.get(0))
        .optional()?;
    let last_surplus: Option<i64> = match is_crowded(connection)? {
        true => connection
            .prepare_cached("SELECT seq FROM changes ORDER BY seq DESC LIMIT 1 OFFSET ?1")?
            .query_row([KEPT_CHANGES], |row| row.get(0))
            .optional()?,
        false => None,
    };
    // After the last one to be removed: by whichever of the two limits removes more.
    let end = first_young.unwrap_or(i64::MAX).max(last_surplus.map_or(i64::MIN, |seq| seq + 1));
    let trimmed: Option<i64> = connection
        .prepare_cached("SELECT max(seq) FROM (SELECT seq FROM changes WHERE seq < ?1 ORDER BY seq LIMIT ?2)")?
        .query_row([end, STEP_CHANGES], |row| row.get(0))?;
    let Some(trimmed) = trimmed else { return Ok(()) };
    connection.prepare_cached("DELETE FROM changes WHERE seq <= ?1")?.execute([trimmed])?;
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![TRIMMED, trimmed.to_string()])?;
    Ok(())
}

/// Whether there may be more changes than are kept; counting them costs more.
fn is_crowded(connection: &Connection) -> Result<bool, Failure> {
    Ok(connection
        .prepare_cached("SELECT coalesce((SELECT max(seq) FROM changes) - (SELECT min(seq) FROM changes), 0) >= ?1")?
        .query_row([KEPT_CHANGES], |row| row.get(0))?)
}

/// The greatest sequence that was removed, 0 if none was.
pub(crate) fn trimmed(connection: &Connection) -> Result<i64, Failure> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([TRIMMED], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// How far a new coordinator raises the sequence.
const RAISE: i64 = 1_000_000;

/// Raises the sequence, so that one which power loss has undone is never assigned again. Part of the caller's transaction.
pub(crate) fn raise_sequence(connection: &Connection) -> Result<(), Failure> {
    let raised = connection
        .prepare_cached("UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'changes'")?
        .execute([RAISE])?;
    if raised == 0 {
        connection
            .prepare_cached("INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', ?1)")?
            .execute([RAISE])?;
    }
    Ok(())
}
