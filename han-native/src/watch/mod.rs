//! Notices which paths below the config dirs may have changed, and says so. Knows nothing about what is done with them: neither
//! the database nor the index.
//!
//! The operating system's events come through one source per handle and are gathered as a set of paths; whoever asks gets
//! the whole set at once, and is woken only while it was empty. What the set says is checked against the disk as it is
//! by then, so that the order of events does not matter. What events do not cover is looked at in intervals.

mod inbox;
mod native;
mod ports;
mod schedule;
mod tree;
mod watcher;
mod waypoints;

pub(crate) use native::Native;
pub(crate) use ports::SystemClock;
pub(crate) use schedule::Periods;
pub(crate) use watcher::{Dirty, Look, Plan, Remote, Standing, Watch};
