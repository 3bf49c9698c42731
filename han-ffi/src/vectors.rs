//! Vectors of messages: passed by the caller, or made by an embedder of the caller's.

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::Arc;

use han_native::Embedder;
use han_native::model::{VectorItem, VectorPlace, VectorQuery};
use han_native::operations::Arguments;
use serde::Deserialize;

use crate::arguments::{clear, invalid, numbers, optional_text, present, text};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::{c_text, han_error_t};
use crate::guard::guard;
use crate::handle::{han_t, open};

/// The size of the buffer for an embedder's error message in bytes, the NUL included.
pub const HAN_EMBED_MESSAGE_SIZE: usize = 1024;

/// Turns texts into vectors; see han_register_embedder().
///
/// `texts` is an array of `text_count` strings of UTF-8 without a NUL inside, valid during the call only. `vectors` has room for as
/// many times the model's dimensions numbers: those of the first text, then those of the second, and so on. `user_data` is what
/// was passed to han_register_embedder(). Returns true when all are written. Otherwise it returns false, and may write what went
/// wrong to `message`, a string of at most HAN_EMBED_MESSAGE_SIZE bytes with its NUL.
///
/// Called on the threads that call han_vectors_embed_pending(), han_search() and the like, on several at once where several do: it must
/// be thread-safe. It must not call a function on the handle, nor throw an exception, nor longjmp out.
pub type han_embed_callback_t = Option<
    unsafe extern "C" fn(
        texts: *const *const c_char,
        text_count: usize,
        vectors: *mut f32,
        message: *mut c_char,
        user_data: *mut c_void,
    ) -> bool,
>;

struct Callback {
    model: String,
    dimensions: usize,
    callback: unsafe extern "C" fn(*const *const c_char, usize, *mut f32, *mut c_char, *mut c_void) -> bool,
    user_data: *mut c_void,
}

// SAFETY: the header requires a callback that is thread-safe with its user data.
unsafe impl Send for Callback {}
// SAFETY: as above.
unsafe impl Sync for Callback {}

impl Embedder for Callback {
    fn model(&self) -> &str {
        &self.model
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(&self, texts: &[&str]) -> std::result::Result<Vec<Vec<f32>>, String> {
        let texts: Vec<CString> = texts.iter().map(|text| c_text(text)).collect();
        let pointers: Vec<*const c_char> = texts.iter().map(|text| text.as_ptr()).collect();
        let mut vectors = vec![0.0_f32; texts.len() * self.dimensions];
        let mut message = [0 as c_char; HAN_EMBED_MESSAGE_SIZE];
        // SAFETY: a function that the caller passed for this, strings that outlive the call, and room for what it may write.
        let is_done = unsafe {
            (self.callback)(
                pointers.as_ptr(),
                pointers.len(),
                vectors.as_mut_ptr(),
                message.as_mut_ptr(),
                self.user_data,
            )
        };
        if is_done {
            return Ok(vectors.chunks_exact(self.dimensions).map(<[f32]>::to_vec).collect());
        }
        message[HAN_EMBED_MESSAGE_SIZE - 1] = 0;
        // SAFETY: at least its last byte is NUL.
        let text = unsafe { CStr::from_ptr(message.as_ptr()) }.to_string_lossy().into_owned();
        Err(if text.is_empty() { "it does not say why".into() } else { text })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Items {
    model: String,
    items: Vec<VectorPlace>,
}

/// Stores vectors of messages under the name of the model that they come from; those of one call in one transaction.
///
/// `parameters_json` is a JSON object of "model" (required) and "items" (required), an array of at most 10000 objects of "messageId"
/// (required), "chunk" (distinguishes the vectors of one message; 0), "field" (the field of the searchable text that it represents, as in
/// han_search(); all of them), "start" and "end" (its piece in UTF-16 code units of the text of the field, or of all fields joined
/// by line ends; the whole) and "textHash" (what han_vectors_pending() returned for the text; that of the text that the message has
/// now). `vectors` are the numbers of the first item, then those of the second, and so on: `number_count` in all. They are stored
/// as they are in memory. `result` becomes a JSON object {"messages", "vectors", "unknown": an array of the message ids that
/// do not exist, whose vectors are not stored}.
///
/// Earlier vectors of this model are removed from the named messages; those of other models and other messages stay. The first call
/// fixes how many dimensions the model has. Where several config dirs have a message of this id, all those with the embedded text
/// get the vector. An empty list notes which messages need no further check, so that han_vectors_pending() is fast again.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(); `vectors` is borrowed for the duration of the call.
/// Blocking: until they are committed; up to "lockTimeoutMs" for another process that writes. Threads: any; writes wait for each
/// other. Errors: HAN_INVALID_ARGUMENT also for vectors of other dimensions than the model's, that are not finite or have no
/// direction, in which case nothing is stored; HAN_LOCKED, HAN_NOT_LEADER, HAN_DISK_FULL, HAN_READ_ONLY, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_index_vectors(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    vectors: *const f32,
    number_count: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("result", result, han_buf_t::NONE) }?;
        // SAFETY: as above.
        let parameters = unsafe { optional_text("parameters_json", parameters_json) }?;
        let Items { model, items: places } = Arguments::parse(parameters)?.options()?;
        // SAFETY: as above.
        let vectors = unsafe { numbers("vectors", vectors, number_count) }?;
        let dimensions = number_count.checked_div(places.len()).unwrap_or(0);
        if dimensions * places.len() != number_count {
            let problem = format!("are {number_count} numbers, which {} items cannot share", places.len());
            return Err(invalid("vectors", problem));
        }
        let vector = |at: usize| &vectors[at * dimensions..(at + 1) * dimensions];
        let items: Vec<VectorItem<'_>> =
            (0..).zip(places).map(|(at, place)| VectorItem { place, vector: vector(at) }).collect();
        let report = han_buf_t::json(&open(handle)?.core.han().vectors().index(&model, &items)?)?;
        // SAFETY: as above, and just checked.
        unsafe { result.write(report) };
        Ok(())
    })
}

/// Searches messages by the distance of their vectors to one.
///
/// `parameters_json` is a JSON object of "model" (the only one with vectors), "vector" (an array of numbers, where `vector` is NULL),
/// and "fields", "sessionId", "projectId", "agentId", "since", "until", "includeReplays", "includeSuperseded", "first" (1 to
/// 1000; 20) and "after" as in han_search(). `vector` is NULL, or `dimensions` numbers. `result` becomes a page of hits as in
/// han_search(), the nearest first.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(); `vector` is borrowed for the duration of the call.
/// Blocking: for the query. Threads: any; reads do not wait for writes. Errors: HAN_INVALID_ARGUMENT also for a vector of other
/// dimensions than the model's, that is not finite or has no direction; HAN_NOT_FOUND for a model without vectors; HAN_CLOSED and
/// those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_search_vectors(
    handle: Option<&han_t>,
    parameters_json: *const c_char,
    vector: *const f32,
    dimensions: usize,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("result", result, han_buf_t::NONE) }?;
        // SAFETY: as above.
        let parameters = unsafe { optional_text("parameters_json", parameters_json) }?;
        let mut query: VectorQuery = Arguments::parse(parameters)?.options()?;
        if !vector.is_null() {
            // SAFETY: as above.
            query.vector = unsafe { numbers("vector", vector, dimensions) }?.to_vec();
        }
        let page = han_buf_t::json(&open(handle)?.core.han().vectors().search(&query)?)?;
        // SAFETY: as above, and just checked.
        unsafe { result.write(page) };
        Ok(())
    })
}

/// Registers a function that embeds texts for a model, in place of an earlier one: han_vectors_embed_pending() calls it, and
/// han_search() in the modes "vector" and "hybrid" for a query without a vector.
///
/// `model` is the name under which the vectors are kept, `dimensions` how many numbers each has, 1 to 8192. `callback` is called with
/// `user_data`; both must stay valid until han_free() has returned.
///
/// Does not block. Threads: any. Errors: HAN_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_register_embedder(
    handle: Option<&han_t>,
    model: *const c_char,
    dimensions: usize,
    callback: han_embed_callback_t,
    user_data: *mut c_void,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        let model = unsafe { text("model", model) }?.to_owned();
        let callback = present("callback", callback)?;
        open(handle)?.core.han().vectors().register(Arc::new(Callback { model, dimensions, callback, user_data }))
    })
}
