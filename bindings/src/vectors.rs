//! Vectors: `indexVectors`, `searchVectors`, and `han.vectors`.

use std::path::PathBuf;

use han_native::EmbedOptions;
use han_native::model::{PendingQuery, VectorItem, VectorPlace, VectorQuery};
use napi::bindgen_prelude::{Float32ArraySlice, Object};
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input::{self, LoadInput};

#[napi]
impl NativeHan {
    /// The numbers are copied once, here: JavaScript may change its arrays while the worker stores them.
    #[napi]
    pub fn index_vectors<'env>(
        &self,
        env: &'env Env,
        model: String,
        places: String,
        vectors: Vec<Float32ArraySlice<'_>>,
    ) -> Result<Object<'env>> {
        let model = input::argument::<String>("model", &model).or_throw(env)?;
        let places = input::argument::<Vec<VectorPlace>>("items", &places).or_throw(env)?;
        let vectors: Vec<Vec<f32>> = vectors.iter().map(|vector| vector.to_vec()).collect();
        self.write(env, move |core| {
            let items: Vec<VectorItem<'_>> =
                places.into_iter().zip(&vectors).map(|(place, vector)| VectorItem { place, vector }).collect();
            core.index_vectors(&model, &items)
        })
    }

    #[napi]
    pub fn search_vectors<'env>(&self, env: &'env Env, query: String) -> Result<Object<'env>> {
        let query = input::options::<VectorQuery>(&query).or_throw(env)?;
        self.read(env, move |core| core.search_vectors(&query))
    }

    /// One page: JavaScript counts, and may stop in between.
    #[napi]
    pub fn vectors_embed_pending<'env>(&self, env: &'env Env, model: String, options: String) -> Result<Object<'env>> {
        let model = input::argument::<String>("model", &model).or_throw(env)?;
        let options = input::options::<EmbedOptions<'static>>(&options).or_throw(env)?;
        self.long(env, move |core| core.vectors().embed_pending(&model, options))
    }

    #[napi]
    pub fn load_embedder<'env>(&self, env: &'env Env, folder: String, options: String) -> Result<Object<'env>> {
        let folder = input::argument::<PathBuf>("folder", &folder).or_throw(env)?;
        let model = input::options::<LoadInput>(&options).or_throw(env)?.model;
        self.long(env, move |core| core.load_embedder(folder, model.as_deref()))
    }

    #[napi]
    pub fn vectors_models<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.read(env, |core| core.vectors().models())
    }

    #[napi]
    pub fn vectors_pending<'env>(&self, env: &'env Env, query: String) -> Result<Object<'env>> {
        let query = input::options::<PendingQuery>(&query).or_throw(env)?;
        self.read(env, move |core| core.vectors().pending(&query))
    }

    #[napi]
    pub fn vectors_remove<'env>(&self, env: &'env Env, model: String) -> Result<Object<'env>> {
        let model = input::argument::<String>("model", &model).or_throw(env)?;
        self.write(env, move |core| core.vectors().remove(&model))
    }
}
