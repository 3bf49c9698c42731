//! `han.sessions`.

use han_native::model::SessionQuery;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input;

#[napi]
impl NativeHan {
    #[napi]
    pub fn sessions_list<'env>(&self, env: &'env Env, query: String) -> Result<Object<'env>> {
        let query = input::options::<SessionQuery>(&query).or_throw(env)?;
        self.read(env, move |core| core.sessions().list(&query))
    }

    #[napi]
    pub fn sessions_get<'env>(&self, env: &'env Env, ids: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        self.read(env, move |core| core.sessions().get(&ids))
    }
}
