//! Texts without their escapes, one behind the other in one place. It knows nothing of what they are.

use crate::domain::json::{self, Odd};

/// Unescaped texts, one behind the other. Keeps its room between uses.
#[derive(Default)]
pub struct Sink {
    bytes: Vec<u8>,
    len: usize,
}

impl Sink {
    /// How much of it is text.
    pub const fn end(&self) -> usize {
        self.len
    }

    /// The text.
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Forgets what lies behind `len`.
    pub const fn truncate(&mut self, len: usize) {
        self.len = len;
    }

    /// Adds text.
    pub fn add(&mut self, text: &[u8]) {
        self.bytes.truncate(self.len);
        self.bytes.extend_from_slice(text);
        self.len = self.bytes.len();
    }

    /// Adds the string whose opening quote is at `at`, without its escapes; gives the closing quote.
    ///
    /// # Errors
    /// When it is cut off or holds a wrong escape; what was read so far stays.
    #[inline]
    pub fn unescape(&mut self, bytes: &[u8], at: usize) -> Result<usize, Odd> {
        json::unescape(bytes, at, &mut self.bytes, &mut self.len)
    }
}
