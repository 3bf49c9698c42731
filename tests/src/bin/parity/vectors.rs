//! The operations on vectors.

use std::sync::Arc;

use han_native::model::{VectorItem, VectorPlace};
use han_native::{Han, Result};
use han_tests::Letters;
use serde_json::{Value, json};

use super::{field, refused, text, whole};

/// Runs the hand-written operations on vectors; `None` if it is another operation.
pub(super) fn run(han: &Han, op: &str, args: &Value) -> Option<Result<Value>> {
    Some(match op {
        "indexVectors" => index_vectors(han, args),
        "registerLetters" => han.vectors().register(Arc::new(Letters)).map(|()| json!(null)),
        _ => return None,
    })
}

fn index_vectors(han: &Han, args: &Value) -> Result<Value> {
    let mut given: Vec<Value> = field(args, "items")?;
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for item in &mut given {
        let vector = item.as_object_mut().and_then(|item| item.remove("vector")).unwrap_or_default();
        let vector = serde_json::from_value(vector).map_err(|error| refused("items", error))?;
        vectors.push(vector);
    }
    let places: Vec<VectorPlace> = given.iter().map(whole).collect::<Result<_>>()?;
    let items: Vec<VectorItem<'_>> =
        places.into_iter().zip(&vectors).map(|(place, vector)| VectorItem { place, vector }).collect();
    Ok(json!(han.vectors().index(&text(args, "model")?, &items)?))
}
