//! Every operation, declared once, for whoever calls the library from another language.
//!
//! [`OPERATIONS`] lists them by name; [`Handle::call`] runs one on parameters that are a JSON object. The C library, the Node-API
//! addon and the Python package are made of this table: what is not in it (opening, closing, following, embedders) is
//! written by hand there.
//!
//! ```
//! use han_native::operations::{Call, Handle};
//! use han_native::OpenOptions;
//!
//! let handle = Handle::open(OpenOptions { in_memory: true, config_dirs: Some(Vec::new()), ..OpenOptions::default() })?;
//! let sessions = handle.call("sessions.list", Some(r#"{"first": 10}"#), &mut Call::default())?.into_bytes()?;
//! assert!(sessions.starts_with(b"{\"items\":[]"));
//! # Ok::<(), han_native::Error>(())
//! ```

mod answer;
mod arguments;
mod call;
mod handle;
#[cfg(feature = "schema")]
mod schema;
mod table;

pub use answer::{Answer, Form};
pub use arguments::{Arguments, camel_case};
pub use call::{Call, ProgressReport};
pub use handle::Handle;
#[cfg(feature = "schema")]
pub use schema::{Schemas, schemas};
pub use table::OPERATIONS;

use std::io::Write;

use crate::error::{Error, Result};

/// One operation: what it is called, what it takes, and how it is run.
#[non_exhaustive]
pub struct Operation {
    /// The name in JavaScript, such as `messages.timestampsBatch`.
    pub name: &'static str,
    /// How it runs.
    pub kind: Kind,
    /// The names of the parameters that come first, each by itself, where a language has positional parameters; all others are one
    /// object of options. In JSON all of them are keys of one object, in [`camel_case`].
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
    run: Run,
    #[cfg(feature = "schema")]
    schema: fn(&mut schema::Collector) -> schema::Shapes,
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

enum Run {
    OnHandle(fn(&Handle, Arguments, &mut Call<'_>) -> Result<Answer>),
    ToWriter(fn(&Handle, Arguments, &mut dyn Write) -> Result<()>),
    Alone(fn(Arguments) -> Result<Answer>),
}

/// The operation of this name.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) if there is none.
pub fn operation(name: &str) -> Result<&'static Operation> {
    let known = OPERATIONS.iter().find(|operation| operation.name == name);
    known.ok_or_else(|| Error::invalid("operation", format!("is unknown: {name:?}")))
}

/// Runs an operation of kind [`Kind::Static`].
///
/// # Errors
/// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for an unknown name, one of another kind, and for
/// parameters that are refused.
pub fn call_static(name: &str, parameters_json: Option<&str>) -> Result<Answer> {
    let Run::Alone(run) = operation(name)?.run else {
        return Err(Error::invalid("operation", format!("needs a handle: {name:?}")));
    };
    run(Arguments::parse(parameters_json)?)
}
