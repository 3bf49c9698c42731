//! A block of which something was left out, put together again.

use std::io::{BufRead, Read};

use rusqlite::Connection;
use zstd::stream::read::Decoder;

use super::frame::{LARGEST_BYTES, may_have};
use super::shared::{self, Left};
use crate::store::failure::Failure;

/// A stored block.
pub(super) struct Reduced<'r> {
    pub id: i64,
    /// Of the piece of the file that it represents.
    pub length: i64,
    /// Of what is in the frame.
    pub reduced_length: i64,
    pub data: &'r [u8],
}

/// The first `limit` bytes of the piece of a file that a block represents; all of it if `limit` is greater. `None` if what
/// is stored is not whole, or does not fit.
pub(super) fn expand(connection: &Connection, block: &Reduced<'_>, limit: i64) -> Result<Option<Vec<u8>>, Failure> {
    let is_possible = (0..=LARGEST_BYTES).contains(&block.length)
        && (0..=block.length).contains(&block.reduced_length)
        && may_have(block.data, block.reduced_length);
    let Ok(decoder) = Decoder::with_buffer(block.data) else { return Ok(None) };
    if !is_possible {
        return Ok(None);
    }
    let end = limit.clamp(0, block.length);
    let mut pieces = Pieces { decoder, left: block.reduced_length, bytes: Vec::with_capacity(end as usize) };
    // What is left out after the end counts as well: a block has to be whole, however much of it is requested.
    let mut left_out = 0;
    let mut is_whole = true;
    shared::for_each_left(connection, block.id, &mut |left| {
        let fits = (1..=block.length - left_out).contains(&left.length)
            && (0..=block.length - left.length).contains(&left.position);
        is_whole = fits && (left.position >= end || pieces.add(connection, &left, end)?);
        left_out += if fits { left.length } else { 0 };
        Ok(is_whole)
    })?;
    is_whole = is_whole
        && left_out == block.length - block.reduced_length
        && pieces.take(end - pieces.bytes.len() as i64)
        && (end < block.length || pieces.is_at_end());
    Ok(is_whole.then_some(pieces.bytes))
}

/// What there is of a block, and the rest of its frame.
struct Pieces<R: BufRead> {
    decoder: Decoder<'static, R>,
    /// In the frame.
    left: i64,
    bytes: Vec<u8>,
}

impl<R: BufRead> Pieces<R> {
    /// Appends what precedes a text that was left out, and the part of the text before `end`; false if that cannot be done.
    fn add(&mut self, connection: &Connection, left: &Left, end: i64) -> Result<bool, Failure> {
        if !self.take(left.position - self.bytes.len() as i64) {
            return Ok(false);
        }
        let text = shared::read(connection, left, end - left.position)?;
        self.bytes.extend_from_slice(text.as_deref().unwrap_or_default());
        Ok(text.is_some())
    }

    /// Appends the next `count` bytes of the frame; false if there are fewer.
    fn take(&mut self, count: i64) -> bool {
        if !(0..=self.left).contains(&count) {
            return false;
        }
        self.left -= count;
        let start = self.bytes.len();
        self.bytes.resize(start + count as usize, 0);
        self.decoder.read_exact(&mut self.bytes[start..]).is_ok()
    }

    fn is_at_end(&mut self) -> bool {
        self.left == 0 && matches!(self.decoder.read(&mut [0]), Ok(0))
    }
}
