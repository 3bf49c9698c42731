//! What the tests of the change feed share.

use std::time::Duration;

use han_native::model::Change;
use han_native::{Han, SubscribeOptions, Subscription};

pub(super) use crate::support::home::place;
pub(super) use crate::support::lines::{line, prompt};

/// Long enough for any machine; the test fails if it is not.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Options from a cursor on, with these patterns; expanded or not.
pub(super) fn from(since: &str, topics: &[&str], expand: bool) -> SubscribeOptions {
    SubscribeOptions {
        topics: topics.iter().map(|&topic| topic.into()).collect(),
        since: Some(since.into()),
        expand,
        ..SubscribeOptions::default()
    }
}

/// Everything that is pending.
pub(super) fn at_hand(subscription: &mut Subscription) -> Vec<Change> {
    let mut items = Vec::new();
    loop {
        let batch = subscription.next_batch(100, Some(Duration::ZERO)).unwrap();
        if batch.is_empty() {
            return items;
        }
        items.extend(batch);
    }
}

pub(super) fn told(han: &Han, options: SubscribeOptions) -> Vec<Change> {
    at_hand(&mut han.subscribe(options).unwrap())
}

/// The next item, which must exist.
pub(super) fn next(subscription: &mut Subscription) -> Change {
    subscription.next_timeout(PATIENCE).unwrap().expect("an item comes in time")
}

/// The message that an item is about.
pub(super) fn message_of(item: &Change) -> Option<String> {
    match item {
        Change::Change { message_id, .. } => message_id.map(|id| id.to_string()),
        _ => None,
    }
}

pub(super) fn messages(items: &[Change]) -> Vec<String> {
    items.iter().filter_map(message_of).collect()
}

/// Topic and session of each change.
pub(super) fn topics(items: &[Change]) -> Vec<(&str, &str)> {
    items
        .iter()
        .map(|item| match item {
            Change::Change { topic, session_id, .. } => (topic.as_str(), session_id.as_deref().unwrap_or("")),
            _ => ("gap", ""),
        })
        .collect()
}
