//! JSON schemas of what operations take and return.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The schemas of the parameters and the result of one operation.
pub struct Shapes {
    /// Those of [`Operation::leading`](super::Operation::leading), in their order.
    pub leading: Vec<Schema>,
    /// The object of options.
    pub options: Option<Schema>,
    /// The result.
    pub result: Schema,
    /// A report of progress.
    pub progress: Option<Schema>,
}

/// Gathers the shapes that several operations share. As a parameter a shape may be more generous than as a result: there every field
/// is present.
pub(super) struct Collector {
    pub(super) inputs: SchemaGenerator,
    pub(super) outputs: SchemaGenerator,
}

impl Collector {
    pub(super) fn new() -> Collector {
        Collector {
            inputs: SchemaSettings::draft2020_12().for_deserialize().into_generator(),
            outputs: SchemaSettings::draft2020_12().for_serialize().into_generator(),
        }
    }

    pub(super) fn input<T: JsonSchema>(&mut self) -> Schema {
        self.inputs.subschema_for::<T>()
    }

    pub(super) fn output<T: JsonSchema>(&mut self) -> Schema {
        self.outputs.subschema_for::<T>()
    }
}
