//! A handle as other languages hold it.

use std::io::Write;

use parking_lot::Mutex;

use super::arguments::Arguments;
use super::{Answer, Call, Run, operation};
use crate::config::OpenOptions;
use crate::error::{Error, Result};
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

    /// Runs an operation of any kind but [`Kind::Stream`](super::Kind::Stream) on the calling thread. `parameters_json` is a
    /// JSON object; `None` stands for an empty one, and a key whose value is `null` counts as left out.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for an unknown name and for parameters that are refused, and
    /// the errors of the operation.
    pub fn call(&self, name: &str, parameters_json: Option<&str>, call: &mut Call<'_>) -> Result<Answer> {
        match operation(name)?.run {
            Run::OnHandle(run) => run(self, Arguments::parse(parameters_json)?, call),
            Run::Alone(run) => run(Arguments::parse(parameters_json)?),
            Run::ToWriter(_) => Err(Error::invalid(
                "operation",
                format!("writes its result piece by piece: {name:?}; give it a writer"),
            )),
        }
    }

    /// Runs an operation of kind [`Kind::Stream`](super::Kind::Stream) on the calling thread.
    ///
    /// # Errors
    /// As [`call`](Handle::call); [`ErrorCode::Io`](crate::ErrorCode::Io) with what the writer returned.
    pub fn call_to(&self, name: &str, parameters_json: Option<&str>, writer: &mut dyn Write) -> Result<()> {
        match operation(name)?.run {
            Run::ToWriter(run) => run(self, Arguments::parse(parameters_json)?, writer),
            _ => Err(Error::invalid("operation", format!("returns its result in one piece: {name:?}"))),
        }
    }

    /// Has this handle lead, now or as soon as it can; whether it leads now.
    pub(super) fn acquire(&self) -> Result<bool> {
        let mut held = self.leadership.lock();
        let acquired = self.han.coordinator().try_acquire()?;
        let leads = acquired.led_at_once();
        // The new one first, then the old one is dropped: in between the handle does not stop leading.
        *held = Some(acquired);
        Ok(leads)
    }

    /// Stops leading, and wanting to; whether it led until now.
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
