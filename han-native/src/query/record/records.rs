//! Records one at a time: the blocks that the last ones came from are kept, so that neighbours cost no second decompression.

use std::collections::VecDeque;

use rusqlite::{Connection, OptionalExtension, params};

use super::bytes::Extent;
use crate::store::{Failure, blocks};

/// Blocks that are kept: a conversation runs through a few files at a time.
const KEPT: usize = 4;
/// A larger block is one line, and is not kept.
const LARGEST_KEPT: i64 = 2 << 20;

/// Reads records, mostly in the order of a file. One belongs to one snapshot.
#[derive(Default)]
pub(in crate::query) struct RecordReader {
    /// The one used last is the last.
    blocks: VecDeque<KeptBlock>,
}

struct KeptBlock {
    generation_id: i64,
    offset: i64,
    bytes: Vec<u8>,
}

impl KeptBlock {
    fn record(&self, extent: &Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset - self.offset).ok()?;
        let end = start.checked_add(usize::try_from(extent.length).ok()?)?;
        if self.generation_id == extent.generation_id { self.bytes.get(start..end) } else { None }
    }
}

impl RecordReader {
    /// The bytes of one record.
    pub(in crate::query) fn read(&mut self, connection: &Connection, extent: Extent) -> Result<Vec<u8>, Failure> {
        if let Some(at) = self.blocks.iter().position(|block| block.record(&extent).is_some())
            && let Some(block) = self.blocks.remove(at)
        {
            let record = block.record(&extent).map(<[u8]>::to_vec);
            self.blocks.push_back(block);
            return record.ok_or_else(|| extent.damaged());
        }
        let place: Option<(i64, i64)> = connection
            .prepare_cached(
                "SELECT offset, length FROM raw_blocks WHERE generation_id = ?1 AND offset <= ?2
                 ORDER BY offset DESC LIMIT 1",
            )?
            .query_row(params![extent.generation_id, extent.offset], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match place {
            Some((offset, length)) if length <= LARGEST_KEPT && extent.end()? <= offset.saturating_add(length) => {
                let bytes = blocks::read_bytes(connection, extent.generation_id, offset, length)?;
                let block = KeptBlock { generation_id: extent.generation_id, offset, bytes };
                let record = block.record(&extent).ok_or_else(|| extent.damaged())?.to_vec();
                if self.blocks.len() == KEPT {
                    self.blocks.pop_front();
                }
                self.blocks.push_back(block);
                Ok(record)
            }
            _ => blocks::read_bytes(connection, extent.generation_id, extent.offset, extent.length),
        }
    }
}
