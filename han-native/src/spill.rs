//! Tool results that were spilled to files of their own: where those of a transcript are, and what is read of them.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::SessionFileKind as FileKind;
use crate::platform::file;

/// The folder of a session that holds its spills.
pub(crate) const TOOL_RESULTS: &str = "tool-results";

/// A larger spill is not kept.
pub(crate) const LARGEST_BYTES: i64 = 64 << 20;
/// How many of its first bytes are read: for the search index, for snippets and for exports.
pub(crate) const READ_BYTES: i64 = 4 << 20;

/// A spilled tool result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spill {
    /// The text of its first [`READ_BYTES`], and whether it is longer.
    Text {
        text: String,
        is_cut: bool,
    },
    Missing,
    /// Over [`LARGEST_BYTES`].
    TooLarge {
        bytes: u64,
    },
}

impl Spill {
    /// A spill of `length` bytes, whose first ones are `bytes`.
    pub(crate) fn of(bytes: &[u8], length: i64) -> Spill {
        let bytes = &bytes[..bytes.len().min(READ_BYTES as usize)];
        Spill::Text { text: String::from_utf8_lossy(bytes).into_owned(), is_cut: length > bytes.len() as i64 }
    }
}

/// The folder of a transcript's own spills, if it has one; `path` is absolute, or that below the config dir.
pub(crate) fn folder_of(path: &Path, kind: FileKind, session: Option<&str>) -> Option<PathBuf> {
    let folder = match kind {
        FileKind::Main => path.with_extension(""),
        // A nested agent's is that of its session: the folder that holds `subagents`.
        FileKind::Agent => {
            let is_of_session =
                |folder: &&Path| folder.file_name().is_some_and(|name| Some(name) == session.map(AsRef::as_ref));
            path.ancestors().skip(1).find(is_of_session)?.to_path_buf()
        }
        FileKind::Events | FileKind::Spill => return None,
    };
    Some(folder.join(TOOL_RESULTS))
}

/// Reads a spill from the folder of a transcript; `name` is a plain file name.
///
/// One that cannot be read is missing to the transcript: the error is reported of the spill's own file, and once that was
/// read, the transcript is derived again.
pub(crate) fn read(folder: Option<&Path>, name: &str) -> Spill {
    let Some(path) = folder.map(|folder| folder.join(name)) else { return Spill::Missing };
    let length = match std::fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        _ => return Spill::Missing,
    };
    if length > LARGEST_BYTES as u64 {
        return Spill::TooLarge { bytes: length };
    }
    let mut bytes = Vec::new();
    match file::open(&path).and_then(|file| file.take(READ_BYTES as u64).read_to_end(&mut bytes)) {
        Ok(_) => Spill::of(&bytes, length as i64),
        Err(_) => Spill::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_a_transcript_follows_from_its_path() {
        let of = |path: &str, kind| folder_of(Path::new(path), kind, Some("s1"));
        let expected = Some(PathBuf::from("projects/p/s1/tool-results"));
        assert_eq!(of("projects/p/s1.jsonl", FileKind::Main), expected);
        assert_eq!(of("projects/p/s1/subagents/agent-a1.jsonl", FileKind::Agent), expected);
        assert_eq!(of("projects/p/s1/subagents/workflows/wf_1/agent-a1.jsonl", FileKind::Agent), expected);
        assert_eq!(of("projects/p/agent-a1.jsonl", FileKind::Agent), None, "a flat agent file has none");
        assert_eq!(of("projects/p/s1-han.jsonl", FileKind::Events), None);
        assert_eq!(folder_of(Path::new("projects/p/agent-a1.jsonl"), FileKind::Agent, None), None);
    }

    #[test]
    fn of_a_long_spill_the_first_bytes_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let length = READ_BYTES as usize + 1;
        std::fs::write(folder.path().join("x.txt"), "a".repeat(length)).unwrap();
        let read = |name| super::read(Some(folder.path()), name);
        assert_eq!(read("x.txt"), Spill::Text { text: "a".repeat(length - 1), is_cut: true });
        assert_eq!(read("y.txt"), Spill::Missing);
        assert_eq!(Spill::of(&vec![b'a'; length], length as i64), read("x.txt"));
        std::fs::File::options()
            .write(true)
            .open(folder.path().join("x.txt"))
            .unwrap()
            .set_len(LARGEST_BYTES as u64 + 1)
            .unwrap();
        assert_eq!(read("x.txt"), Spill::TooLarge { bytes: LARGEST_BYTES as u64 + 1 });
        std::fs::remove_file(folder.path().join("x.txt")).unwrap();
        std::fs::create_dir(folder.path().join("x.txt")).unwrap();
        assert_eq!(read("x.txt"), Spill::Missing, "a folder is not a spill");
    }
}
