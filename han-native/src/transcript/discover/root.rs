//! Config dirs without links, each folder of projects once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{is_absent, not_utf8, place};
use crate::error::{Error, Result};

/// A config dir that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Root {
    /// Canonical; as the database knows it.
    pub config_dir: String,
}

impl Root {
    /// The root that a path leads to; none where nothing is there.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` for a path that is not UTF-8, `PERMISSION`.
    pub(crate) fn of(config_dir: &Path) -> Result<Option<Root>> {
        match config_dir.canonicalize() {
            Ok(folder) => match folder.to_str() {
                Some(config_dir) => Ok(Some(Root { config_dir: config_dir.to_owned() })),
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

    /// Its folder of projects, which need not exist. It may be a link; nothing below it is followed.
    pub(crate) fn projects(&self) -> PathBuf {
        self.folder().join(place::PROJECTS)
    }

    /// The path below the config dir, `/` between its parts, of what stands in its folder of projects, or is that folder.
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

/// The roots of config dirs. A missing one is left out, one that cannot be used is told to `fail`, and of two that share
/// their projects through a link the first counts.
pub(crate) fn roots(config_dirs: &[PathBuf], fail: &mut dyn FnMut(&Path, Error)) -> Vec<Root> {
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
    roots
}
