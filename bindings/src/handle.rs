//! The native half of the class `Han`: opening, closing, and the threads its calls run on. The operations are in the files of
//! their subjects.

use std::sync::atomic::{AtomicBool, Ordering};

use han_native::{Han, Leadership, OpenOptions};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use parking_lot::Mutex;
use serde::Serialize;

use crate::failure::{OrThrow, guarded};
use crate::input;
use crate::lane::Lane;
use crate::logging::{self, LogFunction};
use crate::output::{self, Answer};
use crate::promise::promise;

/// How many reads of one handle run at once.
const READERS: usize = 4;

/// A handle of the core with its threads.
#[napi]
pub struct NativeHan {
    /// What `coordinator.tryAcquire()` gave. Dropped before the core.
    pub(crate) leadership: Mutex<Option<Leadership>>,
    core: Han,
    reads: Lane,
    writes: Lane,
    long: Lane,
    is_closing: AtomicBool,
}

#[napi]
impl NativeHan {
    /// Opens the database on this thread: it takes milliseconds, and nothing can be done before it.
    #[napi(factory)]
    pub fn open(env: &Env, options: String, log: Option<LogFunction>) -> Result<NativeHan> {
        let options = input::options::<OpenOptions>(&options).or_throw(env)?;
        let options = OpenOptions { log: log.map(logging::hook), ..options };
        Ok(NativeHan {
            leadership: Mutex::new(None),
            core: guarded(|| Han::open(options)).or_throw(env)?,
            reads: Lane::new(READERS),
            // Writes of one database wait for each other anyway; here they do so on one thread, in the order of the calls.
            writes: Lane::new(1),
            // A scan may run for minutes, and neither closing nor stopping the watcher must queue behind it.
            long: Lane::new(usize::MAX),
            is_closing: AtomicBool::new(false),
        })
    }

    #[napi]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.is_closing.store(true, Ordering::Relaxed);
        let (core, leadership) = (self.core.clone(), self.leadership.lock().take());
        let close = move || {
            core.close();
            drop(leadership);
            Ok(())
        };
        promise(env, &self.long, close, output::object)
    }
}

impl NativeHan {
    /// The core; refused as soon as closing has begun, so that what is called after `close()` never runs before it.
    pub(crate) fn core(&self, env: &Env) -> Result<Han> {
        let is_closing = self.is_closing.load(Ordering::Relaxed);
        let core = if is_closing { Err(han_native::Error::Closed.into()) } else { Ok(self.core.clone()) };
        core.or_throw(env)
    }

    /// A call that reads, its result an object.
    pub(crate) fn read<'env, T: Serialize + Send + 'static>(
        &self,
        env: &'env Env,
        call: impl FnOnce(&Han) -> han_native::Result<T> + Send + 'static,
    ) -> Result<Object<'env>> {
        self.read_as(env, call, output::object)
    }

    /// A call that reads, its result converted by `convert`.
    pub(crate) fn read_as<'env, T: Send + 'static>(
        &self,
        env: &'env Env,
        call: impl FnOnce(&Han) -> han_native::Result<T> + Send + 'static,
        convert: fn(&Env, T) -> Result<Answer>,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        promise(env, &self.reads, move || call(&core), convert)
    }

    /// A call that writes.
    pub(crate) fn write<'env, T: Serialize + Send + 'static>(
        &self,
        env: &'env Env,
        call: impl FnOnce(&Han) -> han_native::Result<T> + Send + 'static,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        promise(env, &self.writes, move || call(&core), output::object)
    }

    /// A call that may take long and waits for no other.
    pub(crate) fn long<'env, T: Serialize + Send + 'static>(
        &self,
        env: &'env Env,
        call: impl FnOnce(&Han) -> han_native::Result<T> + Send + 'static,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        promise(env, &self.long, move || call(&core), output::object)
    }
}
