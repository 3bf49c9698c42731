//! The file whose kernel lock keeps other processes from writing the same database.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::path::{folder_of, with_suffix};
use crate::error::{Error, Result};
use crate::platform::lock::FileLock;
use crate::platform::permissions;

/// Between two attempts.
const RETRY: Duration = Duration::from_millis(20);

/// Takes the lock, waiting for it up to `timeout`. Each time it is found held, `check` may end the wait with an error; it is
/// called with the id of the process that holds it, if known.
pub(super) fn acquire(
    database: &Path,
    timeout: Duration,
    check: impl Fn(Option<i64>) -> Result<()>,
) -> Result<FileLock> {
    let path = lock_path(database);
    let deadline = Instant::now() + timeout;
    loop {
        let holder = match FileLock::try_acquire(&path)? {
            Ok(lock) => return Ok(lock),
            Err(holder) => holder,
        };
        check(holder)?;
        if Instant::now() >= deadline {
            return Err(Error::Locked { path: database.into(), pid: holder });
        }
        std::thread::sleep(RETRY.min(timeout));
    }
}

/// Checks that the lock's file is there and may be written to by its owner alone: any process that may open it could keep it
/// locked.
pub(super) fn prepare(database: &Path) -> Result<()> {
    let path = lock_path(database);
    permissions::open_private(&path)?;
    permissions::check_file(&path)?;
    match permissions::other_owner(&path) {
        Some(owner) => Err(owner.may_alone(&path, "write to it")),
        None => Ok(()),
    }
}

/// `coordinator.lock` beside `han.db`; a database of another name has a lock of its own, so that several databases may share
/// a folder.
pub(super) fn lock_path(database: &Path) -> PathBuf {
    match database.file_name() {
        Some(name) if name == "han.db" => folder_of(database).join("coordinator.lock"),
        _ => with_suffix(database, ".coordinator.lock"),
    }
}
