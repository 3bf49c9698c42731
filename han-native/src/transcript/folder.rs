//! The transcripts of one named folder, whatever folder it is.

use std::path::{Path, PathBuf};

use globset::GlobSet;

use super::discover::{Discovery, discover, identify};
use crate::config::Cancellation;
use crate::error::Error;
use crate::model::ScanError;

/// Finds the transcripts of a folder: a config dir, a folder below one's `projects/`, or any other, which is searched for
/// `.jsonl` files recursively.
pub(crate) fn discover_folder(
    folder: &Path,
    config_dirs: &[PathBuf],
    exclude: &GlobSet,
    cancellation: &Cancellation,
) -> Discovery {
    let folder = match folder.canonicalize() {
        Ok(folder) => folder,
        Err(error) => return Discovery { errors: vec![scan_error(folder, error)], ..Discovery::default() },
    };
    if folder.join("projects").is_dir() {
        return discover(&[folder], exclude, cancellation);
    }
    let projects = folder.ancestors().find(|ancestor| ancestor.file_name().is_some_and(|name| name == "projects"));
    if let Some(config_dir) = projects.and_then(Path::parent) {
        let mut discovery = discover(&[config_dir.to_path_buf()], exclude, cancellation);
        discovery.files.retain(|file| file.absolute.starts_with(&folder));
        discovery.errors.retain(|error| Path::new(&error.path).starts_with(&folder));
        return discovery;
    }
    let mut discovery = Discovery { cancellation: cancellation.clone(), ..Discovery::default() };
    walk(&folder, config_dirs, exclude, &mut discovery);
    discovery
}

fn walk(folder: &Path, config_dirs: &[PathBuf], exclude: &GlobSet, discovery: &mut Discovery) {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                discovery.errors.push(scan_error(&folder, error));
                continue;
            }
        };
        for entry in entries.flatten() {
            if discovery.cancellation.is_cancelled() {
                return;
            }
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() && path.extension().is_some_and(|extension| extension == "jsonl") => {
                    match identify(&path, config_dirs) {
                        Ok(file) if exclude.is_match(&file.path) => {}
                        Ok(file) => discovery.files.push(file),
                        // A journal: no transcript, whatever its name.
                        Err(Error::InvalidArgument { .. }) => {}
                        Err(error) => discovery.errors.push(ScanError {
                            path: path.display().to_string(),
                            code: error.code().as_str().into(),
                            message: error.to_string(),
                        }),
                    }
                }
                _ => {}
            }
        }
    }
}

fn scan_error(path: &Path, error: std::io::Error) -> ScanError {
    let error = Error::io(path, error);
    ScanError { path: path.display().to_string(), code: error.code().as_str().into(), message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

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
