//! Files to chunks: reading, deriving and compressing, everything that needs no database. Runs beside the writer.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::line_walk::{LineWalk, Walked};
use super::plan::{Planned, TailRule};
use crate::clock;
use crate::derive::{self, Carry};
use crate::error::Error;
use crate::platform::file::{self, read_at};
use crate::row::Span;
use crate::spill;
use crate::store::batch::{Base, Chunk, Tail};
use crate::store::blocks::{BLOCK_BYTES, Block, Compressor, SEAL_BYTES};
use crate::store::{Failure, StoredFile};
use crate::transcript::cursor::{self, Cursor, Step, WINDOW, Windows};
use crate::transcript::discover::{FileKind, FileStat, SourceFile};
use crate::transcript::lines::{Piece, Pieces};

/// Bytes that are looked through at once for the end of the last whole line.
const SEARCH_BYTES: i64 = 64 * 1024;

/// The receiver of chunks takes no more of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// The file was read by another process, see [`ChunkOutcome::Moved`](crate::store::batch::ChunkOutcome::Moved).
    Moved,
    /// The file is one of this other session.
    OtherSession(String),
    /// The session was forgotten.
    Forgotten,
    /// Writing failed, or was cancelled: the receiver knows why.
    Failed,
}

/// What a file turned out to be when it was opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Prepared {
    /// It is as it was read before.
    Unchanged { stat: FileStat, checked_at: i64 },
    /// Its chunks were emitted, except a tail that was left, unless their receiver stopped before the end.
    Chunks { is_tail_left: bool, stopped: Option<Stop> },
    /// All that is new is a tail, which was left.
    TailLeft { stat: FileStat, checked_at: i64 },
    /// The file has to be compared with the stored bytes, which only the writer can read.
    Compare { stat: FileStat, checked_at: i64 },
}

/// Reads a planned file from its cursor on and passes the chunks to `emit`; a break ends the reading.
pub(super) fn prepare(
    planned: &Planned,
    compressor: &mut Compressor,
    emit: &mut dyn FnMut(Chunk) -> ControlFlow<Stop>,
) -> Result<Prepared, Failure> {
    let path = &planned.file.absolute;
    let io_error = |error| Failure::Other(Error::io(path, error));
    let checked_at = clock::now_nanos();
    let file = file::open(path).map_err(io_error)?;
    let metadata = file.metadata().map_err(io_error)?;
    if !metadata.is_file() {
        return Err(io_error(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    let stat = FileStat::of(&metadata);
    let mut start = Start::default();
    if let Some(known) = &planned.known {
        let cursor = &known.generation.cursor;
        match cursor::decide(cursor.offset, &known.stat, known.checked_at, &stat) {
            _ if planned.is_different => start.base = restart(known),
            Step::Unchanged => return Ok(Prepared::Unchanged { stat, checked_at }),
            Step::Compare
                if planned.is_watched && known.stat == stat && windows_match(&file, cursor).map_err(io_error)? =>
            {
                return Ok(Prepared::Unchanged { stat, checked_at });
            }
            Step::Compare => return Ok(Prepared::Compare { stat, checked_at }),
            Step::Append if windows_match(&file, cursor).map_err(io_error)? => {
                start = Start::append(&file, cursor, &known.generation.carry).map_err(io_error)?;
            }
            Step::Append | Step::Restart => start.base = restart(known),
        }
    }
    // What is appended while the file is read is left to the next call, so that reading ends.
    let mut end = stat.size.max(start.offset);
    if planned.tail == TailRule::Leave && planned.file.kind != FileKind::Spill {
        end = end_of_lines(&file, start.offset, end).map_err(io_error)?;
    }
    let is_tail_left = end < stat.size;
    if is_tail_left && end == start.offset && !matches!(start.base, Base::Restart { .. }) {
        return Ok(Prepared::TailLeft { stat, checked_at });
    }
    let mut source = SourceFile { stat, ..(*planned.file).clone() };
    // After the moment that is noted: the next scan finds what changes from then on.
    source.read_sidecars();
    let mut builder = Builder::new(planned, Arc::new(source), start, end, compressor, checked_at);
    let stopped = builder.run(file, emit)?.break_value();
    Ok(Prepared::Chunks { is_tail_left, stopped })
}

/// Where the last whole line between two places ends; the first place if there is none.
fn end_of_lines(file: &File, start: i64, end: i64) -> io::Result<i64> {
    let mut unseen = end;
    while unseen > start {
        let from = (unseen - SEARCH_BYTES).max(start);
        let bytes = read_at(file, from, unseen - from)?;
        if let Some(at) = memchr::memrchr(b'\n', &bytes) {
            return Ok(from + at as i64 + 1);
        }
        unseen = from;
    }
    Ok(start)
}

fn restart(known: &StoredFile) -> Base {
    Base::Restart { generation_id: known.generation.id, offset: known.generation.cursor.offset }
}

/// Whether the bytes around the cursor are those that were read.
fn windows_match(file: &File, cursor: &Cursor) -> io::Result<bool> {
    let (head, tail) = windows(file, cursor.offset)?;
    Ok(cursor::hash(&head) == cursor.head_hash && cursor::hash(&tail) == cursor.tail_hash)
}

fn windows(file: &File, offset: i64) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let length = (WINDOW as i64).min(offset);
    Ok((read_at(file, 0, length)?, read_at(file, offset - length, length)?))
}

/// Where reading starts.
struct Start {
    base: Base,
    offset: i64,
    line: i64,
    carry: Carry,
    windows: Windows,
    replaced_tail: Option<Tail>,
}

impl Default for Start {
    fn default() -> Start {
        Start {
            base: Base::New,
            offset: 0,
            line: 0,
            carry: Carry::default(),
            windows: Windows::default(),
            replaced_tail: None,
        }
    }
}

impl Start {
    /// After the last line that has an end.
    fn append(file: &File, cursor: &Cursor, carry: &[u8]) -> io::Result<Start> {
        let replaced_tail = cursor.tail_offset.map(|offset| Tail { line: cursor.line, offset });
        let offset = cursor.tail_offset.unwrap_or(cursor.offset);
        let (head, tail) = windows(file, offset)?;
        Ok(Start {
            base: Base::Append { offset: cursor.offset },
            offset,
            line: cursor.line - i64::from(replaced_tail.is_some()),
            carry: Carry::from_bytes(carry),
            windows: Windows::new(head, tail),
            replaced_tail,
        })
    }
}

/// Builds the chunks of one file, one after another.
struct Builder<'p> {
    file: Arc<SourceFile>,
    /// `None` until the records of a flat agent file have named it.
    session: Option<String>,
    /// Where the file's own spills are.
    spills: Option<PathBuf>,
    compressor: &'p mut Compressor,
    checked_at: i64,
    base: Base,
    replaced_tail: Option<Tail>,
    walk: LineWalk,
    /// Where reading ends.
    end: i64,
    windows: Windows,
    is_first: bool,
}

impl<'p> Builder<'p> {
    fn new(
        planned: &Planned,
        file: Arc<SourceFile>,
        start: Start,
        end: i64,
        compressor: &'p mut Compressor,
        checked_at: i64,
    ) -> Builder<'p> {
        // A flat agent file that is restarted names its session again.
        let known = planned.known.as_ref().filter(|_| matches!(start.base, Base::Append { .. }));
        Builder {
            session: file.session.clone().or(known.map(|known| known.session.clone())),
            spills: spill::folder_of(&file.absolute, file.kind, file.session.as_deref()),
            walk: LineWalk::resume(file.kind, start.offset, start.line, start.carry),
            file,
            compressor,
            checked_at,
            base: start.base,
            replaced_tail: start.replaced_tail,
            end,
            windows: start.windows,
            is_first: true,
        }
    }

    fn run(
        &mut self,
        mut file: File,
        emit: &mut dyn FnMut(Chunk) -> ControlFlow<Stop>,
    ) -> Result<ControlFlow<Stop>, Failure> {
        let path = self.file.absolute.clone();
        let io_error = |error| Failure::Other(Error::io(&path, error));
        let start = self.walk.offset();
        file.seek(SeekFrom::Start(start as u64)).map_err(io_error)?;
        let mut pieces = Pieces::new(file.take((self.end - start) as u64));
        let mut is_empty = true;
        while let Some(piece) = pieces.next().map_err(io_error)? {
            is_empty = false;
            let chunk = self.piece(piece)?;
            if let ControlFlow::Break(stop) = emit(chunk) {
                return Ok(ControlFlow::Break(stop));
            }
        }
        if is_empty && self.base != (Base::Append { offset: start }) {
            // An empty file is a file, too, and one that was emptied restarts.
            let chunk = self.piece(Piece::Lines(&[]))?;
            return Ok(emit(chunk));
        }
        Ok(ControlFlow::Continue(()))
    }

    fn piece(&mut self, piece: Piece<'_>) -> Result<Chunk, Failure> {
        let offset = self.walk.offset();
        let is_lines = matches!(piece, Piece::Lines(_));
        let (Piece::Lines(bytes) | Piece::Oversize { bytes, .. }) = piece;
        self.windows.extend(bytes);
        if self.file.kind == FileKind::Spill {
            // A spilled tool result has bytes, but no lines of its own.
            self.walk.skip(bytes);
            let blocks = self.blocks(&[bytes.len()], offset, bytes, &[], true)?;
            return Ok(self.chunk(Walked::default(), blocks, bytes.len()));
        }
        let folder = self.spills.as_deref();
        let walked = self.walk.walk(piece, &mut |name| spill::read(folder, name));
        let blocks = match is_lines {
            false => vec![self.compressor.block(offset, bytes, &[], true)?],
            true => {
                let is_end = self.walk.offset() >= self.end;
                let mut blocks = self.blocks(&walked.ends, offset, bytes, &walked.rows.repeated, !is_end)?;
                if let Some(tail) = walked.tail_offset {
                    blocks.push(self.compressor.block(tail, &bytes[(tail - offset) as usize..], &[], false)?);
                }
                blocks
            }
        };
        if self.session.is_none() {
            self.session = walked.rows.messages.iter().find_map(|row| row.record_session.clone());
        }
        Ok(self.chunk(walked, blocks, bytes.len()))
    }

    /// Compresses whole lines, which end at these places, into blocks: sealed ones, and at the end of the file an open one. What is
    /// repeated in them is left out.
    fn blocks(
        &mut self,
        ends: &[usize],
        offset: i64,
        bytes: &[u8],
        mut repeated: &[Span],
        seal_rest: bool,
    ) -> Result<Vec<Block>, Failure> {
        let mut blocks = Vec::new();
        let mut block = |start: usize, end: usize, is_sealed: bool| {
            let inside = repeated.partition_point(|span| span.offset < offset + end as i64);
            let (spans, behind) = repeated.split_at(inside);
            repeated = behind;
            blocks.push(self.compressor.block(offset + start as i64, &bytes[start..end], spans, is_sealed)?);
            Ok::<_, Failure>(())
        };
        let (mut start, mut from) = (0, 0);
        for &end in ends {
            // A long line is a block of its own.
            if end - from > BLOCK_BYTES && from > start {
                block(start, from, true)?;
                start = from;
            }
            if end - start >= BLOCK_BYTES {
                block(start, end, true)?;
                start = end;
            }
            from = end;
        }
        if from > start {
            block(start, from, seal_rest || from - start >= SEAL_BYTES)?;
        }
        Ok(blocks)
    }

    fn chunk(&mut self, walked: Walked, blocks: Vec<Block>, bytes: usize) -> Chunk {
        let offset = self.walk.offset();
        let base = std::mem::replace(&mut self.base, Base::Append { offset });
        Chunk {
            file: Arc::clone(&self.file),
            session: self.session.clone().unwrap_or_else(|| self.file.stem()),
            base,
            is_first: std::mem::take(&mut self.is_first),
            replaced_tail: self.replaced_tail.take(),
            blocks,
            rows: walked.rows,
            lines: walked.lines,
            bytes: bytes as i64,
            cursor: Cursor {
                offset,
                line: self.walk.line(),
                tail_offset: walked.tail_offset,
                head_hash: self.windows.head_hash(),
                tail_hash: self.windows.tail_hash(),
            },
            carry: self.walk.carry(),
            derive_revision: derive::REVISION,
            checked_at: self.checked_at,
        }
    }
}

/// The hash of as many first bytes of a file as a known one's head has; `None` if they cannot be read, which is reported when the
/// file is.
pub(super) fn head_hash(file: &SourceFile, known: &StoredFile) -> Option<i64> {
    let open = file::open(&file.absolute).ok()?;
    let head = read_at(&open, 0, (WINDOW as i64).min(known.generation.cursor.offset)).ok()?;
    Some(cursor::hash(&head))
}
