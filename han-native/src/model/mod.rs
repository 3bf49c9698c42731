//! The shapes that cross every boundary: plain structs with public fields, no I/O and no SQL.
//!
//! serde gives the JSON of the C library and of `--json`; the feature `napi` gives JavaScript its objects. Field names are
//! camelCase at both edges; what may be missing is `null`, never absent.

mod identity;
mod message;
mod page;
mod problem;
mod report;
mod search;
mod session;
mod timestamp;

pub use identity::MessageId;
pub use message::{AgentSelection, Message, MessageQuery, TokenUsage};
pub use page::{Page, PageRequest};
pub use problem::{Problem, ProblemFilter, ProblemKind};
pub use report::{
    DoctorIssue, DoctorReport, ForgetReport, IndexResult, RederiveReport, ScanError, ScanProgress, ScanReport, Stats,
};
pub use search::{MatchRange, SearchField, SearchHit, SearchOrder, SearchQuery, SearchSyntax};
pub use session::{Session, SessionQuery};
pub use timestamp::Timestamp;

// napi-derive writes the TypeScript of these structs to this folder as it expands: another folder is another compilation.
#[cfg(feature = "napi")]
const _: Option<&str> = option_env!("NAPI_TYPE_DEF_TMP_FOLDER");
