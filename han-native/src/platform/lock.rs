//! A kernel file lock that is held as long as its value lives and given back by the kernel when the process dies.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// The lock. The file stays when it is released: unlinking it would let two processes lock two files.
#[must_use = "the lock is released when this value is dropped"]
#[derive(Debug)]
pub(crate) struct FileLock {
    file: File,
}

impl FileLock {
    /// Device and inode of the locked file.
    pub(crate) fn identity(&self) -> (i64, i64) {
        self.file.metadata().map(|metadata| super::file::identity(&metadata)).unwrap_or_default()
    }

    /// Whether the locked file is the one that stands at the path: somebody may have deleted or replaced it.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        super::file::is_same_file(&self.file, path)
    }

    /// Takes the lock without waiting; `Err(pid)` names the holder where it wrote its number.
    pub(crate) fn try_acquire(path: &Path) -> Result<std::result::Result<FileLock, Option<i64>>> {
        // Opened anew if the file was replaced between open and lock.
        for _ in 0..3 {
            let mut file = super::permissions::open_private(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(Err(read_pid(&mut file))),
                Err(TryLockError::Error(error)) => return Err(Error::io(path, error)),
            }
            if super::file::is_same_file(&file, path) {
                // Only a hint for the error message of others, so a failed write is no failure.
                let _ = write_pid(&mut file);
                return Ok(Ok(FileLock { file }));
            }
        }
        Ok(Err(None))
    }
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(format!("{:<20}\n", std::process::id()).as_bytes())
}

fn read_pid(file: &mut File) -> Option<i64> {
    let mut text = String::new();
    file.take(64).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
