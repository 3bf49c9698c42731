//! The options of single operations.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::Cancellation;
use crate::model::input::{bool_or, integer_or, milliseconds_or, or_default};
use crate::model::{EmbedProgress, ScanProgress, Timestamp};

const DEADLINE_MS: u64 = 5_000;
const MAX_ROWS: i64 = 10_000;
const MAX_BYTES: i64 = 64 << 20;

/// Receives the progress of a scan, after each commit and at most every 50 ms, on the thread that scans. It may read from the
/// handle; writing would wait for the scan, and closing it would wait forever.
pub type ProgressHook<'a> = Box<dyn FnMut(&ScanProgress) + Send + 'a>;

/// What [`Han::scan`](crate::Han::scan) scans.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScanOptions<'a> {
    /// Files and folders; if `None`, every config dir of the handle. A file is indexed as itself, a folder that has a
    /// `projects` folder as a config dir, any other folder recursively.
    pub paths: Option<Vec<PathBuf>>,
    /// Called as the scan progresses.
    #[serde(skip)]
    pub on_progress: Option<ProgressHook<'a>>,
    /// Ends the scan early; what is committed stays, and the next scan continues from there.
    #[serde(skip)]
    pub cancellation: Cancellation,
}

/// Receives the progress of embedding, after each commit, on the thread that embeds.
pub type EmbedHook<'a> = Box<dyn FnMut(&EmbedProgress) + Send + 'a>;

/// How much to embed; see [`Vectors::embed_pending`](crate::Vectors::embed_pending).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedOptions<'a> {
    /// How many messages at most, 1 or more; if `None`, all.
    pub limit: Option<i64>,
    /// Called as embedding progresses.
    #[serde(skip)]
    pub on_progress: Option<EmbedHook<'a>>,
    /// Ends it between two calls of the embedder; what is committed stays.
    #[serde(skip)]
    pub cancellation: Cancellation,
}

/// What to subscribe to, and from where on; see [`Han::subscribe`](crate::Han::subscribe).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscribeOptions {
    /// Patterns of topics; every topic if empty. Inside a pattern `*` is exactly one segment between colons, `**` at its end
    /// is the rest, and `*` alone is everything: `session:*`, `session:*:changed`, `tool:**`.
    #[serde(deserialize_with = "or_default")]
    pub topics: Vec<String>,
    /// The cursor of an item: the subscription starts exactly after it. `0` is the beginning of what is kept. If `None`, it
    /// starts after the newest change that is committed at the time of the call. A cursor that is ahead of the database,
    /// whose last commits a power failure has undone, counts as that of its newest change.
    pub since: Option<String>,
    /// One item for each message, instead of one for all that a transaction did to a session under a topic.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub expand: bool,
    /// Ends the subscription, at once also while a call waits.
    #[serde(skip)]
    pub cancellation: Cancellation,
}

/// The bounds of an ad-hoc query; see [`Han::sql`](crate::Han::sql).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SqlOptions {
    /// How long it may take, from 1 ms to an hour; 5 s by default. `deadlineMs` in JSON.
    #[serde(rename = "deadlineMs", deserialize_with = "milliseconds_or::<DEADLINE_MS, _>")]
    #[cfg_attr(feature = "schema", schemars(with = "u64"))]
    pub deadline: Duration,
    /// How many rows the answer has at most, 1 to 1,000,000; 10,000 by default.
    #[serde(deserialize_with = "integer_or::<MAX_ROWS, _>")]
    pub max_rows: i64,
    /// About how many bytes of memory the rows take at most, 1 to 2^30; 64 MiB by default.
    #[serde(deserialize_with = "integer_or::<MAX_BYTES, _>")]
    pub max_bytes: i64,
    /// Ends the query early.
    #[serde(skip)]
    pub cancellation: Cancellation,
}

impl Default for SqlOptions {
    fn default() -> SqlOptions {
        SqlOptions {
            deadline: Duration::from_millis(DEADLINE_MS),
            max_rows: MAX_ROWS,
            max_bytes: MAX_BYTES,
            cancellation: Cancellation::default(),
        }
    }
}

/// What [`Han::forget`](crate::Han::forget) removes. In JSON an object with exactly one of `sessionId`, `projectId` and
/// `before`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ForgetFields")]
#[non_exhaustive]
pub enum ForgetTarget {
    /// One session, with its agents.
    Session(String),
    /// Every session of a project.
    Project(String),
    /// Every session whose last activity is before this instant.
    Before(Timestamp),
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ForgetFields {
    session_id: Option<String>,
    project_id: Option<String>,
    before: Option<Timestamp>,
}

impl TryFrom<ForgetFields> for ForgetTarget {
    type Error = &'static str;

    fn try_from(fields: ForgetFields) -> Result<ForgetTarget, &'static str> {
        match (fields.session_id, fields.project_id, fields.before) {
            (Some(session), None, None) => Ok(ForgetTarget::Session(session)),
            (None, Some(project), None) => Ok(ForgetTarget::Project(project)),
            (None, None, Some(before)) => Ok(ForgetTarget::Before(before)),
            _ => Err("forget needs exactly one of sessionId, projectId and before"),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for ForgetTarget {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ForgetTarget".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let (id, before) = (generator.subschema_for::<String>(), generator.subschema_for::<Timestamp>());
        let target = |name: &str, schema: &schemars::Schema, description: &str| {
            schemars::json_schema!({
                "description": description,
                "type": "object",
                "properties": { name: schema },
                "required": [name],
                "additionalProperties": false,
            })
        };
        schemars::json_schema!({
            "description": "What is removed: one of these.",
            "oneOf": [
                target("sessionId", &id, "One session, with its agents."),
                target("projectId", &id, "Every session of a project."),
                target("before", &before, "Every session whose last activity is before this instant."),
            ],
        })
    }
}

/// How to load an embedder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadEmbedderOptions {
    /// The model that it serves; if `None`, it is called like the folder.
    pub model: Option<String>,
}

/// What [`Han::doctor`](crate::Han::doctor) does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DoctorOptions {
    /// Also fixes what can be fixed from the stored bytes.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub fix: bool,
}
