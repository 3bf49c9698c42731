//! Frames: the bytes of a block, compressed. What is repeated elsewhere is left out of them, and stored once for all, see
//! [`shared`](super::shared).

use std::io::Read;

use xxhash_rust::xxh3::xxh3_128;

use crate::error::Error;
use crate::row::Span;
use crate::store::failure::Failure;

/// Open frames are sealed together once they hold this many bytes.
pub(crate) const SEAL_BYTES: usize = 64 * 1024;
/// The size of a sealed block that is aimed at.
pub(crate) const BLOCK_BYTES: usize = 1024 * 1024;
/// The zstd level: costlier ones gain little on blocks of this size, and take too long for indexing.
const LEVEL: i32 = 2;

/// No block is larger: it has lines, of which none is longer than half of this, or a part of a longer one. A stored number that
/// says more is damaged, and nothing is allocated for it.
pub(super) const LARGEST_BYTES: i64 = 128 << 20;

/// A piece of a file, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub offset: i64,
    /// Of the piece, in bytes.
    pub length: i64,
    pub is_sealed: bool,
    /// What was left out, in the order of position.
    pub splices: Vec<Splice>,
    /// The frame of the rest.
    pub data: Vec<u8>,
}

impl Block {
    /// How many bytes are in the frame; `None` if none were left out.
    pub(super) fn reduced_length(&self) -> Option<i64> {
        let left_out: i64 = self.splices.iter().map(|splice| splice.text.length).sum();
        (!self.splices.is_empty()).then_some(self.length - left_out)
    }
}

/// A text that was left out of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    /// Where it starts in the piece of the file.
    pub position: i64,
    pub text: SharedText,
}

/// A text that is stored once, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedText {
    pub hash: [u8; 16],
    pub length: i64,
    pub data: Vec<u8>,
}

/// What a shared text is looked up by.
pub(super) fn hash(text: &[u8]) -> [u8; 16] {
    xxh3_128(text).to_be_bytes()
}

/// Compresses blocks; keeps its working memory from one to the next.
pub(crate) struct Compressor(zstd::bulk::Compressor<'static>);

impl Compressor {
    pub(crate) fn new() -> Result<Compressor, Failure> {
        zstd::bulk::Compressor::new(LEVEL).map(Compressor).map_err(compression_failure)
    }

    /// The block of a piece of a file, which starts at `offset`. What is `repeated` of it, by its place in the file and in order,
    /// is left out.
    pub(crate) fn block(
        &mut self,
        offset: i64,
        bytes: &[u8],
        repeated: &[Span],
        is_sealed: bool,
    ) -> Result<Block, Failure> {
        let length = bytes.len() as i64;
        if repeated.is_empty() {
            return Ok(Block { offset, length, is_sealed, splices: Vec::new(), data: self.frame(bytes)? });
        }
        let mut reduced = Vec::with_capacity(bytes.len());
        let mut splices = Vec::with_capacity(repeated.len());
        let mut done = 0;
        for span in repeated {
            let Some((start, end)) = inside(span, offset, done, bytes.len()) else { continue };
            reduced.extend_from_slice(&bytes[done..start]);
            splices.push(Splice { position: start as i64, text: self.shared_text(&bytes[start..end])? });
            done = end;
        }
        reduced.extend_from_slice(&bytes[done..]);
        Ok(Block { offset, length, is_sealed, splices, data: self.frame(&reduced)? })
    }

    pub(super) fn frame(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        self.0.compress(bytes).map_err(compression_failure)
    }

    fn shared_text(&mut self, text: &[u8]) -> Result<SharedText, Failure> {
        let mut data = self.frame(text)?;
        // Room was made for a text that does not compress; of these there may be many at a time.
        data.shrink_to_fit();
        Ok(SharedText { hash: hash(text), length: text.len() as i64, data })
    }
}

/// Where a span starts and ends in a block, if it lies in it, after what is `done`.
fn inside(span: &Span, offset: i64, done: usize, length: usize) -> Option<(usize, usize)> {
    let start = usize::try_from(span.offset.checked_sub(offset)?).ok()?;
    let end = start.checked_add(usize::try_from(span.length).ok()?)?;
    (done <= start && start < end && end <= length).then_some((start, end))
}

/// The error for stored bytes that are not there, or not what they were.
pub(crate) fn damaged(generation_id: i64, offset: i64) -> Failure {
    let reason = format!("stored bytes of generation {generation_id} at {offset} cannot be read");
    Failure::Other(Error::Corrupt { path: Default::default(), reason })
}

fn compression_failure(error: std::io::Error) -> Failure {
    Failure::Other(Error::io("zstd", error))
}

/// The first `limit` of the `length` bytes of a frame; all of them if `limit` is greater. `None` if it has fewer, or
/// more.
pub(super) fn decompress(data: &[u8], length: i64, limit: i64) -> Option<Vec<u8>> {
    let capacity =
        usize::try_from(length.min(limit)).ok().filter(|_| length <= LARGEST_BYTES && may_have(data, length))?;
    if limit < length {
        let mut bytes = vec![0; capacity];
        zstd::stream::read::Decoder::with_buffer(data).ok()?.read_exact(&mut bytes).ok()?;
        return Some(bytes);
    }
    zstd::bulk::decompress(data, capacity).ok().filter(|bytes| bytes.len() == capacity)
}

/// Whether a frame may have this many bytes: it says itself how many, as a rule.
pub(super) fn may_have(data: &[u8], length: i64) -> bool {
    !matches!(zstd::zstd_safe::get_frame_content_size(data), Ok(Some(size)) if i64::try_from(size) != Ok(length))
}
