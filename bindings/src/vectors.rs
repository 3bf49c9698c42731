//! Vectors as numbers: `indexVectors`, and embedders that are written in JavaScript.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use han_native::Embedder;
use han_native::model::{VectorItem, VectorPlace};
use han_native::operations::{Answer, Arguments, Kind};
use napi::bindgen_prelude::{Float32ArraySlice, Object, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use parking_lot::Mutex;
use serde::Deserialize;

use crate::failure::{Failure, OrThrow, guarded};
use crate::handle::NativeHan;
use crate::promise::promise;

/// A JavaScript function that embeds. It does not keep the process alive.
type EmbedFunction = ThreadsafeFunction<NativeEmbedding, Unknown<'static>, NativeEmbedding, Status, false, true>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Places {
    model: String,
    items: Vec<VectorPlace>,
}

#[napi]
impl NativeHan {
    /// The numbers are copied once, here: JavaScript may change its arrays while the worker stores them.
    #[napi]
    pub fn index_vectors<'env>(
        &self,
        env: &'env Env,
        parameters: String,
        vectors: Vec<Float32ArraySlice<'_>>,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        let read = Arguments::parse(Some(&parameters)).and_then(Arguments::options::<Places>);
        let Places { model, items: places } = read.map_err(Failure::from).or_throw(env)?;
        let vectors: Vec<Vec<f32>> = vectors.iter().map(|vector| vector.to_vec()).collect();
        let store = move || {
            let items: Vec<VectorItem<'_>> =
                places.into_iter().zip(&vectors).map(|(place, vector)| VectorItem { place, vector }).collect();
            Ok(Answer::Value(Box::new(core.han().vectors().index(&model, &items)?)))
        };
        promise(env, self.lane(Kind::Write), store)
    }

    #[napi]
    pub fn register_embedder(&self, env: &Env, model: String, dimensions: u32, embed: EmbedFunction) -> Result<()> {
        let core = self.core(env)?;
        let embedder = Arc::new(Function { model, dimensions: dimensions as usize, embed });
        guarded(|| core.han().vectors().register(embedder)).or_throw(env)
    }
}

/// Texts that JavaScript is to embed, and the place for its answer.
#[napi]
pub struct NativeEmbedding {
    texts: Mutex<Vec<String>>,
    answer: Sender<Answered>,
}

/// The vectors, or why there are none.
type Answered = std::result::Result<Vec<Vec<f32>>, String>;

#[napi]
impl NativeEmbedding {
    /// The texts; none if they were taken before.
    #[napi]
    pub fn texts(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock())
    }

    #[napi]
    pub fn resolve(&self, vectors: Vec<Float32ArraySlice<'_>>) {
        // Whoever asked may have ended meanwhile.
        let _ = self.answer.send(Ok(vectors.iter().map(|vector| vector.to_vec()).collect()));
    }

    #[napi]
    pub fn reject(&self, reason: String) {
        let _ = self.answer.send(Err(reason));
    }
}

/// An embedder that calls a JavaScript function and waits for its promise, on the thread that asks.
struct Function {
    model: String,
    dimensions: usize,
    embed: EmbedFunction,
}

impl Embedder for Function {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(&self, texts: &[&str]) -> Answered {
        let (answer, answered) = mpsc::channel();
        let texts = Mutex::new(texts.iter().map(|&text| text.to_owned()).collect());
        self.embed.call(NativeEmbedding { texts, answer }, ThreadsafeFunctionCallMode::NonBlocking);
        answered.recv().unwrap_or_else(|_| Err("its JavaScript environment has ended".into()))
    }
}
