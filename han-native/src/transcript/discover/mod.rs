//! Which transcripts exist, and what each of them is: determined by its place alone. What the small files beside agents say about
//! them is read only when it is requested.
//!
//! Only regular files are opened. The folder of a project may be a link; no other link below a config dir is followed, so that no loop
//! is walked, and nothing twice.

mod links;
mod listings;
mod place;
mod root;
mod sidecar;
#[cfg(test)]
mod tests;

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use globset::GlobSet;

use crate::config::Cancellation;
use crate::error::{Error, Result};
use crate::model::ScanError;
pub(crate) use crate::source_file::{FileKind, FileStat, SourceFile};
use crate::spill;
pub(crate) use listings::Listings;
use listings::is_absent;
pub(crate) use place::PROJECTS;
use place::{Place, may_hold_sidecars, may_hold_transcripts};
pub(crate) use root::{Root, roots};

impl SourceFile {
    /// Whether it is a spill that is not kept; the transcript that refers to it has a note.
    fn is_too_large(&self) -> bool {
        self.kind == FileKind::Spill && self.stat.size > spill::LARGEST_BYTES
    }

    /// The name without its ending: the session of a file that names none.
    pub(crate) fn stem(&self) -> String {
        self.absolute.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Nanoseconds since 1970: when the small files beside a transcript were changed last; `None` if there are none.
    pub(crate) fn sidecars_changed_at(&self) -> Option<i64> {
        match self.kind {
            FileKind::Agent => sidecar::changed_at(&self.absolute, self.workflow.as_deref()),
            FileKind::Main => sidecar::title_changed_at(&self.absolute),
            _ => None,
        }
    }

    /// Reads what the small files beside a transcript say about it, or about its session.
    pub(crate) fn read_sidecars(&mut self) {
        if self.kind == FileKind::Main {
            self.title = sidecar::title(&self.absolute);
        }
        if self.kind != FileKind::Agent {
            return;
        }
        let about = sidecar::agent(&self.absolute);
        self.agent_type = about.agent_type;
        self.agent_description = about.description;
        if let Some(folder) = &mut self.workflow
            && let Some(name) = sidecar::workflow_name(&self.absolute, folder)
        {
            *folder = format!("{folder} {name}");
        }
    }
}

/// A small file that says more of agents and sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sidecar {
    pub absolute: PathBuf,
    pub of: SidecarOf,
    pub stat: FileStat,
}

/// What a sidecar is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SidecarOf {
    /// The agent, or the session, of this transcript.
    Transcript(PathBuf),
    /// The agents in folders of this name, anywhere below the session's `subagents`.
    Workflow { subagents: PathBuf, folder: String },
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// Transcripts and spills; no order. Their sidecars are not read.
    pub files: Vec<SourceFile>,
    /// Sidecars; no order.
    pub sidecars: Vec<Sidecar>,
    /// What could not be read.
    pub errors: Vec<ScanError>,
    /// What was in the folders. Passed to the next walk, it saves reading those that have not changed.
    pub listings: Listings,
    /// Ends the walk early: what it has found by then is not everything.
    pub cancellation: Cancellation,
}

impl Discovery {
    /// The roots of config dirs.
    pub(super) fn roots(&mut self, config_dirs: &[PathBuf], exclude: &GlobSet) -> Vec<Root> {
        let mut listings = std::mem::take(&mut self.listings);
        let roots = roots(config_dirs, exclude, &mut listings, &mut |path, error| self.fail(path, &error));
        self.listings = listings;
        roots
    }

    pub(super) fn fail(&mut self, path: &Path, error: &Error) {
        self.errors.push(ScanError {
            path: path.display().to_string(),
            code: error.code().as_str().to_owned(),
            message: error.to_string(),
        });
    }
}

/// Finds every transcript of the config dirs. A missing config dir is not an error.
pub(crate) fn discover(config_dirs: &[PathBuf], exclude: &GlobSet, cancellation: &Cancellation) -> Discovery {
    let mut discovery = Discovery { cancellation: cancellation.clone(), ..Discovery::default() };
    for root in discovery.roots(config_dirs, exclude) {
        walk(&root, root.projects(), place::PROJECTS.to_owned(), exclude, &mut discovery);
    }
    discovery
}

/// Finds what is at one place below the projects of a root: a file, or a folder with everything in it, or nothing.
pub(crate) fn discover_at(root: &Root, absolute: &Path, exclude: &GlobSet, discovery: &mut Discovery) {
    let Some(below) = root.below(absolute).filter(|below| !is_excluded(below, exclude)) else { return };
    if absolute == root.projects() {
        return walk(root, root.projects(), below, exclude, discovery);
    }
    if root.leaves_out(&below) {
        return;
    }
    match std::fs::symlink_metadata(absolute) {
        Ok(metadata) if (metadata.is_dir() || root.follows(&below)) && is_walked(&below) => {
            walk(root, absolute.to_owned(), below, exclude, discovery);
        }
        Ok(metadata) if metadata.is_file() => found(root, below, absolute.to_owned(), &metadata, discovery),
        Ok(_) => {}
        Err(error) if is_absent(&error) => {}
        Err(error) => discovery.fail(absolute, &Error::io(absolute, error)),
    }
}

/// Whether a path below a config dir, or a folder above it, is left out.
pub(crate) fn is_excluded(below: &str, exclude: &GlobSet) -> bool {
    let ends = below.match_indices('/').map(|(end, _)| end).chain([below.len()]);
    !exclude.is_empty() && ends.into_iter().any(|end| exclude.is_match(&below[..end]))
}

/// Whether a file at this path below a config dir is a transcript, a spill or a sidecar.
pub(crate) fn is_of_interest(below: &str) -> bool {
    Place::below("", below).is_some_and(|place| place.is_of_interest())
}

/// Whether the folder at this path below a config dir may hold anything of interest, at any depth.
pub(crate) fn is_walked(below: &str) -> bool {
    may_hold_transcripts(below) || may_hold_sidecars(below)
}

/// Says what one explicitly named file is.
///
/// # Errors
/// `NOT_FOUND`, `PERMISSION`, `IS_DIRECTORY`; `INVALID_ARGUMENT` for a pipe or device, and for what is not a transcript.
pub(crate) fn identify(path: &Path, config_dirs: &[PathBuf]) -> Result<SourceFile> {
    let absolute = path.canonicalize().map_err(|error| Error::io(path, error))?;
    let metadata = std::fs::metadata(&absolute).map_err(|error| Error::io(path, error))?;
    if metadata.is_dir() {
        return Err(Error::IsDirectory { path: path.to_path_buf() });
    }
    if !metadata.is_file() {
        return Err(refused(path, "it is not a regular file"));
    }
    // Many folders are called `projects` that have nothing to do with a config dir.
    let elsewhere = || Place::by_layout(&absolute).filter(Place::is_source).or_else(|| Place::outside(&absolute));
    let place = config_dirs
        .iter()
        .find_map(|config_dir| Place::in_config_dir(&absolute, config_dir))
        .or_else(|| config_dirs.iter().find_map(|config_dir| Place::behind_link(&absolute, config_dir)))
        .or_else(elsewhere)
        .ok_or_else(|| refused(path, "its name is not UTF-8"))?;
    match place.source(absolute, &metadata) {
        Some(file) if file.is_too_large() => Err(refused(path, "a tool result of more than 64 MiB is not kept")),
        Some(file) => Ok(file),
        None => Err(refused(path, "name a session's .jsonl file, or a .txt file in its tool-results folder")),
    }
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::invalid("path", format!("is not a transcript: {} ({reason})", path.display()))
}

/// Walks a folder of a root, and those below it.
fn walk(root: &Root, folder: PathBuf, below: String, exclude: &GlobSet, discovery: &mut Discovery) {
    let mut folders = vec![(folder, below)];
    while let Some((folder, below)) = folders.pop() {
        if discovery.cancellation.is_cancelled() {
            return;
        }
        let listing = match discovery.listings.of(&folder) {
            Ok(listing) => listing,
            Err(error) if is_absent(&error) => continue,
            Err(error) => {
                discovery.fail(&folder, &Error::io(&folder, error));
                continue;
            }
        };
        for error in &listing.errors {
            discovery.fail(&folder, &Error::io(&folder, error.kind().into()));
        }
        for name in &listing.unnameable {
            let absolute = folder.join(name);
            discovery.fail(&absolute, &not_utf8(&absolute));
        }
        let is_included = |path: &String| !exclude.is_match(path);
        let links = listing.links.iter().filter(|_| below != place::PROJECTS);
        for (link, path) in links.map(|name| (folder.join(name), format!("{below}/{name}"))) {
            if let Some(error) = links::below_project(&link, &path).filter(|_| is_included(&path)) {
                discovery.fail(&link, &error);
            }
        }
        let followed = root.links.iter().filter(|_| below == place::PROJECTS);
        for name in listing.folders.iter().chain(followed) {
            let path = format!("{below}/{name}");
            if is_walked(&path) && is_included(&path) {
                folders.push((folder.join(name), path));
            }
        }
        for name in &listing.files {
            if discovery.cancellation.is_cancelled() {
                return;
            }
            let path = format!("{below}/{name}");
            if !is_of_interest(&path) || !is_included(&path) {
                continue;
            }
            let absolute = folder.join(name);
            match std::fs::symlink_metadata(&absolute) {
                Ok(metadata) if metadata.is_file() => found(root, path, absolute, &metadata, discovery),
                Ok(_) => {}
                // Removed since the folder was listed.
                Err(error) if is_absent(&error) => {}
                Err(error) => discovery.fail(&absolute, &Error::io(&absolute, error)),
            }
        }
    }
}

fn found(root: &Root, below: String, absolute: PathBuf, metadata: &Metadata, discovery: &mut Discovery) {
    let Some(place) = Place::below(&root.config_dir, &below) else { return };
    match place.sidecar(&absolute, metadata) {
        Some(sidecar) => discovery.sidecars.push(sidecar),
        None => discovery.files.extend(place.source(absolute, metadata).filter(|file| !file.is_too_large())),
    }
}

/// The error for a path that cannot be stored.
pub(super) fn not_utf8(path: &Path) -> Error {
    Error::invalid("path", format!("is not UTF-8: {}; rename it to have it indexed", path.display()))
}
