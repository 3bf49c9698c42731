//! The bytes of the transcripts, compressed: table `raw_blocks`.
//!
//! An append adds one small open frame; once the open frames of a generation exceed [`SEAL_BYTES`] they are rewritten as
//! one sealed block. A block never splits a line, unless the line is longer than a line may be.
//!
//! What is written identically into many records is left out of the frames of their blocks, and stored once for all of them. A
//! block represents the same bytes of its file either way: offsets and lengths are the file's.

mod change;
mod expand;
mod frame;
mod shared;

#[cfg(test)]
mod tests;

use std::io::Write;

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Failure;
use crate::error::Error;
pub(super) use change::{insert, reduce, remove_from, seal};
use expand::{Reduced, expand};
pub(crate) use frame::{BLOCK_BYTES, Block, Compressor, SEAL_BYTES, damaged};
pub(crate) use shared::{audit as audit_shared, fix as fix_shared};

/// The bytes `offset..offset + length` of a generation.
pub(crate) fn read_bytes(
    connection: &Connection,
    generation_id: i64,
    offset: i64,
    length: i64,
) -> Result<Vec<u8>, Failure> {
    let first: Option<i64> = connection
        .prepare_cached(
            "SELECT offset FROM raw_blocks WHERE generation_id = ?1 AND offset <= ?2 ORDER BY offset DESC LIMIT 1",
        )?
        .query_row(params![generation_id, offset], |row| row.get(0))
        .optional()?;
    let mut bytes = Vec::with_capacity(length.clamp(0, frame::LARGEST_BYTES) as usize);
    let end = offset.saturating_add(length);
    for_each_block(connection, generation_id, first.unwrap_or(0), end, &mut |start, block| {
        let from = offset.saturating_sub(start).clamp(0, block.len() as i64) as usize;
        let to = end.saturating_sub(start).clamp(0, block.len() as i64) as usize;
        bytes.extend_from_slice(&block[from..to]);
        Ok(())
    })?;
    if bytes.len() as i64 == length { Ok(bytes) } else { Err(damaged(generation_id, offset)) }
}

/// Writes every byte of a generation, in order, in bounded memory.
pub(crate) fn copy_to(connection: &Connection, generation_id: i64, target: &mut dyn Write) -> Result<(), Failure> {
    let mut length = 0;
    for_each_block(connection, generation_id, 0, i64::MAX, &mut |_, block| {
        length += block.len() as i64;
        target.write_all(block).map_err(|error| Failure::Other(Error::io("restore", error)))
    })?;
    let expected: i64 = connection
        .prepare_cached("SELECT offset FROM generations WHERE id = ?1")?
        .query_row([generation_id], |row| row.get(0))?;
    if length == expected { Ok(()) } else { Err(damaged(generation_id, length)) }
}

/// Takes the offset and the bytes of a block, or of its beginning.
pub(crate) type BlockVisitor<'v> = dyn FnMut(i64, &[u8]) -> Result<(), Failure> + 'v;

/// Calls `each` with the offset and the bytes of every block from `first` (a block's offset) up to `end`, in order, of the
/// last one as far as `end`; a hole is a failure.
pub(crate) fn for_each_block(
    connection: &Connection,
    generation_id: i64,
    first: i64,
    end: i64,
    each: &mut BlockVisitor<'_>,
) -> Result<(), Failure> {
    // The last column is null where nothing was left out, which SQLite knows without reading past the data.
    let mut statement = connection.prepare_cached(
        "SELECT offset, length, data, id, reduced_length FROM raw_blocks
         WHERE generation_id = ?1 AND offset >= ?2 AND offset < ?3 ORDER BY offset",
    )?;
    let mut rows = statement.query(params![generation_id, first, end])?;
    let mut expected = first;
    while let Some(row) = rows.next()? {
        let (offset, length): (i64, i64) = (row.get(0)?, row.get(1)?);
        let data = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        if offset != expected {
            return Err(damaged(generation_id, expected));
        }
        let limit = end.saturating_sub(offset);
        let block = match row.get(4)? {
            None => frame::decompress(data, length, limit),
            Some(reduced_length) => {
                expand(connection, &Reduced { id: row.get(3)?, length, reduced_length, data }, limit)?
            }
        };
        each(offset, &block.ok_or_else(|| damaged(generation_id, offset))?)?;
        expected += length;
    }
    Ok(())
}
