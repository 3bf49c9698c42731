//! Table `changes`: the outbox of events, written in the transaction of what they tell.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::store::Failure;

/// What happened to a session. The order is that of the stored changes of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
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
    fn name(self) -> &'static str {
        match self {
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
    pending: BTreeMap<(i64, Topic), Range>,
}

#[derive(Default)]
struct Range {
    first: Option<i64>,
    last: Option<i64>,
    count: i64,
}

impl Changes {
    /// Notes that something happened, to a message where there is one.
    pub(crate) fn add(&mut self, session_id: i64, topic: Topic, message_id: Option<i64>) {
        let range = self.pending.entry((session_id, topic)).or_default();
        range.count += 1;
        if let Some(id) = message_id {
            range.first = Some(range.first.map_or(id, |first| first.min(id)));
            range.last = Some(range.last.map_or(id, |last| last.max(id)));
        }
    }

    /// Takes one of what happened back.
    pub(crate) fn retract(&mut self, session_id: i64, topic: Topic) {
        if let Some(range) = self.pending.get_mut(&(session_id, topic)) {
            range.count -= 1;
            if range.count <= 0 {
                self.pending.remove(&(session_id, topic));
            }
        }
    }

    /// Writes what was noted.
    pub(crate) fn flush(&mut self, connection: &Connection, now: i64) -> Result<(), Failure> {
        let mut insert = connection.prepare_cached(
            "INSERT INTO changes (time, topic, session_id, first_message_id, last_message_id, count)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for ((session_id, topic), range) in std::mem::take(&mut self.pending) {
            insert.execute(params![now, topic.name(), session_id, range.first, range.last, range.count])?;
        }
        Ok(())
    }
}
