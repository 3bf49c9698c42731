//! `han.messages`.

use han_native::model::MessageQuery;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::{input, output};

#[napi]
impl NativeHan {
    #[napi]
    pub fn messages_list<'env>(&self, env: &'env Env, query: String) -> Result<Object<'env>> {
        let query = input::options::<MessageQuery>(&query).or_throw(env)?;
        self.read(env, move |core| core.messages().list(&query))
    }

    #[napi]
    pub fn messages_get<'env>(&self, env: &'env Env, ids: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        self.read(env, move |core| core.messages().get(&ids))
    }

    #[napi]
    pub fn messages_raw<'env>(&self, env: &'env Env, ids: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        self.read(env, move |core| core.messages().raw(&ids))
    }

    #[napi]
    pub fn messages_raw_bytes<'env>(&self, env: &'env Env, ids: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        self.read_as(env, move |core| core.messages().raw_bytes(&ids), output::buffers)
    }

    #[napi]
    pub fn messages_count_batch<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.messages().count_batch(&session_ids))
    }

    #[napi]
    pub fn messages_timestamps_batch<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.messages().timestamps_batch(&session_ids))
    }
}
