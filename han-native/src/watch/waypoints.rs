//! From config dirs as they are named to folders of projects as they are: what exists is a root, and of what does not the
//! nearest folder above it is watched until it appears.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use globset::GlobSet;

use crate::transcript::discover::{self, Listings, Root};

/// Which folders the way to the folders of projects leads through.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Waypoints {
    /// Config dirs whose folder of projects exists.
    pub roots: Vec<Root>,
    /// Folders, and those of their entries that the way goes through.
    pub folders: HashMap<PathBuf, HashSet<OsString>>,
}

impl Waypoints {
    /// The state on the disk.
    pub(super) fn of(config_dirs: &[PathBuf], exclude: &GlobSet) -> Waypoints {
        let mut waypoints = Waypoints::default();
        let roots = discover::roots(config_dirs, exclude, &mut Listings::default(), &mut |_, _| {});
        for config_dir in config_dirs {
            match config_dir.canonicalize() {
                Ok(folder) if folder.is_dir() => waypoints.add(folder, discover::PROJECTS.into()),
                _ => waypoints.add_missing(config_dir),
            }
        }
        waypoints.roots = roots.into_iter().filter(|root| root.projects().is_dir()).collect();
        waypoints
    }

    fn add(&mut self, folder: PathBuf, entry: OsString) {
        self.folders.entry(folder).or_default().insert(entry);
    }

    /// The nearest folder that exists, and what is missing in it.
    fn add_missing(&mut self, config_dir: &Path) {
        let Ok(absolute) = std::path::absolute(config_dir) else { return };
        let mut missing = absolute.file_name().map(OsStr::to_owned);
        for folder in absolute.ancestors().skip(1) {
            let Some(entry) = missing else { return };
            match folder.canonicalize() {
                Ok(folder) if folder.is_dir() => return self.add(folder, entry),
                _ => missing = folder.file_name().map(OsStr::to_owned),
            }
        }
    }

    /// Whether a path is on the way, so that an event there may change where it leads.
    pub(super) fn concerns(&self, path: &Path) -> bool {
        self.folders.contains_key(path)
            || self.roots.iter().any(|root| root.projects() == path)
            || path
                .parent()
                .and_then(|folder| self.folders.get(folder))
                .is_some_and(|entries| path.file_name().is_some_and(|name| entries.contains(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(waypoints: &Waypoints) -> Vec<(PathBuf, Vec<String>)> {
        let mut entries: Vec<_> = waypoints
            .folders
            .iter()
            .map(|(folder, names)| {
                let mut names: Vec<String> = names.iter().map(|name| name.to_string_lossy().into_owned()).collect();
                names.sort();
                (folder.clone(), names)
            })
            .collect();
        entries.sort();
        entries
    }

    #[test]
    fn the_way_goes_as_far_as_there_are_folders() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let config_dir = root.join("a/b");
        let named = |folder: &Path, name: &str| vec![(folder.to_path_buf(), vec![name.to_owned()])];
        let look = || Waypoints::of(std::slice::from_ref(&config_dir), &GlobSet::empty());
        assert_eq!((entries(&look()), look().roots.len()), (named(&root, "a"), 0));
        std::fs::create_dir(root.join("a")).unwrap();
        assert_eq!((entries(&look()), look().roots.len()), (named(&root.join("a"), "b"), 0));
        std::fs::create_dir(&config_dir).unwrap();
        assert_eq!((entries(&look()), look().roots.len()), (named(&config_dir, "projects"), 0));
        std::fs::create_dir(config_dir.join("projects")).unwrap();
        let found = look();
        assert_eq!((entries(&found), found.roots.len()), (named(&config_dir, "projects"), 1));
        for (path, concerns) in [
            (config_dir.clone(), true),
            (config_dir.join("projects"), true),
            (config_dir.join("history.jsonl"), false),
            (config_dir.join("projects/p"), false),
            (root.join("a"), false),
        ] {
            assert_eq!(found.concerns(&path), concerns, "{}", path.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn config_dirs_that_share_their_projects_count_once() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        std::fs::create_dir_all(real.join("projects")).unwrap();
        let (linked, shares) = (folder.path().join("linked"), folder.path().join("shares"));
        std::os::unix::fs::symlink(&real, &linked).unwrap();
        std::fs::create_dir(&shares).unwrap();
        std::os::unix::fs::symlink(real.join("projects"), shares.join("projects")).unwrap();
        let waypoints = Waypoints::of(&[linked, real.clone(), shares], &GlobSet::empty());
        assert_eq!(waypoints.roots.len(), 1);
        assert_eq!(waypoints.roots[0].folder(), real.canonicalize().unwrap());
    }
}
