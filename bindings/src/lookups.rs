//! What is looked up for many ids at once: `han.files`, `toolCalls`, `todos`, `tasks`, `fileChanges`, `hookExecutions`,
//! `summaries` and `usage`.

use han_native::model::ToolCallOptions;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input;

#[napi]
impl NativeHan {
    #[napi]
    pub fn files_get<'env>(&self, env: &'env Env, ids: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        self.read(env, move |core| core.files().get(&ids))
    }

    #[napi]
    pub fn files_by_session<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.files().by_session(&session_ids))
    }

    #[napi]
    pub fn tool_calls_get<'env>(&self, env: &'env Env, ids: String, options: String) -> Result<Object<'env>> {
        let ids = input::argument::<Vec<String>>("ids", &ids).or_throw(env)?;
        let options = input::options::<ToolCallOptions>(&options).or_throw(env)?;
        self.read(env, move |core| core.tool_calls().get(&ids, options))
    }

    #[napi]
    pub fn todos_get<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.todos().get(&session_ids))
    }

    #[napi]
    pub fn tasks_get<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.tasks().get(&session_ids))
    }

    #[napi]
    pub fn file_changes_get<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.file_changes().get(&session_ids))
    }

    #[napi]
    pub fn hook_executions_get<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.hook_executions().get(&session_ids))
    }

    #[napi]
    pub fn summaries_get<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.summaries().get(&session_ids))
    }

    #[napi]
    pub fn usage_by_session<'env>(&self, env: &'env Env, session_ids: String) -> Result<Object<'env>> {
        let session_ids = input::argument::<Vec<String>>("sessionIds", &session_ids).or_throw(env)?;
        self.read(env, move |core| core.usage().by_session(&session_ids))
    }
}
