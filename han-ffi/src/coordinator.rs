//! Who writes, where several processes may.

use crate::arguments::{clear, reference};
use crate::buffer::han_buf_t;
use crate::code::han_code_t;
use crate::error::han_error_t;
use crate::guard::{answer, guard};
use crate::handle::han_t;

/// Has this handle lead now, if nobody else does, and else as soon as the leader releases it, dies or stops: then it takes
/// over by itself, and subscriptions are told "leader:acquired". It leads, or wants to, until han_coordinator_release() or
/// han_close(); acquiring again changes nothing.
///
/// `leads` becomes whether the handle leads now; false is no error. While a handle leads, no other may write the database:
/// its writes return HAN_NOT_LEADER. Without a leader each call that writes takes a lock for itself.
///
/// Blocking: for at most half a second. Threads: any; a thread of the library ("han-lead") gives signs of life meanwhile.
/// Errors: HAN_ALREADY_LEADER_IN_PROCESS where another handle of this process leads, HAN_INVALID_ARGUMENT, HAN_READ_ONLY,
/// HAN_DISK_FULL, HAN_CLOSED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_try_acquire(
    handle: *const han_t,
    leads: *mut bool,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("leads", leads, false) }?;
        // SAFETY: as above.
        let handle = unsafe { reference("handle", handle) }?;
        let mut held = handle.leadership.lock();
        let acquired = handle.han.coordinator().try_acquire()?;
        // SAFETY: as above, and just checked.
        unsafe { leads.write(acquired.led_at_once()) };
        // The new one first, the old one dropped: in between the handle does not stop leading.
        *held = Some(acquired);
        Ok(())
    })
}

/// Stops leading, and wanting to.
///
/// `led` is NULL, or becomes whether the handle led until now.
///
/// Blocking: until the lock is released. Threads: any. Errors: HAN_INVALID_ARGUMENT, and those of writing; the lock is
/// released anyway. A closed handle leads no more, which is no error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_release(
    handle: *const han_t,
    led: *mut bool,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: NULL or writable, see the crate's contract.
        let led = unsafe { led.as_mut() };
        // SAFETY: see the crate's contract.
        let handle = unsafe { reference("handle", handle) };
        let released = handle.and_then(|handle| match handle.leadership.lock().take() {
            Some(leadership) => leadership.release(),
            None => Ok(false),
        });
        if let Some(led) = led {
            *led = *released.as_ref().unwrap_or(&false);
        }
        released.map(drop)
    })
}

/// Whether this handle leads.
///
/// Blocking: for a short read. Threads: any. Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_is_coordinator(
    handle: *const han_t,
    leads: *mut bool,
    error: *mut *mut han_error_t,
) -> han_code_t {
    guard(error, || {
        // SAFETY: see the crate's contract.
        unsafe { clear("leads", leads, false) }?;
        // SAFETY: as above.
        let answer = unsafe { reference("handle", handle) }?.han.coordinator().is_coordinator()?;
        // SAFETY: as above, and just checked.
        unsafe { leads.write(answer) };
        Ok(())
    })
}

/// Who writes the database.
///
/// `result` becomes a JSON object {"isCoordinator": whether this handle leads, "coordinatorRunning": whether any leads,
/// "epoch": raised with every change of the writer, "pid", "heartbeat", "version": of the one that leads, "issues":
/// [{"code", "message"}]}. A leader that has stopped inside a transaction is an issue, once that was noticed by a handle
/// that wants to lead.
///
/// Ownership: `result` is the caller's, to be freed with han_buf_free(). Blocking: for a short read. Threads: any.
/// Errors: HAN_INVALID_ARGUMENT, HAN_CLOSED and those of reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn han_coordinator_status(
    handle: *const han_t,
    result: *mut han_buf_t,
    error: *mut *mut han_error_t,
) -> han_code_t {
    answer(result, error, || {
        // SAFETY: see the crate's contract.
        unsafe { reference("handle", handle) }?.han.coordinator().status()
    })
}
