//! What a handle has, and what is known of others, about leading.

use crate::platform::lock::FileLock;

/// What a handle has that leads.
pub(super) struct Leading {
    pub(super) epoch: i64,
    /// `None` after taking over from a leader that is stopped, and in memory.
    pub(super) lock: Option<FileLock>,
}

/// The outcome of a try to lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// This handle leads.
    Leads,
    /// Another one does, or writes for a call: this process, if it is known.
    Held { pid: Option<i64> },
}

/// The outcome of a try to take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takeover {
    Leads,
    /// The leader has shown a sign of life, or this handle writes itself.
    Moved,
    /// The leader is inside a transaction, which only it can end.
    Stalled,
}

/// A process that has stopped inside a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stalled {
    /// Its id, if it is known.
    pub(crate) pid: Option<i64>,
}
