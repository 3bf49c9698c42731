//! Records as bytes, many at a time: each block is decompressed once, however many of them it holds.

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
    /// Where it ends. What a damaged row says cannot be trusted.
    pub(super) fn end(&self) -> Result<i64, Failure> {
        let is_sound = self.offset >= 0 && self.length >= 0;
        self.offset.checked_add(self.length).filter(|_| is_sound).ok_or_else(|| self.damaged())
    }

    pub(super) fn damaged(&self) -> Failure {
        blocks::damaged(self.generation_id, self.offset)
    }
}

/// The bytes of each extent, in the requested order.
pub(in crate::query) fn read_all(connection: &Connection, extents: &[Extent]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut records = vec![Vec::new(); extents.len()];
    for_each(connection, extents, |index, record| records[index] = record.to_vec())?;
    Ok(records)
}

/// Calls `each` with the index and the bytes of each extent, in the order in which they are stored. What is held at a time is one
/// block.
pub(in crate::query) fn for_each(
    connection: &Connection,
    extents: &[Extent],
    mut each: impl FnMut(usize, &[u8]),
) -> Result<(), Failure> {
    let ends = extents.iter().map(Extent::end).collect::<Result<Vec<i64>, Failure>>()?;
    let mut order: Vec<usize> = (0..extents.len()).collect();
    order.sort_unstable_by_key(|index| extents[*index]);
    let mut rest = order.as_slice();
    while let Some(first) = rest.first().map(|index| extents[*index]) {
        let block_end = end_of_block(connection, &first)?;
        // Records never cross from a block into the next, except one that is a block of its own.
        let is_inside = |index: &&usize| {
            let extent = extents[**index];
            extent == first || extent.generation_id == first.generation_id && ends[**index] <= block_end
        };
        let (group, after) = rest.split_at(rest.iter().take_while(is_inside).count());
        let end = group.iter().map(|index| ends[*index]).max().unwrap_or(first.offset);
        let bytes = blocks::read_bytes(connection, first.generation_id, first.offset, end - first.offset)?;
        for index in group {
            let (start, end) = (extents[*index].offset - first.offset, ends[*index] - first.offset);
            each(*index, bytes.get(start as usize..end as usize).ok_or_else(|| first.damaged())?);
        }
        rest = after;
    }
    Ok(())
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
    end.map_or_else(|| extent.end(), Ok)
}
