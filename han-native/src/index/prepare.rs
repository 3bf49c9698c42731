//! Files to chunks: reading, deriving and compressing, everything that needs no database. Runs beside the writer.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::plan::{Planned, TailRule};
use super::spills::SpillFolder;
use crate::clock;
use crate::derive::{self, Carry, Line};
use crate::error::Error;
use crate::model::ProblemKind;
use crate::platform::file::{self, read_at};
use crate::row::{LineRows, ProblemRow};
use crate::store::batch::{Base, Chunk, Tail};
use crate::store::blocks::{BLOCK_BYTES, Block, Compressor, SEAL_BYTES};
use crate::store::{Failure, StoredFile};
use crate::transcript::cursor::{self, Cursor, Step, WINDOW, Windows};
use crate::transcript::discover::{FileKind, FileStat, SourceFile};
use crate::transcript::lines::{Piece, Pieces, is_blank};

/// Bytes that are looked through at once for the end of the last whole line.
const SEARCH_BYTES: i64 = 64 * 1024;

/// What a file turned out to be when it was opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Prepared {
    /// It is as it was read before.
    Unchanged { stat: FileStat, checked_at: i64 },
    /// Its chunks were emitted, but for a tail that was left.
    Chunks { is_tail_left: bool },
    /// All that is new is a tail, which was left.
    TailLeft { stat: FileStat, checked_at: i64 },
    /// The file has to be compared with the stored bytes, which only the writer can read.
    Compare { stat: FileStat, checked_at: i64 },
}

/// Reads a planned file from its cursor on, and gives the chunks to `emit`, which says whether to go on.
pub(crate) fn prepare(
    planned: &Planned,
    compressor: &mut Compressor,
    emit: &mut dyn FnMut(Chunk) -> bool,
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
    // What is written behind this while it is read is left to the next call, so that reading ends.
    let mut end = stat.size.max(start.offset);
    if planned.tail == TailRule::Leave && planned.file.kind != FileKind::Spill {
        end = end_of_lines(&file, start.offset, end).map_err(io_error)?;
    }
    let is_tail_left = end < stat.size;
    if is_tail_left && end == start.offset && !matches!(start.base, Base::Restart { .. }) {
        return Ok(Prepared::TailLeft { stat, checked_at });
    }
    let mut source = SourceFile { stat, ..(*planned.file).clone() };
    // Behind the moment that is noted: what is said anew from then on is found by the next scan.
    source.read_sidecars();
    let mut builder = Builder::new(planned, Arc::new(source), start, end, compressor, checked_at);
    builder.run(file, emit)?;
    Ok(Prepared::Chunks { is_tail_left })
}

/// Where the last whole line ends that lies between two places; the first place where there is none.
fn end_of_lines(file: &File, start: i64, end: i64) -> std::io::Result<i64> {
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
fn windows_match(file: &File, cursor: &Cursor) -> std::io::Result<bool> {
    let (head, tail) = windows(file, cursor.offset)?;
    Ok(cursor::hash(&head) == cursor.head_hash && cursor::hash(&tail) == cursor.tail_hash)
}

fn windows(file: &File, offset: i64) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
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
    /// Behind the last line that has an end.
    fn append(file: &File, cursor: &Cursor, carry: &[u8]) -> std::io::Result<Start> {
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

/// Builds the chunks of one file, one after the other.
struct Builder<'p> {
    file: Arc<SourceFile>,
    /// None until a flat agent file has said it.
    session: Option<String>,
    spills: SpillFolder,
    compressor: &'p mut Compressor,
    checked_at: i64,
    base: Base,
    replaced_tail: Option<Tail>,
    offset: i64,
    /// Where reading ends.
    end: i64,
    line: i64,
    carry: Carry,
    windows: Windows,
    /// Where the line started that is too long, while it is passed through.
    oversize: Option<i64>,
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
        // A flat agent file that starts anew says anew whose it is.
        let known = planned.known.as_ref().filter(|_| matches!(start.base, Base::Append { .. }));
        Builder {
            session: file.session.clone().or(known.map(|known| known.session.clone())),
            spills: SpillFolder::of(&file),
            file,
            compressor,
            checked_at,
            base: start.base,
            replaced_tail: start.replaced_tail,
            offset: start.offset,
            end,
            line: start.line,
            carry: start.carry,
            windows: start.windows,
            oversize: None,
            is_first: true,
        }
    }

    fn run(&mut self, mut file: File, emit: &mut dyn FnMut(Chunk) -> bool) -> Result<(), Failure> {
        let path = self.file.absolute.clone();
        let io_error = |error| Failure::Other(Error::io(&path, error));
        file.seek(SeekFrom::Start(self.offset as u64)).map_err(io_error)?;
        let mut pieces = Pieces::new(file.take((self.end - self.offset) as u64));
        let mut is_first = true;
        while let Some(piece) = pieces.next().map_err(io_error)? {
            is_first = false;
            let chunk = match piece {
                _ if self.file.kind == FileKind::Spill => self.opaque(piece)?,
                Piece::Lines(bytes) => self.lines(bytes)?,
                Piece::Oversize { bytes, is_last } => self.oversize(bytes, is_last)?,
            };
            if !emit(chunk) {
                return Ok(());
            }
        }
        if is_first && (self.base != Base::Append { offset: self.offset }) {
            // An empty file is a file, too, and one that was emptied restarts.
            let chunk = self.lines(&[])?;
            emit(chunk);
        }
        Ok(())
    }

    /// A spilled tool result has bytes, but no lines of its own.
    fn opaque(&mut self, piece: Piece<'_>) -> Result<Chunk, Failure> {
        let (Piece::Lines(bytes) | Piece::Oversize { bytes, .. }) = piece;
        let blocks = self.blocks(&[(0, bytes.len())], bytes, true)?;
        self.windows.extend(bytes);
        self.offset += bytes.len() as i64;
        Ok(self.chunk(LineRows::default(), 0, blocks, bytes.len(), None, None))
    }

    fn lines(&mut self, bytes: &[u8]) -> Result<Chunk, Failure> {
        let mut rows = LineRows::default();
        let mut lines = 0;
        let mut spans = Vec::new();
        let (mut tail, mut tail_carry) = (None, None);
        let mut start = 0;
        while start < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[start..]).map(|end| start + end);
            let line_bytes = &bytes[start..end.unwrap_or(bytes.len())];
            self.line += 1;
            let line = Line {
                bytes: line_bytes,
                number: self.line,
                offset: self.offset + start as i64,
                is_terminated: end.is_some(),
            };
            if end.is_none() {
                tail = Some(start);
                tail_carry = Some(self.carry.to_bytes());
            }
            if !is_blank(line_bytes) {
                lines += 1;
                let spills = &self.spills;
                let read = &mut |name: &str| spills.read(name);
                derive::derive_line(&line, self.file.kind, &mut self.carry, read, &mut rows);
            }
            let next = end.map_or(bytes.len(), |end| end + 1);
            spans.push((start, next));
            start = next;
        }
        let terminated = tail.unwrap_or(bytes.len());
        let is_end = self.offset + bytes.len() as i64 >= self.end;
        let mut blocks = self.blocks(&spans[..spans.len() - usize::from(tail.is_some())], bytes, !is_end)?;
        if let Some(start) = tail {
            let offset = self.offset + start as i64;
            blocks.push(self.compressor.block(offset, &bytes[terminated..], false)?);
        }
        if self.session.is_none() {
            self.session = rows.messages.iter().find_map(|row| row.record_session.clone());
        }
        self.windows.extend(bytes);
        let tail_offset = tail.map(|start| self.offset + start as i64);
        self.offset += bytes.len() as i64;
        Ok(self.chunk(rows, lines, blocks, bytes.len(), tail_offset, tail_carry))
    }

    fn oversize(&mut self, bytes: &[u8], is_last: bool) -> Result<Chunk, Failure> {
        let start = match self.oversize {
            Some(start) => start,
            None => {
                self.line += 1;
                *self.oversize.insert(self.offset)
            }
        };
        let block = self.compressor.block(self.offset, bytes, true)?;
        self.windows.extend(bytes);
        self.offset += bytes.len() as i64;
        let is_terminated = bytes.last() == Some(&b'\n');
        let mut rows = LineRows::default();
        if is_last {
            let length = self.offset - start - i64::from(is_terminated);
            rows.problems.push(oversize_problem(self.line, start, length));
            self.oversize = None;
        }
        // Until its end is there it is a tail, so that a reader who starts here goes back to the line's start.
        let tail_offset = (!is_terminated).then_some(start);
        let tail_carry = (!is_terminated).then(|| self.carry.to_bytes());
        Ok(self.chunk(rows, i64::from(is_last), vec![block], bytes.len(), tail_offset, tail_carry))
    }

    /// Compresses whole lines into blocks: sealed ones, and at the end of the file an open one.
    fn blocks(&mut self, spans: &[(usize, usize)], bytes: &[u8], seal_rest: bool) -> Result<Vec<Block>, Failure> {
        let mut blocks = Vec::new();
        let mut start = spans.first().map_or(0, |span| span.0);
        let end = spans.last().map_or(start, |span| span.1);
        let mut cut = start;
        for (from, next) in spans {
            // A long line is a block of its own.
            if next - from > BLOCK_BYTES && cut > start {
                blocks.push(self.compressor.block(self.offset + start as i64, &bytes[start..cut], true)?);
                start = cut;
            }
            cut = *next;
            if cut - start >= BLOCK_BYTES {
                blocks.push(self.compressor.block(self.offset + start as i64, &bytes[start..cut], true)?);
                start = cut;
            }
        }
        if end > start {
            let is_sealed = seal_rest || end - start >= SEAL_BYTES;
            blocks.push(self.compressor.block(self.offset + start as i64, &bytes[start..end], is_sealed)?);
        }
        Ok(blocks)
    }

    fn chunk(
        &mut self,
        rows: LineRows,
        lines: i64,
        blocks: Vec<Block>,
        bytes: usize,
        tail_offset: Option<i64>,
        tail_carry: Option<Vec<u8>>,
    ) -> Chunk {
        let base = std::mem::replace(&mut self.base, Base::Append { offset: self.offset });
        let session = self.session.clone().unwrap_or_else(|| stem(&self.file));
        Chunk {
            file: Arc::clone(&self.file),
            session,
            base,
            is_first: std::mem::take(&mut self.is_first),
            replaced_tail: self.replaced_tail.take(),
            blocks,
            rows,
            lines,
            bytes: bytes as i64,
            cursor: Cursor {
                offset: self.offset,
                line: self.line,
                tail_offset,
                head_hash: self.windows.head_hash(),
                tail_hash: self.windows.tail_hash(),
            },
            carry: tail_carry.unwrap_or_else(|| self.carry.to_bytes()),
            derive_revision: derive::REVISION,
            checked_at: self.checked_at,
        }
    }
}

/// What stands for a line that is too long to be read as one.
pub(super) fn oversize_problem(line: i64, offset: i64, length: i64) -> ProblemRow {
    let detail = format!("the line has {length} bytes, more than 64 MiB; its bytes are kept");
    ProblemRow { line, part: 0, offset, length, kind: ProblemKind::OversizeLine, detail }
}

/// The session of a file that names none.
pub(crate) fn stem(file: &SourceFile) -> String {
    file.absolute.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The hash of as many first bytes of a file as a known one's head has.
pub(crate) fn head_hash(file: &SourceFile, known: &StoredFile) -> Option<i64> {
    let open = file::open(&file.absolute).ok()?;
    let head = read_at(&open, 0, (WINDOW as i64).min(known.generation.cursor.offset)).ok()?;
    Some(cursor::hash(&head))
}
