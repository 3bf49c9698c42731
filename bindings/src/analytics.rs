//! Dashboards, activity, ad-hoc SQL and exports.

use std::path::PathBuf;

use han_native::model::{AnalyticsFilter, ExportFormat, ExportOptions, SqlParameters, SqlResult};
use han_native::{Cancellation, SqlOptions};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use serde_json::Value;

use crate::failure::OrThrow;
use crate::handle::NativeHan;
use crate::input;

/// Cancels what runs under it.
#[napi]
#[derive(Default)]
pub struct NativeCancellation {
    cancellation: Cancellation,
}

#[napi]
impl NativeCancellation {
    #[napi(constructor)]
    pub fn new() -> NativeCancellation {
        NativeCancellation::default()
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }
}

#[napi]
impl NativeHan {
    #[napi]
    pub fn dashboard<'env>(&self, env: &'env Env, filter: String) -> Result<Object<'env>> {
        let filter = input::options::<AnalyticsFilter>(&filter).or_throw(env)?;
        self.read(env, move |core| core.dashboard(&filter))
    }

    #[napi]
    pub fn activity<'env>(&self, env: &'env Env, filter: String) -> Result<Object<'env>> {
        let filter = input::options::<AnalyticsFilter>(&filter).or_throw(env)?;
        self.read(env, move |core| core.activity(&filter))
    }

    #[napi]
    pub fn query_dashboard_aggregates<'env>(&self, env: &'env Env, since: String) -> Result<Object<'env>> {
        let since = input::argument::<Option<String>>("since", &since).or_throw(env)?;
        self.read(env, move |core| core.query_dashboard_aggregates(since.as_deref()))
    }

    #[napi]
    pub fn query<'env>(
        &self,
        env: &'env Env,
        sql: String,
        parameters: String,
        options: String,
        cancellation: &NativeCancellation,
    ) -> Result<Object<'env>> {
        let sql = input::argument::<String>("sql", &sql).or_throw(env)?;
        let parameters = input::argument::<Option<SqlParameters>>("parameters", &parameters).or_throw(env)?;
        let cancellation = cancellation.cancellation.clone();
        let options = SqlOptions { cancellation, ..input::options(&options).or_throw(env)? };
        self.long(env, move |core| core.query(&sql, &parameters.unwrap_or_default(), &options).map(with_plain_numbers))
    }

    #[napi]
    pub fn export_session<'env>(
        &self,
        env: &'env Env,
        id: String,
        format: String,
        options: String,
    ) -> Result<Object<'env>> {
        let id = input::argument::<String>("id", &id).or_throw(env)?;
        let format = input::argument::<Option<ExportFormat>>("format", &format).or_throw(env)?;
        let options = input::options::<ExportOptions>(&options).or_throw(env)?;
        self.long(env, move |core| core.export_session(&id, format.unwrap_or_default(), &options))
    }

    #[napi]
    pub fn export_session_to_file<'env>(
        &self,
        env: &'env Env,
        id: String,
        format: String,
        target_path: String,
        options: String,
    ) -> Result<Object<'env>> {
        let id = input::argument::<String>("id", &id).or_throw(env)?;
        let format = input::argument::<ExportFormat>("format", &format).or_throw(env)?;
        let target = input::argument::<PathBuf>("targetPath", &target_path).or_throw(env)?;
        let options = input::options::<ExportOptions>(&options).or_throw(env)?;
        self.long(env, move |core| core.export_session_to_file(&id, format, &options, target))
    }
}

/// Large integers as the doubles that JavaScript's numbers are: napi makes a BigInt of what is beyond 32 bits.
fn with_plain_numbers(mut result: SqlResult) -> SqlResult {
    for value in result.rows.iter_mut().flatten() {
        if let Value::Number(number) = value
            && number.as_u64().is_some_and(|number| number > u64::from(u32::MAX))
            && let Some(double) = number.as_f64()
        {
            *value = double.into();
        }
    }
    result
}
