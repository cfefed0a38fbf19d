//! A number for the kind of a line: two lines that say the same of different things have the same.
//!
//! It must be cheap, for every line of a run may be asked, and must never give the kind of a rare line
//! to a common one: what stays the same is all that counts. No table of kinds is kept here.

/// So much of a line tells its kind, in bytes.
const TELLING: usize = 640;
/// A word is no longer.
const WORD: u32 = 24;

const BETWEEN: u8 = 0;
const LETTER: u8 = 1;
const VARIABLE: u8 = 2;

/// What each byte is.
const CLASSES: [u8; 256] = {
    let mut classes = [BETWEEN; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_digit() {
            classes[byte] = VARIABLE;
        } else if b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.') {
            classes[byte] = LETTER;
        }
        byte += 1;
    }
    classes
};

/// The kind of a line: its words, but for those with a digit in them and those too long to be words.
#[must_use]
pub fn kind(text: &[u8]) -> u64 {
    let text = &text[..text.len().min(TELLING)];
    let (mut kind, mut word, mut length, mut varies) = (0_u64, 0_u64, 0_u32, false);
    // Without a branch on what a byte is: nobody could guess where words end.
    for byte in text.iter().chain(b" ") {
        let class = CLASSES[usize::from(*byte)];
        let ends = class == BETWEEN;
        let counts = ends && !varies && length < WORD;
        let own = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        kind = kind.wrapping_add(if counts { own ^ (own >> 29) } else { 0 });
        word = if ends {
            0
        } else {
            (word.rotate_left(9) ^ u64::from(*byte)).wrapping_add(0x2545)
        };
        length = if ends { 0 } else { length + 1 };
        varies = !ends && (varies || class == VARIABLE);
    }
    kind
}
