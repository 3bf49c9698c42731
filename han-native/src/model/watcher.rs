use serde::{Deserialize, Serialize};

/// How changes of transcripts are noticed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum WatchMode {
    /// The operating system reports them as they happen.
    #[default]
    Native,
    /// Every file is checked periodically.
    Poll,
}

/// What the watcher does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WatcherStatus {
    /// Whether it watches.
    pub running: bool,
    /// How it watches, watched last, or would watch.
    pub mode: WatchMode,
    /// Why it cannot write at the moment, polls, polls in part, or stopped by itself; `null` if nothing is wrong.
    pub reason: Option<String>,
    /// The config dirs.
    pub paths: Vec<String>,
}
