//! Which transcripts exist, and what each of them is: told by its place alone, but for the small files beside agents.
//!
//! Only regular files are opened. Links below a config dir are not followed, so that no loop and no foreign folder is
//! walked.

mod place;
mod sidecar;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::{FileType, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use globset::GlobSet;

use crate::error::{Error, Result};
use crate::model::ScanError;
use crate::platform::file::identity;
use place::Place;

/// What a file is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FileKind {
    /// `<slug>/<session>.jsonl`
    Main,
    /// `<slug>/agent-*.jsonl` or `<slug>/<session>/subagents/**/agent-*.jsonl`
    Agent,
    /// `<slug>/<session>-han.jsonl`
    Events,
    /// `<slug>/<session>/tool-results/*.txt`
    Spill,
}

/// What the file system says of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FileStat {
    pub device: i64,
    pub inode: i64,
    pub size: i64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
}

impl FileStat {
    /// The state that `metadata` tells of.
    pub(crate) fn of(metadata: &Metadata) -> FileStat {
        let (device, inode) = identity(metadata);
        let mtime = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        FileStat {
            device,
            inode,
            size: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
            mtime: mtime.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0),
        }
    }
}

/// A file, and all that its place tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub absolute: PathBuf,
    /// The canonical config dir; empty for a file outside any.
    pub config_dir: String,
    /// The path below the config dir, '/' between its parts; absolute where there is none.
    pub path: String,
    pub kind: FileKind,
    /// The folder's name below `projects/`.
    pub project: String,
    /// None for a flat agent file: the first `sessionId` of its records says.
    pub session: Option<String>,
    pub agent: Option<String>,
    pub agent_type: Option<String>,
    pub agent_description: Option<String>,
    /// The `wf_...` folder of a workflow's agent, and behind it the workflow's name, where that is told.
    pub workflow: Option<String>,
    pub stat: FileStat,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// Transcripts and spills; no order.
    pub files: Vec<SourceFile>,
    /// What could not be read.
    pub errors: Vec<ScanError>,
}

impl Discovery {
    fn fail(&mut self, path: &Path, error: &Error) {
        self.errors.push(ScanError {
            path: path.display().to_string(),
            code: error.code().as_str().to_owned(),
            message: error.to_string(),
        });
    }
}

/// Finds every transcript of the config dirs. A missing config dir is no error.
pub(crate) fn discover(config_dirs: &[PathBuf], exclude: &GlobSet) -> Discovery {
    let mut discovery = Discovery::default();
    let mut seen = HashSet::new();
    for config_dir in config_dirs {
        let root = match config_dir.canonicalize() {
            Ok(root) => root,
            Err(error) if is_absent(&error) => continue,
            Err(error) => {
                discovery.fail(config_dir, &Error::io(config_dir, error));
                continue;
            }
        };
        let projects = root.join(place::PROJECTS);
        // Two config dirs may share one folder of projects through a link.
        if seen.insert(projects.canonicalize().unwrap_or_else(|_| projects.clone())) {
            walk(&root, projects, exclude, &mut discovery);
        }
    }
    discovery
}

/// Says what one explicitly named file is.
///
/// # Errors
/// `NOT_FOUND`, `PERMISSION`, `IS_DIRECTORY`; `INVALID_ARGUMENT` for a pipe or device, and for what is no transcript.
pub(crate) fn identify(path: &Path, config_dirs: &[PathBuf]) -> Result<SourceFile> {
    let absolute = path.canonicalize().map_err(|error| Error::io(path, error))?;
    let metadata = std::fs::metadata(&absolute).map_err(|error| Error::io(path, error))?;
    if metadata.is_dir() {
        return Err(Error::IsDirectory { path: path.to_path_buf() });
    }
    if !metadata.is_file() {
        return Err(refused(path, "it is no regular file"));
    }
    let place = config_dirs
        .iter()
        .find_map(|config_dir| Place::in_config_dir(&absolute, config_dir))
        .or_else(|| Place::by_layout(&absolute))
        .or_else(|| Place::outside(&absolute))
        .ok_or_else(|| refused(path, "its name is not UTF-8"))?;
    place
        .source(absolute, &metadata)
        .ok_or_else(|| refused(path, "name a session's .jsonl file, or a .txt file in its tool-results folder"))
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::invalid("path", format!("is no transcript: {} ({reason})", path.display()))
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Walks the projects of one config dir, folder by folder.
fn walk(root: &Path, projects: PathBuf, exclude: &GlobSet, discovery: &mut Discovery) {
    let Some(config_dir) = root.to_str() else {
        return discovery.fail(root, &not_utf8(root));
    };
    let mut folders = vec![(projects, place::PROJECTS.to_owned())];
    while let Some((folder, below)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if is_absent(&error) => continue,
            Err(error) => {
                discovery.fail(&folder, &Error::io(&folder, error));
                continue;
            }
        };
        for entry in entries {
            let typed = entry.and_then(|entry| entry.file_type().map(|file_type| (entry, file_type)));
            let (entry, file_type): (_, FileType) = match typed {
                Ok(typed) => typed,
                Err(error) if is_absent(&error) => continue,
                Err(error) => {
                    discovery.fail(&folder, &Error::io(&folder, error));
                    continue;
                }
            };
            let absolute = entry.path();
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                discovery.fail(&absolute, &not_utf8(&absolute));
                continue;
            };
            let path = format!("{below}/{name}");
            if exclude.is_match(&path) {
                continue;
            }
            if file_type.is_dir() && place::may_hold_transcripts(&path) {
                folders.push((absolute, path));
            } else if file_type.is_file() {
                found(config_dir, path, absolute, discovery);
            }
        }
    }
}

fn found(config_dir: &str, path: String, absolute: PathBuf, discovery: &mut Discovery) {
    let Some(place) = Place::below(config_dir, &path) else { return };
    match std::fs::symlink_metadata(&absolute) {
        Ok(metadata) if metadata.is_file() => discovery.files.extend(place.source(absolute, &metadata)),
        Ok(_) => {}
        // Removed since the folder was listed.
        Err(error) if is_absent(&error) => {}
        Err(error) => discovery.fail(&absolute, &Error::io(&absolute, error)),
    }
}

fn not_utf8(path: &Path) -> Error {
    Error::invalid("path", format!("is not UTF-8: {}; rename it to have it indexed", path.display()))
}
