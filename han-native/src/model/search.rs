use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{Message, PageRequest, Timestamp};

/// A kind of searchable text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SearchField {
    /// Prompts and queued prompts.
    User,
    /// What the assistant wrote.
    Assistant,
    /// What it thought.
    Thinking,
    /// The input of its tool calls.
    ToolInput,
    /// Their results, spilled ones included.
    ToolOutput,
    /// Session titles and summaries of a session.
    Title,
    /// System lines, compaction summaries, attachments, the texts of unknown records.
    Other,
}

impl SearchField {
    /// Every field, in the order of the index's columns.
    pub const ALL: [SearchField; 7] = [
        SearchField::User,
        SearchField::Assistant,
        SearchField::Thinking,
        SearchField::ToolInput,
        SearchField::ToolOutput,
        SearchField::Title,
        SearchField::Other,
    ];
}

/// How hits are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SearchOrder {
    /// The best match first (BM25).
    #[default]
    Relevance,
    /// The latest first.
    Newest,
}

/// How the query is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SearchSyntax {
    /// Words and "phrases"; any input is safe.
    #[default]
    Plain,
    /// An SQLite FTS5 expression over the columns `user assistant thinking tool_input tool_output title other`.
    Fts5,
}

/// By what messages are searched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SearchMode {
    /// By their words.
    #[default]
    Text,
    /// By the nearness of their vectors to that of the query.
    Vector,
    /// By both: the best 200 of each, joined by reciprocal rank fusion, `1 / (60 + rank)` summed over the two ranks.
    Hybrid,
}

/// By what a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum MatchedBy {
    /// Its words.
    Text,
    /// Its vector.
    Vector,
    /// Both.
    Both,
}

/// What to search for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchQuery {
    /// Words are ANDed, "quotes" are phrases, the last word and words with `*` match as prefixes. Required; in the modes
    /// `vector` and `hybrid` it is also what is embedded if there is no `vector`.
    pub query: String,
    /// `text` by default.
    pub mode: Option<SearchMode>,
    /// Whose vectors are searched, in the modes `vector` and `hybrid`; by default the only model that an embedder is
    /// registered for, else the only one with vectors.
    pub model: Option<String>,
    /// The vector of the query, in the modes `vector` and `hybrid`. Without one, an embedder of the model has to be registered.
    pub vector: Option<Vec<f32>>,
    /// Only these fields; every one if left out or empty. A vector belongs to the field that it was stored with; one without
    /// represents the whole text and belongs to every field.
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
    /// `relevance` by default; `newest` in the mode `text` only.
    pub order: Option<SearchOrder>,
    /// `plain` by default.
    pub syntax: Option<SearchSyntax>,
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

impl SearchQuery {
    /// The requested page.
    pub fn page(&self) -> PageRequest {
        PageRequest { first: self.first, after: self.after.clone(), last: None, before: None }
    }
}

/// A match inside a snippet, in UTF-16 code units: `snippet.slice(start, end)` in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MatchRange {
    /// The first code unit of the match.
    pub start: i64,
    /// The code unit after the match.
    pub end: i64,
}

/// One message that matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SearchHit {
    /// The message.
    pub message: Message,
    /// The project of its session.
    pub project_id: String,
    /// The title of its session.
    pub session_title: Option<String>,
    /// The field that the snippet was cut from: the one with the most matches.
    pub field: SearchField,
    /// A piece of the text around the matches, with `…` where it was cut.
    pub snippet: String,
    /// Where the matches are in the snippet.
    pub matches: Vec<MatchRange>,
    /// Greater is better: the BM25 score, comparable within one query only; in the mode `vector`, 1 - `distance`; in the mode
    /// `hybrid` the sum of `1 / (60 + rank)`.
    pub score: f64,
    /// By what the message was found.
    pub matched_by: MatchedBy,
    /// Its place among the matches of the text, from 1; in the mode `hybrid` only.
    pub text_rank: Option<i64>,
    /// Its place among the nearest vectors, from 1; in the mode `hybrid` only.
    pub vector_rank: Option<i64>,
    /// The cosine distance of its nearest vector from the query's, 0 to 2; `null` if the message was not found by it.
    pub distance: Option<f64>,
    /// Which of the message's vectors that is; `null` as above.
    pub chunk: Option<i64>,
    /// True if the query matched more than 20,000 messages and only the newest of them were ranked.
    pub is_partial: bool,
}
