//! Which transcripts a handle indexes: those of its config dirs, except what it excludes.

use std::collections::HashSet;
use std::path::PathBuf;

use globset::GlobSet;
use parking_lot::{Mutex, RwLock};

use crate::config::OpenOptions;
use crate::error::{Error, Result};

/// The config dirs of a handle, which may change, and its globs.
pub(crate) struct Sources {
    config_dirs: RwLock<Vec<PathBuf>>,
    /// Those of the default ones that were found so far, if these are the default ones: there may be more to come.
    found: Option<Mutex<HashSet<PathBuf>>>,
    exclude: GlobSet,
}

impl Sources {
    /// Those of the options of a handle.
    pub(crate) fn of(options: &OpenOptions) -> Result<Sources> {
        let config_dirs = options.config_dirs.clone().unwrap_or_else(OpenOptions::default_config_dirs);
        let found = options.config_dirs.is_none().then(|| Mutex::new(config_dirs.iter().cloned().collect()));
        Ok(Sources { config_dirs: RwLock::new(config_dirs), found, exclude: glob_set(&options.exclude)? })
    }

    /// Adds the default config dirs that are new; returns whether there are any.
    pub(crate) fn look_for_more(&self) -> bool {
        let Some(found) = &self.found else { return false };
        let mut found = found.lock();
        let new: Vec<PathBuf> =
            OpenOptions::desktop_config_dirs().into_iter().filter(|folder| found.insert(folder.clone())).collect();
        let is_any = !new.is_empty();
        self.config_dirs.write().extend(new);
        is_any
    }

    /// The folders whose `projects/` are scanned.
    pub(crate) fn config_dirs(&self) -> Vec<PathBuf> {
        self.config_dirs.read().clone()
    }

    /// Changes the folders whose `projects/` are scanned.
    pub(crate) fn change_config_dirs(&self, change: impl FnOnce(&mut Vec<PathBuf>)) {
        change(&mut self.config_dirs.write());
    }

    /// Globs of what is not indexed.
    pub(crate) fn exclude(&self) -> &GlobSet {
        &self.exclude
    }
}

fn glob_set(patterns: &[String]) -> Result<GlobSet> {
    let mut builder = globset::GlobSetBuilder::new();
    for pattern in patterns {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
        builder.add(glob.map_err(|error| Error::invalid("exclude", format!("is not a glob: {error}")))?);
    }
    builder.build().map_err(|error| Error::invalid("exclude", error.to_string()))
}
