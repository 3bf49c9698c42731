//! Changes, watching and leading, as they happen.
#![allow(clippy::unwrap_used)]

#[cfg(target_os = "linux")]
mod election;
#[cfg(target_os = "linux")]
mod election_crowd;
mod feed;
mod feed_crowd;
mod feed_ends;
mod feed_histories;
pub(crate) mod feed_law;
mod feed_support;
mod logging;
mod watch;
mod watch_histories;
mod watch_lead;
mod watch_life;
mod watch_modes;
mod watch_support;
