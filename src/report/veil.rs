//! The one way out of a shared report: everything written is masked, line by line, whatever its format.
//!
//! Pseudonyms need no escape in any of them, and escapes are undone before anything is looked for.

use std::io::{self, Write};

use crate::domain::mask::Mask;

/// A writer that masks.
pub struct Veil<'a> {
    out: &'a mut dyn Write,
    mask: &'a Mask,
    line: Vec<u8>,
}

impl<'a> Veil<'a> {
    /// Masks what is written to `out`.
    pub fn new(out: &'a mut dyn Write, mask: &'a Mask) -> Self {
        Self {
            out,
            mask,
            line: Vec::new(),
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        let masked = self.mask.mask_bytes(&self.line);
        self.line.clear();
        self.out.write_all(&masked)
    }
}

impl Write for Veil<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|b| *b == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end_line()?;
        self.out.flush()
    }
}

impl Drop for Veil<'_> {
    fn drop(&mut self) {
        // Whoever wants to know whether it worked has flushed.
        let _gone = self.end_line();
    }
}
