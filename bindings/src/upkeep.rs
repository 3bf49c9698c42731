//! Keeping, checking and removing: restore, backup, doctor, re-derivation and `forget`.

use std::path::PathBuf;

use han_native::{DoctorOptions, ForgetTarget};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input;

#[napi]
impl NativeHan {
    #[napi]
    pub fn restore<'env>(&self, env: &'env Env, source_path: String, target_path: String) -> Result<Object<'env>> {
        let source = input::argument::<String>("sourcePath", &source_path).or_throw(env)?;
        let target = input::argument::<PathBuf>("targetPath", &target_path).or_throw(env)?;
        self.read(env, move |core| core.restore(&source, target))
    }

    #[napi]
    pub fn backup<'env>(&self, env: &'env Env, path: String) -> Result<Object<'env>> {
        let path = input::argument::<PathBuf>("path", &path).or_throw(env)?;
        self.long(env, move |core| core.backup(path))
    }

    #[napi]
    pub fn doctor<'env>(&self, env: &'env Env, options: String) -> Result<Object<'env>> {
        let options = input::options::<DoctorOptions>(&options).or_throw(env)?;
        self.long(env, move |core| core.doctor(options))
    }

    #[napi]
    pub fn rederive<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.write(env, han_native::Han::rederive)
    }

    #[napi]
    pub fn forget<'env>(&self, env: &'env Env, target: String) -> Result<Object<'env>> {
        let target = input::options::<ForgetTarget>(&target).or_throw(env)?;
        self.write(env, move |core| core.forget(&target))
    }
}
