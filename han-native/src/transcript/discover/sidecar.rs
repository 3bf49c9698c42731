//! The small JSON files that say more of agents, workflows and sessions than their transcripts do.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::Timestamp;
use crate::platform::file;
use crate::source_file::GivenTitle;
use crate::transcript::record::{AgentMeta, CustomTitle, WorkflowRun};

/// A larger file is not what it should be.
const SIZE_LIMIT: u64 = 1 << 20;

/// What the file beside a subagent's transcript says about it.
#[derive(Debug, Default)]
pub(super) struct Agent {
    pub(super) agent_type: Option<String>,
    pub(super) description: Option<String>,
}

/// Reads `agent-x.meta.json` beside `agent-x.jsonl`; empty if it is missing or not of this form.
pub(super) fn agent(transcript: &Path) -> Agent {
    let Some(json) = read(&agent_path(transcript)) else { return Agent::default() };
    AgentMeta::read(&json, |meta| Agent {
        agent_type: meta.agent_type.to_owned(),
        description: meta.description.to_owned(),
    })
}

/// The name of the workflow whose agent's transcript this is, from the session's record of the run.
pub(super) fn workflow_name(transcript: &Path, folder: &str) -> Option<String> {
    let json = read(&workflow_path(transcript, folder)?)?;
    WorkflowRun::read(&json, |run| run.name.to_owned().or_else(|| run.label.to_owned()))
}

/// What a session is called, in its folder.
pub(super) const CUSTOM_TITLE: &str = "custom-title.json";
/// How much of a title is kept, in bytes.
const TITLE_LIMIT: usize = 1_000;

/// Reads `<session>/custom-title.json` beside `<session>.jsonl`.
pub(super) fn title(transcript: &Path) -> Option<GivenTitle> {
    let json = read(&title_path(transcript))?;
    CustomTitle::read(&json, |given| {
        let title = given.title.text(TITLE_LIMIT)?.split_whitespace().collect::<Vec<_>>().join(" ");
        let at = given.at.label().and_then(|at| at.parse::<Timestamp>().ok()).map(|at| at.0);
        let is_carried = given.by.get().is_some_and(|by| by != "user");
        (!title.is_empty()).then_some(GivenTitle { title, at, is_carried })
    })
}

/// Nanoseconds since 1970: when the title beside a session's transcript was changed last.
pub(super) fn title_changed_at(transcript: &Path) -> Option<i64> {
    Some(file::changed_at(&std::fs::symlink_metadata(title_path(transcript)).ok()?))
}

fn title_path(transcript: &Path) -> PathBuf {
    transcript.with_extension("").join(CUSTOM_TITLE)
}

/// Nanoseconds since 1970: when anything that is said about an agent was changed last; `None` if nothing is.
pub(super) fn changed_at(transcript: &Path, workflow: Option<&str>) -> Option<i64> {
    let run = workflow.and_then(|folder| workflow_path(transcript, folder));
    let paths = [Some(agent_path(transcript)), run].into_iter().flatten();
    paths.filter_map(|path| Some(file::changed_at(&std::fs::symlink_metadata(path).ok()?))).max()
}

fn agent_path(transcript: &Path) -> PathBuf {
    transcript.with_extension("meta.json")
}

fn workflow_path(transcript: &Path, folder: &str) -> Option<PathBuf> {
    let session = transcript.ancestors().find(|ancestor| ancestor.ends_with("subagents"))?.parent()?;
    Some(session.join("workflows").join(format!("{folder}.json")))
}

/// The text of a small regular file; `None` if it cannot be read, too: labels are no reason to leave out a transcript.
fn read(path: &Path) -> Option<String> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > SIZE_LIMIT {
        return None;
    }
    let mut bytes = Vec::new();
    file::open(path).ok()?.take(SIZE_LIMIT).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
