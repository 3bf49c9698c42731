//! Results on their way to JavaScript, made on the thread of the `Env`.

use napi::bindgen_prelude::{Buffer, Either, Unknown};
use napi::{Env, Result};
use serde::Serialize;

/// What a promise resolves to: what serde makes of a result, or bytes.
pub(crate) type Answer = Either<Unknown<'static>, Vec<Option<Buffer>>>;

/// What serde makes of a value: the same fields as the JSON of the other languages, `null` for what is missing.
pub(crate) fn object<T: Serialize>(env: &Env, value: T) -> Result<Answer> {
    env.to_js_value(&value).map(Either::A)
}

/// Bytes as `Buffer`, without a copy; `null` for what is missing.
pub(crate) fn buffers(_env: &Env, values: Vec<Option<Vec<u8>>>) -> Result<Answer> {
    Ok(Either::B(values.into_iter().map(|bytes| bytes.map(Buffer::from)).collect()))
}
