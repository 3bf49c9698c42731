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
pub(crate) enum Piece {
    /// Whole lines; the last one may lack its end, if it is the last of the source.
    Lines(Vec<u8>),
    /// A part of a line over [`MAX_LINE_BYTES`]; `is_last` with its last part, `\n` included where there is one.
    Oversize { bytes: Vec<u8>, is_last: bool },
}

/// Cuts a source into pieces.
pub(crate) struct Pieces<R> {
    source: R,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were searched for an end of line.
    searched: usize,
    is_ended: bool,
    is_inside_oversize: bool,
}

impl<R: Read> Pieces<R> {
    pub(crate) fn new(source: R) -> Pieces<R> {
        Pieces { source, buffer: Vec::new(), searched: 0, is_ended: false, is_inside_oversize: false }
    }

    /// The next piece; none at the end of the source.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.is_inside_oversize {
            return self.next_oversize();
        }
        let mut last_end = None;
        loop {
            while self.buffer.len() < PIECE_BYTES && !self.is_ended {
                self.fill()?;
            }
            if let Some(end) = memchr::memrchr(b'\n', &self.buffer[self.searched..]) {
                last_end = Some(self.searched + end + 1);
            }
            self.searched = self.buffer.len();
            match last_end {
                _ if self.is_ended => {
                    let bytes = std::mem::take(&mut self.buffer);
                    self.searched = 0;
                    return Ok((!bytes.is_empty()).then_some(Piece::Lines(bytes)));
                }
                Some(end) => {
                    let rest = self.buffer.split_off(end);
                    self.searched = rest.len();
                    return Ok(Some(Piece::Lines(std::mem::replace(&mut self.buffer, rest))));
                }
                None if self.buffer.len() > MAX_LINE_BYTES => {
                    self.is_inside_oversize = true;
                    return self.next_oversize();
                }
                None => self.fill()?,
            }
        }
    }

    fn next_oversize(&mut self) -> io::Result<Option<Piece>> {
        while self.buffer.is_empty() && !self.is_ended {
            self.fill()?;
        }
        let window = self.buffer.len().min(OVERSIZE_PIECE_BYTES);
        let end = memchr::memchr(b'\n', &self.buffer[..window]);
        let rest = self.buffer.split_off(end.map_or(window, |end| end + 1));
        let bytes = std::mem::replace(&mut self.buffer, rest);
        if self.buffer.is_empty() && end.is_none() {
            self.fill()?;
        }
        let is_last = end.is_some() || (self.is_ended && self.buffer.is_empty());
        self.is_inside_oversize = !is_last;
        self.searched = 0;
        Ok(Some(Piece::Oversize { bytes, is_last }))
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

    fn pieces(bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Pieces::new(bytes);
        std::iter::from_fn(|| pieces.next().unwrap()).collect()
    }

    fn joined(pieces: &[Piece]) -> Vec<u8> {
        let bytes = pieces.iter().map(|piece| match piece {
            Piece::Lines(bytes) | Piece::Oversize { bytes, .. } => bytes.as_slice(),
        });
        bytes.collect::<Vec<_>>().concat()
    }

    #[test]
    fn pieces_end_at_line_ends_and_lose_no_byte() {
        let line = [vec![b'x'; 1_000], vec![b'\n']].concat();
        let mut bytes = line.repeat(5_000);
        bytes.extend_from_slice(b"tail");
        let pieces = pieces(&bytes);
        assert!(pieces.len() > 1);
        for piece in &pieces[..pieces.len() - 1] {
            assert!(matches!(piece, Piece::Lines(bytes) if bytes.ends_with(b"\n")));
        }
        assert_eq!(joined(&pieces), bytes);
    }

    #[test]
    fn a_long_line_is_one_piece_and_one_too_long_is_passed_through() {
        let long = [vec![b'x'; 3 * PIECE_BYTES], b"\nshort\n".to_vec()].concat();
        assert!(matches!(&pieces(&long)[0], Piece::Lines(bytes) if bytes.len() > 3 * PIECE_BYTES));
        let oversize = [b"a\n".to_vec(), vec![b'x'; MAX_LINE_BYTES + 10], b"\nb\nc".to_vec()].concat();
        let pieces = pieces(&oversize);
        assert_eq!(joined(&pieces), oversize);
        assert_eq!(pieces[0], Piece::Lines(b"a\n".to_vec()));
        assert!(matches!(&pieces[1], Piece::Oversize { is_last: false, .. }));
        assert!(
            matches!(&pieces[pieces.len() - 2], Piece::Oversize { bytes, is_last: true } if bytes.ends_with(b"\n"))
        );
        assert_eq!(pieces[pieces.len() - 1], Piece::Lines(b"b\nc".to_vec()));
    }

    #[test]
    fn an_oversize_line_may_lack_its_end() {
        let bytes = vec![b'x'; MAX_LINE_BYTES + OVERSIZE_PIECE_BYTES];
        let pieces = pieces(&bytes);
        assert_eq!(joined(&pieces), bytes);
        assert!(matches!(pieces.last(), Some(Piece::Oversize { is_last: true, .. })));
    }
}
