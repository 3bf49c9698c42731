//! Finding an operation by its name, and running it.

use std::io::Write;

use super::answer::Answer;
use super::arguments::Arguments;
use super::call::Call;
use super::handle::Handle;
use super::operation::{Operation, Run};
use super::table::OPERATIONS;
use crate::error::{Error, Result};

/// The operation of this name.
///
/// # Errors
/// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) if there is none.
pub fn operation(name: &str) -> Result<&'static Operation> {
    let known = OPERATIONS.iter().find(|operation| operation.name == name);
    known.ok_or_else(|| Error::invalid("operation", format!("is unknown: {name:?}")))
}

/// Runs an operation of kind [`Kind::Static`](super::Kind::Static).
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

impl Handle {
    /// Runs an operation of any kind but [`Kind::Stream`](super::Kind::Stream) on the calling thread. `parameters_json` is a
    /// JSON object; `None` counts as an empty one, and a key whose value is `null` counts as left out.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidArgument`](crate::ErrorCode::InvalidArgument) for an unknown name and for parameters that are refused, and
    /// the errors of the operation.
    pub fn call(&self, name: &str, parameters_json: Option<&str>, call: &mut Call<'_>) -> Result<Answer> {
        match operation(name)?.run {
            Run::OnHandle(_) if self.han().is_closed() => Err(Error::Closed),
            Run::OnHandle(run) => run(self, Arguments::parse(parameters_json)?, call),
            Run::Alone(run) => run(Arguments::parse(parameters_json)?),
            Run::ToWriter(_) => {
                Err(Error::invalid("operation", format!("writes its result piece by piece: {name:?}; pass a writer")))
            }
        }
    }

    /// Runs an operation of kind [`Kind::Stream`](super::Kind::Stream) on the calling thread.
    ///
    /// # Errors
    /// As [`call`](Handle::call); [`ErrorCode::Io`](crate::ErrorCode::Io) with what the writer returned.
    pub fn call_to(&self, name: &str, parameters_json: Option<&str>, writer: &mut dyn Write) -> Result<()> {
        match operation(name)?.run {
            Run::ToWriter(_) if self.han().is_closed() => Err(Error::Closed),
            Run::ToWriter(run) => run(self, Arguments::parse(parameters_json)?, writer),
            _ => Err(Error::invalid("operation", format!("returns its result in one piece: {name:?}"))),
        }
    }
}

/// The schemas of every operation, and the definitions that they refer to.
#[cfg(feature = "schema")]
pub struct Schemas {
    /// Each operation with its shapes.
    pub operations: Vec<(&'static Operation, super::schema::Shapes)>,
    /// What is passed: definitions by name.
    pub inputs: serde_json::Map<String, serde_json::Value>,
    /// What is returned: definitions by name.
    pub outputs: serde_json::Map<String, serde_json::Value>,
}

/// The schemas of every operation, of the options of opening and following, and of a change.
#[cfg(feature = "schema")]
pub fn schemas() -> Schemas {
    let mut collector = super::schema::Collector::new();
    let operations = OPERATIONS.iter().map(|operation| (operation, (operation.schema)(&mut collector))).collect();
    collector.input::<crate::config::OpenOptions>();
    collector.input::<crate::config::SubscribeOptions>();
    collector.input::<crate::model::VectorPlace>();
    collector.output::<crate::model::IndexVectorsReport>();
    collector.output::<crate::model::Change>();
    let mut inputs = collector.inputs.take_definitions(true);
    inputs.values_mut().for_each(durations_in_milliseconds);
    Schemas { operations, inputs, outputs: collector.outputs.take_definitions(true) }
}

/// Writes the defaults of durations, which are numbers of milliseconds in JSON, as such.
#[cfg(feature = "schema")]
fn durations_in_milliseconds(schema: &mut serde_json::Value) {
    let Some(properties) = schema.get_mut("properties").and_then(|properties| properties.as_object_mut()) else {
        return;
    };
    for property in properties.values_mut() {
        let Some(default) = property.get_mut("default") else { continue };
        if let (Some(seconds), Some(nanoseconds)) = (default["secs"].as_u64(), default["nanos"].as_u64()) {
            *default = (seconds * 1_000 + nanoseconds / 1_000_000).into();
        } else if default.is_object() {
            // The defaults of an object inside are its own.
            property.as_object_mut().map(|property| property.remove("default"));
        }
    }
}
