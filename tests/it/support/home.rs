//! A config dir and databases over it, gone at the end of the test.

use std::path::{Path, PathBuf};

use han_native::model::{IndexResult, ScanReport};
use han_native::{Han, OpenOptions, ScanOptions};
use tempfile::TempDir;

use super::dump::{Dump, Scope};

/// An empty config dir.
pub(crate) struct Home {
    folder: TempDir,
}

/// A database over a config dir.
pub(crate) struct Database {
    pub(crate) han: Han,
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    /// The config dir, without links.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Where a file below the config dir is.
    pub(crate) fn file(&self, below: &str) -> PathBuf {
        self.path().join(below)
    }

    /// Writes a whole file, in place where there is one.
    pub(crate) fn write(&self, below: &str, bytes: &[u8]) {
        let path = self.file(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Writes behind the end of a file.
    pub(crate) fn append(&self, below: &str, bytes: &[u8]) {
        use std::io::Write;
        let path = self.file(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(bytes).unwrap();
    }

    /// An empty database over this config dir.
    pub(crate) fn database(&self) -> Database {
        Database::over(&self.path())
    }

    /// What a database holds that is built from the files as they are now.
    #[expect(clippy::wrong_self_convention, reason = "it is the database that comes from scratch")]
    pub(crate) fn from_scratch(&self) -> Dump {
        let database = self.database();
        database.scan();
        database.dump(Scope::Present)
    }
}

impl Database {
    /// An empty database over a config dir. Its days are those of a place whose offset is no whole hour.
    pub(crate) fn over(config_dir: &Path) -> Database {
        Database::with(OpenOptions { config_dirs: Some(vec![config_dir.to_path_buf()]), ..OpenOptions::default() })
    }

    /// As [`Database::over`], with options that say nothing of the place of the database and its time zone.
    pub(crate) fn with(options: OpenOptions) -> Database {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("han.db");
        let han =
            Han::open(OpenOptions { db_path: Some(path.clone()), time_zone: Some("Asia/Kolkata".into()), ..options });
        Database { han: han.unwrap(), path, _folder: folder }
    }

    pub(crate) fn scan(&self) -> ScanReport {
        let report = self.han.scan(ScanOptions::default()).unwrap();
        assert_eq!(report.errors, [], "a scan of readable files has no errors");
        report
    }

    pub(crate) fn index(&self, path: &Path) -> IndexResult {
        self.han.index_session_file(path).unwrap()
    }

    pub(crate) fn dump(&self, scope: Scope) -> Dump {
        Dump::of(self, scope)
    }

    /// The database file, for reading only.
    pub(crate) fn connection(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        rusqlite::Connection::open_with_flags(&self.path, flags).unwrap()
    }

    /// The single value that a query gives.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.connection().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}
