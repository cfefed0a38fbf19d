//! Words and values in 64 bytes of a text, found by arithmetic on one bit for each byte.
//!
//! It knows runs of bits alone; what a word is worth is none of its business.

use wide::i8x16;

/// So many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// A bit for each byte, the first byte lowest.
pub(super) struct Block {
    /// Within a word.
    within: u64,
    digits: u64,
}

/// What stands at the end of a block.
pub(super) enum Last {
    /// Nothing that goes on behind it.
    Whole,
    /// A value that may go on.
    Value,
    /// A word that may go on, or be a value then, and where it begins.
    Word(usize),
}

impl Block {
    /// The bytes from there on; behind the end of the text there is nothing.
    pub(super) fn of(text: &[u8], at: usize) -> Self {
        if let Some(block) = text[at..].first_chunk() {
            return Self::new(block);
        }
        // Near the end, the last block of all, without what stands before.
        if let Some(block) = text.last_chunk() {
            let Self { within, digits } = Self::new(block);
            let before = at + BLOCK - text.len();
            return Self {
                within: within >> before,
                digits: digits >> before,
            };
        }
        let mut padded = [0; BLOCK];
        padded[..text.len() - at].copy_from_slice(&text[at..]);
        Self::new(&padded)
    }

    fn new(block: &[u8; BLOCK]) -> Self {
        let (parts, _) = block.as_chunks();
        let (mut within, mut digits) = (0, 0);
        for (at, part) in parts.iter().enumerate() {
            let bytes = i8x16::new(part.map(u8::cast_signed));
            let digit = among(bytes, b'0', b'9');
            // This bit is all that differs in great and small letters.
            let letter = among(bytes | i8x16::splat(0x20), b'a', b'z');
            let sign = among(bytes, b'-', b'.') | among(bytes, b'_', b'_');
            digits |= u64::from(digit.to_bitmask()) << (16 * at);
            within |= u64::from((digit | letter | sign).to_bitmask()) << (16 * at);
        }
        Self { within, digits }
    }

    /// Drops what the first word or value has of this block; tells whether that is the whole block.
    pub(super) fn drop_first(&mut self) -> bool {
        let all = self.within == u64::MAX;
        self.within &= self.within.wrapping_add(1);
        all
    }

    /// Drops what may go on behind the block.
    pub(super) fn drop_last(&mut self) -> Last {
        let length = self.within.leading_ones() as usize;
        if length == 0 {
            return Last::Whole;
        }
        let from = BLOCK - length;
        self.within &= !(u64::MAX << from);
        if self.digits >> from == 0 {
            Last::Word(from)
        } else {
            Last::Value
        }
    }

    /// Where each word begins and ends, but for those with a digit in them; none may reach the end of the
    /// block.
    pub(super) fn each_word(&self, mut each: impl FnMut(usize, usize)) {
        let digits = self.digits & self.within;
        // In each run, the sum takes away the first digit and all behind it but for further digits.
        let from_digit = self.within & (!self.within.wrapping_add(digits) | digits);
        let before = self.within & !from_digit;
        let starts = before & !(before << 1);
        // Where no digit follows.
        let mut ends = before.wrapping_add(starts) & !self.within;
        while ends != 0 {
            let end = ends.trailing_zeros();
            let length = (before << (u64::BITS - end)).leading_ones();
            each((end - length) as usize, end as usize);
            ends &= ends - 1;
        }
    }
}

/// All bits of each byte from the first to the last of these.
fn among(bytes: i8x16, first: u8, last: u8) -> i8x16 {
    const TOP: u8 = i8::MAX as u8;
    // Moved so that the last is the greatest there is: what was greater comes out below all others.
    let moved = bytes + i8x16::splat((TOP - last).cast_signed());
    let below = TOP - (last - first) - 1;
    moved.simd_gt(i8x16::splat(below.cast_signed()))
}

/// How long the word or value is that begins here.
pub(super) fn word_length(text: &[u8]) -> usize {
    let within = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    text.iter().take_while(within).count()
}
