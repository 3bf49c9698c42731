//! Following the changes: the public face of `change`.

use std::time::{Duration, Instant};

use super::Han;
use crate::change::Subscriber;
use crate::config::SubscribeOptions;
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::{Error, Result};
use crate::model::Change;

impl Han {
    /// Follows what is committed to the database, by this handle or by any other, in this process or another. A handle
    /// that was opened for reading only may, too.
    ///
    /// While a handle on disk has subscriptions, one thread of it, `han-feed`, looks every 10 ms whether another handle has committed.
    ///
    /// ```
    /// use han_native::model::{Change, TestMessage, TestSession};
    /// use han_native::{Han, SubscribeOptions};
    ///
    /// let han = Han::open_in_memory()?;
    /// let mut changes = han.subscribe(SubscribeOptions { topics: vec!["session:*".into()], ..SubscribeOptions::default() })?;
    /// # let made = han.testing().session(&TestSession {
    /// #     messages: vec![TestMessage::user("why does the build fail?"), TestMessage::assistant("a library is missing")],
    /// #     ..TestSession::default()
    /// # })?;
    /// // Blocks until something is committed, here a new session.
    /// let Some(change) = changes.next() else { return Ok(()) };
    /// println!("{:?}", change?);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for an invalid pattern or cursor; [`ErrorCode::Closed`]; those of reading.
    pub fn subscribe(&self, options: SubscribeOptions) -> Result<Subscription> {
        Ok(Subscription { subscriber: self.feed.subscribe(&self.store, options)? })
    }
}

/// A place in the feed of changes that moves on: what was committed comes in the order of the commits, nothing twice. Dropping
/// it ends it.
///
/// It is not a queue: it reads from the database, a bounded number of items at a time, when it is asked. So a slow reader costs
/// the writer nothing; one whose position is no longer kept gets one [`Change::Gap`] and continues after that.
///
/// As an iterator it blocks until there is an item, and ends when the handle is closed, when its last clone is dropped, or when
/// the subscription's [`Cancellation`](crate::Cancellation) is cancelled; each of these wakes a blocked call at once. It does
/// not keep the handle open. An error ends nothing: the next call tries again.
#[must_use = "a subscription yields nothing unless it is asked"]
pub struct Subscription {
    subscriber: Subscriber,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Subscription {
    /// The next item; `None` if there is none within `timeout`, or if the subscription has [ended](Self::is_ended).
    /// Blocks for that long at most; a timeout of zero looks once.
    ///
    /// # Errors
    /// Those of reading.
    pub fn next_timeout(&mut self, timeout: Duration) -> Result<Option<Change>> {
        self.subscriber.next(deadline(timeout))
    }

    /// The next items, at least one and up to `max` of those that are at hand; empty as
    /// [`next_timeout`](Self::next_timeout) is `None`. Without a timeout it blocks until there is an item or the end.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`] for a `max` of 0; those of reading.
    pub fn next_batch(&mut self, max: usize, timeout: Option<Duration>) -> Result<Vec<Change>> {
        if max == 0 {
            return Err(Error::invalid("max", "is 0; ask for at least one item"));
        }
        self.subscriber.next_batch(max, timeout.and_then(deadline))
    }

    /// Whether the handle was closed or the subscription cancelled: no item comes any more.
    pub fn is_ended(&mut self) -> bool {
        self.subscriber.is_ended()
    }
}

impl Iterator for Subscription {
    type Item = Result<Change>;

    fn next(&mut self) -> Option<Result<Change>> {
        self.subscriber.next(None).transpose()
    }
}

/// `None` if it is too far away for an `Instant`: without end.
fn deadline(timeout: Duration) -> Option<Instant> {
    Instant::now().checked_add(timeout)
}
