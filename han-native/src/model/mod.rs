//! The shapes that cross every boundary: plain structs with public fields, no I/O and no SQL.
//!
//! serde defines the JSON of the C library and of `--json`, and the objects of JavaScript; the feature `schema` makes their JSON
//! schemas, from which the declarations of the other languages are generated. Field names are camelCase at both edges; what may be
//! missing is `null`, never absent.

mod activity;
mod block;
mod change;
mod coordinator;
mod cost;
mod dashboard;
mod export;
mod identity;
pub(crate) mod input;
mod message;
mod page;
mod problem;
mod report;
mod search;
mod session;
mod session_file;
mod session_state;
mod sql;
mod testing;
mod timestamp;
mod tool_call;
mod usage;
mod vectors;
mod versions;
mod watcher;

pub use activity::{Activity, DayActivity, HourActivity};
pub use block::{
    Block, BlockOptions, ImageBlock, MessageBlocks, OtherBlock, TextBlock, ToolCallBlock, ToolResultBlock, Turn,
};
pub use change::Change;
pub use coordinator::{CoordinatorIssue, CoordinatorStatus};
pub use cost::{ModelActivity, ModelRate, PriceList, ReportedCost, ReportedCosts, ReportedModel, UnpricedModel};
pub use dashboard::{AnalyticsFilter, Dashboard, ProjectActivity, SessionActivity, ToolActivity};
pub use export::{ExportFormat, ExportOptions, ExportedFile, ExportedMessage, SessionExport};
pub use identity::MessageId;
pub use message::{AgentSelection, Message, MessageQuery, MessageRole, MessageTimestamps, TokenUsage};
pub use page::{Page, PageRequest};
pub use problem::{Problem, ProblemFilter, ProblemKind};
pub use report::{
    DoctorIssue, DoctorReport, DoctorWarning, ForgetReport, IndexResult, RederiveReport, ScanError, ScanProgress,
    ScanReport, Stats,
};
pub use search::{MatchRange, MatchedBy, SearchField, SearchHit, SearchMode, SearchOrder, SearchQuery, SearchSyntax};
pub use session::{Session, SessionFind, SessionOrder, SessionQuery, SessionStatus};
pub use session_file::{SessionFile, SessionFileKind};
pub use session_state::{FileChange, HookExecution, NativeTask, SessionSummary, Todo, TodoList};
pub use sql::{SqlColumn, SqlParameters, SqlResult};
pub use testing::{TestMessage, TestSession, TestSessionReport, TestTool, TestToolCall};
pub use timestamp::Timestamp;
pub use tool_call::{ToolCall, ToolCallOptions, ToolResult};
pub use usage::SessionUsage;
pub use vectors::{
    EmbedProgress, EmbedReport, EmbedderInfo, IndexVectorsReport, PendingChunk, PendingMessage, PendingQuery,
    RemoveVectorsReport, VectorItem, VectorModel, VectorPlace, VectorQuery,
};
pub use versions::Versions;
pub use watcher::{WatchMode, WatcherStatus};
