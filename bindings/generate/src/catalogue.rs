//! The operations, with everything that a language needs to declare them.

use std::collections::BTreeMap;
use std::path::Path;

use han_native::operations::{Form, Kind, Operation, camel_case, schemas};
use serde_json::{Map, Value, json};

use crate::shape::{Definition, Type, definitions, read};
use crate::source::Core;

/// Everything that the generated files are made from.
pub struct Catalogue {
    /// The operations, in the order of the table.
    pub entries: Vec<Entry>,
    /// Named shapes of what is passed and what is returned, by name.
    pub definitions: BTreeMap<String, Definition>,
    /// The definitions as JSON schemas.
    schemas: Map<String, Value>,
    /// Dotted names of operations by the Rust method that they run.
    pub names: BTreeMap<String, String>,
    /// The documentation read from the sources.
    pub core: Core,
}

/// An operation, its documentation and its shapes.
pub struct Entry {
    /// The line of the table.
    pub operation: &'static Operation,
    /// Rust's documentation.
    pub documentation: String,
    /// The leading parameters.
    pub leading: Vec<(String, Type)>,
    /// The object of options: the name of its shape.
    pub options: Option<String>,
    /// The result.
    pub result: Type,
    /// The progress report.
    pub progress: Option<Type>,
    schema: Value,
}

impl Catalogue {
    /// Reads the table and the sources of the core.
    pub fn read(core: &Path) -> Catalogue {
        let core = Core::read(core);
        let schemas = schemas();
        let (inputs, outputs) = (schemas.inputs, schemas.outputs);
        let mut all = definitions(&inputs, &core.fields);
        all.extend(definitions(&outputs, &core.fields));
        let mut names = BTreeMap::new();
        let entries = schemas.operations.iter().map(|(operation, shapes)| {
            names.insert(core.method(operation.expression), operation.name.to_owned());
            let leading: Vec<Value> = shapes.leading.iter().map(|schema| schema.clone().to_value()).collect();
            let options = shapes.options.as_ref().map(|schema| schema.clone().to_value());
            let result = shapes.result.clone().to_value();
            Entry {
                documentation: core.documentation(operation.expression),
                leading: leading_names(operation).into_iter().zip(leading.iter().map(read)).collect(),
                options: options.as_ref().map(|schema| match read(schema) {
                    Type::Named(name) => name,
                    other => panic!("{}: the options are no named shape but {other:?}", operation.name),
                }),
                result: read(&result),
                progress: shapes.progress.as_ref().map(|schema| read(schema.as_value())),
                schema: schema(operation, &leading, options, result, &inputs),
                operation,
            }
        });
        let entries = entries.collect();
        let merged = inputs.into_iter().chain(outputs).collect();
        let definitions = all.into_iter().map(|definition| (definition.name.clone(), definition)).collect();
        Catalogue { entries, definitions, schemas: merged, names, core }
    }

    /// The list of operations and their JSON schemas, as `han_operations()` returns it.
    pub fn json(&self) -> String {
        let operations: Vec<&Value> = self.entries.iter().map(|entry| &entry.schema).collect();
        let text = serde_json::to_string_pretty(&json!({ "operations": operations, "$defs": self.schemas }));
        text.expect("a list of schemas is JSON") + "\n"
    }
}

fn leading_names(operation: &Operation) -> Vec<String> {
    operation.leading.iter().map(|name| camel_case(name)).collect()
}

fn schema(
    operation: &Operation,
    leading: &[Value],
    options: Option<Value>,
    result: Value,
    shapes: &Map<String, Value>,
) -> Value {
    let names = leading_names(operation);
    let required =
        |(name, schema): (&String, &Value)| (!read(schema).is_nullable()).then(|| Value::from(name.as_str()));
    let mut required: Vec<Value> = names.iter().zip(leading).filter_map(required).collect();
    let mut properties: Map<String, Value> = names.iter().cloned().zip(leading.iter().cloned()).collect();
    let named = options.as_ref().and_then(|options| match read(options) {
        Type::Named(name) => shapes[&name].as_object(),
        _ => None,
    });
    let parameters = match (options, named.and_then(|shape| shape.get("properties")?.as_object())) {
        // One of several objects.
        (Some(options), None) => options,
        (_, more) => {
            properties.extend(more.into_iter().flatten().map(|(name, schema)| (name.clone(), schema.clone())));
            required.extend(named.and_then(|shape| shape.get("required")?.as_array()).into_iter().flatten().cloned());
            json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
        }
    };
    json!({
        "name": operation.name,
        "kind": kind_name(operation.kind),
        "isCancellable": operation.is_cancellable,
        "hasProgress": operation.has_progress,
        "leading": names,
        "form": match operation.form { Form::Value => "json", Form::Text => "text", _ => "bytes" },
        "parameters": parameters,
        "result": result,
    })
}

/// The name of a kind in other languages.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Read => "read",
        Kind::Write => "write",
        Kind::Long => "long",
        Kind::Instant => "instant",
        Kind::Stream => "stream",
        Kind::Static => "static",
        _ => "unknown",
    }
}
