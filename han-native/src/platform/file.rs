//! What the file system says about a file.

use std::fs::{File, Metadata};
use std::path::Path;

/// Device and inode: the identity of a file as long as it exists.
#[cfg(unix)]
pub(crate) fn identity(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev() as i64, metadata.ino() as i64)
}

/// Unknown on this system.
#[cfg(not(unix))]
pub(crate) fn identity(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}

/// Opens a file for reading without ever waiting: a pipe that has taken its place would be waited for.
pub(crate) fn open(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

/// Nanoseconds since 1970: when a file was changed last, or its metadata, such as its name.
pub(crate) fn changed_at(metadata: &Metadata) -> i64 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let at = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        at(metadata.ctime(), metadata.ctime_nsec()).max(at(metadata.mtime(), metadata.mtime_nsec()))
    }
    #[cfg(not(unix))]
    {
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        modified.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(0)
    }
}

/// Whether the open file is the one that is at the path now.
pub(crate) fn is_same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(named)) => identity(&open) == identity(&named),
        _ => false,
    }
}

/// The bytes at a place of a file, fewer where it ends before.
pub(crate) fn read_at(file: &File, offset: i64, length: i64) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    let mut filled = 0;
    while filled < bytes.len() {
        match read_some_at(file, &mut bytes[filled..], offset as u64 + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(unix)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
