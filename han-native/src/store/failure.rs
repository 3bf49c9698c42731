//! Errors between a statement and the caller: SQLite does not know the path of the database that they are reported for.

use std::path::Path;

use crate::error::Error;

/// An error on the way through SQLite, before the database's path is known to it.
#[derive(Debug)]
pub(crate) enum Failure {
    Sqlite(rusqlite::Error),
    Other(Error),
}

impl Failure {
    /// Names the database.
    pub(super) fn at(self, path: &Path) -> Error {
        match self {
            Failure::Sqlite(error) => Error::sqlite(path, error),
            Failure::Other(Error::Corrupt { path: unnamed, reason }) if unnamed.as_os_str().is_empty() => {
                Error::Corrupt { path: path.into(), reason }
            }
            Failure::Other(error) => error,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Other(error)
    }
}
