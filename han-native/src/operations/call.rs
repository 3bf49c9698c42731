//! What accompanies a call: who receives its progress, and who may end it.

use crate::config::Cancellation;

/// Called with each report of progress, on the thread that runs the operation.
pub type ProgressReport<'a> = Box<dyn FnMut(&dyn erased_serde::Serialize) + Send + 'a>;

/// What an operation calls with reports of one type.
type Hook<'a, T> = Box<dyn FnMut(&T) + Send + 'a>;

/// The progress callback and the cancellation of one call. Operations that report no progress, or cannot be cancelled, ignore them.
#[derive(Default)]
pub struct Call<'a> {
    /// Called as the operation progresses.
    pub progress: Option<ProgressReport<'a>>,
    /// Ends the operation early.
    pub cancellation: Cancellation,
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Call").field("has_progress", &self.progress.is_some()).finish_non_exhaustive()
    }
}

impl Call<'_> {
    /// The hook of an operation that reports values of one type.
    pub(super) fn hook<T: serde::Serialize>(&mut self) -> Option<Hook<'_, T>> {
        let report = self.progress.as_mut()?;
        Some(Box::new(move |progress: &T| report(progress)))
    }
}
