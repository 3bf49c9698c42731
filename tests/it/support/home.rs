//! The fixture of the tests: a private folder with a config dir and databases over it, gone at the end of the test.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use han_native::model::{IndexResult, ScanReport};
use han_native::{Han, OpenOptions, ScanOptions};
use tempfile::TempDir;

use super::dump::{Dump, Scope};

/// A private folder with an empty config dir in it, and room for a database beside it.
pub(crate) struct Home {
    folder: TempDir,
}

/// An open database in a folder of its own.
pub(crate) struct Database {
    pub(crate) han: Han,
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Home {
        let home = Home { folder: tempfile::Builder::new().prefix("han-").tempdir().unwrap() };
        std::fs::create_dir(home.config_dir()).unwrap();
        home
    }

    /// The private folder, without links.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// The config dir, without links.
    pub(crate) fn config_dir(&self) -> PathBuf {
        self.folder().join("claude")
    }

    /// Where a file below the config dir is.
    pub(crate) fn file(&self, below: &str) -> PathBuf {
        self.config_dir().join(below)
    }

    /// Where the main file of a session is.
    pub(crate) fn transcript(&self, session: &str) -> PathBuf {
        self.file(&place(session))
    }

    /// Writes a whole file below the config dir, in place if it exists.
    pub(crate) fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        let path = self.file(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// Appends to a file below the config dir.
    pub(crate) fn append(&self, below: &str, bytes: impl AsRef<[u8]>) {
        let path = self.file(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(bytes.as_ref()).unwrap();
    }

    /// Writes the main file of a session.
    pub(crate) fn write_session(&self, session: &str, lines: impl AsRef<[u8]>) -> PathBuf {
        self.write(&place(session), lines);
        self.transcript(session)
    }

    /// An empty database over this config dir, in a folder of its own.
    pub(crate) fn database(&self) -> Database {
        Database::over(&self.config_dir())
    }

    /// What a database contains that is built from the files as they are now.
    #[expect(clippy::wrong_self_convention, reason = "it is the database that comes from scratch")]
    pub(crate) fn from_scratch(&self) -> Dump {
        let database = self.database();
        database.scan();
        database.dump(Scope::Present)
    }

    /// The path of the database beside the config dir: the same one each time it is opened.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder().join("han.db")
    }

    /// Options for the database beside the config dir.
    pub(crate) fn options(&self) -> OpenOptions {
        options(&self.database_file(), &self.config_dir())
    }

    /// Opens the database beside the config dir.
    pub(crate) fn open(&self) -> Han {
        Han::open(self.options()).unwrap()
    }

    /// Opens the database beside the config dir and scans.
    pub(crate) fn scanned(&self) -> Han {
        let han = self.open();
        let report = han.scan(ScanOptions::default()).unwrap();
        assert_eq!(report.errors, []);
        han
    }
}

/// Where the main file of a session is, below the config dir.
pub(crate) fn place(session: &str) -> String {
    format!("projects/-code-shop/{session}.jsonl")
}

/// Writes an empty database: a copy, since applying every migration each time would take half of the time of the properties.
fn write_empty(path: &Path) {
    static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let home = Home::new();
        home.open().close();
        std::fs::read(home.database_file()).unwrap()
    });
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true).mode(0o600).open(path).unwrap().write_all(&EMPTY).unwrap();
}

/// A database at a path over one config dir. Its days are those of a place whose offset is not a whole hour.
pub(crate) fn options(database: &Path, config_dir: &Path) -> OpenOptions {
    OpenOptions {
        db_path: Some(database.into()),
        config_dirs: Some(vec![config_dir.into()]),
        time_zone: Some("Asia/Kolkata".into()),
        ..OpenOptions::default()
    }
}

impl Database {
    /// An empty database over a config dir. Its days are those of a place whose offset is not a whole hour.
    pub(crate) fn over(config_dir: &Path) -> Database {
        Database::with(OpenOptions { config_dirs: Some(vec![config_dir.to_path_buf()]), ..OpenOptions::default() })
    }

    /// Like [`Database::over`], with options that do not set the place of the database and its time zone.
    pub(crate) fn with(options: OpenOptions) -> Database {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("han.db");
        write_empty(&path);
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

    /// The single value that a query returns.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.connection().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}
