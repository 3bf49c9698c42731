//! From a place in the feed to the items after it, a bounded number at a time.

use rusqlite::Connection;

use super::cursor::Position;
use super::topics::Topics;
use crate::model::{Change, MessageId, Timestamp};
use crate::store::Failure;
use crate::store::outbox::{self, StoredChange};

/// Stored changes that are looked at in one step.
const STEP_CHANGES: usize = 256;

/// What a subscriber wants, and where it is.
#[derive(Debug)]
pub(super) struct Reader {
    pub topics: Topics,
    pub is_expanded: bool,
    /// After everything that was put out.
    pub position: Position,
}

/// Where a subscription starts: after its cursor, else after the newest change.
pub(super) fn start(connection: &Connection, since: Option<Position>) -> Result<Position, Failure> {
    let newest = Position::behind(outbox::newest(connection)?);
    Ok(match since {
        // The change of this cursor does not exist any more: a power failure has undone it.
        Some(since) if since.seq > outbox::last_given(connection)?.max(newest.seq) => newest,
        Some(since) => since,
        None => newest,
    })
}

impl Reader {
    /// Puts up to about `most` items out, in one step; returns whether the end of the feed was reached.
    pub(super) fn step(
        &mut self,
        connection: &Connection,
        most: usize,
        items: &mut Vec<Change>,
    ) -> Result<bool, Failure> {
        self.skip_what_is_gone(connection, items)?;
        if self.position.index.is_some() {
            match outbox::change(connection, self.position.seq)? {
                Some(change) if change.has_messages() => self.put_rest(connection, &change, most, items)?,
                _ => self.position.index = None,
            }
        }
        if items.len() >= most {
            return Ok(false);
        }
        let changes = outbox::changes_behind(connection, self.position.seq, STEP_CHANGES)?;
        let is_last_step = changes.len() < STEP_CHANGES;
        for change in changes {
            self.put(connection, &change, most, items)?;
            if items.len() >= most {
                return Ok(false);
            }
        }
        Ok(is_last_step)
    }

    fn skip_what_is_gone(&mut self, connection: &Connection, items: &mut Vec<Change>) -> Result<(), Failure> {
        let trimmed = outbox::trimmed(connection)?;
        let end = Position::behind(trimmed);
        let is_gone = match self.position.index {
            Some(_) => self.position.seq <= trimmed,
            None => self.position.seq < trimmed,
        };
        if is_gone {
            let from = std::mem::replace(&mut self.position, end);
            items.push(Change::Gap { cursor: end.to_string(), from: from.to_string(), to: end.to_string() });
        }
        Ok(())
    }

    fn put(
        &mut self,
        connection: &Connection,
        change: &StoredChange,
        most: usize,
        items: &mut Vec<Change>,
    ) -> Result<(), Failure> {
        let behind = Position::behind(change.seq);
        // Some of a change that only had copies may be originals by now; these are reported one by one.
        let is_wanted = self.topics.matches(&change.topic);
        let has_news = is_wanted && change.count > 0;
        match change.messages.filter(|_| change.has_messages()) {
            Some((first, _)) if is_wanted && self.is_expanded => {
                return self.put_messages(connection, change, first - 1, most, items);
            }
            Some((first, _)) if has_news => {
                let ends = change.ends_behind(connection, first - 1)?;
                items.push(item(change, behind, About::Messages { count: change.count, ends }));
            }
            None if has_news => items.push(item(change, behind, About::Session)),
            _ => {}
        }
        self.position = behind;
        Ok(())
    }

    /// Goes on in the middle of a change.
    fn put_rest(
        &mut self,
        connection: &Connection,
        change: &StoredChange,
        most: usize,
        items: &mut Vec<Change>,
    ) -> Result<(), Failure> {
        let told = change.messages.zip(self.position.index).map(|((first, _), index)| first.saturating_add(index));
        if let Some(after) = told.filter(|_| self.topics.matches(&change.topic)) {
            if self.is_expanded {
                return self.put_messages(connection, change, after, most, items);
            }
            let count = change.count_behind(connection, after)?;
            if count > 0 {
                let ends = change.ends_behind(connection, after)?;
                items.push(item(change, Position::behind(change.seq), About::Messages { count, ends }));
            }
        }
        self.position = Position::behind(change.seq);
        Ok(())
    }

    fn put_messages(
        &mut self,
        connection: &Connection,
        change: &StoredChange,
        after: i64,
        most: usize,
        items: &mut Vec<Change>,
    ) -> Result<(), Failure> {
        let first = change.messages.map_or(0, |(first, _)| first);
        let room = most.saturating_sub(items.len()).max(1);
        // One more than there is room for shows whether these are the last.
        let mut messages = change.messages_behind(connection, after, room + 1)?;
        let is_all = messages.len() <= room;
        messages.truncate(room);
        for (row_id, id) in messages {
            self.position = Position { seq: change.seq, index: Some(row_id - first) };
            items.push(item(change, self.position, About::Message(id)));
        }
        if is_all {
            self.position = Position::behind(change.seq);
        }
        Ok(())
    }
}

/// What an item is about.
enum About {
    /// The session, or nothing but the topic.
    Session,
    Message(MessageId),
    Messages {
        count: i64,
        ends: Option<(MessageId, MessageId)>,
    },
}

fn item(change: &StoredChange, position: Position, about: About) -> Change {
    let (message_id, count, ends) = match about {
        About::Session => (None, None, None),
        About::Message(id) => (Some(id), None, None),
        About::Messages { count, ends } => (None, Some(count), ends),
    };
    Change::Change {
        cursor: position.to_string(),
        topic: change.topic.clone(),
        time: Timestamp(change.time),
        session_id: change.session.clone(),
        message_id,
        count,
        first_message_id: ends.map(|(first, _)| first),
        last_message_id: ends.map(|(_, last)| last),
    }
}
