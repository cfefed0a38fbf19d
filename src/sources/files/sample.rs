//! Whole lines from all over an input, to learn from how it is written.
//!
//! The beginning alone may be one day of one month, and of what is packed or still to come there is
//! nothing but the beginning.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::input::HEAD;

/// Bytes of each piece behind the first.
const PIECE: u64 = 16 << 10;
/// Pieces behind the first, the last of them at the end.
const PIECES: u64 = 8;

/// Lines of an input, in its order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sample {
    pieces: Vec<Vec<u8>>,
    /// Its last line is the last of the input.
    pub to_end: bool,
}

impl Sample {
    /// The beginning alone, whose last line may go on.
    pub fn of_head(head: &[u8]) -> Self {
        Self {
            pieces: vec![head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).to_vec()],
            to_end: false,
        }
    }

    /// Pieces of a whole file, which is then to be read from its beginning.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_file(file: &mut File) -> io::Result<Self> {
        let mut head = Vec::new();
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let mut sample = Self::of_head(&head);
        let (from, len) = (head.len() as u64, file.metadata()?.len());
        sample.to_end = true;
        if head.len() == HEAD {
            sample.add_pieces(file, from, len)?;
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(sample)
    }

    /// Pieces between two places.
    fn add_pieces(&mut self, file: &mut File, from: u64, len: u64) -> io::Result<()> {
        for number in 1..=PIECES {
            let span = len.saturating_sub(from + PIECE);
            let at = from + span * number / PIECES;
            let mut piece = Vec::new();
            file.seek(SeekFrom::Start(at))?;
            file.by_ref().take(PIECE).read_to_end(&mut piece)?;
            // It begins within a line.
            let begin = memchr::memchr(b'\n', &piece).map_or(piece.len(), |end| end + 1);
            piece.drain(..begin);
            self.pieces.push(piece);
            if span == 0 {
                break;
            }
        }
        Ok(())
    }

    /// The beginning, and whether there is no more.
    pub fn head(&self) -> (&[u8], bool) {
        let head = self.pieces.first().map_or(&b""[..], Vec::as_slice);
        (head, self.to_end && self.pieces.len() == 1)
    }

    /// The complete lines behind the beginning.
    pub fn lines_behind(&self) -> Vec<&[u8]> {
        self.lines_from(1)
    }

    /// The complete lines.
    pub fn lines(&self) -> Vec<&[u8]> {
        self.lines_from(0)
    }

    fn lines_from(&self, first: usize) -> Vec<&[u8]> {
        let mut lines = Vec::new();
        for (number, piece) in self.pieces.iter().enumerate().skip(first) {
            let last = number + 1 == self.pieces.len();
            let whole = if last && (self.to_end || !piece.contains(&b'\n')) {
                piece.len()
            } else {
                memchr::memrchr(b'\n', piece).map_or(0, |end| end + 1)
            };
            let piece = piece[..whole].split(|byte| *byte == b'\n');
            lines.extend(piece.map(|line| line.strip_suffix(b"\r").unwrap_or(line)));
        }
        lines
    }
}
