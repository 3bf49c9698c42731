//! Shapes of JSON values, read from the schemas.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Anything.
    Any,
    /// Nothing but `null`.
    Null,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Text.
    Text,
    /// Text that is one of these.
    Literals(Vec<String>),
    /// Bytes, in JSON as base64.
    Bytes,
    /// Numbers of 32 bits.
    Vector,
    /// A list.
    List(Box<Type>),
    /// An object whose keys are not known beforehand.
    Map(Box<Type>),
    /// A shape that has a definition.
    Named(String),
    /// A page of a list.
    Page(Box<Type>),
    /// One of several.
    Union(Vec<Type>),
}

impl Type {
    /// Whether `null` is one of its values.
    pub fn is_nullable(&self) -> bool {
        match self {
            Type::Null | Type::Any => true,
            Type::Union(types) => types.iter().any(Type::is_nullable),
            _ => false,
        }
    }

    /// The type without `null`.
    pub fn non_null(&self) -> Type {
        match self {
            Type::Union(types) => {
                let rest: Vec<Type> = types.iter().filter(|one| **one != Type::Null).cloned().collect();
                if rest.len() == 1 { rest[0].clone() } else { Type::Union(rest) }
            }
            other => other.clone(),
        }
    }
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key.
    pub name: String,
    /// The value.
    pub value: Type,
    /// Whether it is always there.
    pub is_required: bool,
    /// What it means.
    pub documentation: String,
}

/// A shape with a name.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name of the Rust type.
    pub name: String,
    /// What it is.
    pub documentation: String,
    /// How it looks.
    pub body: Body,
}

/// How a named shape looks.
#[derive(Debug, Clone)]
pub enum Body {
    /// An object of known members.
    Object(Vec<Field>),
    /// One of these texts, each with what it means.
    Enumeration(Vec<(String, String)>),
    /// One of several objects, each with what it means.
    Variants(Vec<(String, Vec<Field>)>),
    /// Another name of a type.
    Alias(Type),
}

/// The order of the fields of structs and variants, which a schema does not keep: field names by the name of the type.
pub type FieldOrder = BTreeMap<String, Vec<String>>;

/// Reads the definitions of a set of schemas; pages are types, not definitions.
pub fn definitions(schemas: &Map<String, Value>, order: &FieldOrder) -> Vec<Definition> {
    schemas
        .iter()
        .filter(|(name, _)| !name.starts_with("Page_for_"))
        .map(|(name, schema)| definition(name, schema, schemas, order))
        .collect()
}

fn definition(name: &str, schema: &Value, schemas: &Map<String, Value>, orders: &FieldOrder) -> Definition {
    let documentation = documentation(schema);
    let order = orders.get(name).map(Vec::as_slice).unwrap_or_default();
    let body = if let Some(fields) = fields(schema, order) {
        Body::Object(fields)
    } else if let Some(members) = enumeration(schema) {
        Body::Enumeration(members)
    } else if let Some(variants) = variants(schema, order, schemas, orders) {
        Body::Variants(variants)
    } else {
        Body::Alias(read(schema))
    };
    Definition { name: name.to_owned(), documentation, body }
}

fn documentation(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

fn fields(schema: &Value, order: &[String]) -> Option<Vec<Field>> {
    let properties = schema.get("properties")?.as_object()?;
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut fields: Vec<Field> = properties
        .iter()
        .map(|(name, schema)| Field {
            name: name.clone(),
            value: read(schema),
            is_required: required.contains(&name.as_str()),
            documentation: documentation(schema),
        })
        .collect();
    let place = |field: &Field| order.iter().position(|name| *name == field.name).map_or(0, |at| at + 1);
    fields.sort_by_key(place);
    Some(fields)
}

fn enumeration(schema: &Value) -> Option<Vec<(String, String)>> {
    if let Some(names) = texts(&schema["enum"]) {
        return Some(names.into_iter().map(|name| (name, String::new())).collect());
    }
    let mut members = Vec::new();
    for member in schema.get("oneOf")?.as_array()? {
        match (member["const"].as_str(), texts(&member["enum"])) {
            (Some(name), _) => members.push((name.to_owned(), documentation(member))),
            (None, Some(names)) => members.extend(names.into_iter().map(|name| (name, documentation(member)))),
            (None, None) => return None,
        }
    }
    Some(members)
}

fn variants(
    schema: &Value,
    order: &[String],
    schemas: &Map<String, Value>,
    orders: &FieldOrder,
) -> Option<Vec<(String, Vec<Field>)>> {
    let variants = schema.get("oneOf")?.as_array()?;
    let variant = |variant: &Value| {
        let mut own = fields(variant, order)?;
        // A variant that holds a struct has its fields next to the tag.
        if let Some(name) = variant["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
            let order = orders.get(name).map(Vec::as_slice).unwrap_or_default();
            own.extend(fields(schemas.get(name)?, order)?);
        }
        Some((documentation(variant), own))
    };
    variants.iter().map(variant).collect()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Reads the type of a schema.
pub fn read(schema: &Value) -> Type {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return match name.strip_prefix("Page_for_") {
            Some(item) => Type::Page(Box::new(Type::Named(item.to_owned()))),
            None => Type::Named(name.to_owned()),
        };
    }
    if let Some(one) = schema["const"].as_str() {
        return Type::Literals(vec![one.to_owned()]);
    }
    if let Some(names) = texts(&schema["enum"]) {
        return Type::Literals(names);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(options) = schema[key].as_array() {
            return union(options.iter().map(read).collect());
        }
    }
    match &schema["type"] {
        Value::String(name) => simple(name, schema),
        Value::Array(names) => union(names.iter().filter_map(Value::as_str).map(|name| simple(name, schema)).collect()),
        _ => Type::Any,
    }
}

fn union(mut types: Vec<Type>) -> Type {
    if types.len() == 1 { types.remove(0) } else { Type::Union(types) }
}

fn simple(name: &str, schema: &Value) -> Type {
    match name {
        "null" => Type::Null,
        "boolean" => Type::Boolean,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "string" if schema["contentEncoding"] == "base64" => Type::Bytes,
        "string" => Type::Text,
        "array" if schema["items"]["format"] == "float" => Type::Vector,
        "array" => Type::List(Box::new(read(&schema["items"]))),
        "object" => Type::Map(Box::new(read(schema.get("additionalProperties").unwrap_or(&Value::Bool(true))))),
        _ => Type::Any,
    }
}
