//! Search, problems and numbers.

use han_native::model::{ProblemFilter, SearchQuery};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input;

#[napi]
impl NativeHan {
    #[napi]
    pub fn search<'env>(&self, env: &'env Env, query: String) -> Result<Object<'env>> {
        let query = input::options::<SearchQuery>(&query).or_throw(env)?;
        self.read(env, move |core| core.search(&query))
    }

    #[napi]
    pub fn problems<'env>(&self, env: &'env Env, filter: String) -> Result<Object<'env>> {
        let filter = input::options::<ProblemFilter>(&filter).or_throw(env)?;
        self.read(env, move |core| core.problems(&filter))
    }

    #[napi]
    pub fn stats<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.read(env, han_native::Han::stats)
    }
}
