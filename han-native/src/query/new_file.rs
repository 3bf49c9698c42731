//! Files that are written for a caller: each exists in full, for its owner only, or not at all.

use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Error, Result, Subject};

/// A file that has no name yet. It is removed if it is dropped before it has one.
pub(super) struct NewFile<'t> {
    target: &'t Path,
    file: NamedTempFile,
    /// What went wrong with the file, apart from what went wrong with the database.
    error: Option<io::Error>,
}

impl<'t> NewFile<'t> {
    /// Begins a file that is to be at `target`, where nothing may exist.
    pub(super) fn create(target: &'t Path) -> Result<NewFile<'t>> {
        if target.symlink_metadata().is_ok() {
            return Err(exists(target));
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.is_dir() {
            return Err(Error::NotFound { what: Subject::Folder, name: folder.display().to_string() });
        }
        let file = NamedTempFile::new_in(folder).map_err(|error| Error::io(folder, error))?;
        Ok(NewFile { target, file, error: None })
    }

    /// Gives it its name, if everything was written.
    pub(super) fn finish<E: From<Error>>(self, written: std::result::Result<(), E>) -> std::result::Result<(), E> {
        let named = |error| E::from(Error::io(self.target, error));
        match (written, self.error) {
            (Err(_), Some(error)) => return Err(named(error)),
            (written, _) => written?,
        }
        self.file.as_file().sync_all().map_err(named)?;
        self.file.persist_noclobber(self.target).map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => E::from(exists(self.target)),
            _ => named(refused.error),
        })?;
        Ok(())
    }
}

impl Write for NewFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.error = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn exists(target: &Path) -> Error {
    Error::invalid("target", format!("exists already: {}; choose a new name, or move that file away", target.display()))
}
