//! A transcript's file, and how far it was read: the plain types that reading files and storing rows share.

use std::fs::Metadata;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

pub(crate) use crate::model::SessionFileKind as FileKind;
use crate::platform::file::identity;

/// A file may change within this many nanoseconds of being read without its time of change showing it.
pub(crate) const RACY: i64 = 50_000_000;

/// Bytes at the start of a file, and before the cursor, whose hash shows whether the file is still the same.
pub(crate) const WINDOW: usize = 4096;

/// What the file system reports of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FileStat {
    pub device: i64,
    pub inode: i64,
    pub size: i64,
    /// Nanoseconds since 1970.
    pub mtime: i64,
}

impl FileStat {
    /// The state in `metadata`.
    pub(crate) fn of(metadata: &Metadata) -> FileStat {
        let (device, inode) = identity(metadata);
        let mtime = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        FileStat {
            device,
            inode,
            size: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
            mtime: mtime.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0),
        }
    }
}

/// A file, and all that follows from its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub absolute: PathBuf,
    /// The canonical config dir; empty for a file outside any.
    pub config_dir: String,
    /// The path below the config dir, '/' between its parts; absolute if there is none.
    pub path: String,
    pub kind: FileKind,
    /// The folder's name below `projects/`.
    pub project: String,
    /// `None` for a flat agent file, whose records name it.
    pub session: Option<String>,
    pub agent: Option<String>,
    /// `None` until [`SourceFile::read_sidecars`].
    pub agent_type: Option<String>,
    /// As `agent_type`.
    pub agent_description: Option<String>,
    /// The `wf_...` folder of a workflow's agent; after it the workflow's name, once its sidecar was read.
    pub workflow: Option<String>,
    /// That of the session; `None` until [`SourceFile::read_sidecars`].
    pub title: Option<GivenTitle>,
    pub stat: FileStat,
}

/// A title that is beside a transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GivenTitle {
    pub title: String,
    /// Milliseconds.
    pub at: Option<i64>,
    /// Whether the session took it over from another one; otherwise a person chose it.
    pub is_carried: bool,
}

/// How far a generation was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Bytes read, the unterminated tail included.
    pub offset: i64,
    /// Lines read, blank ones and the tail included.
    pub line: i64,
    /// Where the tail starts, if it was taken.
    pub tail_offset: Option<i64>,
    /// Of the first min([`WINDOW`], offset) bytes.
    pub head_hash: i64,
    /// Of the last min([`WINDOW`], offset) bytes before the offset.
    pub tail_hash: i64,
}
