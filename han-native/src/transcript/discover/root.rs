//! Config dirs without links, each folder of projects once, and the links in them that are followed.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::links::{self, Projects};
use super::listings::{Listings, is_absent};
use super::{not_utf8, place};
use crate::error::{Error, Result};

/// A config dir that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    /// Canonical; as the database knows it.
    pub config_dir: String,
    /// Folders of projects that are links, and are followed.
    pub links: BTreeSet<String>,
}

impl Root {
    /// The root that a path leads to, without its links; `None` if nothing is there.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for a path that is not UTF-8, `PERMISSION`.
    pub(super) fn of(config_dir: &Path) -> Result<Option<Root>> {
        match config_dir.canonicalize() {
            Ok(folder) => match folder.to_str() {
                Some(config_dir) => Ok(Some(Root { config_dir: config_dir.to_owned(), links: BTreeSet::new() })),
                None => Err(not_utf8(&folder)),
            },
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(Error::io(config_dir, error)),
        }
    }

    /// The config dir.
    pub(crate) fn folder(&self) -> &Path {
        Path::new(&self.config_dir)
    }

    /// Its folder of projects, which need not exist. It may be a link, and so may be those in it.
    pub(crate) fn projects(&self) -> PathBuf {
        self.folder().join(place::PROJECTS)
    }

    /// Whether the path below the config dir is the folder of a project that is a link, and followed.
    pub(crate) fn follows(&self, below: &str) -> bool {
        let project = below.strip_prefix(place::PROJECTS).and_then(|name| name.strip_prefix('/'));
        project.is_some_and(|project| self.links.contains(project))
    }

    /// Whether the folder of a project is a link that is not followed.
    pub(super) fn leaves_out(&self, below: &str) -> bool {
        let Some(project) = below.split('/').nth(1).filter(|project| !self.links.contains(*project)) else {
            return false;
        };
        std::fs::symlink_metadata(self.projects().join(project)).is_ok_and(|metadata| metadata.is_symlink())
    }

    /// The path below the config dir, `/` between its parts, of what is in its folder of projects, or is that folder.
    pub(crate) fn below(&self, absolute: &Path) -> Option<String> {
        let below = absolute.strip_prefix(self.projects()).ok()?;
        let mut path = place::PROJECTS.to_owned();
        for part in below {
            path.push('/');
            path.push_str(part.to_str()?);
        }
        Some(path)
    }
}

/// The roots of config dirs. A missing one is left out, one that cannot be used is reported to `fail`, as is a link that is not followed,
/// and of two that share their projects through a link the first counts.
pub(crate) fn roots(
    config_dirs: &[PathBuf],
    exclude: &GlobSet,
    listings: &mut Listings,
    fail: &mut dyn FnMut(&Path, Error),
) -> Vec<Root> {
    let mut seen = HashSet::new();
    let mut roots = Vec::new();
    for config_dir in config_dirs {
        match Root::of(config_dir) {
            Ok(Some(root)) => {
                let projects = root.projects();
                if seen.insert(projects.canonicalize().unwrap_or(projects)) {
                    roots.push(root);
                }
            }
            Ok(None) => {}
            Err(error) => fail(config_dir, error),
        }
    }
    let projects = roots.iter().map(|root: &Root| {
        let folder = root.projects();
        let listing = listings.of(&folder).ok();
        Projects { folder, listing }
    });
    let followed = links::followed(&projects.collect::<Vec<_>>(), exclude, fail);
    for (root, links) in roots.iter_mut().zip(followed) {
        root.links = links;
    }
    roots
}
