//! Every operation, declared once, for callers in other languages.
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
mod dispatch;
mod handle;
mod operation;
#[cfg(feature = "schema")]
mod schema;
mod table;

pub use answer::{Answer, Form};
pub use arguments::{Arguments, camel_case};
pub use call::{Call, ProgressReport};
#[cfg(feature = "schema")]
pub use dispatch::{Schemas, schemas};
pub use dispatch::{call_static, operation};
pub use handle::Handle;
pub use operation::{Kind, Operation};
#[cfg(feature = "schema")]
pub use schema::Shapes;
pub use table::OPERATIONS;
