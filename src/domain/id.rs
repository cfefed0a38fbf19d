//! Correlation IDs as the ledger keeps them: 16 bytes and a kind.
//!
//! A UUID or a 128-bit hex string becomes its bytes, a short ID stands in place, a long one is kept
//! in an arena. Two spellings of one UUID are one ID. Nothing here knows what an ID stands for.

/// The longest text that is taken for an ID, in bytes.
pub const MAX_LEN: usize = 1024;

/// How the 16 bytes of a key are to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum IdKind {
    /// The bytes of a UUID in its 36-character form.
    Uuid = 0,
    /// The bytes of 32 lower-case hex digits.
    Hex = 1,
    /// Up to 15 bytes of text; the last byte is its length.
    Short = 2,
    /// Offset (8 bytes) and length (4 bytes) in an arena, little-endian.
    Long = 3,
}

impl IdKind {
    /// The kind with this number; only the lowest two bits count.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        match bits & 3 {
            0 => Self::Uuid,
            1 => Self::Hex,
            2 => Self::Short,
            _ => Self::Long,
        }
    }
}

/// A correlation ID in 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IdKey {
    /// See [`IdKind`].
    pub bytes: [u8; 16],
    /// How to read them.
    pub kind: IdKind,
}

impl IdKey {
    /// The key of `text`; a long text is put into `arena`. `None` where it is no ID at all: empty,
    /// or longer than [`MAX_LEN`].
    #[must_use]
    pub fn new(text: &[u8], arena: &mut Vec<u8>) -> Option<Self> {
        let text = text.trim_ascii();
        if text.is_empty() || text.len() > MAX_LEN {
            return None;
        }
        let found = match text.len() {
            36 => uuid(text).map(|bytes| (bytes, IdKind::Uuid)),
            32 => hex(text).map(|bytes| (bytes, IdKind::Hex)),
            1..=15 => {
                let mut bytes = [0; 16];
                bytes[..text.len()].copy_from_slice(text);
                bytes[15] = text.len() as u8;
                Some((bytes, IdKind::Short))
            }
            _ => None,
        };
        let (bytes, kind) = found.unwrap_or_else(|| (store(text, arena), IdKind::Long));
        Some(Self { bytes, kind })
    }

    /// The text of a long ID.
    #[must_use]
    pub fn long<'a>(&self, arena: &'a [u8]) -> &'a [u8] {
        let offset = u64::from_le_bytes(self.bytes[..8].try_into().unwrap_or_default()) as usize;
        let len = u32::from_le_bytes(self.bytes[8..12].try_into().unwrap_or_default()) as usize;
        arena.get(offset..offset + len).unwrap_or_default()
    }

    /// The same ID with its text moved from one arena to another.
    #[must_use]
    pub fn moved(&self, from: &[u8], to: &mut Vec<u8>) -> Self {
        match self.kind {
            IdKind::Long => Self {
                bytes: store(self.long(from), to),
                kind: IdKind::Long,
            },
            _ => *self,
        }
    }

    /// The bytes that make two IDs equal or different.
    #[must_use]
    pub fn identity<'a>(&'a self, arena: &'a [u8]) -> &'a [u8] {
        match self.kind {
            IdKind::Long => self.long(arena),
            _ => &self.bytes,
        }
    }

    /// The ID as a person reads it.
    #[must_use]
    pub fn text(&self, arena: &[u8]) -> String {
        let mut text = String::with_capacity(36);
        self.push_text(arena, &mut text);
        text
    }

    /// Appends the same to a text.
    pub fn push_text(&self, arena: &[u8], text: &mut String) {
        match self.kind {
            IdKind::Uuid => {
                for (index, byte) in self.bytes.iter().enumerate() {
                    if matches!(index, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    push_hex(text, *byte);
                }
            }
            IdKind::Hex => self.bytes.iter().for_each(|byte| push_hex(text, *byte)),
            IdKind::Short => {
                let len = usize::from(self.bytes[15]).min(15);
                text.push_str(&String::from_utf8_lossy(&self.bytes[..len]));
            }
            IdKind::Long => text.push_str(&String::from_utf8_lossy(self.long(arena))),
        }
    }
}

fn store(text: &[u8], arena: &mut Vec<u8>) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(arena.len() as u64).to_le_bytes());
    bytes[8..12].copy_from_slice(&(text.len() as u32).to_le_bytes());
    arena.extend_from_slice(text);
    bytes
}

fn push_hex(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// Value of every hex digit; 255 for what is none.
const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut i = 0;
    while i < 10 {
        table[b'0' as usize + i] = i as u8;
        i += 1;
    }
    let mut i = 0;
    while i < 6 {
        table[b'a' as usize + i] = 10 + i as u8;
        table[b'A' as usize + i] = 10 + i as u8;
        i += 1;
    }
    table
};

fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    /// Where each byte's two digits stand in the 36 characters.
    const AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
    if text.len() != 36 || [8, 13, 18, 23].iter().any(|at| text[*at] != b'-') {
        return None;
    }
    pairs(text, |index| AT[index])
}

fn hex(text: &[u8]) -> Option<[u8; 16]> {
    // Upper case is left as text, so that it is shown as it was written.
    if text.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    pairs(text, |index| 2 * index)
}

fn pairs(text: &[u8], at: impl Fn(usize) -> usize) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let mut bad = 0;
    for (index, byte) in bytes.iter_mut().enumerate() {
        let high = HEX[usize::from(text[at(index)])];
        let low = HEX[usize::from(text[at(index) + 1])];
        bad |= high | low;
        *byte = high << 4 | low;
    }
    (bad < 16).then_some(bytes)
}
