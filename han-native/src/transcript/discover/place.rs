//! What a path says about a file. Pure, except for finding the config dir of a path through links.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::spill::TOOL_RESULTS;

use super::sidecar::CUSTOM_TITLE;
use super::{FileKind, FileStat, Sidecar, SidecarOf, SourceFile};

/// The folder of a config dir that has a folder for each project.
pub(crate) const PROJECTS: &str = "projects";

const SUBAGENTS: &str = "subagents";
const WORKFLOWS: &str = "workflows";

/// A path, taken apart.
pub(super) struct Place {
    config_dir: String,
    path: String,
    project: String,
    /// What comes after the project's folder.
    parts: Vec<String>,
}

/// What the parts of a path say.
#[derive(Debug, PartialEq)]
struct Meaning {
    kind: FileKind,
    session: Option<String>,
    agent: Option<String>,
    workflow: Option<String>,
}

impl Place {
    /// A path below a config dir, `/` between its parts.
    pub(super) fn below(config_dir: &str, path: &str) -> Option<Place> {
        let mut parts = path.split('/').map(str::to_owned);
        if parts.next()? != PROJECTS {
            return None;
        }
        let project = parts.next()?;
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| Place { config_dir: config_dir.to_owned(), path: path.to_owned(), project, parts })
    }

    /// A canonical path, if it lies below the projects of this config dir.
    pub(super) fn in_config_dir(absolute: &Path, config_dir: &Path) -> Option<Place> {
        let root = config_dir.canonicalize().ok()?;
        let projects = root.join(PROJECTS).canonicalize().ok()?;
        let below = joined(absolute.strip_prefix(&projects).ok()?)?;
        Place::below(root.to_str()?, &format!("{PROJECTS}/{below}"))
    }

    /// A canonical path, if the folder of a project of this config dir is a link to a folder above it.
    pub(super) fn behind_link(absolute: &Path, config_dir: &Path) -> Option<Place> {
        let root = config_dir.canonicalize().ok()?;
        let projects = root.join(PROJECTS);
        let entries = std::fs::read_dir(&projects).ok()?.flatten();
        let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
        let mut names: Vec<String> = links.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names.iter().find_map(|name| {
            let target = projects.join(name).canonicalize().ok()?;
            let below = joined(absolute.strip_prefix(target).ok()?)?;
            Place::below(root.to_str()?, &format!("{PROJECTS}/{name}/{below}"))
        })
    }

    /// A canonical path that has a folder `projects` above its project's.
    pub(super) fn by_layout(absolute: &Path) -> Option<Place> {
        // A file directly in the project's folder is the common case, a workflow's agent the deepest one.
        let root = absolute.ancestors().skip(3).find(|ancestor| absolute.starts_with(ancestor.join(PROJECTS)))?;
        Place::below(root.to_str()?, &joined(absolute.strip_prefix(root).ok()?)?)
    }

    /// A canonical path anywhere else: its project is its folder.
    pub(super) fn outside(absolute: &Path) -> Option<Place> {
        let name = absolute.file_name()?.to_str()?.to_owned();
        let folder = absolute.parent().and_then(Path::file_name).and_then(|folder| folder.to_str());
        Some(Place {
            config_dir: String::new(),
            path: absolute.to_str()?.to_owned(),
            project: folder.unwrap_or_default().to_owned(),
            parts: vec![name],
        })
    }

    /// Whether the file at this place is a transcript or a spill.
    pub(super) fn is_source(&self) -> bool {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        meaning(&parts).is_some()
    }

    /// The file at this place, if it is a transcript or a spill.
    pub(super) fn source(self, absolute: PathBuf, metadata: &Metadata) -> Option<SourceFile> {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        let meaning = meaning(&parts)?;
        Some(SourceFile {
            absolute,
            config_dir: self.config_dir,
            path: self.path,
            kind: meaning.kind,
            project: self.project,
            session: meaning.session,
            agent: meaning.agent,
            agent_type: None,
            agent_description: None,
            workflow: meaning.workflow,
            title: None,
            stat: FileStat::of(metadata),
        })
    }

    /// The sidecar at this place, if it is one.
    pub(super) fn sidecar(&self, absolute: &Path, metadata: &Metadata) -> Option<Sidecar> {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        let of = match parts.as_slice() {
            [folders @ .., name] if is_agent_meta(folders, name) => {
                SidecarOf::Transcript(absolute.with_file_name(format!("{}.jsonl", name.strip_suffix(AGENT_META)?)))
            }
            [session, CUSTOM_TITLE] => {
                SidecarOf::Transcript(absolute.parent()?.with_file_name(format!("{session}.jsonl")))
            }
            [_, WORKFLOWS, name] => SidecarOf::Workflow {
                subagents: absolute.parent()?.with_file_name(SUBAGENTS),
                folder: workflow_folder(name)?.to_owned(),
            },
            _ => return None,
        };
        Some(Sidecar { absolute: absolute.to_owned(), of, stat: FileStat::of(metadata) })
    }

    /// Whether the file at this place is a transcript, a spill or a sidecar.
    pub(super) fn is_of_interest(&self) -> bool {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        self.is_source()
            || match parts.as_slice() {
                [_, WORKFLOWS, name] => workflow_folder(name).is_some(),
                [_, CUSTOM_TITLE] => true,
                [folders @ .., name] => is_agent_meta(folders, name),
                [] => false,
            }
    }
}

const AGENT_META: &str = ".meta.json";

/// Whether a file describes the agent whose transcript is, or will be, beside it.
fn is_agent_meta(folders: &[&str], name: &str) -> bool {
    let may_be_agent = folders.is_empty() || matches!(folders, [_, SUBAGENTS, ..]);
    may_be_agent && name.strip_suffix(AGENT_META).and_then(agent_id).is_some()
}

/// The folder of the agents that a record of a workflow's run is about.
fn workflow_folder(name: &str) -> Option<&str> {
    name.strip_suffix(".json").filter(|folder| folder.starts_with("wf_"))
}

/// Whether a folder, at a path below its config dir, may have the records of workflows in it.
pub(crate) fn may_hold_sidecars(path: &str) -> bool {
    let mut parts = path.split('/').skip(3);
    parts.next() == Some(WORKFLOWS) && parts.next().is_none()
}

/// Whether a folder beside the transcripts has something of a session in it.
pub(super) fn holds_sessions(folder: &Path) -> bool {
    [SUBAGENTS, TOOL_RESULTS, WORKFLOWS].iter().any(|name| folder.join(name).is_dir())
}

/// Whether a folder, at a path below its config dir, may have transcripts or spills in it at any depth.
pub(crate) fn may_hold_transcripts(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), [_, _] | [_, _, _] | [_, _, _, SUBAGENTS, ..] | [_, _, _, TOOL_RESULTS])
}

/// What a file is, by the parts of its path after the project's folder.
fn meaning(parts: &[&str]) -> Option<Meaning> {
    let owned = |text: &str| Some(text.to_owned());
    match parts {
        [name] => {
            let stem = transcript_stem(name)?;
            if let Some(agent) = agent_id(stem) {
                return Some(Meaning { kind: FileKind::Agent, session: None, agent: owned(agent), workflow: None });
            }
            let events = stem.strip_suffix("-han").filter(|session| !session.is_empty());
            let kind = if events.is_some() { FileKind::Events } else { FileKind::Main };
            Some(Meaning { kind, session: owned(events.unwrap_or(stem)), agent: None, workflow: None })
        }
        [session, SUBAGENTS, folders @ .., name] => {
            let agent = agent_id(transcript_stem(name)?)?;
            let workflow = folders.iter().find(|folder| folder.starts_with("wf_")).and_then(|folder| owned(folder));
            Some(Meaning { kind: FileKind::Agent, session: owned(session), agent: owned(agent), workflow })
        }
        [session, TOOL_RESULTS, name] => {
            let is_text = name.strip_suffix(".txt").is_some_and(|stem| !stem.is_empty());
            let spill = Meaning { kind: FileKind::Spill, session: owned(session), agent: None, workflow: None };
            is_text.then_some(spill)
        }
        _ => None,
    }
}

/// The name of a transcript without its ending. A workflow's journal has the ending, and no records.
fn transcript_stem(name: &str) -> Option<&str> {
    name.strip_suffix(".jsonl").filter(|stem| !stem.is_empty() && *stem != "journal")
}

fn agent_id(stem: &str) -> Option<&str> {
    stem.strip_prefix("agent-").filter(|id| !id.is_empty())
}

/// The parts of a relative path with `/` between them; `None` if one is not UTF-8.
fn joined(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> Option<(FileKind, Option<String>, Option<String>, Option<String>)> {
        let parts: Vec<&str> = path.split('/').collect();
        meaning(&parts).map(|meaning| (meaning.kind, meaning.session, meaning.agent, meaning.workflow))
    }

    #[test]
    fn the_place_says_what_a_file_is() {
        let some = |text: &str| Some(text.to_owned());
        let cases = [
            ("s1.jsonl", Some((FileKind::Main, some("s1"), None, None))),
            ("notes.jsonl", Some((FileKind::Main, some("notes"), None, None))),
            ("agent-a1b2c3.jsonl", Some((FileKind::Agent, None, some("a1b2c3"), None))),
            ("agent-.jsonl", Some((FileKind::Main, some("agent-"), None, None))),
            ("s1-han.jsonl", Some((FileKind::Events, some("s1"), None, None))),
            ("-han.jsonl", Some((FileKind::Main, some("-han"), None, None))),
            ("journal.jsonl", None),
            (".jsonl", None),
            ("sessions-index.json", None),
            ("memory/notes.md", None),
            ("s1/subagents/agent-a1.jsonl", Some((FileKind::Agent, some("s1"), some("a1"), None))),
            ("s1/subagents/agent-a1.meta.json", None),
            ("s1/subagents/other.jsonl", None),
            (
                "s1/subagents/workflows/wf_12ab34cd-0ef/agent-a1.jsonl",
                Some((FileKind::Agent, some("s1"), some("a1"), some("wf_12ab34cd-0ef"))),
            ),
            ("s1/subagents/workflows/wf_12ab34cd-0ef/journal.jsonl", None),
            ("s1/tool-results/toolu_1.txt", Some((FileKind::Spill, some("s1"), None, None))),
            ("s1/tool-results/.txt", None),
            ("s1/tool-results/deep/x.txt", None),
            ("s1/tool-results/x.jsonl", None),
            ("s1/other.jsonl", None),
        ];
        for (path, expected) in cases {
            assert_eq!(told(path), expected, "{path}");
        }
    }

    #[test]
    fn folders_without_transcripts_are_not_walked() {
        for path in ["projects/p", "projects/p/s", "projects/p/s/subagents/workflows/wf_1", "projects/p/s/tool-results"]
        {
            assert!(may_hold_transcripts(path), "{path}");
        }
        for path in ["projects/p/s/workflows", "projects/p/s/tool-results/deep", "projects/p/memory/a/b"] {
            assert!(!may_hold_transcripts(path), "{path}");
        }
    }
}
