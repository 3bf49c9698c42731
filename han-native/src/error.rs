//! The one error type of the crate and its stable codes.
//!
//! Every [`Error`] maps to exactly one [`ErrorCode`]: a string in JavaScript (`err.code`), a number in C. Codes are never
//! renamed and numbers never reused.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $text:literal;)*) => {
        /// The stable identity of an error, the same in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant = $number,)*
        }

        impl ErrorCode {
            /// Every code, in the order of its number.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// The code as JavaScript sees it, such as `HAN_NOT_FOUND`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ErrorCode::$variant => $text,)*
                }
            }

            /// The code as C sees it; 0 is never used, it means success.
            pub fn number(self) -> u32 {
                self as u32
            }
        }
    };
}

error_codes! {
    /// A path, session or message does not exist.
    NotFound = 1, "HAN_NOT_FOUND";
    /// A directory was named as a file.
    IsDirectory = 2, "HAN_IS_DIRECTORY";
    /// The operating system refused access.
    Permission = 3, "HAN_PERMISSION";
    /// A file or folder of ours is open to others, or belongs to another user, who alone may change it.
    InsecurePermissions = 4, "HAN_INSECURE_PERMISSIONS";
    /// The file is a database of another program, or no database.
    ForeignDatabase = 5, "HAN_FOREIGN_DATABASE";
    /// The database was written by a newer version.
    SchemaTooNew = 6, "HAN_SCHEMA_TOO_NEW";
    /// The database needs a migration that a reader may not do.
    SchemaTooOld = 7, "HAN_SCHEMA_TOO_OLD";
    /// The database is damaged.
    Corrupt = 8, "HAN_CORRUPT";
    /// No space is left on the device.
    DiskFull = 9, "HAN_DISK_FULL";
    /// The database or its device is read-only.
    ReadOnly = 10, "HAN_READ_ONLY";
    /// The database lies on a network file system.
    NetworkFilesystem = 11, "HAN_NETWORK_FILESYSTEM";
    /// Another process, or another thread or handle of this one, holds the write lock.
    Locked = 12, "HAN_LOCKED";
    /// Another coordinator leads, or this one no longer does.
    NotLeader = 13, "HAN_NOT_LEADER";
    /// Another handle of this process leads.
    AlreadyLeaderInProcess = 14, "HAN_ALREADY_LEADER_IN_PROCESS";
    /// The writer stopped inside a transaction.
    WriterStalled = 15, "HAN_WRITER_STALLED";
    /// The caller cancelled the operation.
    Cancelled = 16, "HAN_CANCELLED";
    /// The handle was closed.
    Closed = 17, "HAN_CLOSED";
    /// An argument is out of its range or of the wrong form.
    InvalidArgument = 18, "HAN_INVALID_ARGUMENT";
    /// A raw FTS5 query does not parse.
    QuerySyntax = 19, "HAN_QUERY_SYNTAX";
    /// Any other failure of input or output.
    Io = 20, "HAN_IO";
    /// A defect of this library: a panic was caught at the language boundary.
    Panic = 21, "HAN_PANIC";
    /// An embedder failed, or a model for one cannot be used.
    Embedder = 22, "HAN_EMBEDDER";
}

/// What does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A config dir of this handle.
    ConfigDir,
    /// The database.
    Database,
    /// A session.
    Session,
    /// A project.
    Project,
    /// A transcript that was indexed.
    Transcript,
    /// An embedder that was registered.
    Embedder,
    /// A model that has vectors.
    Model,
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Subject::File => "file",
            Subject::Folder => "folder",
            Subject::ConfigDir => "config dir",
            Subject::Database => "database",
            Subject::Session => "session",
            Subject::Project => "project",
            Subject::Transcript => "transcript",
            Subject::Embedder => "embedder",
            Subject::Model => "model with vectors",
        })
    }
}

/// What went wrong, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// See [`ErrorCode::NotFound`].
    #[error("{what} does not exist: {name}")]
    NotFound {
        /// What was looked for.
        what: Subject,
        /// The path or id that was requested.
        name: String,
    },
    /// See [`ErrorCode::IsDirectory`].
    #[error("{} is a directory, not a file; name a file in it, or scan the whole folder", path.display())]
    IsDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// See [`ErrorCode::Permission`].
    #[error("permission denied: {}; check its owner and mode", path.display())]
    Permission {
        /// The file or folder.
        path: PathBuf,
    },
    /// See [`ErrorCode::InsecurePermissions`].
    #[error("{} {problem}; fix it with: {fix}", path.display())]
    InsecurePermissions {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// The command that fixes it.
        fix: String,
    },
    /// Another user owns it; its code is [`ErrorCode::InsecurePermissions`].
    #[error("{} belongs to {owner}, not to you, and only its owner may {action}; run as {owner}, or set HAN_DATA_DIR to a folder of your own", path.display())]
    OtherOwner {
        /// The file or folder.
        path: PathBuf,
        /// Who owns it.
        owner: String,
        /// What only the owner may do.
        action: &'static str,
    },
    /// See [`ErrorCode::ForeignDatabase`].
    #[error("{} is not a han database ({reason}); choose another path, or move that file away", path.display())]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
        /// Why it was refused.
        reason: String,
    },
    /// See [`ErrorCode::SchemaTooNew`].
    #[error("{} was written by a newer version (schema {found}, this version knows {known}); upgrade han-native", path.display())]
    SchemaTooNew {
        /// The database.
        path: PathBuf,
        /// The schema number that the file asks for.
        found: i64,
        /// The newest schema number that this version knows.
        known: i64,
    },
    /// See [`ErrorCode::SchemaTooOld`].
    #[error("{} has schema {found}, this version needs {needed}; open it once for writing to migrate it", path.display())]
    SchemaTooOld {
        /// The database.
        path: PathBuf,
        /// The schema number of the file.
        found: i64,
        /// The schema number that this version reads.
        needed: i64,
    },
    /// See [`ErrorCode::Corrupt`].
    #[error("{} is damaged: {reason}; fix it, or move it away and index again", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite or the check said.
        reason: String,
    },
    /// See [`ErrorCode::DiskFull`].
    #[error("no space is left for {}; free some and run again, what is committed stays", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// See [`ErrorCode::ReadOnly`].
    #[error("{} is read-only; open it for reading only, or make it writable", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// See [`ErrorCode::NetworkFilesystem`].
    #[error("{} lies on a network file system ({filesystem}), where the write-ahead log is unsafe; set HAN_DATA_DIR to a local folder", path.display())]
    NetworkFilesystem {
        /// The folder.
        path: PathBuf,
        /// The kind of file system.
        filesystem: String,
    },
    /// See [`ErrorCode::Locked`].
    #[error("{} is writing {}; try again when it is done", writer(*pid), path.display())]
    Locked {
        /// The database.
        path: PathBuf,
        /// The process that holds the lock, if known.
        pid: Option<i64>,
    },
    /// See [`ErrorCode::NotLeader`].
    #[error("another coordinator{} writes {}; leave the writing to it, or try again when it has ended", holder(*pid), path.display())]
    NotLeader {
        /// The database.
        path: PathBuf,
        /// The process that leads, if known.
        pid: Option<i64>,
    },
    /// See [`ErrorCode::AlreadyLeaderInProcess`].
    #[error("another handle of this process leads {} already; use that one, or release it first", path.display())]
    AlreadyLeaderInProcess {
        /// The database.
        path: PathBuf,
    },
    /// See [`ErrorCode::WriterStalled`].
    #[error("the process{} that writes {} has stopped inside a transaction; resume or end it", holder(*pid), path.display())]
    WriterStalled {
        /// The database.
        path: PathBuf,
        /// The process, if known.
        pid: Option<i64>,
    },
    /// See [`ErrorCode::Cancelled`].
    #[error("cancelled; what was committed before stays")]
    Cancelled,
    /// See [`ErrorCode::Closed`].
    #[error("this handle is closed; open a new one")]
    Closed,
    /// See [`ErrorCode::InvalidArgument`].
    #[error("{name} {problem}")]
    InvalidArgument {
        /// The argument.
        name: Cow<'static, str>,
        /// What is wrong with it, and what is allowed.
        problem: String,
    },
    /// See [`ErrorCode::QuerySyntax`].
    #[error("the search expression does not parse: {reason}")]
    QuerySyntax {
        /// What SQLite said.
        reason: String,
    },
    /// A statement of an ad-hoc query that SQLite refuses; its code is [`ErrorCode::QuerySyntax`].
    #[error("the SQL statement cannot be run: {reason}")]
    Statement {
        /// What SQLite said.
        reason: String,
    },
    /// See [`ErrorCode::Embedder`].
    #[error("the embedder of the model {model} failed: {reason}; what was stored before stays")]
    Embedder {
        /// The model's name, or the folder it was to be loaded from.
        model: String,
        /// What the embedder said.
        reason: String,
    },
    /// See [`ErrorCode::Io`].
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// An unexpected answer of SQLite; its code is [`ErrorCode::Io`].
    #[error("{}: {source}", path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// The cause.
        #[source]
        source: rusqlite::Error,
    },
}

fn writer(pid: Option<i64>) -> String {
    match pid == Some(i64::from(std::process::id())) {
        true => "another thread or handle of this process".into(),
        false => format!("another process{}", holder(pid)),
    }
}

fn holder(pid: Option<i64>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Error::NotFound { .. } => ErrorCode::NotFound,
            Error::IsDirectory { .. } => ErrorCode::IsDirectory,
            Error::Permission { .. } => ErrorCode::Permission,
            Error::InsecurePermissions { .. } | Error::OtherOwner { .. } => ErrorCode::InsecurePermissions,
            Error::ForeignDatabase { .. } => ErrorCode::ForeignDatabase,
            Error::SchemaTooNew { .. } => ErrorCode::SchemaTooNew,
            Error::SchemaTooOld { .. } => ErrorCode::SchemaTooOld,
            Error::Corrupt { .. } => ErrorCode::Corrupt,
            Error::DiskFull { .. } => ErrorCode::DiskFull,
            Error::ReadOnly { .. } => ErrorCode::ReadOnly,
            Error::NetworkFilesystem { .. } => ErrorCode::NetworkFilesystem,
            Error::Locked { .. } => ErrorCode::Locked,
            Error::NotLeader { .. } => ErrorCode::NotLeader,
            Error::AlreadyLeaderInProcess { .. } => ErrorCode::AlreadyLeaderInProcess,
            Error::WriterStalled { .. } => ErrorCode::WriterStalled,
            Error::Cancelled => ErrorCode::Cancelled,
            Error::Closed => ErrorCode::Closed,
            Error::InvalidArgument { .. } => ErrorCode::InvalidArgument,
            Error::QuerySyntax { .. } | Error::Statement { .. } => ErrorCode::QuerySyntax,
            Error::Embedder { .. } => ErrorCode::Embedder,
            Error::Io { .. } | Error::Sqlite { .. } => ErrorCode::Io,
        }
    }

    /// The message on one line: control characters, which paths may have, are written as escapes.
    pub fn one_line(&self) -> String {
        let mut line = String::new();
        for character in self.to_string().chars() {
            match character.is_control() {
                true => line.extend(character.escape_default()),
                false => line.push(character),
            }
        }
        line
    }

    /// Names the path of an input or output error and picks its code.
    pub(crate) fn io(path: impl AsRef<Path>, source: std::io::Error) -> Error {
        use std::io::ErrorKind;
        let path = path.as_ref().to_path_buf();
        match source.kind() {
            ErrorKind::NotFound => Error::NotFound { what: Subject::File, name: path.display().to_string() },
            ErrorKind::PermissionDenied => Error::Permission { path },
            ErrorKind::IsADirectory => Error::IsDirectory { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::DiskFull { path },
            ErrorKind::ReadOnlyFilesystem => Error::ReadOnly { path },
            _ => Error::Io { path, source },
        }
    }

    /// Names the database of an SQLite error and picks its code.
    pub(crate) fn sqlite(path: impl AsRef<Path>, source: rusqlite::Error) -> Error {
        use rusqlite::ffi::ErrorCode as Sqlite;
        let path = path.as_ref().to_path_buf();
        match source.sqlite_error_code() {
            Some(Sqlite::DiskFull) => Error::DiskFull { path },
            Some(Sqlite::ReadOnly) => Error::ReadOnly { path },
            Some(Sqlite::PermissionDenied) => Error::Permission { path },
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => Error::Locked { path, pid: None },
            Some(Sqlite::DatabaseCorrupt) => Error::Corrupt { path, reason: source.to_string() },
            Some(Sqlite::NotADatabase) => Error::ForeignDatabase { path, reason: "not an SQLite file".into() },
            Some(Sqlite::OperationInterrupted) => Error::Cancelled,
            _ => Error::Sqlite { path, source },
        }
    }

    /// An argument that is refused.
    pub(crate) fn invalid(name: impl Into<Cow<'static, str>>, problem: impl Into<String>) -> Error {
        Error::InvalidArgument { name: name.into(), problem: problem.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_line_whatever_it_names() {
        let error = Error::IsDirectory { path: "/tmp/a\nb\u{1b}[2J é".into() };
        assert!(error.one_line().starts_with("/tmp/a\\nb\\u{1b}[2J é is a directory"), "{}", error.one_line());
        assert_eq!(Error::Closed.one_line(), Error::Closed.to_string());
    }
}
