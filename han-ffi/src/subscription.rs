//! Following what is committed: polled by the caller, or passed to a callback.

use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::{Duration, Instant};

use han_native::model::Change;
use han_native::{Cancellation, Error, Result, SubscribeOptions, Subscription};
use parking_lot::Mutex;

use crate::arguments::{clear, invalid, options, present};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{guard, guard_value};
use crate::handle::{han_t, open};
use crate::listener::{Callback, Listener, han_change_callback_t};

/// A position in the feed of changes, which moves forward. Begun with han_subscribe() or han_on_change(), ended with
/// han_subscription_close() or with its handle, freed with han_subscription_free(), before or after the handle.
///
/// It is not a queue: items are read from the database when they are asked for. So a slow reader costs nobody anything; one
/// that falls behind what is kept (24 hours and 100,000 changes) receives one gap and continues after that.
pub struct han_subscription_t {
    way: Way,
}

enum Way {
    Asked { subscription: Mutex<Subscription>, cancellation: Cancellation },
    Callback(Arc<Listener>),
}

impl han_subscription_t {
    /// The next item; `None` if there is none before the timeout.
    fn next(&self, timeout_ms: i64) -> Result<Option<Change>> {
        let Way::Asked { subscription, cancellation } = &self.way else {
            return Err(invalid("subscription", "has a callback, which receives the items"));
        };
        // `None` waits for ever, as does a deadline that is too far away to be represented.
        let timeout = u64::try_from(timeout_ms).ok().map(Duration::from_millis);
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let turn = match deadline {
            Some(deadline) => subscription.try_lock_until(deadline),
            None => Some(subscription.lock()),
        };
        let Some(mut subscription) = turn else {
            return if cancellation.is_cancelled() { Err(Error::Cancelled) } else { Ok(None) };
        };
        let rest = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        match subscription.next_batch(1, rest)?.pop() {
            None if subscription.is_ended() => Err(match cancellation.is_cancelled() {
                true => Error::Cancelled,
                false => Error::Closed,
            }),
            item => Ok(item),
        }
    }

    fn close(&self) {
        match &self.way {
            Way::Asked { cancellation, .. } => cancellation.cancel(),
            Way::Callback(listener) => listener.close(),
        }
    }
}

/// Begins a subscription of the core, and returns what ends it.
unsafe fn begin(handle: &han_t, options_json: *const c_char) -> Result<(Subscription, Cancellation)> {
    // SAFETY: the caller of this function guarantees that the pointer is valid.
    let options: SubscribeOptions = unsafe { options(options_json) }?;
    let cancellation = options.cancellation.clone();
    Ok((handle.core.han().subscribe(options)?, cancellation))
}

/// Follows what is committed to the database, by this handle or any other, in this process or another, to be read with
/// han_subscription_next(). A handle that was opened with "readOnly" may do so, too.
///
/// `options_json` is NULL for everything from now on, or a JSON object of
/// - "topics": an array of patterns; inside one * is exactly one segment between colons, ** at its end is the rest, and * alone
///   is everything: "session:*", "session:*:changed", "tool:**". Every topic if left out or empty
/// - "since": the cursor of an item: the feed continues exactly after it; "0" is the beginning of what is kept
/// - "expand": true for one item a message, instead of one for all that a transaction did to a session under a topic
///
/// The topics are session:added, session:updated, session:reindexed, session:message:added, session:todos:changed,
/// session:tasks:changed, session:files:changed, session:hooks:changed, tool:result:added, hook:result:added,
/// leader:acquired, leader:lost.
///
/// Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure. Blocking:
/// for a short read. Threads: any; while a handle on disk has subscriptions, a thread of the library ("han-feed") checks
/// every 10 ms whether anybody else committed. Errors: HAN_INVALID_ARGUMENT (also for an invalid pattern or cursor),
/// HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_subscribe(
    handle: Option<&han_t>,
    options_json: *const c_char,
    subscription: *mut *mut han_subscription_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("subscription", subscription, null_mut()) }?;
        // SAFETY: as above.
        let (begun, cancellation) = unsafe { begin(open(handle)?, options_json) }?;
        let way = Way::Asked { subscription: Mutex::new(begun), cancellation };
        // SAFETY: as above, and just checked.
        unsafe { subscription.write(Box::into_raw(Box::new(han_subscription_t { way }))) };
        Ok(())
    })
}

/// Waits for the next item of a subscription that was begun with han_subscribe().
///
/// `timeout_ms` is how long, in milliseconds: 0 checks without waiting, a negative number waits for ever. The three outcomes are
/// - an item: HAN_OK, and `result` is a JSON object {"type": "change", "cursor", "topic", "time", "sessionId", "messageId",
///   "count", "firstMessageId", "lastMessageId"} or {"type": "gap", "cursor", "from", "to"}
/// - nothing in that time: HAN_OK, and `result` is {NULL, 0}
/// - the end, after which there are no further items: HAN_CANCELLED after han_subscription_close(), HAN_CLOSED after han_close()
///
/// Any other error ends nothing: the next call tries again from the same position. "messageId" is present with "expand" only,
/// "count", "firstMessageId" and "lastMessageId" without it only, and for topics of messages only.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: see above; the end wakes it at once.
/// Threads: any; several take turns and share the items, and one whose turn does not come in time gets nothing. Errors:
/// HAN_CANCELLED, HAN_CLOSED, HAN_INVALID_ARGUMENT (also for a subscription with a callback) and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_subscription_next(
    subscription: Option<&han_subscription_t>,
    timeout_ms: i64,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("result", result, han_buf_t::NONE) }?;
        if let Some(item) = present("subscription", subscription)?.next(timeout_ms)? {
            let item = han_buf_t::json(&item)?;
            // SAFETY: as above, and just checked.
            unsafe { result.write(item) };
        }
        Ok(())
    })
}

/// Follows what is committed to the database, like han_subscribe(), and calls a callback with each item.
///
/// `options_json` is as in han_subscribe(). `callback` is called with `user_data` on a thread of this subscription
/// ("han-listen"), one item after the other, from this call on, perhaps before it has returned; both must
/// stay valid until the subscription, or its handle, has been closed. A slow callback delays nobody but itself.
///
/// Ownership: `*subscription` is the caller's, to be freed with han_subscription_free(); it is NULL on failure, and written
/// before the first call. Blocking: for a short read. Threads: any. Errors: HAN_INVALID_ARGUMENT (also for an invalid
/// pattern or cursor), HAN_CLOSED, HAN_IO where no thread can be started, and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_on_change(
    handle: Option<&han_t>,
    options_json: *const c_char,
    callback: han_change_callback_t,
    user_data: *mut c_void,
    subscription: *mut *mut han_subscription_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("subscription", subscription, null_mut()) }?;
        let handle = open(handle)?;
        let callback = Callback::new(callback, user_data)?;
        // SAFETY: as above.
        let (begun, cancellation) = unsafe { begin(handle, options_json) }?;
        handle.listen(|| {
            let listener = Arc::new(Listener::new(cancellation));
            let listening = Box::new(han_subscription_t { way: Way::Callback(Arc::clone(&listener)) });
            let listening = Box::into_raw(listening);
            // SAFETY: as above, and just checked. Written first, since the callback may want to close it.
            unsafe { subscription.write(listening) };
            if let Err(error) = listener.start(begun, callback) {
                // SAFETY: made above, and seen by nobody else.
                unsafe {
                    subscription.write(null_mut());
                    drop(Box::from_raw(listening));
                }
                return Err(error);
            }
            Ok(listener)
        })
    })
}

/// Ends a subscription. Closing again is allowed.
///
/// With han_subscribe() a han_subscription_next() that waits returns at once, with HAN_CANCELLED. With han_on_change() it
/// waits for a running call of the callback, and there is none after it has returned; called from within that callback it
/// does not wait, and there is none after that one.
///
/// Ownership: the subscription stays the caller's, and still has to be freed. Blocking: see above. Threads: any, at any
/// time, also while others wait for an item; but a callback must not close the subscription of another one that closes its
/// own. Errors: HAN_INVALID_ARGUMENT for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_subscription_close(
    subscription: Option<&han_subscription_t>,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        present("subscription", subscription)?.close();
        Ok(())
    })
}

/// Closes a subscription, if it is open, and frees it. NULL is ignored.
///
/// Ownership: takes the subscription; it must not be used again, and no other thread may be using it: close it, let the
/// threads that wait for an item return, then free it. The handle may be freed before. Blocking: like
/// han_subscription_close(); it may be called from within the callback, too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_subscription_free(subscription: *mut han_subscription_t) {
    guard_value((), || {
        // Shared until it is closed: a running callback may use it.
        // SAFETY: NULL or a live subscription, see the crate's contract.
        let Some(shared) = (unsafe { subscription.as_ref() }) else { return };
        shared.close();
        // SAFETY: made by `Box::into_raw` above, and freed once.
        drop(unsafe { Box::from_raw(subscription) });
    });
}
