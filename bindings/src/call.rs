//! Calling operations by name: on a thread of the handle, or on the calling one.

use std::io::{self, Write};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};

use han_native::Cancellation;
use han_native::operations::{self, Call, Kind, Operation, ProgressReport};
use napi::bindgen_prelude::{Buffer, Object, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};
use napi_derive::napi;
use parking_lot::Mutex;

use crate::failure::{Failure, OrThrow, guarded};
use crate::handle::NativeHan;
use crate::output::{self, Output};
use crate::promise::promise;

/// A JavaScript function that is notified when there is progress to take. It does not keep the process alive.
type ProgressSignal = ThreadsafeFunction<(), Unknown<'static>, (), Status, false, true>;

/// A JavaScript function that takes pieces of a document. It does not keep the process alive.
type PieceFunction = ThreadsafeFunction<NativePiece, Unknown<'static>, NativePiece, Status, false, true>;

/// One running call: its cancellation, and the latest progress that JavaScript has not taken yet. A slow event
/// loop sees fewer, newer values, never a queue of old ones.
#[napi]
#[derive(Default)]
pub struct NativeCall {
    cancellation: Cancellation,
    progress: Arc<Mutex<Option<String>>>,
}

#[napi]
impl NativeCall {
    #[napi(constructor)]
    pub fn new() -> NativeCall {
        NativeCall::default()
    }

    #[napi]
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// The latest progress as JSON text.
    #[napi]
    pub fn take_progress(&self) -> Option<String> {
        self.progress.lock().take()
    }
}

#[napi]
impl NativeHan {
    /// Runs an operation on a thread of this handle.
    #[napi]
    pub fn call<'env>(
        &self,
        env: &'env Env,
        operation: String,
        parameters: String,
        call: Option<&NativeCall>,
        on_progress: Option<ProgressSignal>,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        let kind = operations::operation(&operation).map_err(Failure::from).or_throw(env)?.kind;
        let cancellation = call.map(|call| call.cancellation.clone()).unwrap_or_default();
        let latest = call.map(|call| Arc::clone(&call.progress)).unwrap_or_default();
        let run = move || {
            let progress = on_progress.map(|signal| -> ProgressReport<'static> {
                Box::new(move |progress| {
                    *latest.lock() = serde_json::to_string(progress).ok();
                    signal.call((), ThreadsafeFunctionCallMode::NonBlocking);
                })
            });
            core.call(&operation, Some(&parameters), &mut Call { progress, cancellation })
        };
        promise(env, self.lane(kind), run)
    }

    /// Runs an operation on the calling thread.
    #[napi]
    pub fn call_now(&self, env: &Env, operation: String, parameters: String) -> Result<Output> {
        let core = self.core(env)?;
        let answer = guarded(|| core.call(&operation, Some(&parameters), &mut Call::default())).or_throw(env)?;
        output::convert(env, answer)
    }

    /// Runs an operation that writes its result piece by piece; each piece is written once JavaScript has taken the last one.
    #[napi]
    pub fn call_to<'env>(
        &self,
        env: &'env Env,
        operation: String,
        parameters: String,
        write: PieceFunction,
    ) -> Result<Object<'env>> {
        let core = self.core(env)?;
        let run = move || {
            core.call_to(&operation, Some(&parameters), &mut Pieces { write })?;
            Ok(operations::Answer::Value(Box::new(())))
        };
        promise(env, self.lane(Kind::Stream), run)
    }
}

#[napi]
impl NativeHan {
    /// Runs an operation that needs no handle.
    #[napi]
    pub fn call_static(env: &Env, operation: String, parameters: String) -> Result<Output> {
        let answer = guarded(|| operations::call_static(&operation, Some(&parameters))).or_throw(env)?;
        output::convert(env, answer)
    }

    /// Every operation.
    #[napi]
    pub fn operations() -> Vec<NativeOperation> {
        operations::OPERATIONS.iter().map(NativeOperation::from).collect()
    }
}

/// A piece of a document on its way to JavaScript, which says when it has taken it.
#[napi]
pub struct NativePiece {
    bytes: Mutex<Option<Vec<u8>>>,
    taken: OnceLock<Sender<Option<String>>>,
}

#[napi]
impl NativePiece {
    /// The bytes; empty if they were taken before.
    #[napi]
    pub fn bytes(&self) -> Buffer {
        self.bytes.lock().take().unwrap_or_default().into()
    }

    /// Lets the operation continue; with a reason, ends it instead.
    #[napi]
    pub fn done(&self, reason: Option<String>) {
        if let Some(taken) = self.taken.get() {
            // An operation that has ended meanwhile no longer listens.
            let _ = taken.send(reason);
        }
    }
}

/// Writes by calling a JavaScript function and waiting until it has taken the piece.
struct Pieces {
    write: PieceFunction,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (sender, receiver) = mpsc::channel();
        let piece = NativePiece { bytes: Mutex::new(Some(bytes.to_vec())), taken: OnceLock::from(sender) };
        self.write.call(piece, ThreadsafeFunctionCallMode::NonBlocking);
        match receiver.recv() {
            Ok(None) => Ok(bytes.len()),
            Ok(Some(reason)) => Err(io::Error::other(reason)),
            Err(_) => Err(io::Error::other("the JavaScript environment has ended")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An operation, as `operations.js` needs to know it.
#[napi(object, object_from_js = false)]
pub struct NativeOperation {
    /// The dotted name.
    pub name: &'static str,
    /// `promise`, `now`, `stream` or `static`.
    pub way: &'static str,
    /// The names of its positional parameters.
    pub leading: Vec<String>,
    /// Whether it takes a `signal`.
    pub is_cancellable: bool,
    /// Whether it takes `onProgress`.
    pub has_progress: bool,
}

impl From<&Operation> for NativeOperation {
    fn from(operation: &Operation) -> NativeOperation {
        let way = match operation.kind {
            Kind::Instant => "now",
            Kind::Stream => "stream",
            Kind::Static => "static",
            _ => "promise",
        };
        NativeOperation {
            name: operation.name,
            way,
            leading: operation.leading.iter().map(|name| operations::camel_case(name)).collect(),
            is_cancellable: operation.is_cancellable,
            has_progress: operation.has_progress,
        }
    }
}
