//! A promise for a call into the core. While it is pending it keeps the process alive, by itself.

use han_native::ErrorCode;
use han_native::operations::Answer;
use napi::bindgen_prelude::Object;
use napi::{Env, Result};

use crate::failure::{Failure, guarded};
use crate::lane::Lane;
use crate::output;

/// Makes the call on `lane` and settles the promise on the JavaScript thread. If the thread's environment has ended
/// meanwhile (a terminated worker), the result is dropped.
pub(crate) fn promise<'env>(
    env: &'env Env,
    lane: &Lane,
    call: impl FnOnce() -> han_native::Result<Answer> + Send + 'static,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    lane.run(Box::new(move |started| {
        let result = match started {
            Ok(()) => guarded(call),
            Err(error) => Err(Failure::new(ErrorCode::Io, format!("no thread could be started: {error}"))),
        };
        deferred.resolve(move |env| match result {
            Ok(answer) => output::convert(&env, answer),
            Err(failure) => Err(failure.into_js(env)),
        });
    }));
    Ok(promise)
}
