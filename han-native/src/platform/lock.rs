//! A kernel file lock that is held as long as its value lives and released by the kernel when the process dies.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, Result};

/// The lock. The file stays when it is released: unlinking it would let two processes lock two files.
#[must_use = "the lock is released when this value is dropped"]
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
    beats: AtomicU64,
}

/// Where the last sign of life is in the file: after the holder's process number.
const BEAT_PLACE: u64 = 21;

/// A sign of life in a lock's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beat {
    /// Device and inode of the file.
    pub identity: (i64, i64),
    /// What the holder writes as; 0 if that is not known yet.
    pub epoch: i64,
    /// Moves with each sign.
    pub count: u64,
}

impl FileLock {
    /// Device and inode of the locked file.
    pub(crate) fn identity(&self) -> (i64, i64) {
        self.file.metadata().map(|metadata| super::file::identity(&metadata)).unwrap_or_default()
    }

    /// Whether the locked file is the one that is at the path: somebody may have deleted or replaced it.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        super::file::is_same_file(&self.file, path)
    }

    /// Takes the lock without waiting; `Err(pid)` names the holder if it wrote its number.
    pub(crate) fn try_acquire(path: &Path) -> Result<std::result::Result<FileLock, Option<i64>>> {
        // Opened again if the file was replaced between open and lock.
        for _ in 0..3 {
            let mut file = super::permissions::open_private(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Err(read_pid(&mut file))),
                Err(TryLockError::Error(error)) => return Err(Error::io(path, error)),
            }
            if super::file::is_same_file(&file, path) {
                // Only a hint for the error message of others, so a failed write is not an error.
                let _ = write_at(&file, 0, &format!("{:<20}\n", std::process::id()));
                let lock = FileLock { file, beats: AtomicU64::new(0) };
                lock.beat(0);
                return Ok(Ok(lock));
            }
        }
        Ok(Err(None))
    }

    /// Shows others, in the file, that the holder lives, and as what it writes. A holder that cannot write it shows none.
    pub(crate) fn beat(&self, epoch: i64) {
        let count = self.beats.fetch_add(1, Ordering::Relaxed);
        let _ = write_at(&self.file, BEAT_PLACE, &format!("{epoch:<20} {count:<20}\n"));
    }

    /// The last sign of life in the file at a path, which may be of a holder that is gone.
    pub(crate) fn last_beat(path: &Path) -> Option<Beat> {
        let mut file = super::file::open(path).ok()?;
        let identity = super::file::identity(&file.metadata().ok()?);
        let text = read_text(&mut file)?;
        let mut numbers = text.lines().nth(1)?.split_ascii_whitespace();
        Some(Beat { identity, epoch: numbers.next()?.parse().ok()?, count: numbers.next()?.parse().ok()? })
    }
}

fn write_at(mut file: &File, place: u64, text: &str) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(place))?;
    file.write_all(text.as_bytes())
}

fn read_pid(file: &mut File) -> Option<i64> {
    read_text(file)?.lines().next()?.trim().parse().ok()
}

fn read_text(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(64).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_named_and_its_signs_of_life_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(FileLock::last_beat(&path), None);
        let lock = FileLock::try_acquire(&path).unwrap().unwrap();
        let beat = |epoch, count| Some(Beat { identity: lock.identity(), epoch, count });
        assert_eq!(FileLock::last_beat(&path), beat(0, 0));
        lock.beat(i64::MAX);
        assert_eq!(FileLock::last_beat(&path), beat(i64::MAX, 1));
        lock.beat(7);
        assert_eq!(FileLock::last_beat(&path), beat(7, 2));
        assert_eq!(FileLock::try_acquire(&path).unwrap().unwrap_err(), Some(i64::from(std::process::id())));
        drop(lock);
        let next = FileLock::try_acquire(&path).unwrap().unwrap();
        assert_eq!(FileLock::last_beat(&path).map(|beat| (beat.epoch, beat.count)), Some((0, 0)));
        drop(next);
        std::fs::write(&path, "1\n").unwrap();
        assert_eq!(FileLock::last_beat(&path), None);
    }
}
