//! What there is to read, in which order.

use std::collections::HashMap;
use std::sync::Arc;

use crate::clock;
use crate::store::StoredFile;
use crate::transcript::cursor::{self, Step};
use crate::transcript::discover::SourceFile;

/// What becomes of a last line that has no end yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TailRule {
    /// It is taken as it is, and replaced when it has grown.
    Take,
    /// It is left in the file until it has its end. Spills have no lines: of them everything is taken.
    Leave,
}

/// A file that may have something new.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub file: Arc<SourceFile>,
    pub known: Option<StoredFile>,
    /// A comparison with the stored bytes found a difference: read it from the start.
    pub is_different: bool,
    pub tail: TailRule,
    /// Every change of the file is reported as it happens, so that the same state again needs no second look at all of it.
    pub is_watched: bool,
}

impl Planned {
    pub(crate) fn new(file: SourceFile, known: Option<StoredFile>) -> Planned {
        Planned { file: Arc::new(file), known, is_different: false, tail: TailRule::Take, is_watched: false }
    }

    /// Under another rule for the tail.
    pub(crate) fn with_tail(self, tail: TailRule) -> Planned {
        Planned { tail, ..self }
    }

    /// Whether the file system alone says that there is nothing to do.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.known.as_ref().is_some_and(|known| {
            let step = cursor::decide(known.generation.cursor.offset, &known.stat, known.checked_at, &self.file.stat);
            step == Step::Unchanged && !known.is_missing
        })
    }

    /// Whether the sidecars may have changed since the file was looked at.
    pub(crate) fn has_news_beside(&self) -> bool {
        self.known.as_ref().is_some_and(|known| {
            let looked_at = known.checked_at - cursor::RACY;
            // A look that lies in the future was made before the clock was set back.
            self.file.sidecars_changed_at().is_some_and(|at| at >= looked_at || looked_at > clock::now_nanos())
        })
    }

    /// Whether the file was gone when it was last looked for.
    pub(crate) fn is_missing(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.is_missing)
    }

    /// Bytes that are expected to be read.
    pub(crate) fn bytes(&self) -> i64 {
        let read = self.known.as_ref().map_or(0, |known| known.generation.cursor.offset);
        if self.file.stat.size >= read { self.file.stat.size - read } else { self.file.stat.size }
    }
}

/// Pairs what was found with what is known, the newest file first.
pub(crate) fn plan(
    found: Vec<SourceFile>,
    known: &mut HashMap<(String, String), StoredFile>,
    tail: TailRule,
) -> Vec<Planned> {
    let mut planned: Vec<Planned> = found
        .into_iter()
        .map(|file| {
            let known = known.remove(&(file.config_dir.clone(), file.path.clone()));
            Planned::new(file, known).with_tail(tail)
        })
        .collect();
    planned.sort_by(|left, right| {
        let key = |planned: &Planned| (std::cmp::Reverse(planned.file.stat.mtime), planned.file.path.clone());
        key(left).cmp(&key(right))
    });
    planned
}

/// The missing file that a new file is, at another place: same device, inode and first bytes.
pub(crate) fn moved_from<'k>(file: &SourceFile, gone: impl Iterator<Item = &'k StoredFile>) -> Option<&'k StoredFile> {
    let mut candidates = gone.filter(|known| {
        known.stat.inode == file.stat.inode
            && known.stat.inode != 0
            && known.stat.device == file.stat.device
            && known.kind == file.kind
            && known.generation.cursor.offset > 0
            && known.generation.cursor.offset <= file.stat.size
            && !known.absolute().exists()
    });
    candidates.find(|known| super::prepare::head_hash(file, known) == Some(known.generation.cursor.head_hash))
}
