//! `han.coordinator`: leading, for as long as the JavaScript handle wants to.

use napi::{Env, Result};
use napi_derive::napi;

use crate::failure::{OrThrow, guarded};
use crate::handle::NativeHan;
use crate::output::{self, Answer};

#[napi]
impl NativeHan {
    #[napi]
    pub fn coordinator_try_acquire(&self, env: &Env) -> Result<bool> {
        let core = self.core(env)?;
        let acquire = || {
            let leadership = core.coordinator().try_acquire()?;
            let leads = leadership.led_at_once();
            // What was held before is dropped after this one is held: the handle does not stop leading in between.
            let before = self.leadership.lock().replace(leadership);
            drop(before);
            Ok(leads)
        };
        guarded(acquire).or_throw(env)
    }

    #[napi]
    pub fn coordinator_release(&self, env: &Env) -> Result<bool> {
        self.core(env)?;
        let leadership = self.leadership.lock().take();
        leadership.map_or(Ok(false), |leadership| guarded(|| leadership.release())).or_throw(env)
    }

    #[napi]
    pub fn coordinator_is_coordinator(&self, env: &Env) -> Result<bool> {
        let core = self.core(env)?;
        guarded(|| core.coordinator().is_coordinator()).or_throw(env)
    }

    #[napi]
    pub fn coordinator_status(&self, env: &Env) -> Result<Answer> {
        let core = self.core(env)?;
        output::object(env, guarded(|| core.coordinator().status()).or_throw(env)?)
    }
}
