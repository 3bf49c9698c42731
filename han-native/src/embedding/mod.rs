//! Texts to vectors: what an embedder is, how texts are cut for it, and what a vector may be. Knows nothing about databases.

mod chunks;
#[cfg(feature = "static-embeddings")]
mod model_folder;
#[cfg(feature = "static-embeddings")]
mod static_model;

use crate::error::{Error, Result};

pub(crate) use chunks::chunks;
#[cfg(feature = "static-embeddings")]
pub(crate) use static_model::StaticModel;

/// The most numbers of a vector: what sqlite-vec can keep.
const MOST_DIMENSIONS: usize = 8_192;
/// The longest name of a model, in bytes.
const LONGEST_NAME: usize = 200;
/// The least and greatest square of a vector's length with which a cosine can be computed in 32 bits.
const SQUARES: std::ops::RangeInclusive<f32> = 1e-30..=1e30;

/// Turns texts into vectors; see [`Vectors::register`](crate::Vectors::register).
///
/// Called from the threads that call the handle, several at once if several do.
pub trait Embedder: Send + Sync {
    /// The name under which the vectors are kept. Vectors of one name must come from one way of embedding.
    fn model(&self) -> &str;

    /// How many numbers each vector has.
    fn dimensions(&self) -> usize;

    /// A vector for each text, in their order. Blocks.
    ///
    /// # Errors
    /// What went wrong, for people; it reaches the caller as `EMBEDDER` with the model's name.
    fn embed(&self, texts: &[&str]) -> std::result::Result<Vec<Vec<f32>>, String>;
}

/// Refuses a name that no model may have.
pub(crate) fn check_model(name: &str) -> Result<()> {
    match name.len() {
        0 => Err(Error::invalid("model", "is empty; name the model that the vectors come from")),
        length if length > LONGEST_NAME => {
            Err(Error::invalid("model", format!("has a name of {length} bytes; use at most {LONGEST_NAME}")))
        }
        _ if name.contains('\0') => Err(Error::invalid("model", "has a NUL in its name")),
        _ => Ok(()),
    }
}

/// Refuses a number of dimensions that no model may have.
pub(crate) fn check_dimensions(name: &'static str, dimensions: usize) -> Result<()> {
    if (1..=MOST_DIMENSIONS).contains(&dimensions) {
        return Ok(());
    }
    Err(Error::invalid(name, format!("has {dimensions} dimensions; a model has 1 to {MOST_DIMENSIONS}")))
}

/// Refuses a vector that is not one of the model, or from which no distance can be computed.
pub(crate) fn check_vector(name: &'static str, vector: &[f32], model: &str, dimensions: usize) -> Result<()> {
    if vector.len() != dimensions {
        let problem = format!("has {} dimensions, the model {model} has {dimensions}", vector.len());
        return Err(Error::invalid(name, problem));
    }
    check_numbers(vector).map_err(|problem| Error::invalid(name, problem))
}

/// What is wrong with the numbers of a vector.
pub(crate) fn check_numbers(vector: &[f32]) -> std::result::Result<(), String> {
    if let Some(at) = vector.iter().position(|number| !number.is_finite()) {
        return Err(format!("has {} at position {at}; every number must be finite", vector[at]));
    }
    let square: f32 = vector.iter().map(|number| number * number).sum();
    match square {
        _ if SQUARES.contains(&square) => Ok(()),
        _ if vector.iter().all(|number| *number == 0.0) => Err("is all zeros, which has no direction".into()),
        _ => Err("has a length out of range; scale it to the length 1".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_direction_is_refused() {
        let refusal = |vector: &[f32]| check_numbers(vector).unwrap_err();
        assert!(check_numbers(&[1.0, -2.0]).is_ok() && check_numbers(&[0.0, 1e-14]).is_ok());
        assert!(refusal(&[1.0, f32::NAN]).contains("NaN at position 1"));
        assert!(refusal(&[f32::NEG_INFINITY]).contains("-inf at position 0"));
        assert!(refusal(&[0.0, -0.0]).contains("all zeros"));
        assert!(refusal(&[1e-20, 0.0]).contains("out of range"));
        assert!(refusal(&[1e20, 1e20]).contains("out of range"));
    }

    #[test]
    fn dimensions_and_names_are_named() {
        let told = check_vector("vector", &[1.0], "m", 3).unwrap_err().to_string();
        assert_eq!(told, "vector has 1 dimensions, the model m has 3");
        assert!(check_dimensions("vector", 0).is_err() && check_dimensions("vector", 8_193).is_err());
        assert!(check_dimensions("vector", 8_192).is_ok());
        assert!(check_model("").is_err() && check_model("a\0b").is_err() && check_model(&"x".repeat(201)).is_err());
        assert!(check_model("minilm").is_ok());
    }
}
