//! The feed of one handle, and its subscribers.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Instant;

use parking_lot::Mutex;

use super::cursor::Position;
use super::local::Local;
use super::poller::Poller;
use super::read::{self, Reader};
use super::topics::Topics;
use crate::clock;
use crate::config::{Cancellation, SubscribeOptions};
use crate::error::{Error, Result};
use crate::model::{Change, Timestamp};
use crate::signal::Signal;
use crate::store::{Store, Topic};

/// Items that a subscriber holds at most, and reads in one step.
const HELD_ITEMS: usize = 512;

/// What the subscribers of a handle share: the thread that looks at what others commit, and what is reported to them only.
///
/// It has to be closed, or dropped, before the store is: the thread's connection would be the last one otherwise, and could not
/// tidy up the log.
pub(crate) struct Feed {
    news: Arc<Signal>,
    local: Arc<Local>,
    subscribers: Mutex<Subscribers>,
}

#[derive(Default)]
struct Subscribers {
    count: usize,
    /// Runs while there are any, on disk.
    poller: Option<Poller>,
    is_closed: bool,
}

impl Feed {
    pub(crate) fn new(store: &Store) -> Feed {
        Feed {
            news: Arc::clone(store.news()),
            local: Arc::new(Local::default()),
            subscribers: Mutex::new(Subscribers::default()),
        }
    }

    /// Notifies the subscribers of this handle only, without storing anything.
    pub(crate) fn announce_local(&self, topic: Topic) {
        self.local.announce(topic, clock::now_millis());
        self.news.ring();
    }

    /// Begins a subscription to a store, which must be that of this feed.
    pub(crate) fn subscribe(self: &Arc<Feed>, store: &Arc<Store>, options: SubscribeOptions) -> Result<Subscriber> {
        let topics = Topics::parse(&options.topics)?;
        let since = options.since.as_deref().map(str::parse::<Position>).transpose()?;
        let entry = self.enter(store)?;
        // Looked up after the poller's first look: what is committed in between is heard.
        let local_heard = self.local.count();
        let position = store.read(|connection| read::start(connection, since))?;
        options.cancellation.wakes(&self.news);
        Ok(Subscriber {
            store: Arc::downgrade(store),
            news: Arc::clone(&self.news),
            local: Arc::clone(&self.local),
            local_heard,
            cancellation: options.cancellation,
            reader: Reader { topics, is_expanded: options.expand, position },
            items: VecDeque::new(),
            read_up_to: None,
            is_ended: false,
            _entry: entry,
        })
    }

    /// Counts a subscriber, and starts the thread for the first one.
    fn enter(self: &Arc<Feed>, store: &Store) -> Result<Entry> {
        let mut subscribers = self.subscribers.lock();
        if subscribers.is_closed {
            return Err(Error::Closed);
        }
        if subscribers.poller.is_none()
            && let Some(version) = store.data_version()?
        {
            subscribers.poller = Some(Poller::start(version, Arc::clone(&self.news))?);
        }
        subscribers.count += 1;
        Ok(Entry { feed: Arc::downgrade(self) })
    }

    #[cfg(test)]
    pub(super) fn has_poller(&self) -> bool {
        self.subscribers.lock().poller.is_some()
    }

    /// Ends the thread. Subscribers end when the store is closed.
    pub(crate) fn close(&self) {
        let mut subscribers = self.subscribers.lock();
        subscribers.is_closed = true;
        subscribers.poller = None;
    }
}

/// A subscriber's place in the count.
struct Entry {
    feed: Weak<Feed>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let Some(feed) = self.feed.upgrade() else { return };
        let mut subscribers = feed.subscribers.lock();
        subscribers.count -= 1;
        if subscribers.count == 0 {
            subscribers.poller = None;
        }
    }
}

/// One subscription. It holds neither the store nor the feed open.
pub(crate) struct Subscriber {
    store: Weak<Store>,
    news: Arc<Signal>,
    local: Arc<Local>,
    local_heard: u64,
    cancellation: Cancellation,
    reader: Reader,
    /// Read and not handed out yet.
    items: VecDeque<Change>,
    /// How often the bell had been rung when the end of the feed was reached: until the next ringing there is nothing to read.
    read_up_to: Option<u64>,
    is_ended: bool,
    _entry: Entry,
}

impl Subscriber {
    /// Whether it was cancelled, or the handle closed: nothing comes any more.
    pub(crate) fn is_ended(&mut self) -> bool {
        if !self.is_ended {
            let is_closed = self.store.upgrade().is_none_or(|store| store.is_closed());
            self.is_ended = is_closed || self.cancellation.is_cancelled();
        }
        self.is_ended
    }

    /// The next item. `None` if there is none before the deadline, or if the subscription ended.
    pub(crate) fn next(&mut self, deadline: Option<Instant>) -> Result<Option<Change>> {
        Ok(if self.wait(deadline)? { self.items.pop_front() } else { None })
    }

    /// The next items, up to `most` and at least one; empty where [`next`](Subscriber::next) would return `None`.
    pub(crate) fn next_batch(&mut self, most: usize, deadline: Option<Instant>) -> Result<Vec<Change>> {
        let count = if self.wait(deadline)? { most.min(self.items.len()) } else { 0 };
        Ok(self.items.drain(..count).collect())
    }

    /// Waits until it holds an item; false if there is none before the deadline, or if the subscription ended.
    fn wait(&mut self, deadline: Option<Instant>) -> Result<bool> {
        loop {
            if self.is_ended() {
                return Ok(false);
            }
            if !self.items.is_empty() {
                return Ok(true);
            }
            // Taken before reading: what is committed meanwhile rings again.
            let heard = self.news.count();
            if self.read_up_to != Some(heard) {
                match self.read() {
                    Ok(true) => self.read_up_to = Some(heard),
                    Ok(false) => {}
                    Err(Error::Closed) => self.is_ended = true,
                    Err(error) => return Err(error),
                }
            } else if !self.news.wait(heard, deadline) {
                return Ok(false);
            }
        }
    }

    /// Reads a step; returns whether the end of the feed was reached.
    fn read(&mut self) -> Result<bool> {
        let Some(store) = self.store.upgrade() else { return Err(Error::Closed) };
        let mut items = Vec::new();
        // A step that fails has reported nothing: it begins again where this one began.
        let before = self.reader.position;
        let read = store.read(|connection| self.reader.step(connection, HELD_ITEMS, &mut items));
        if read.is_err() {
            self.reader.position = before;
        }
        let is_end = read?;
        self.items.extend(items);
        self.hear_local();
        Ok(is_end)
    }

    /// Takes what was announced to this handle: after what was read, without a sequence of its own.
    fn hear_local(&mut self) {
        let (announcements, heard) = self.local.behind(self.local_heard);
        self.local_heard = heard;
        for (topic, time) in announcements {
            if self.reader.topics.matches(topic.name()) {
                self.items.push_back(Change::Change {
                    cursor: self.reader.position.to_string(),
                    topic: topic.name().into(),
                    time: Timestamp(time),
                    session_id: None,
                    message_id: None,
                    count: None,
                    first_message_id: None,
                    last_message_id: None,
                });
            }
        }
    }
}
