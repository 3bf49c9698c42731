use serde::{Deserialize, Serialize};

use super::input::bool_or;
use super::{PageRequest, Timestamp, TokenUsage, UnpricedModel};

/// A session: its main file, the files of its agents, and what was derived from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Session {
    /// The session id: the stem of the main file.
    pub id: String,
    /// The id of its project: the folder's name below `projects/`, an opaque key.
    pub project_id: String,
    /// The project's true path, from the records; never decoded from the folder's name.
    pub project_path: Option<String>,
    /// The path of the repository; worktrees are folded into theirs.
    pub repository_path: Option<String>,
    /// The title by precedence: custom, agent name, generated, summary, first prompt.
    pub title: Option<String>,
    /// When its first record was written.
    pub started_at: Option<Timestamp>,
    /// When its last record was written.
    pub ended_at: Option<Timestamp>,
    /// The model of its last answer.
    pub model: Option<String>,
    /// The git branch of its last record.
    pub git_branch: Option<String>,
    /// The version of the agent program that wrote its last record.
    pub version: Option<String>,
    /// The working directory of its first record.
    pub cwd: Option<String>,
    /// Messages of the main file, of every record type but the request log, without replays.
    pub message_count: i64,
    /// Real prompts among them.
    pub prompt_count: i64,
    /// Assistant lines among them.
    pub assistant_count: i64,
    /// Records of the main file that are copies of another session's, which a fork or a resume wrote: they are in no other count, and
    /// listed with `includeReplays`.
    pub copied_count: i64,
    /// The session that the last of these was copied from.
    pub forked_from: Option<String>,
    /// Files of subagents.
    pub agent_count: i64,
    /// Tokens spent in it and its agents, each API message counted once.
    pub tokens: TokenUsage,
    /// What it and its agents cost, in US dollars, as far as prices are known; see `SessionUsage.cost`.
    pub cost: f64,
    /// What has no known price, the most tokens first: it is not in the cost.
    pub unpriced: Vec<UnpricedModel>,
    /// Whether every file of it has gone from the disk.
    pub is_missing: bool,
}

/// How sessions are ordered. Those that are equal are in the descending order of their ids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SessionOrder {
    /// The last active first; sessions without a time come last.
    #[default]
    Recent,
    /// The one with the most messages in its main file first: how long it was left open says little.
    Longest,
    /// The one that spent the most tokens of every kind, its agents' included, first.
    MostTokens,
    /// The one that cost the most, by the prices of the handle, first; what has no price costs nothing. Each page computes the
    /// costs of all sessions again: it takes longer than the other orders.
    Costliest,
}

/// Whether a session is active, as far as its files show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum SessionStatus {
    /// Its last record was written within the last `activeMinutes`.
    Active,
    /// It was written before, or has no time.
    Ended,
}

/// Which sessions to list, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionQuery {
    /// How many items from the start, 1 to 10,000; 50 if neither `first` nor `last` is given.
    pub first: Option<i64>,
    /// Only items after this cursor.
    pub after: Option<String>,
    /// How many items from the end, 1 to 10,000. Not together with `first`.
    pub last: Option<i64>,
    /// Only items before this cursor.
    pub before: Option<String>,
    /// `recent` by default. A cursor belongs to its order.
    pub order: Option<SessionOrder>,
    /// Only sessions of this project.
    pub project_id: Option<String>,
    /// Only sessions of this repository, as `Session.repositoryPath` has it.
    pub repository_path: Option<String>,
    /// Only sessions whose `Session.gitBranch` is this one.
    pub git_branch: Option<String>,
    /// Only sessions whose `Session.model` is this one.
    pub model: Option<String>,
    /// Only sessions that are active, or only others. Evaluated again for each page.
    pub status: Option<SessionStatus>,
    /// How long after its last record a session still counts as active, in minutes, 1 to 525,600; 10 by default.
    pub active_minutes: Option<i64>,
    /// Only sessions with subagents, or only those without.
    pub has_agents: Option<bool>,
    /// Only sessions whose last record is at or after this instant.
    pub since: Option<Timestamp>,
    /// Only sessions whose first record is before this instant. With `since`: those that were active in between.
    pub until: Option<Timestamp>,
    /// Also sessions without a user or assistant line.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub include_empty: bool,
    /// Also count the whole list, whatever the page: `totalCount`.
    #[serde(deserialize_with = "bool_or::<false, _>")]
    pub with_total: bool,
}

impl SessionQuery {
    /// The requested page.
    pub fn page(&self) -> PageRequest {
        PageRequest { first: self.first, after: self.after.clone(), last: self.last, before: self.before.clone() }
    }
}

/// Which sessions to find by the start of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionFind {
    /// What their ids start with. Required; every id starts with an empty one.
    pub prefix: String,
    /// How many sessions at most, 1 to 1,000; 10 by default.
    pub limit: Option<i64>,
}
