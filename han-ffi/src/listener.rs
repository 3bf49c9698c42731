//! A thread that passes the changes of a subscription to a callback of the caller.

use std::ffi::{CString, c_char, c_void};
use std::ptr::null;
use std::sync::{Arc, OnceLock};
use std::thread::{JoinHandle, ThreadId};

use han_native::model::Change;
use han_native::{Cancellation, Error, Result};
use parking_lot::Mutex;

use crate::arguments::present;
use crate::error::han_error_t;
use crate::guard::outcome;

/// Receives what was committed; see han_on_change().
///
/// `change_json` is an item as in han_subscription_next(), and `error` is NULL; or `change_json` is NULL and `error` is
/// what ended the subscription. Both are valid during the call only: the error is not the callback's to free. `user_data`
/// is what was passed to han_on_change().
///
/// Called on one thread of the library, one call at a time. It may take long, and may call any function on the handle and
/// on the subscription, han_subscription_free() included, except han_free(). It must not throw an exception, nor longjmp
/// out.
pub type han_change_callback_t =
    Option<unsafe extern "C" fn(change_json: *const c_char, error: *const han_error_t, user_data: *mut c_void)>;

/// A callback and its user data.
pub(crate) struct Callback {
    function: unsafe extern "C" fn(*const c_char, *const han_error_t, *mut c_void),
    user_data: *mut c_void,
}

// SAFETY: the header requires a callback and user data that another thread may use.
unsafe impl Send for Callback {}

impl Callback {
    pub(crate) fn new(callback: han_change_callback_t, user_data: *mut c_void) -> Result<Callback> {
        Ok(Callback { function: present("callback", callback)?, user_data })
    }

    fn call(&self, change_json: *const c_char, error: *const han_error_t) {
        // SAFETY: a function that the caller passed for this; its arguments outlive the call.
        unsafe { (self.function)(change_json, error, self.user_data) };
    }
}

/// The thread of one subscription, with which it ends.
pub(crate) struct Listener {
    cancellation: Cancellation,
    thread: OnceLock<ThreadId>,
    /// The process that the thread belongs to.
    pid: u32,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl Listener {
    /// A thread that is not running yet. `cancellation` is that of its subscription.
    pub(crate) fn new(cancellation: Cancellation) -> Listener {
        Listener { cancellation, thread: OnceLock::new(), pid: std::process::id(), running: Mutex::new(None) }
    }

    /// Starts the thread. `changes` is the subscription, which blocks until there is an item.
    pub(crate) fn start(
        self: &Arc<Listener>,
        changes: impl Iterator<Item = Result<Change>> + Send + 'static,
        callback: Callback,
    ) -> Result<()> {
        // Held while it starts, so that whoever closes it meanwhile waits for it.
        let mut running = self.running.lock();
        let own = Arc::clone(self);
        let builder = std::thread::Builder::new().name("han-listen".into());
        let started = builder.spawn(move || {
            own.thread.get_or_init(|| std::thread::current().id());
            if let Err(error) = outcome(|| own.listen(changes, &callback)) {
                callback.call(null(), &error);
            }
        });
        *running = Some(started.map_err(|error| Error::Io { path: "han-listen".into(), source: error })?);
        Ok(())
    }

    /// Whether there are no further calls.
    pub(crate) fn has_ended(&self) -> bool {
        // Whoever holds it starts the thread or waits for it.
        self.running.try_lock().is_some_and(|running| running.as_ref().is_none_or(JoinHandle::is_finished))
    }

    /// Ends it, and waits for a running call: afterwards there is none. From within the callback it does not wait; there is
    /// no call after that one.
    pub(crate) fn close(&self) {
        if self.pid != std::process::id() {
            // A fork of that process has no such thread.
            return;
        }
        self.cancellation.cancel();
        if self.thread.get() == Some(&std::thread::current().id()) {
            return;
        }
        // Held while waiting, so that whoever else closes it waits as well.
        let mut running = self.running.lock();
        if let Some(running) = running.take() {
            // The thread catches every panic; there is nobody to report one in its last steps to.
            let _ = running.join();
        }
    }
    /// Calls the callback with each item until the subscription ends.
    fn listen(&self, changes: impl Iterator<Item = Result<Change>>, callback: &Callback) -> Result<()> {
        for change in changes {
            let json = encode(&change?)?;
            if self.cancellation.is_cancelled() {
                break;
            }
            callback.call(json.as_ptr(), null());
        }
        Ok(())
    }
}

fn encode(change: &Change) -> Result<CString> {
    let failed = |source| Error::Io { path: "the JSON of a change".into(), source };
    let json = serde_json::to_vec(change).map_err(|error| failed(error.into()))?;
    // JSON escapes a NUL.
    CString::new(json).map_err(|error| failed(error.into()))
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;
    use crate::arguments::invalid;
    use crate::code::han_code_t;
    use crate::error::{han_error_code, han_error_message};

    /// What was passed: an item, or a code and its text.
    type Heard = Mutex<Vec<std::result::Result<String, (han_code_t, String)>>>;

    unsafe extern "C" fn note(change_json: *const c_char, error: *const han_error_t, user_data: *mut c_void) {
        // SAFETY: what the test passes, and what lives during the call.
        let (heard, item) = unsafe {
            let text = |pointer| CStr::from_ptr(pointer).to_str().unwrap().to_owned();
            let item = match change_json.is_null() {
                false => Ok(text(change_json)),
                true => Err((han_error_code(error.as_ref()), text(han_error_message(error.as_ref())))),
            };
            (&*user_data.cast::<Heard>(), item)
        };
        heard.lock().push(item);
    }

    /// Passes all of these to a callback, and returns what it received.
    fn deliver(
        changes: impl Iterator<Item = Result<Change>> + Send + 'static,
    ) -> Vec<std::result::Result<String, (han_code_t, String)>> {
        let heard = Heard::default();
        let callback = Callback::new(Some(note), std::ptr::from_ref(&heard).cast_mut().cast()).unwrap();
        let listener = Arc::new(Listener::new(Cancellation::default()));
        listener.start(changes, callback).unwrap();
        let running = listener.running.lock().take().unwrap();
        running.join().unwrap();
        assert!(listener.has_ended());
        listener.close();
        heard.into_inner()
    }

    fn gap(cursor: &str) -> Change {
        Change::Gap { cursor: cursor.into(), from: "1".into(), to: "2".into() }
    }

    #[test]
    fn items_are_passed_in_their_order() {
        let json = |cursor| Ok(format!(r#"{{"type":"gap","cursor":"{cursor}","from":"1","to":"2"}}"#));
        assert_eq!(deliver([Ok(gap("2")), Ok(gap("3\0"))].into_iter()), [json("2"), json(r"3\u0000")]);
        assert_eq!(deliver(std::iter::empty()), []);
    }

    #[test]
    fn an_error_is_passed_last() {
        let heard = deliver([Ok(gap("2")), Err(invalid("place", "is bad")), Ok(gap("3"))].into_iter());
        assert_eq!(heard[1], Err((han_code_t::HAN_INVALID_ARGUMENT, "place is bad".to_owned())));
        assert_eq!(heard.len(), 2);
    }

    #[test]
    fn a_panic_is_passed_as_an_error() {
        let heard = deliver(std::iter::from_fn(|| panic!("no place {}", 7)));
        let [Err((code, message))] = heard.as_slice() else { panic!("{heard:?}") };
        assert_eq!(*code, han_code_t::HAN_PANIC);
        assert!(message.contains("no place 7"));
    }

    #[test]
    fn a_callback_is_needed() {
        assert_eq!(Callback::new(None, std::ptr::null_mut()).err().unwrap().to_string(), "callback is NULL");
    }
}
