//! Texts of a case that is being written are read again from it.

use std::io;

use super::CaseFile;
use crate::sources::files::frame::Bytes;
use crate::sources::texts::{Origin, RawEvent};

impl Bytes for CaseFile {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.pages.read_at(offset, into)
    }
}

impl Origin for CaseFile {
    fn read(&self, offset: u64) -> io::Result<RawEvent> {
        self.pages.read(offset)
    }
}
