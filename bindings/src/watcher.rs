//! `han.watcher`.

use std::path::PathBuf;

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::{OrThrow, guarded};
use crate::handle::NativeHan;
use crate::input;
use crate::output::{self, Answer};

#[napi]
impl NativeHan {
    #[napi]
    pub fn watcher_start<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.long(env, |core| core.watcher().start())
    }

    #[napi]
    pub fn watcher_stop<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.long(env, |core| {
            core.watcher().stop();
            Ok(())
        })
    }

    #[napi]
    pub fn watcher_add_path(&self, env: &Env, config_dir: String) -> Result<()> {
        let config_dir = input::argument::<PathBuf>("configDir", &config_dir).or_throw(env)?;
        let core = self.core(env)?;
        guarded(|| core.watcher().add_path(config_dir)).or_throw(env)
    }

    #[napi]
    pub fn watcher_remove_path(&self, env: &Env, config_dir: String) -> Result<()> {
        let config_dir = input::argument::<PathBuf>("configDir", &config_dir).or_throw(env)?;
        let core = self.core(env)?;
        guarded(|| core.watcher().remove_path(config_dir)).or_throw(env)
    }

    #[napi]
    pub fn watcher_status(&self, env: &Env) -> Result<Answer> {
        let core = self.core(env)?;
        output::object(env, guarded(|| Ok(core.watcher().status())).or_throw(env)?)
    }
}
