//! Adding, removing and rewriting blocks.

use rusqlite::{Connection, OptionalExtension, params};

use super::frame::{BLOCK_BYTES, Block, Compressor, SEAL_BYTES, damaged, decompress};
use super::shared;
use crate::row::Span;
use crate::store::failure::Failure;

pub(crate) fn insert(connection: &Connection, generation_id: i64, block: &Block) -> Result<(), Failure> {
    let id = insert_row(connection, generation_id, block, block.reduced_length())?;
    match block.splices.is_empty() {
        true => Ok(()),
        false => shared::insert(connection, id, &block.splices),
    }
}

fn insert_row(
    connection: &Connection,
    generation_id: i64,
    block: &Block,
    reduced_length: Option<i64>,
) -> Result<i64, Failure> {
    connection
        .prepare_cached(
            "INSERT INTO raw_blocks (generation_id, offset, length, is_sealed, data, reduced_length)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![generation_id, block.offset, block.length, block.is_sealed, block.data, reduced_length])?;
    Ok(connection.last_insert_rowid())
}

/// Removes the blocks from an offset on.
pub(crate) fn remove_from(connection: &Connection, generation_id: i64, offset: i64) -> Result<(), Failure> {
    let reduced: Vec<i64> = connection
        .prepare_cached(
            "SELECT id FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2 AND reduced_length IS NOT NULL",
        )?
        .query_map([generation_id, offset], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    reduced.into_iter().try_for_each(|id| shared::remove(connection, id))?;
    connection
        .prepare_cached("DELETE FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2")?
        .execute([generation_id, offset])?;
    Ok(())
}

/// Rewrites the open frames before `end` as one sealed block, if they are large enough.
pub(crate) fn seal(connection: &Connection, generation_id: i64, end: i64) -> Result<(), Failure> {
    // The open frames are the last ones, so the walk stops at the first sealed one.
    let (mut start, mut sum, mut reduced_sum) = (end, 0_i64, 0_i64);
    {
        let mut statement = connection.prepare_cached(
            "SELECT offset, length, is_sealed, reduced_length FROM raw_blocks WHERE generation_id = ?1 AND offset < ?2
             ORDER BY offset DESC",
        )?;
        let mut rows = statement.query([generation_id, end])?;
        while let Some(row) = rows.next()? {
            if row.get::<_, bool>(2)? {
                break;
            }
            start = row.get(0)?;
            let length: i64 = row.get(1)?;
            sum = length.saturating_add(sum);
            reduced_sum = row.get::<_, Option<i64>>(3)?.unwrap_or(length).saturating_add(reduced_sum);
        }
    }
    // What is left out makes no frame larger, but a block that represents very much is slow to read.
    match reduced_sum >= SEAL_BYTES as i64 || sum >= BLOCK_BYTES as i64 {
        true => join(connection, generation_id, start, end),
        false => Ok(()),
    }
}

/// Rewrites the blocks of a stretch as one. What was left out of them stays left out.
pub(super) fn join(connection: &Connection, generation_id: i64, start: i64, end: i64) -> Result<(), Failure> {
    let mut rest = Vec::new();
    let mut reduced = Vec::new();
    let mut expected = start;
    {
        let mut statement = connection.prepare_cached(
            "SELECT id, offset, length, data, reduced_length FROM raw_blocks
             WHERE generation_id = ?1 AND offset >= ?2 AND offset < ?3 ORDER BY offset",
        )?;
        let mut rows = statement.query([generation_id, start, end])?;
        while let Some(row) = rows.next()? {
            let (offset, length): (i64, i64) = (row.get(1)?, row.get(2)?);
            let data = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            let reduced_length: Option<i64> = row.get(4)?;
            let bytes = decompress(data, reduced_length.unwrap_or(length), i64::MAX);
            let bytes = bytes.filter(|_| offset == expected).ok_or_else(|| damaged(generation_id, expected))?;
            if reduced_length.is_some() {
                reduced.push((row.get(0)?, offset - start));
            }
            rest.extend_from_slice(&bytes);
            expected = length.saturating_add(expected);
        }
    }
    if expected != end {
        return Err(damaged(generation_id, expected));
    }
    connection
        .prepare_cached("DELETE FROM raw_blocks WHERE generation_id = ?1 AND offset >= ?2 AND offset < ?3")?
        .execute([generation_id, start, end])?;
    let data = Compressor::new()?.frame(&rest)?;
    let block = Block { offset: start, length: end - start, is_sealed: true, splices: Vec::new(), data };
    let reduced_length = (!reduced.is_empty()).then_some(rest.len() as i64);
    let new_id = insert_row(connection, generation_id, &block, reduced_length)?;
    reduced.into_iter().try_for_each(|(id, distance)| shared::move_to(connection, id, new_id, distance))
}

/// Removes from a stored block what is repeated in it, unless that was done when it was written.
pub(crate) fn reduce(
    connection: &Connection,
    generation_id: i64,
    offset: i64,
    repeated: &[Span],
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT id, length, is_sealed, data FROM raw_blocks
         WHERE generation_id = ?1 AND offset = ?2 AND reduced_length IS NULL",
    )?;
    let whole = statement.query_row([generation_id, offset], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, bool>(2)?, row.get::<_, Vec<u8>>(3)?))
    });
    let Some((id, length, is_sealed, data)) = whole.optional()? else { return Ok(()) };
    let bytes = decompress(&data, length, i64::MAX).ok_or_else(|| damaged(generation_id, offset))?;
    let block = Compressor::new()?.block(offset, &bytes, repeated, is_sealed)?;
    connection
        .prepare_cached("UPDATE raw_blocks SET data = ?2, reduced_length = ?3 WHERE id = ?1")?
        .execute(params![id, block.data, block.reduced_length()])?;
    shared::insert(connection, id, &block.splices)
}
