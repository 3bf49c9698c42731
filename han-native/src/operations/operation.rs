//! What an operation is.

use std::io::Write;

use super::answer::{Answer, Form};
use super::arguments::Arguments;
use super::call::Call;
use super::handle::Handle;
#[cfg(feature = "schema")]
use super::schema::{Collector, Shapes};
use crate::error::Result;

/// One operation: what it is called, what it takes, and how it is run.
#[non_exhaustive]
pub struct Operation {
    /// The name in JavaScript, such as `messages.countBatch`.
    pub name: &'static str,
    /// How it runs.
    pub kind: Kind,
    /// The names of the parameters that come first, each by itself, if a language has positional parameters; all others are one
    /// object of options. In JSON all of them are keys of one object, in [`camel_case`](super::camel_case).
    pub leading: &'static [&'static str],
    /// Whether it can be cancelled while it runs.
    pub is_cancellable: bool,
    /// Whether it reports progress.
    pub has_progress: bool,
    /// What its result is.
    pub form: Form,
    /// The Rust expression that it runs, by which the generator finds the method that documents it.
    #[doc(hidden)]
    pub expression: &'static str,
    pub(super) run: Run,
    #[cfg(feature = "schema")]
    pub(super) schema: fn(&mut Collector) -> Shapes,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Operation").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// How an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Reads; does not wait for writes.
    Read,
    /// Writes; waits for other writes.
    Write,
    /// May take seconds or minutes; waits for no other call.
    Long,
    /// Answers at once, from memory or with a short look at the disk.
    Instant,
    /// Writes its result piece by piece, as bytes.
    Stream,
    /// Needs no handle.
    Static,
}

/// What runs an operation.
pub(super) enum Run {
    OnHandle(fn(&Handle, Arguments, &mut Call<'_>) -> Result<Answer>),
    ToWriter(fn(&Handle, Arguments, &mut dyn Write) -> Result<()>),
    Alone(fn(Arguments) -> Result<Answer>),
}
