//! Reporting what was committed: each subscriber is a cursor over the outbox and waits for one bell. Knows neither how rows
//! are made nor who subscribes; there is no queue, so that no subscriber slows another down.

mod cursor;
mod feed;
mod local;
mod poller;
mod read;
#[cfg(test)]
mod tests;
mod topics;

pub(crate) use feed::{Feed, Subscriber};
