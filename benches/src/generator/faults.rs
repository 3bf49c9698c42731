//! What goes wrong with transcripts: helpers that damage bytes, or change files as other programs do.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Cuts the bytes in the middle of their last line: a write that has not ended yet.
pub fn torn_tail(bytes: &mut Vec<u8>) {
    let end = bytes.len() - usize::from(bytes.last() == Some(&b'\n'));
    let start = bytes[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    bytes.truncate(start + (end - start) / 2);
}

/// Removes the end of a line (counted from 0), so that its record and the next one are on one line.
pub fn glue_records(bytes: &mut Vec<u8>, line: usize) {
    if let Some(at) = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(line).map(|(at, _)| at) {
        bytes.remove(at);
    }
}

/// Inserts a line that is not JSON before a line (counted from 0).
pub fn invalid_line(bytes: &mut Vec<u8>, line: usize) {
    insert_before(bytes, line, b"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"cut here\n");
}

/// Inserts a line that is JSON but not an object before a line (counted from 0).
pub fn line_without_object(bytes: &mut Vec<u8>, line: usize) {
    insert_before(bytes, line, b"[1,2,3]\n");
}

/// Inserts blank lines before a line (counted from 0).
pub fn blank_lines(bytes: &mut Vec<u8>, line: usize) {
    insert_before(bytes, line, b"\n \t\r\n\n");
}

/// Inserts a run of NULs before a line (counted from 0), as a crash of the machine leaves behind.
pub fn nul_prefix(bytes: &mut Vec<u8>, line: usize) {
    insert_before(bytes, line, &[0; 512]);
}

/// Puts invalid UTF-8 into the text of a line (counted from 0) that has a string.
pub fn invalid_utf8(bytes: &mut Vec<u8>, line: usize) {
    let start = line_start(bytes, line);
    if let Some(at) = bytes[start..].windows(2).position(|pair| pair == b":\"") {
        bytes.insert(start + at + 2, 0xff);
    }
}

/// Shortens a file to `length` bytes in place.
///
/// # Errors
/// Those of the file system.
pub fn truncate_file(path: &Path, length: u64) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.set_len(length)
}

/// Rewrites a file in place: the same file, other bytes.
///
/// # Errors
/// Those of the file system.
pub fn rewrite_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).truncate(true).open(path)?;
    file.write_all(bytes)
}

/// Removes a file and creates another one, shorter or not, under its name.
///
/// # Errors
/// Those of the file system.
pub fn recreate_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::remove_file(path)?;
    fs::write(path, bytes)
}

/// Replaces a file by renaming a new one over it, as editors do.
///
/// # Errors
/// Those of the file system.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("replacement");
    fs::write(&beside, bytes)?;
    fs::rename(beside, path)
}

fn insert_before(bytes: &mut Vec<u8>, line: usize, inserted: &[u8]) {
    let at = line_start(bytes, line);
    bytes.splice(at..at, inserted.iter().copied());
}

fn line_start(bytes: &[u8], line: usize) -> usize {
    if line == 0 {
        return 0;
    }
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.map(|(at, _)| at + 1).nth(line - 1).unwrap_or(bytes.len())
}
