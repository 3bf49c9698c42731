//! Links among the folders of projects: a project's folder may be a link, which leads one level; of those that lead to one folder the
//! first is followed. Links further down are not.

use std::collections::{BTreeSet, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use super::listings::{Listing, is_absent};
use super::place::{PROJECTS, holds_sessions};
use super::{is_excluded, is_of_interest, is_walked};
use crate::error::Error;
use crate::platform::file::identity;

/// The folder of projects of a config dir.
pub(super) struct Projects {
    pub(super) folder: PathBuf,
    /// What is in it, if it can be read.
    pub(super) listing: Option<Arc<Listing>>,
}

impl Projects {
    fn names<'p>(&'p self, names: impl Fn(&'p Listing) -> &'p Vec<String>) -> BTreeSet<&'p String> {
        self.listing.as_deref().map(|listing| names(listing).iter().collect()).unwrap_or_default()
    }
}

/// The names of the links that are followed, for each of the folders; the others are reported to `fail`.
pub(super) fn followed(
    all: &[Projects],
    exclude: &GlobSet,
    fail: &mut dyn FnMut(&Path, Error),
) -> Vec<BTreeSet<String>> {
    if all.iter().all(|projects| projects.names(|listing| &listing.links).is_empty()) {
        return vec![BTreeSet::new(); all.len()];
    }
    let mut known = Known::of(all);
    let mut followed = Vec::new();
    for projects in all {
        let mut names = BTreeSet::new();
        for name in projects.names(|listing| &listing.links) {
            if is_excluded(&format!("{PROJECTS}/{name}"), exclude) {
                continue;
            }
            let link = projects.folder.join(name);
            match known.lead(&link) {
                Ok(true) => {
                    names.insert(name.clone());
                }
                Ok(false) => {}
                Err(error) => fail(&link, error),
            }
        }
        followed.push(names);
    }
    followed
}

/// What is walked already.
struct Known {
    /// The folders of projects, without links.
    projects: Vec<PathBuf>,
    /// Folders of single projects by device and inode.
    folders: HashMap<(i64, i64), PathBuf>,
}

impl Known {
    fn of(all: &[Projects]) -> Known {
        let projects = all.iter().filter_map(|projects| projects.folder.canonicalize().ok()).collect();
        let mut folders = HashMap::new();
        for projects in all {
            for name in projects.names(|listing| &listing.folders) {
                let folder = projects.folder.join(name);
                if let Ok(metadata) = std::fs::metadata(&folder) {
                    folders.entry(identity(&metadata)).or_insert(folder);
                }
            }
        }
        Known { projects, folders }
    }

    /// Whether a link leads to a folder; an error if that is not to be walked.
    fn lead(&mut self, link: &Path) -> Result<bool, Error> {
        let metadata = match std::fs::metadata(link) {
            Ok(metadata) => metadata,
            Err(error) if is_absent(&error) => return Ok(false),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => return Err(Error::io(link, error)),
            // A link that leads to itself.
            Err(error) => return Err(not_followed(link, &error.to_string())),
        };
        if !metadata.is_dir() {
            return Ok(false);
        }
        let target = link.canonicalize().map_err(|error| Error::io(link, error))?;
        if self.projects.iter().any(|projects| projects.starts_with(&target)) {
            return Err(not_followed(link, "it leads to a folder that it is in"));
        }
        let identity = identity(&metadata);
        if let Some(other) = self.folders.get(&identity) {
            return Err(not_followed(link, &format!("it leads to the same folder as {}", other.display())));
        }
        if self.projects.iter().any(|projects| target.starts_with(projects)) {
            return Err(not_followed(link, "it leads into the folder of another project"));
        }
        self.folders.insert(identity, link.to_path_buf());
        Ok(true)
    }
}

/// The error that a link is below the folder of a project, at this path below the config dir, if something would be found through it.
pub(super) fn below_project(link: &Path, below: &str) -> Option<Error> {
    let metadata = std::fs::metadata(link).ok()?;
    let leads_to_something = match metadata.is_dir() {
        // Many folders beside the sessions are links, and have nothing to do with them.
        true => is_walked(below) && (below.matches('/').count() > 2 || holds_sessions(link)),
        false => metadata.is_file() && is_of_interest(below),
    };
    leads_to_something.then(|| not_followed(link, "only the folder of a project may be one"))
}

fn not_followed(link: &Path, reason: &str) -> Error {
    Error::invalid("path", format!("is a link that is not followed: {} ({reason})", link.display()))
}
