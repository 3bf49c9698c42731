//! The records of a session, one family per file. Each writes to the session it is passed, and knows no files.

pub(crate) mod assistant;
pub(crate) mod attachment;
pub(crate) mod compaction;
pub(crate) mod meta;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod queue;
pub(crate) mod snapshot;
pub(crate) mod system;
pub(crate) mod turn;
