//! The operations on leading.

use std::sync::Arc;

use crate::coordinator::{Seat, Wish};
#[cfg(doc)]
use crate::error::ErrorCode;
use crate::error::Result;
use crate::model::CoordinatorStatus;

/// The operations on who writes; see [`Han::coordinator`](super::Han::coordinator).
#[derive(Clone, Copy)]
pub struct Coordinator<'a> {
    seat: &'a Arc<Seat>,
}

impl<'a> Coordinator<'a> {
    pub(super) fn new(seat: &'a Arc<Seat>) -> Coordinator<'a> {
        Coordinator { seat }
    }

    /// Makes this handle lead now, if no other does, otherwise as soon as the leader releases it, dies or stops: then it
    /// takes over by itself, on a thread of its own (`han-lead`), and subscribers are notified by `leader:acquired`. Does not wait
    /// for another process, except for at most half a second.
    ///
    /// While a handle leads, no other may write the database; without a leader each call that writes takes a lock for itself.
    ///
    /// ```
    /// use han_native::Han;
    ///
    /// let han = Han::open_in_memory()?;
    /// let leadership = han.coordinator().try_acquire()?;
    /// assert!(leadership.led_at_once() && han.coordinator().is_coordinator()?);
    /// leadership.release()?;
    /// assert!(!han.coordinator().is_coordinator()?);
    /// # Ok::<(), han_native::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorCode::AlreadyLeaderInProcess`] if another handle of this process leads, [`ErrorCode::ReadOnly`],
    /// [`ErrorCode::Closed`], and those of writing.
    pub fn try_acquire(&self) -> Result<Leadership> {
        let wish = self.seat.stand()?;
        Ok(Leadership { seat: Arc::clone(self.seat), wish, is_held: true })
    }

    /// Stops leading, and wanting to, no matter who holds a [`Leadership`] of this handle; returns whether it led.
    ///
    /// # Errors
    /// Those of writing; the lock is released anyway.
    pub fn release(&self) -> Result<bool> {
        self.seat.close()
    }

    /// Who writes. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle that wants to
    /// lead.
    ///
    /// # Errors
    /// Those of reading.
    pub fn status(&self) -> Result<CoordinatorStatus> {
        self.seat.status()
    }

    /// Whether this handle leads. Reads nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Closed`].
    pub fn is_coordinator(&self) -> Result<bool> {
        self.seat.leads()
    }
}

/// A wish to lead, and leading once it is granted. Ends when it is dropped, if it is the handle's last one.
#[must_use = "leading ends when this value is dropped"]
pub struct Leadership {
    seat: Arc<Seat>,
    wish: Wish,
    is_held: bool,
}

impl std::fmt::Debug for Leadership {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Leadership").field("led_at_once", &self.wish.leads).finish_non_exhaustive()
    }
}

impl Leadership {
    /// Whether the handle led when this was acquired.
    pub fn led_at_once(&self) -> bool {
        self.wish.leads
    }

    /// Whether the handle leads now. Reads nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Closed`].
    pub fn is_leader(&self) -> Result<bool> {
        self.seat.leads()
    }

    /// Ends it; returns whether the handle led until now.
    ///
    /// # Errors
    /// Those of writing; the lock is released anyway.
    pub fn release(mut self) -> Result<bool> {
        self.is_held = false;
        self.seat.stand_down(self.wish)
    }
}

impl Drop for Leadership {
    fn drop(&mut self) {
        if self.is_held {
            // There is nobody to report a failure to; the lock is released anyway.
            let _ = self.seat.stand_down(self.wish);
        }
    }
}
