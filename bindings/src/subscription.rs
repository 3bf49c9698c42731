//! A subscription of the core on a thread of ours, which waits for the next items whenever JavaScript has taken the last
//! ones. Nothing is read ahead, so there is no queue that grows, and no subscriber waits for another.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use han_native::model::Change;
use han_native::operations::Arguments;
use han_native::{Cancellation, ErrorCode, SubscribeOptions, Subscription};
use napi::bindgen_prelude::Unknown;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use parking_lot::Mutex;

use crate::failure::{Failure, OrThrow, guarded};
use crate::handle::NativeHan;

/// Items that cross at once, at most.
const BATCH: usize = 256;

/// A JavaScript function that is notified when there is something to take. It does not keep the process alive; there is one for
/// each wait, so that a subscription that nobody waits for can be collected.
type ArrivalSignal = ThreadsafeFunction<(), Unknown<'static>, (), Status, false, true>;

/// The result of the last wait; no items at the end of the subscription.
type Arrived = Mutex<std::result::Result<Vec<Change>, Failure>>;

/// The JavaScript end of a subscription. The other end is the thread that owns it; dropping this one ends that.
#[napi]
pub struct NativeSubscription {
    cancellation: Cancellation,
    waits: Mutex<Option<Sender<ArrivalSignal>>>,
    arrived: Arc<Arrived>,
}

#[napi]
impl NativeHan {
    /// Begins on this thread: what is committed after the call is reported.
    #[napi]
    pub fn subscribe(&self, env: &Env, options: String) -> Result<NativeSubscription> {
        let core = self.core(env)?;
        let read = Arguments::parse(Some(&options)).and_then(Arguments::options::<SubscribeOptions>);
        let options = read.map_err(Failure::from).or_throw(env)?;
        let cancellation = options.cancellation.clone();
        let subscription = guarded(|| core.han().subscribe(options)).or_throw(env)?;
        let arrived = Arc::new(Arrived::new(Ok(Vec::new())));
        let (waits, asked) = mpsc::channel();
        let shared = Arc::clone(&arrived);
        thread::Builder::new()
            .name("han-next".into())
            .spawn(move || serve(subscription, &asked, &shared))
            .map_err(|error| Failure::new(ErrorCode::Io, format!("no thread could be started: {error}")))
            .or_throw(env)?;
        Ok(NativeSubscription { cancellation, waits: Mutex::new(Some(waits)), arrived })
    }
}

#[napi]
impl NativeSubscription {
    /// Calls `signal` once there is something to take, or at the end.
    #[napi]
    pub fn wait(&self, signal: ArrivalSignal) {
        let waits = self.waits.lock().clone();
        let unsent = match waits {
            Some(waits) => waits.send(signal).err().map(|error| error.0),
            None => Some(signal),
        };
        if let Some(signal) = unsent {
            notify(&signal);
        }
    }

    #[napi]
    pub fn take(&self, env: &Env) -> Result<Unknown<'static>> {
        let arrived = std::mem::replace(&mut *self.arrived.lock(), Ok(Vec::new()));
        env.to_js_value(&arrived.or_throw(env)?)
    }

    /// Ends the subscription, and a wait with it.
    #[napi]
    pub fn close(&self) {
        self.waits.lock().take();
        self.cancellation.cancel();
    }
}

impl Drop for NativeSubscription {
    fn drop(&mut self) {
        self.close();
    }
}

/// Waits once for each request.
fn serve(mut subscription: Subscription, asked: &Receiver<ArrivalSignal>, arrived: &Arrived) {
    for signal in asked {
        *arrived.lock() = guarded(|| subscription.next_batch(BATCH, None));
        notify(&signal);
    }
}

/// If JavaScript has ended, nobody is notified.
fn notify(signal: &ArrivalSignal) {
    signal.call((), ThreadsafeFunctionCallMode::NonBlocking);
}
