//! A handle as other languages hold it.

use parking_lot::Mutex;

use crate::config::OpenOptions;
use crate::error::Result;
use crate::han::{Han, Leadership};

/// A database, and its leadership while it leads or wants to: what one handle of another language holds.
#[derive(Debug)]
pub struct Handle {
    /// Dropped before the database.
    leadership: Mutex<Option<Leadership>>,
    han: Han,
}

impl Handle {
    /// Opens a database.
    ///
    /// # Errors
    /// As [`Han::open`].
    pub fn open(options: OpenOptions) -> Result<Handle> {
        Ok(Handle { leadership: Mutex::new(None), han: Han::open(options)? })
    }

    /// The database.
    pub fn han(&self) -> &Han {
        &self.han
    }

    /// Makes this handle lead, now or as soon as it can; returns whether it leads now.
    pub(super) fn acquire(&self) -> Result<bool> {
        let mut held = self.leadership.lock();
        let acquired = self.han.coordinator().try_acquire()?;
        let leads = acquired.led_at_once();
        // The new one first, then the old one is dropped: in between the handle does not stop leading.
        *held = Some(acquired);
        Ok(leads)
    }

    /// Stops leading, and wanting to; returns whether it led until now.
    pub(super) fn release(&self) -> Result<bool> {
        let held = self.leadership.lock().take();
        held.map_or(Ok(false), Leadership::release)
    }

    /// Closes the database: see [`Han::close`].
    pub fn close(&self) {
        self.han.close();
        self.leadership.lock().take();
    }
}
