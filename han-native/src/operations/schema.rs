//! JSON schemas of what operations take and return.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use super::{OPERATIONS, Operation};

/// The schemas of the parameters and the result of one operation.
pub struct Shapes {
    /// Those of [`Operation::leading`], in their order.
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
    inputs: SchemaGenerator,
    outputs: SchemaGenerator,
}

impl Collector {
    fn new() -> Collector {
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

/// The schemas of every operation, and the definitions that they refer to.
pub struct Schemas {
    /// Each operation with its shapes.
    pub operations: Vec<(&'static Operation, Shapes)>,
    /// What is passed: definitions by name.
    pub inputs: Map<String, Value>,
    /// What is returned: definitions by name.
    pub outputs: Map<String, Value>,
}

/// The schemas of every operation, of the options of opening and following, and of a change.
pub fn schemas() -> Schemas {
    let mut collector = Collector::new();
    let operations = OPERATIONS.iter().map(|operation| (operation, (operation.schema)(&mut collector))).collect();
    collector.input::<crate::config::OpenOptions>();
    collector.input::<crate::config::SubscribeOptions>();
    collector.input::<crate::model::VectorPlace>();
    collector.output::<crate::model::IndexVectorsReport>();
    collector.output::<crate::model::Change>();
    Schemas {
        operations,
        inputs: collector.inputs.take_definitions(true),
        outputs: collector.outputs.take_definitions(true),
    }
}
