//! What is reported to the subscribers of one handle only, without being stored.

use std::collections::VecDeque;

use parking_lot::Mutex;

use crate::store::Topic;

/// How many are kept for subscribers that lag. They are rare: one each time that the lead is lost.
const KEPT: usize = 64;

/// The announcements of one handle; each subscriber is a cursor over them.
#[derive(Debug, Default)]
pub(super) struct Local {
    announcements: Mutex<Announcements>,
}

#[derive(Debug, Default)]
struct Announcements {
    /// How many there were before the first one that is kept.
    dropped: u64,
    kept: VecDeque<(Topic, i64)>,
}

impl Local {
    /// Keeps an announcement, and the time in milliseconds.
    pub(super) fn announce(&self, topic: Topic, now: i64) {
        let mut announcements = self.announcements.lock();
        announcements.kept.push_back((topic, now));
        if announcements.kept.len() > KEPT {
            announcements.kept.pop_front();
            announcements.dropped += 1;
        }
    }

    /// How many there were so far.
    pub(super) fn count(&self) -> u64 {
        let announcements = self.announcements.lock();
        announcements.dropped + announcements.kept.len() as u64
    }

    /// Those after the first `heard` ones, and how many that makes.
    pub(super) fn behind(&self, heard: u64) -> (Vec<(Topic, i64)>, u64) {
        let announcements = self.announcements.lock();
        let skipped = heard.saturating_sub(announcements.dropped) as usize;
        let news = announcements.kept.iter().skip(skipped).copied().collect();
        (news, announcements.dropped + announcements.kept.len() as u64)
    }
}
