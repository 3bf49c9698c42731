//! The one walk over the lines of a file, for bytes that are read and for bytes that were stored: both yield the same rows.

use crate::derive::{self, Carry, Line, Spill};
use crate::model::ProblemKind;
use crate::row::{LineRows, ProblemRow};
use crate::transcript::discover::FileKind;
use crate::transcript::lines::{MAX_LINE_BYTES, Piece, is_blank};

/// Where a walk is, and what deriving the next line needs of those before.
pub(super) struct LineWalk {
    kind: FileKind,
    /// Of the bytes that come next.
    offset: i64,
    /// Lines so far, blank ones included.
    line: i64,
    carry: Carry,
    /// Where the line starts that is longer than a line may be, while its parts come.
    oversize: Option<i64>,
}

/// What one piece of a file yielded.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub rows: LineRows,
    /// Lines that are not blank.
    pub lines: i64,
    /// Where lines with an end end in the piece, the `\n` included.
    pub ends: Vec<usize>,
    /// Where the last line starts in the file, if it has no end.
    pub tail_offset: Option<i64>,
}

impl LineWalk {
    /// From the start of a file.
    pub(super) fn new(kind: FileKind) -> LineWalk {
        LineWalk::resume(kind, 0, 0, Carry::default())
    }

    /// After this many bytes and lines.
    pub(super) fn resume(kind: FileKind, offset: i64, line: i64, carry: Carry) -> LineWalk {
        LineWalk { kind, offset, line, carry, oversize: None }
    }

    pub(super) fn offset(&self) -> i64 {
        self.offset
    }

    pub(super) fn line(&self) -> i64 {
        self.line
    }

    /// As it is stored. A last line without an end is derived again, so it leaves no trace here.
    pub(super) fn carry(&self) -> Vec<u8> {
        self.carry.to_bytes()
    }

    /// Derives the rows of the next piece. `spill` reads a spilled tool result by its file name.
    pub(super) fn walk(&mut self, piece: Piece<'_>, spill: &mut dyn FnMut(&str) -> Spill) -> Walked {
        match piece {
            Piece::Lines(bytes) => self.lines(bytes, spill),
            Piece::Oversize { bytes, is_last } => self.oversize(bytes, is_last),
        }
    }

    /// The next stored block as a piece; `is_end` if nothing is stored after it. A block holds whole lines, or a tail, or a part of a
    /// line that is too long.
    pub(super) fn stored_piece<'b>(&self, block: &'b [u8], is_end: bool) -> Piece<'b> {
        let is_last = is_end || block.last() == Some(&b'\n');
        match self.oversize.is_some() || !is_last {
            true => Piece::Oversize { bytes: block, is_last },
            false => Piece::Lines(block),
        }
    }

    /// Goes past bytes that have no lines.
    pub(super) fn skip(&mut self, bytes: &[u8]) {
        self.offset += bytes.len() as i64;
    }

    fn lines(&mut self, bytes: &[u8], spill: &mut dyn FnMut(&str) -> Spill) -> Walked {
        let mut walked = Walked::default();
        let mut start = 0;
        while start < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[start..]).map(|end| start + end);
            let line = &bytes[start..end.unwrap_or(bytes.len())];
            let offset = self.offset + start as i64;
            self.line += 1;
            match end {
                Some(end) => walked.ends.push(end + 1),
                None => walked.tail_offset = Some(offset),
            }
            if !is_blank(line) {
                walked.lines += 1;
                let line = Line { bytes: line, number: self.line, offset, is_terminated: end.is_some() };
                derive::derive_line(&line, self.kind, &mut self.carry, spill, &mut walked.rows);
            }
            start = end.map_or(bytes.len(), |end| end + 1);
        }
        self.skip(bytes);
        walked
    }

    /// A part of a line that is too long. It counts, and has its problem, with its last part.
    fn oversize(&mut self, bytes: &[u8], is_last: bool) -> Walked {
        let start = match self.oversize {
            Some(start) => start,
            None => {
                self.line += 1;
                *self.oversize.insert(self.offset)
            }
        };
        self.skip(bytes);
        let is_terminated = bytes.last() == Some(&b'\n');
        // Until its end is there it is a tail, so that reading that continues from here reads it from its start.
        let mut walked = Walked { tail_offset: (!is_terminated).then_some(start), ..Walked::default() };
        if is_last {
            let length = self.offset - start - i64::from(is_terminated);
            walked.rows.problems.push(oversize_problem(self.line, start, length));
            walked.lines = 1;
            self.oversize = None;
        }
        walked
    }
}

/// What represents a line that is too long to be read as one.
fn oversize_problem(line: i64, offset: i64, length: i64) -> ProblemRow {
    let limit = MAX_LINE_BYTES >> 20;
    let detail = format!("the line has {length} bytes, more than {limit} MiB; its bytes are kept");
    ProblemRow { line, part: 0, offset, length, kind: ProblemKind::OversizeLine, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(pieces: &[Piece<'_>]) -> (LineRows, i64, Option<i64>, LineWalk) {
        let mut walk = LineWalk::new(FileKind::Main);
        let (mut rows, mut lines, mut tail_offset) = (LineRows::default(), 0, None);
        for piece in pieces {
            let piece = match piece {
                Piece::Lines(bytes) => Piece::Lines(bytes),
                Piece::Oversize { bytes, is_last } => Piece::Oversize { bytes, is_last: *is_last },
            };
            let walked = walk.walk(piece, &mut |_| Spill::Missing);
            rows.messages.extend(walked.rows.messages);
            rows.problems.extend(walked.rows.problems);
            lines += walked.lines;
            tail_offset = walked.tail_offset;
        }
        (rows, lines, tail_offset, walk)
    }

    #[test]
    fn stored_blocks_give_what_the_pieces_gave_that_they_were_made_of() {
        let first = b"{\"type\":\"user\"}\n\n{\"type\":\"mode\"}\n".as_slice();
        let long = ["xxxx", "yyyy", "z\n"].map(str::as_bytes);
        let tail = b"{\"type\":\"sys".as_slice();
        let pieces = [
            Piece::Lines(first),
            Piece::Oversize { bytes: long[0], is_last: false },
            Piece::Oversize { bytes: long[1], is_last: false },
            Piece::Oversize { bytes: long[2], is_last: true },
            Piece::Lines(tail),
        ];
        let (rows, lines, tail_offset, walk) = walked(&pieces);
        assert_eq!((rows.messages.len(), rows.problems.len(), lines), (2, 2, 4));
        assert_eq!(rows.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!((rows.problems[0].offset, rows.problems[0].length), (first.len() as i64, 9));
        assert_eq!(tail_offset, Some(first.len() as i64 + 10));
        let blocks = [first, long[0], long[1], long[2], tail];
        let mut again = LineWalk::new(FileKind::Main);
        let mut problems = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let piece = again.stored_piece(block, at + 1 == blocks.len());
            assert_eq!(piece, pieces[at], "block {at}");
            problems.extend(again.walk(piece, &mut |_| Spill::Missing).rows.problems);
        }
        assert_eq!(problems, rows.problems);
        assert_eq!((again.offset(), again.line(), again.carry()), (walk.offset(), walk.line(), walk.carry()));
    }
}
