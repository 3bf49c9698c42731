//! Bytes to pieces of whole lines, in bounded memory. Lines end with `\n` and nothing else.

use std::io::{self, Read};

/// The size of a piece that is aimed at.
pub(crate) const PIECE_BYTES: usize = 2 * 1024 * 1024;
/// A longer line is not read as one.
pub(crate) const MAX_LINE_BYTES: usize = 64 * 1024 * 1024;
/// The pieces in which a line that is too long is passed through.
const OVERSIZE_PIECE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes asked of the source at once.
const READ_BYTES: usize = 256 * 1024;

/// A part of the source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Whole lines; the last one may lack its end, if it is the last of the source.
    Lines(&'a [u8]),
    /// A part of a line over [`MAX_LINE_BYTES`]; `is_last` with its last part, `\n` included if there is one.
    Oversize { bytes: &'a [u8], is_last: bool },
}

/// Cuts a source into pieces, which it lends one after another.
pub(crate) struct Pieces<R> {
    source: R,
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer that were lent.
    lent: usize,
    is_ended: bool,
    is_inside_oversize: bool,
}

impl<R: Read> Pieces<R> {
    pub(crate) fn new(source: R) -> Pieces<R> {
        Pieces { source, buffer: Vec::new(), lent: 0, is_ended: false, is_inside_oversize: false }
    }

    /// The next piece; `None` at the end of the source.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.buffer.drain(..std::mem::take(&mut self.lent));
        if self.is_inside_oversize {
            return self.next_oversize();
        }
        let mut searched = 0;
        loop {
            while self.buffer.len() < PIECE_BYTES && !self.is_ended {
                self.fill()?;
            }
            let end = match self.is_ended {
                true => Some(self.buffer.len()),
                false => memchr::memrchr(b'\n', &self.buffer[searched..]).map(|end| searched + end + 1),
            };
            searched = self.buffer.len();
            if searched > MAX_LINE_BYTES && memchr::memchr(b'\n', &self.buffer[..=MAX_LINE_BYTES]).is_none() {
                return self.next_oversize();
            }
            match end {
                Some(0) => return Ok(None),
                Some(end) => {
                    self.lent = end;
                    return Ok(Some(Piece::Lines(&self.buffer[..end])));
                }
                None => self.fill()?,
            }
        }
    }

    fn next_oversize(&mut self) -> io::Result<Option<Piece<'_>>> {
        // One byte more than is lent shows whether the line continues.
        while self.buffer.len() <= OVERSIZE_PIECE_BYTES && !self.is_ended {
            self.fill()?;
        }
        let window = self.buffer.len().min(OVERSIZE_PIECE_BYTES);
        let end = memchr::memchr(b'\n', &self.buffer[..window]);
        self.lent = end.map_or(window, |end| end + 1);
        let is_last = end.is_some() || (self.is_ended && self.lent == self.buffer.len());
        self.is_inside_oversize = !is_last;
        Ok(Some(Piece::Oversize { bytes: &self.buffer[..self.lent], is_last }))
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = (&mut self.source).take(READ_BYTES as u64).read_to_end(&mut self.buffer)?;
        self.is_ended = read < READ_BYTES;
        Ok(())
    }
}

/// Whether a line has nothing but white space of JSON, and counts as blank.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece with whether it is a part of an oversize line, and its last.
    fn pieces(bytes: &[u8]) -> Vec<(Vec<u8>, Option<bool>)> {
        let mut pieces = Pieces::new(bytes);
        let mut found = Vec::new();
        while let Some(piece) = pieces.next().unwrap() {
            found.push(match piece {
                Piece::Lines(bytes) => (bytes.to_vec(), None),
                Piece::Oversize { bytes, is_last } => (bytes.to_vec(), Some(is_last)),
            });
        }
        found
    }

    fn joined(pieces: &[(Vec<u8>, Option<bool>)]) -> Vec<u8> {
        pieces.iter().map(|(bytes, _)| bytes.as_slice()).collect::<Vec<_>>().concat()
    }

    #[test]
    fn pieces_end_at_line_ends_and_lose_no_byte() {
        let line = [vec![b'x'; 1_000], vec![b'\n']].concat();
        let mut bytes = line.repeat(5_000);
        bytes.extend_from_slice(b"tail");
        let pieces = pieces(&bytes);
        assert!(pieces.len() > 1);
        for (bytes, _) in &pieces[..pieces.len() - 1] {
            assert!(bytes.ends_with(b"\n"));
        }
        assert_eq!(joined(&pieces), bytes);
    }

    #[test]
    fn a_long_line_is_one_piece_and_one_too_long_is_passed_through() {
        let long = [vec![b'x'; 3 * PIECE_BYTES], b"\nshort\n".to_vec()].concat();
        assert!(pieces(&long)[0].0.len() > 3 * PIECE_BYTES);
        let oversize = [b"a\n".to_vec(), vec![b'x'; MAX_LINE_BYTES + 10], b"\nb\nc".to_vec()].concat();
        let pieces = pieces(&oversize);
        assert_eq!(joined(&pieces), oversize);
        assert_eq!(pieces[0], (b"a\n".to_vec(), None));
        assert_eq!(pieces[1].1, Some(false));
        let (last_part, is_last) = &pieces[pieces.len() - 2];
        assert!(last_part.ends_with(b"\n") && *is_last == Some(true));
        assert_eq!(pieces[pieces.len() - 1], (b"b\nc".to_vec(), None));
    }

    #[test]
    fn an_oversize_line_may_lack_its_end() {
        for surplus in [1, OVERSIZE_PIECE_BYTES - 1, OVERSIZE_PIECE_BYTES, OVERSIZE_PIECE_BYTES + 1] {
            let bytes = vec![b'x'; MAX_LINE_BYTES + surplus];
            let pieces = pieces(&bytes);
            assert_eq!(joined(&pieces), bytes);
            let parts_that_end = pieces.iter().filter(|(_, is_last)| *is_last == Some(true)).count();
            assert_eq!((parts_that_end, pieces.last().unwrap().1), (1, Some(true)), "{surplus} more bytes");
        }
    }
}
