//! A built-in embedder: static embeddings in the format of model2vec, from a local folder. Each token has one vector, and a text
//! has the mean of its tokens'. Behind the feature `static-embeddings`; reads files, and no network.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use half::f16;
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::Deserialize;
use tokenizers::Tokenizer;

use super::{Embedder, check_dimensions, check_model, model_folder};
use crate::error::{Error, Result};

/// Tokens of a text that count: as many as the models were made with.
const MOST_TOKENS: usize = 512;
/// The largest configuration, in bytes.
const CONFIG_BYTES: u64 = 1 << 20;
/// The largest tokenizer; those of a million words have some fifty million.
const TOKENIZER_BYTES: u64 = 512 << 20;
/// The most tensors; those of multilingual models have half a billion.
const TENSOR_BYTES: u64 = 4 << 30;

/// A model in memory.
pub(crate) struct StaticModel {
    name: String,
    dimensions: usize,
    normalizes: bool,
    tokenizer: Tokenizer,
    /// The token for what the tokenizer does not know, which says nothing.
    unknown: Option<u32>,
    /// One row after the other.
    rows: Vec<f32>,
    /// By token; one row per token if it is empty.
    row_of: Vec<usize>,
    /// By token; all equal if it is empty.
    weights: Vec<f32>,
    /// Of a text without any token that the model knows.
    mean: Vec<f32>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default = "is_normal")]
    normalize: bool,
}

fn is_normal() -> bool {
    true
}

/// The parts of a tokenizer's file that define its unknown token, and what it does before all else.
#[derive(Deserialize)]
struct TokenizerFile {
    model: TokenizerModel,
    #[serde(default)]
    normalizer: serde_json::Value,
}

#[derive(Deserialize)]
struct TokenizerModel {
    unk_token: Option<String>,
    unk_id: Option<u32>,
}

impl StaticModel {
    /// Loads `tokenizer.json`, `model.safetensors` and `config.json` of a folder. The model is called like the folder if no name is
    /// passed.
    pub(crate) fn load(folder: &Path, name: Option<&str>) -> Result<StaticModel> {
        let refused = |file: &str, reason: String| {
            Error::invalid("folder", format!("{} has no model: {file}: {reason}", folder.display()))
        };
        let tokenizer_json = model_folder::read(folder, "tokenizer.json", TOKENIZER_BYTES)?;
        let tensors = model_folder::read(folder, "model.safetensors", TENSOR_BYTES)?;
        let config = model_folder::read(folder, "config.json", CONFIG_BYTES)?;
        let config: Config =
            serde_json::from_slice(&config).map_err(|error| refused("config.json", error.to_string()))?;
        let of_tokenizer = |reason: String| refused("tokenizer.json", reason);
        let file: TokenizerFile =
            serde_json::from_slice(&tokenizer_json).map_err(|error| of_tokenizer(error.to_string()))?;
        model_folder::check_charsmaps(&file.normalizer).map_err(of_tokenizer)?;
        let mut tokenizer = guarded(|| Tokenizer::from_bytes(&tokenizer_json)).map_err(of_tokenizer)?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| of_tokenizer(error.to_string()))?;
        let unknown = file.model.unk_token.and_then(|token| tokenizer.token_to_id(&token)).or(file.model.unk_id);
        let of_tensors = |reason: String| refused("model.safetensors", reason);
        let tensors = guarded(|| SafeTensors::deserialize(&tensors)).map_err(of_tensors)?;
        let embeddings = tensors.tensor("embeddings").map_err(|error| of_tensors(error.to_string()))?;
        let &[row_count, dimensions] = embeddings.shape() else {
            return Err(of_tensors(format!("embeddings have the shape {:?}; a table is needed", embeddings.shape())));
        };
        check_dimensions("folder", dimensions)?;
        let rows = floats(&embeddings).map_err(of_tensors)?;
        let optional = |name: &str| tensors.tensor(name).ok();
        let weights = optional("weights").map_or(Ok(Vec::new()), |tensor| floats(&tensor)).map_err(of_tensors)?;
        let row_of = optional("mapping").map_or(Ok(Vec::new()), |tensor| indexes(&tensor)).map_err(of_tensors)?;
        if row_of.iter().any(|row| *row >= row_count) {
            return Err(of_tensors(format!("mapping names a row beyond the {row_count} that there are")));
        }
        if row_count == 0 || rows.iter().chain(&weights).any(|number| !number.is_finite()) {
            return Err(of_tensors("embeddings and weights must be numbers, and at least one row of them".into()));
        }
        let folder_name = || folder.canonicalize().ok()?.file_name()?.to_str().map(str::to_owned);
        let name = name.map(str::to_owned).or_else(folder_name).unwrap_or_default();
        check_model(&name)?;
        let mut model = StaticModel {
            name,
            dimensions,
            normalizes: config.normalize,
            tokenizer,
            unknown,
            mean: Vec::new(),
            rows,
            row_of,
            weights,
        };
        let mean = model.pooled((0..row_count).map(|row| (row, 1.0)));
        model.mean = if super::check_numbers(&mean).is_ok() { mean } else { vec![1.0; dimensions] };
        Ok(model)
    }

    /// The weighted mean of rows.
    fn pooled(&self, rows: impl Iterator<Item = (usize, f32)>) -> Vec<f32> {
        let mut sum = vec![0.0_f32; self.dimensions];
        let mut count = 0.0_f32;
        for (row, weight) in rows {
            let start = row * self.dimensions;
            for (sum, number) in sum.iter_mut().zip(self.rows.get(start..start + self.dimensions).unwrap_or_default()) {
                *sum += number * weight;
            }
            count += 1.0;
        }
        let mut length = count.max(1.0);
        if self.normalizes {
            length = sum.iter().map(|number| number * number).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        }
        sum.iter_mut().for_each(|number| *number /= length);
        sum
    }

    fn vector(&self, text: &str) -> std::result::Result<Vec<f32>, String> {
        let tokens = guarded(|| self.tokenizer.encode_fast(text, false))?;
        let known = tokens.get_ids().iter().filter(|id| Some(**id) != self.unknown).take(MOST_TOKENS);
        let rows = known.filter_map(|id| {
            let id = *id as usize;
            let row = if self.row_of.is_empty() { id } else { *self.row_of.get(id)? };
            let weight = if self.weights.is_empty() { 1.0 } else { *self.weights.get(id)? };
            (row < self.rows.len() / self.dimensions).then_some((row, weight))
        });
        let vector = self.pooled(rows);
        // A text of which the model knows nothing is equally near to all.
        Ok(if super::check_numbers(&vector).is_ok() { vector } else { self.mean.clone() })
    }
}

impl Embedder for StaticModel {
    fn model(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(&self, texts: &[&str]) -> std::result::Result<Vec<Vec<f32>>, String> {
        texts.iter().map(|text| self.vector(text)).collect()
    }
}

/// What a library makes of a model. Some of them panic if its parts do not fit together.
fn guarded<T, E: std::fmt::Display>(
    make: impl FnOnce() -> std::result::Result<T, E>,
) -> std::result::Result<T, String> {
    match catch_unwind(AssertUnwindSafe(make)) {
        Ok(made) => made.map_err(|error| error.to_string()),
        Err(_) => Err("its parts do not fit together".into()),
    }
}

/// The numbers of a tensor.
fn floats(tensor: &TensorView<'_>) -> std::result::Result<Vec<f32>, String> {
    let data = tensor.data();
    Ok(match tensor.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes) as f32).collect(),
        Dtype::F32 => data.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect(),
        Dtype::I8 => data.iter().map(|byte| f32::from(byte.cast_signed())).collect(),
        other => return Err(format!("numbers of the type {other:?} are not known")),
    })
}

/// The numbers of a tensor that names rows.
fn indexes(tensor: &TensorView<'_>) -> std::result::Result<Vec<usize>, String> {
    let data = tensor.data();
    let numbers: Vec<i64> = match tensor.dtype() {
        Dtype::I64 => data.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect(),
        Dtype::I32 => data.as_chunks().0.iter().map(|bytes| i64::from(i32::from_le_bytes(*bytes))).collect(),
        other => return Err(format!("mapping of the type {other:?} is not known")),
    };
    numbers.into_iter().map(|number| usize::try_from(number).map_err(|_| "mapping has a negative row".into())).collect()
}

#[cfg(test)]
#[path = "static_model_tests.rs"]
mod tests;
