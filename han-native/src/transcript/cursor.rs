//! What to read next of a file: a pure decision over what was read before and what the file system says now.

pub(crate) use crate::source_file::{Cursor, FileStat, RACY, WINDOW};

/// Whether a time of change shows every change after a look at this moment. One that lies in the future does, too: the next
/// change takes it back.
pub(crate) fn is_settled(mtime: i64, looked_at: i64) -> bool {
    mtime.abs_diff(looked_at) > RACY as u64
}

/// What to do with a file that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing: it is as it was.
    Unchanged,
    /// It has grown, if the bytes before the cursor are still the same; else it restarts.
    Append,
    /// It has the same size, but may have been replaced or rewritten: compare all of it with what is stored.
    Compare,
    /// It is shorter than what was read: another file.
    Restart,
}

/// Decides from the cursor's offset, what the file system said when it was read, when that was, and what it says now.
pub(crate) fn decide(offset: i64, then: &FileStat, checked_at: i64, now: &FileStat) -> Step {
    if now.size < offset {
        Step::Restart
    } else if now.size > offset {
        Step::Append
    } else if then == now && is_settled(now.mtime, checked_at) {
        Step::Unchanged
    } else {
        Step::Compare
    }
}

/// XXH3-64 as SQLite stores it.
pub(crate) fn hash(bytes: &[u8]) -> i64 {
    xxhash_rust::xxh3::xxh3_64(bytes) as i64
}

/// The head and the tail of what was read, kept while reading on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Windows {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Windows {
    /// The windows of what was read before.
    pub(crate) fn new(head: Vec<u8>, tail: Vec<u8>) -> Windows {
        Windows { head, tail }
    }

    /// Moves past more bytes.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let missing = WINDOW - self.head.len().min(WINDOW);
        self.head.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        if bytes.len() >= WINDOW {
            self.tail.clear();
            self.tail.extend_from_slice(&bytes[bytes.len() - WINDOW..]);
        } else {
            self.tail.extend_from_slice(bytes);
            let surplus = self.tail.len().saturating_sub(WINDOW);
            self.tail.drain(..surplus);
        }
    }

    /// The hash of the head.
    pub(crate) fn head_hash(&self) -> i64 {
        hash(&self.head)
    }

    /// The hash of the tail.
    pub(crate) fn tail_hash(&self) -> i64 {
        hash(&self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_follows_from_size_identity_and_time() {
        let then = FileStat { device: 1, inode: 2, size: 100, mtime: 1_000_000_000 };
        let late = then.mtime + 2 * RACY;
        for (name, now, checked_at, step) in [
            ("as it was", then, late, Step::Unchanged),
            ("read in the moment of its last change", then, then.mtime, Step::Compare),
            ("grown", FileStat { size: 101, ..then }, late, Step::Append),
            ("read long before its time of change", then, then.mtime - 2 * RACY, Step::Unchanged),
            ("shrunk", FileStat { size: 99, ..then }, late, Step::Restart),
            ("touched", FileStat { mtime: 1_000_000_001, ..then }, late, Step::Compare),
            ("replaced", FileStat { inode: 3, ..then }, late, Step::Compare),
        ] {
            assert_eq!(decide(100, &then, checked_at, &now), step, "{name}");
        }
    }

    #[test]
    fn windows_do_not_depend_on_how_the_bytes_were_sliced() {
        let bytes: Vec<u8> = (0..3 * WINDOW as u32).map(|number| (number % 251) as u8).collect();
        for step in [1, 7, WINDOW - 1, WINDOW, WINDOW + 1, bytes.len()] {
            let mut windows = Windows::default();
            for piece in bytes.chunks(step) {
                windows.extend(piece);
            }
            assert_eq!(windows.head_hash(), hash(&bytes[..WINDOW]), "slices of {step}");
            assert_eq!(windows.tail_hash(), hash(&bytes[bytes.len() - WINDOW..]), "slices of {step}");
        }
    }
}
