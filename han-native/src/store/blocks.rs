//! The bytes of the transcripts, compressed: table `raw_blocks`.
//!
//! An append adds one small open frame; once the open frames of a generation exceed [`SEAL_BYTES`] they are rewritten as
//! one sealed block. A block never splits a line, unless the line is longer than a line may be.

use std::io::{Read, Write};

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::Failure;
use crate::error::Error;

/// Open frames are sealed together once they hold this many bytes.
pub(crate) const SEAL_BYTES: usize = 64 * 1024;
/// The size of a sealed block that is aimed at.
pub(crate) const BLOCK_BYTES: usize = 1024 * 1024;
/// How much is decompressed without looking whether it is as long as the database says.
const READ_AT_ONCE: usize = 16 * BLOCK_BYTES;
/// The zstd level: dearer ones gain little on blocks of this size, and whoever reads transcripts has no time for them.
const LEVEL: i32 = 2;

/// A piece of a file, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub offset: i64,
    /// Uncompressed.
    pub length: i64,
    pub is_sealed: bool,
    pub data: Vec<u8>,
}

/// Compresses blocks; keeps its working memory from one to the next.
pub(crate) struct Compressor(zstd::bulk::Compressor<'static>);

impl Compressor {
    pub(crate) fn new() -> Result<Compressor, Failure> {
        zstd::bulk::Compressor::new(LEVEL).map(Compressor).map_err(compression_failure)
    }

    pub(crate) fn block(&mut self, offset: i64, bytes: &[u8], is_sealed: bool) -> Result<Block, Failure> {
        let data = self.0.compress(bytes).map_err(compression_failure)?;
        Ok(Block { offset, length: bytes.len() as i64, is_sealed, data })
    }
}

fn compression_failure(error: std::io::Error) -> Failure {
    Failure::Other(Error::io("zstd", error))
}

pub(super) fn insert(connection: &Connection, generation_id: i64, block: &Block) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO raw_blocks (generation_id, offset, length, is_sealed, data) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![generation_id, block.offset, block.length, block.is_sealed, block.data])?;
    Ok(())
}

/// Removes the blocks from an offset on.
pub(super) fn remove_from(connection: &Connection, generation_id: i64, offset: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("DELETE FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2")?
        .execute(params![generation_id, offset])?;
    Ok(())
}

/// Rewrites the open frames before `end` as one sealed block, if they are large enough.
pub(super) fn seal(connection: &Connection, generation_id: i64, end: i64) -> Result<(), Failure> {
    // The open frames are the last ones, so the walk stops at the first sealed one.
    let (mut start, mut sum) = (end, 0);
    {
        let mut statement = connection.prepare_cached(
            "SELECT offset, length, is_sealed FROM raw_blocks WHERE generation_id = ?1 AND offset < ?2
             ORDER BY offset DESC",
        )?;
        let mut rows = statement.query(params![generation_id, end])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, bool>(2)? {
                break;
            }
            start = row.get(0)?;
            sum += row.get::<_, i64>(1)?;
        }
    }
    if sum < SEAL_BYTES as i64 {
        return Ok(());
    }
    let bytes = read_bytes(connection, generation_id, start, sum)?;
    connection
        .prepare_cached("DELETE FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2 AND offset < ?3")?
        .execute(params![generation_id, start, end])?;
    insert(connection, generation_id, &Compressor::new()?.block(start, &bytes, true)?)
}

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
    // What the file says may be wrong.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).min(READ_AT_ONCE));
    let end = offset.saturating_add(length);
    for_each_block(connection, generation_id, first.unwrap_or(0), end, &mut |start, block| {
        let from = offset.saturating_sub(start).clamp(0, block.len() as i64) as usize;
        let to = end.saturating_sub(start).clamp(0, block.len() as i64) as usize;
        bytes.extend_from_slice(block.get(from..to).unwrap_or_default());
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
    let mut statement = connection.prepare_cached(
        "SELECT offset, length, data FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2 AND offset < ?3
         ORDER BY offset",
    )?;
    let mut rows = statement.query(params![generation_id, first, end])?;
    let mut expected = first;
    while let Some(row) = rows.next()? {
        let (offset, length): (i64, i64) = (row.get(0)?, row.get(1)?);
        let data = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        if offset != expected {
            return Err(damaged(generation_id, expected));
        }
        let block = decompress(data, length, end.saturating_sub(offset)).map_err(|_| damaged(generation_id, offset))?;
        each(offset, &block)?;
        expected = expected.saturating_add(length);
    }
    Ok(())
}

/// The first `limit` of the `length` bytes of a block; all of it where `limit` is greater.
fn decompress(data: &[u8], length: i64, limit: i64) -> std::io::Result<Vec<u8>> {
    let wanted = usize::try_from(length.min(limit)).map_err(|_| std::io::ErrorKind::InvalidData)?;
    let block = match limit < length || wanted > READ_AT_ONCE {
        true => {
            let mut block = Vec::with_capacity(wanted.min(READ_AT_ONCE));
            zstd::stream::read::Decoder::with_buffer(data)?.take(wanted as u64).read_to_end(&mut block)?;
            block
        }
        false => zstd::bulk::decompress(data, wanted)?,
    };
    if block.len() == wanted { Ok(block) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

/// What it means that stored bytes are not there, or not what they were.
pub(crate) fn damaged(generation_id: i64, offset: i64) -> Failure {
    let reason = format!("stored bytes of generation {generation_id} at {offset} cannot be read");
    Failure::Other(Error::Corrupt { path: Default::default(), reason })
}
