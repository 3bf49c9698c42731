//! The native half of the class `Han`: opening, closing, and the threads its calls run on. The operations are called by name:
//! see `call.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use han_native::OpenOptions;
use han_native::operations::{Answer, Arguments, Handle, Kind};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::{OrThrow, guarded};
use crate::lane::Lane;
use crate::logging::{self, LogFunction};
use crate::promise::promise;

/// How many reads of one handle run at once.
const READERS: usize = 4;

/// A handle of the core with its threads.
#[napi]
pub struct NativeHan {
    core: Arc<Handle>,
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
        let open = || {
            let options: OpenOptions = Arguments::parse(Some(&options))?.options()?;
            Handle::open(OpenOptions { log: log.map(logging::hook), ..options })
        };
        Ok(NativeHan {
            core: Arc::new(guarded(open).or_throw(env)?),
            reads: Lane::new(READERS),
            // Writes to one database wait for each other anyway; here they do so on one thread, in the order of the calls.
            writes: Lane::new(1),
            // A scan may run for minutes, and neither closing nor stopping the watcher must queue after it.
            long: Lane::new(usize::MAX),
            is_closing: AtomicBool::new(false),
        })
    }

    #[napi]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        self.is_closing.store(true, Ordering::Relaxed);
        let core = Arc::clone(&self.core);
        let close = move || {
            core.close();
            Ok(Answer::Value(Box::new(())))
        };
        promise(env, &self.long, close)
    }
}

impl NativeHan {
    /// The core; an error as soon as closing has begun, so that what is called after `close()` never runs before it.
    pub(crate) fn core(&self, env: &Env) -> Result<Arc<Handle>> {
        let is_closing = self.is_closing.load(Ordering::Relaxed);
        let core = if is_closing { Err(han_native::Error::Closed.into()) } else { Ok(Arc::clone(&self.core)) };
        core.or_throw(env)
    }

    /// The threads that run operations of a kind.
    pub(crate) fn lane(&self, kind: Kind) -> &Lane {
        match kind {
            Kind::Read | Kind::Instant | Kind::Static => &self.reads,
            Kind::Write => &self.writes,
            _ => &self.long,
        }
    }
}
