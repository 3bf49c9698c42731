//! What indexing works with.

use crate::logging::Log;
use crate::store::Store;
use crate::transcript::sources::Sources;

/// The database of a handle, the transcripts that go into it, and the log.
#[derive(Clone, Copy)]
pub(crate) struct Context<'h> {
    pub store: &'h Store,
    pub sources: &'h Sources,
    pub log: &'h Log,
}
