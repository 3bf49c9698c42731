//! Results on their way to JavaScript, made on the thread of the `Env`.

use han_native::operations::Answer;
use napi::bindgen_prelude::{Buffer, Either3, Unknown};
use napi::{Env, Result};

/// What an operation returns: what serde makes of a result, a document, or bytes.
pub(crate) type Output = Either3<Unknown<'static>, String, Vec<Option<Buffer>>>;

/// The same fields as the JSON of the other languages, `null` for what is missing; bytes as `Buffer`, without a copy.
pub(crate) fn convert(env: &Env, answer: Answer) -> Result<Output> {
    match answer {
        Answer::Value(value) => env.to_js_value(&value).map(Either3::A),
        Answer::Text(text) => Ok(Either3::B(text)),
        Answer::Bytes(records) => Ok(Either3::C(records.into_iter().map(|bytes| bytes.map(Buffer::from)).collect())),
    }
}
