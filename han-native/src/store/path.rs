//! Where the database and the files beside it are.

use std::path::{Path, PathBuf};

use crate::config::OpenOptions;
use crate::error::{Error, Result};

/// The absolute path of the database, without links in its folder.
pub(super) fn database_path(options: &OpenOptions) -> Result<PathBuf> {
    let path = match (&options.db_path, &options.data_dir) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) if folder.as_os_str().is_empty() => {
            return Err(Error::invalid("dataDir", "is empty; name a folder"));
        }
        (None, Some(folder)) => folder.join("han.db"),
        (None, None) => OpenOptions::default_data_dir()
            .ok_or_else(|| Error::invalid("dataDir", "is not set, and there is no home folder; set HAN_DATA_DIR"))?
            .join("han.db"),
    };
    let Some(name) = path.file_name() else {
        return Err(Error::invalid("dbPath", format!("names no file: {}", path.display())));
    };
    let folder = folder_of(&path);
    let folder = match folder.canonicalize() {
        Ok(folder) => folder,
        Err(_) => std::path::absolute(folder).map_err(|error| Error::io(folder, error))?,
    };
    Ok(folder.join(name))
}

/// The folder of a database.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The path with something appended to its last part.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_os_string();
    path.push(suffix);
    path.into()
}
