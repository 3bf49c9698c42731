//! What the file system says of a file.

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

/// Whether the open file is the one that stands at the path now.
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
