//! Indexing one file, and scanning all of them with progress and cancellation.

use std::path::PathBuf;
use std::sync::Arc;

use han_native::model::ScanProgress;
use han_native::{Cancellation, ScanOptions};
use napi::bindgen_prelude::{Object, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use parking_lot::Mutex;

use crate::failure::{OrThrow, guarded};
use crate::handle::NativeHan;
use crate::input;
use crate::output::{self, Answer};

/// A JavaScript function that is told that there is progress to take. It does not keep the process alive.
type ProgressSignal = ThreadsafeFunction<(), Unknown<'static>, (), Status, false, true>;

/// One scan, as long as it runs: its cancellation, and the latest progress that JavaScript has not taken yet. A slow event
/// loop sees fewer, newer values, never a queue of old ones.
#[napi]
#[derive(Default)]
pub struct NativeScan {
    cancellation: Cancellation,
    progress: Arc<Mutex<Option<ScanProgress>>>,
}

#[napi]
impl NativeScan {
    #[napi(constructor)]
    pub fn new() -> NativeScan {
        NativeScan::default()
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }

    #[napi]
    pub fn take_progress(&self, env: &Env) -> Result<Answer> {
        output::object(env, self.progress.lock().take())
    }
}

#[napi]
impl NativeHan {
    #[napi]
    pub fn index_session_file<'env>(&self, env: &'env Env, path: String) -> Result<Object<'env>> {
        let path = input::argument::<PathBuf>("path", &path).or_throw(env)?;
        self.write(env, move |core| core.index_session_file(path))
    }

    #[napi]
    pub fn index_session_file_sync(&self, env: &Env, path: String) -> Result<Answer> {
        let path = input::argument::<PathBuf>("path", &path).or_throw(env)?;
        let core = self.core(env)?;
        output::object(env, guarded(|| core.index_session_file(path)).or_throw(env)?)
    }

    #[napi]
    pub fn scan<'env>(
        &self,
        env: &'env Env,
        options: String,
        scan: &NativeScan,
        on_progress: Option<ProgressSignal>,
    ) -> Result<Object<'env>> {
        let options = input::options::<ScanOptions<'static>>(&options).or_throw(env)?;
        let cancellation = scan.cancellation.clone();
        let latest = Arc::clone(&scan.progress);
        self.long(env, move |core| {
            let on_progress = on_progress.map(|signal| -> han_native::ProgressHook<'static> {
                Box::new(move |progress| {
                    *latest.lock() = Some(progress.clone());
                    signal.call((), ThreadsafeFunctionCallMode::NonBlocking);
                })
            });
            core.scan(ScanOptions { on_progress, cancellation, ..options })
        })
    }
}
