//! Tool results that were spilled to files of their own, beside the session.

use std::io::Read;
use std::path::PathBuf;

use crate::derive::Spill;
use crate::platform::file;
use crate::transcript::discover::{FileKind, LARGEST_SPILL, SourceFile};

/// Searchable of a spill, in bytes.
pub(super) const SEARCHABLE_BYTES: u64 = 4 * 1024 * 1024;

/// The only folder from which a session's spills are read.
pub(crate) struct SpillFolder(Option<PathBuf>);

impl SpillFolder {
    /// The folder that belongs to a transcript.
    pub(crate) fn of(file: &SourceFile) -> SpillFolder {
        let folder = match (file.kind, file.absolute.parent(), &file.session) {
            (FileKind::Main, Some(folder), _) => Some(folder.join(super::prepare::stem(file))),
            // A nested agent's is its session's: the folder that holds `subagents`.
            (FileKind::Agent, Some(_), Some(session)) => file
                .absolute
                .ancestors()
                .find(|folder| folder.file_name().is_some_and(|name| name == session.as_str()))
                .map(PathBuf::from),
            _ => None,
        };
        SpillFolder(folder.map(|folder| folder.join("tool-results")))
    }

    /// Reads a spill; `name` is a plain file name.
    pub(crate) fn read(&self, name: &str) -> Spill {
        let Some(folder) = &self.0 else { return Spill::Missing };
        let path = folder.join(name);
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() && metadata.len() > LARGEST_SPILL as u64 => {
                Spill::TooLarge { bytes: metadata.len() }
            }
            Ok(metadata) if metadata.is_file() => {
                let mut bytes = Vec::new();
                let read = file::open(&path).and_then(|file| file.take(SEARCHABLE_BYTES).read_to_end(&mut bytes));
                match read {
                    Ok(_) => spill_text(&bytes, metadata.len() > bytes.len() as u64),
                    Err(_) => Spill::Missing,
                }
            }
            _ => Spill::Missing,
        }
    }
}

/// The text of a spill's first bytes.
pub(crate) fn spill_text(bytes: &[u8], is_cut: bool) -> Spill {
    let bytes = &bytes[..bytes.len().min(SEARCHABLE_BYTES as usize)];
    Spill::Text { text: String::from_utf8_lossy(bytes).into_owned(), is_cut }
}
