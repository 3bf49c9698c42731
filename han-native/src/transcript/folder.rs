//! The transcripts of one named folder, whatever folder it is.

use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::discover::{Discovery, PROJECTS, discover, discover_at, identify, is_excluded, not_utf8};
use crate::config::Cancellation;
use crate::error::Error;

/// Finds the transcripts of a folder: a config dir, a folder below one's `projects/`, or any other, which is searched for
/// `.jsonl` files recursively.
pub(crate) fn discover_folder(
    folder: &Path,
    config_dirs: &[PathBuf],
    exclude: &GlobSet,
    cancellation: &Cancellation,
) -> Discovery {
    let mut discovery = Discovery { cancellation: cancellation.clone(), ..Discovery::default() };
    let folder = match folder.canonicalize() {
        Ok(folder) => folder,
        Err(error) => {
            discovery.fail(folder, &Error::io(folder, error));
            return discovery;
        }
    };
    if folder.join(PROJECTS).is_dir() {
        return discover(&[folder], exclude, cancellation);
    }
    let projects = folder.ancestors().find(|ancestor| ancestor.file_name().is_some_and(|name| name == PROJECTS));
    if let Some(config_dir) = projects.and_then(Path::parent) {
        for root in discovery.roots(&[config_dir.to_path_buf()], exclude) {
            discover_at(&root, &folder, exclude, &mut discovery);
        }
        let is_known = config_dirs.iter().any(|known| known.canonicalize().is_ok_and(|known| known == config_dir));
        // Many folders are called `projects` that have nothing to do with a config dir.
        if is_known || !discovery.files.is_empty() || !discovery.errors.is_empty() {
            return discovery;
        }
    }
    walk(&folder, config_dirs, exclude, &mut discovery);
    discovery
}

fn walk(folder: &Path, config_dirs: &[PathBuf], exclude: &GlobSet, discovery: &mut Discovery) {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                discovery.fail(&folder, &Error::io(&folder, error));
                continue;
            }
        };
        for entry in entries {
            if discovery.cancellation.is_cancelled() {
                return;
            }
            match entry.and_then(|entry| Ok((entry.file_type()?, entry.path()))) {
                Ok((kind, path)) if kind.is_dir() => folders.push(path),
                Ok((kind, path))
                    if kind.is_file() && path.extension().is_some_and(|extension| extension == "jsonl") =>
                {
                    found(&path, config_dirs, exclude, discovery);
                }
                Ok(_) => {}
                Err(error) => discovery.fail(&folder, &Error::io(&folder, error)),
            }
        }
    }
}

fn found(path: &Path, config_dirs: &[PathBuf], exclude: &GlobSet, discovery: &mut Discovery) {
    if path.to_str().is_none() {
        return discovery.fail(path, &not_utf8(path));
    }
    match identify(path, config_dirs) {
        Ok(file) if is_excluded(&file.path, exclude) => {}
        Ok(file) => discovery.files.push(file),
        // A journal: not a transcript, whatever its name.
        Err(Error::InvalidArgument { .. }) => {}
        Err(error) => discovery.fail(path, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::discover::SourceFile;

    fn write(root: &Path, path: impl AsRef<Path>) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "{}\n").unwrap();
    }

    fn found_in(root: &Path, folder: &str, config_dirs: &[PathBuf], exclude: &[&str]) -> Vec<String> {
        let mut globs = globset::GlobSetBuilder::new();
        for glob in exclude {
            globs.add(globset::Glob::new(glob).unwrap());
        }
        let discovery =
            discover_folder(&root.join(folder), config_dirs, &globs.build().unwrap(), &Cancellation::default());
        assert_eq!(discovery.errors, []);
        let root = root.canonicalize().unwrap();
        let below = |file: &SourceFile| file.absolute.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let mut found: Vec<String> = discovery.files.iter().map(below).collect();
        found.sort();
        found
    }

    #[test]
    fn a_folder_called_projects_need_not_be_that_of_a_config_dir() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let deep = "projects/shop/tests/fixtures/s1.jsonl";
        for path in [deep, "projects/shop/tests/fixtures/journal.jsonl", "home/projects/-p/s2.jsonl"] {
            write(root, path);
        }
        assert_eq!(found_in(root, "projects/shop/tests/fixtures", &[], &[]), [deep]);
        assert_eq!(found_in(root, "projects/shop", &[], &[]), [deep]);
        assert_eq!(identify(&root.join(deep), &[]).unwrap().config_dir, "");
        let known = [root.to_path_buf()];
        assert_eq!(found_in(root, "projects/shop", &known, &[]), [] as [&str; 0], "this one is that of a config dir");
        assert!(identify(&root.join(deep), &known).is_err());
        assert_eq!(found_in(root, "home/projects/-p", &[], &[]), ["home/projects/-p/s2.jsonl"]);
        for glob in ["projects/-p", "projects/-p/*", "**/s2.jsonl"] {
            assert_eq!(found_in(root, "home/projects/-p", &[], &[glob]), [] as [&str; 0], "{glob}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_cannot_be_stored_is_told() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "s1.jsonl");
        write(root.path(), OsStr::from_bytes(b"\xff.jsonl"));
        let discovery = discover_folder(root.path(), &[], &GlobSet::empty(), &Cancellation::default());
        let codes: Vec<&str> = discovery.errors.iter().map(|error| error.code.as_str()).collect();
        assert_eq!((discovery.files.len(), codes), (1, vec!["HAN_INVALID_ARGUMENT"]));
    }

    #[test]
    fn a_search_that_is_cancelled_ends() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("below")).unwrap();
        std::fs::write(folder.path().join("below/s1.jsonl"), "{}\n").unwrap();
        let (cancelled, exclude) = (Cancellation::default(), GlobSet::empty());
        let found = |cancellation| discover_folder(folder.path(), &[], &exclude, cancellation).files.len();
        assert_eq!(found(&cancelled), 1);
        cancelled.cancel();
        assert_eq!(found(&cancelled), 0);
    }
}
