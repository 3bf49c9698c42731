//! Records as bytes, many at a time: each block is decompressed once, however many of them it holds.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{Failure, blocks};

/// The place of a record in the stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::query) struct Extent {
    pub generation_id: i64,
    pub offset: i64,
    pub length: i64,
}

impl Extent {
    fn end(&self) -> i64 {
        self.offset + self.length
    }
}

/// The bytes of each extent, in the order asked for.
pub(in crate::query) fn read_all(connection: &Connection, extents: &[Extent]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut wanted = extents.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut records: HashMap<Extent, Vec<u8>> = HashMap::with_capacity(wanted.len());
    let mut rest = wanted.as_slice();
    while let Some(first) = rest.first() {
        let block_end = end_of_block(connection, first)?;
        // Records never cross from a block into the next, but for one that is a block of its own.
        let inside = |extent: &&Extent| extent.generation_id == first.generation_id && extent.end() <= block_end;
        let count = rest.iter().take_while(inside).count().max(1);
        let (group, behind) = rest.split_at(count);
        let end = group.iter().map(Extent::end).max().unwrap_or(first.end());
        let bytes = blocks::read_bytes(connection, first.generation_id, first.offset, end - first.offset)?;
        for extent in group {
            let start = (extent.offset - first.offset) as usize;
            records.insert(*extent, bytes[start..start + extent.length as usize].to_vec());
        }
        rest = behind;
    }
    Ok(extents.iter().map(|extent| records.get(extent).cloned().unwrap_or_default()).collect())
}

/// Where the block that holds the start of an extent ends.
fn end_of_block(connection: &Connection, extent: &Extent) -> Result<i64, Failure> {
    let end = connection
        .prepare_cached(
            "SELECT offset + length FROM raw_blocks WHERE generation_id = ?1 AND offset <= ?2
             ORDER BY offset DESC LIMIT 1",
        )?
        .query_row(params![extent.generation_id, extent.offset], |row| row.get(0))
        .optional()?;
    Ok(end.unwrap_or(extent.end()))
}
