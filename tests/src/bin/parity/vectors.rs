//! The operations on vectors.

use std::sync::Arc;

use han_native::model::{PendingQuery, VectorItem, VectorPlace, VectorQuery};
use han_native::{EmbedOptions, Error, Han, Result};
use han_tests::Letters;
use serde_json::{Value, json};

use super::{field, text, whole};

/// Runs an operation on vectors; nothing where it is none.
pub(super) fn run(han: &Han, op: &str, args: &Value) -> Option<Result<Value>> {
    Some(match op {
        "indexVectors" => index_vectors(han, args),
        "searchVectors" => whole::<VectorQuery>(args).and_then(|query| Ok(json!(han.search_vectors(&query)?))),
        "vectors.models" => han.vectors().models().map(|models| json!(models)),
        "vectors.pending" => whole::<PendingQuery>(args).and_then(|query| Ok(json!(han.vectors().pending(&query)?))),
        "vectors.remove" => text(args, "model").and_then(|model| Ok(json!(han.vectors().remove(&model)?))),
        "registerLetters" => han.register_embedder(Arc::new(Letters)).map(|()| json!(null)),
        "loadEmbedder" => text(args, "folder").and_then(|folder| {
            let model: Option<String> = field(args, "model")?;
            Ok(json!(han.load_embedder(folder, model.as_deref())?))
        }),
        "vectors.embedPending" => text(args, "model").and_then(|model| {
            let limit = field(&args["options"], "limit")?;
            Ok(json!(han.vectors().embed_pending(&model, EmbedOptions { limit, ..EmbedOptions::default() })?))
        }),
        _ => return None,
    })
}

fn index_vectors(han: &Han, args: &Value) -> Result<Value> {
    let mut given: Vec<Value> = field(args, "items")?;
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for item in &mut given {
        let vector = item.as_object_mut().and_then(|item| item.remove("vector")).unwrap_or_default();
        let vector = serde_json::from_value(vector).map_err(|error| Error::invalid("items", error.to_string()))?;
        vectors.push(vector);
    }
    let places: Vec<VectorPlace> = given.iter().map(whole).collect::<Result<_>>()?;
    let items: Vec<VectorItem<'_>> =
        places.into_iter().zip(&vectors).map(|(place, vector)| VectorItem { place, vector }).collect();
    Ok(json!(han.index_vectors(&text(args, "model")?, &items)?))
}
