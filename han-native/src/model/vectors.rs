use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{SearchField, SearchMode, SearchQuery, Timestamp};

/// What a vector represents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VectorPlace {
    /// The message. Required.
    pub message_id: String,
    /// Distinguishes the vectors of one message; 0 by default.
    pub chunk: Option<i64>,
    /// The field of the searchable text that it represents; all of them by default.
    pub field: Option<SearchField>,
    /// Where its piece begins, in UTF-16 code units of the text of `field`, or of all fields joined by line ends; from the
    /// beginning by default.
    pub start: Option<i64>,
    /// Where its piece ends; at the end of the text by default.
    pub end: Option<i64>,
    /// What `vectors.pending` returned for the text that was embedded: if the message has another text by now, the vector is stale at
    /// once. By default the vector is that of the text that the message has now.
    pub text_hash: Option<String>,
}

/// A vector and what it represents.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorItem<'v> {
    /// What it represents.
    pub place: VectorPlace,
    /// As many numbers as the model has dimensions.
    pub vector: &'v [f32],
}

/// What indexing vectors did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IndexVectorsReport {
    /// Messages that have vectors of this call.
    pub messages: i64,
    /// Vectors that were stored.
    pub vectors: i64,
    /// Message ids that are unknown, each once, in the order of the items; their vectors were not stored.
    pub unknown: Vec<String>,
}

/// What is stored of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct VectorModel {
    /// Its name.
    pub name: String,
    /// How many numbers each of its vectors has.
    pub dimensions: i64,
    /// Messages that have vectors of it.
    pub messages: i64,
    /// Its vectors.
    pub vectors: i64,
    /// Those of them whose messages have another text by now.
    pub stale: i64,
}

/// What removing a model removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RemoveVectorsReport {
    /// Vectors that were removed.
    pub vectors: i64,
}

/// Which messages need vectors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PendingQuery {
    /// The model, which need not have vectors yet. Required.
    pub model: String,
    /// How many messages, 1 to 1,000; 50 by default.
    pub first: Option<i64>,
    /// Only messages after this cursor.
    pub after: Option<String>,
}

/// A message that has text, and no vector of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PendingMessage {
    /// The message.
    pub message_id: String,
    /// Identifies its text; to be passed back with the vectors.
    pub text_hash: String,
    /// Its text in pieces of up to 2,000 characters, at most 64 of them: the rest is not embedded.
    pub chunks: Vec<PendingChunk>,
}

/// A piece of a message's text, to be embedded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PendingChunk {
    /// Its number, from 0.
    pub chunk: i64,
    /// The field that it is a piece of.
    pub field: SearchField,
    /// Where it begins in the text of the field, in UTF-16 code units.
    pub start: i64,
    /// Where it ends there.
    pub end: i64,
    /// The piece itself.
    pub text: String,
}

/// How far embedding has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EmbedProgress {
    /// Messages that were embedded.
    pub messages: i64,
    /// Vectors that were stored for them.
    pub vectors: i64,
}

/// What embedding did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmbedReport {
    /// Messages that were embedded.
    pub messages: i64,
    /// Vectors that were stored for them.
    pub vectors: i64,
    /// Whether messages are left that need vectors, because of the limit.
    pub has_more: bool,
}

/// An embedder that was loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct EmbedderInfo {
    /// The model that it serves.
    pub model: String,
    /// How many numbers each of its vectors has.
    pub dimensions: i64,
}

/// Which vectors to search for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VectorQuery {
    /// The vector of the query. Required.
    #[serde(default)]
    pub vector: Vec<f32>,
    /// Whose vectors are searched; the only model with vectors by default.
    pub model: Option<String>,
    /// Only vectors of these fields; every one if left out or empty. A vector without a field is of every field.
    pub fields: Option<Vec<SearchField>>,
    /// Only this session.
    pub session_id: Option<String>,
    /// Only this project.
    pub project_id: Option<String>,
    /// Only this agent's messages.
    pub agent_id: Option<String>,
    /// Only messages at or after this instant.
    pub since: Option<Timestamp>,
    /// Only messages before this instant.
    pub until: Option<Timestamp>,
    /// Also copies written by a resume, a fork or a compaction.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub include_replays: bool,
    /// Also older generations of a file.
    #[serde(default, deserialize_with = "bool_or::<false, _>")]
    pub include_superseded: bool,
    /// How many hits, 1 to 1,000; 20 by default.
    pub first: Option<i64>,
    /// Only hits after this cursor.
    pub after: Option<String>,
}

impl From<VectorQuery> for SearchQuery {
    /// The same query as a search in the mode `vector`, with no text.
    fn from(query: VectorQuery) -> SearchQuery {
        SearchQuery {
            query: String::new(),
            mode: Some(SearchMode::Vector),
            model: query.model,
            vector: Some(query.vector),
            fields: query.fields,
            session_id: query.session_id,
            project_id: query.project_id,
            agent_id: query.agent_id,
            since: query.since,
            until: query.until,
            order: None,
            syntax: None,
            include_replays: query.include_replays,
            include_superseded: query.include_superseded,
            first: query.first,
            after: query.after,
        }
    }
}
