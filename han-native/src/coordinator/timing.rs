//! The periods of the election.

use std::time::Duration;

use crate::config::OpenOptions;
use crate::error::{Error, Result};

/// Between two attempts of a follower: a dead leader is replaced within a second.
const FOLLOW: Duration = Duration::from_millis(250);

/// The periods of the election.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    pub(super) heartbeat: Duration,
    pub(super) stale: Duration,
    pub(super) follow: Duration,
}

impl Timing {
    /// Those of the options of a handle.
    pub(crate) fn of(options: &OpenOptions) -> Result<Timing> {
        let heartbeat = options.heartbeat();
        let stale = options.stale();
        if heartbeat.is_zero() || stale < heartbeat * 2 {
            let problem = "has to be more than 0, and staleAfterMs at least twice as long";
            return Err(Error::invalid("heartbeatIntervalMs", problem));
        }
        Ok(Timing { heartbeat, stale, follow: FOLLOW.min(stale / 4) })
    }
}
