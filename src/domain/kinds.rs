//! A number for the kind of a line: two lines that say the same of different things have the same.
//!
//! It must be cheap, for every line of a run may be asked, and must never give the kind of a rare line
//! to a common one: what stays the same is all that counts. No table of kinds is kept here.

use memchr::memmem;

/// So much of a line tells its kind, in bytes.
const TELLING: usize = 600;
/// In a line as CloudWatch exports it, what is said begins here.
const SAID: &[u8] = b"\"message\":\"";

/// A byte within a word.
const WITHIN: u8 = 1;
/// A digit: the word is a value.
const VARIES: u8 = 2;

/// What each byte is; 0 between words.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_digit() {
            classes[byte] = WITHIN | VARIES;
        } else if b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.') {
            classes[byte] = WITHIN;
        }
        byte += 1;
    }
    classes
};

/// The kind of a line: its words, but for those with a digit in them.
#[must_use]
pub fn kind(text: &[u8]) -> u64 {
    let text = &text[..text.len().min(TELLING)];
    let (mut kind, mut word, mut class) = (0_u64, 0_u64, 0_u8);
    // Without a branch on what a byte is: nobody could guess where words end.
    for byte in text {
        let now = CLASSES[usize::from(*byte)];
        // All bits within a word, none between words.
        let within = u64::from(now & WITHIN).wrapping_neg();
        let counts = u64::from(class & VARIES == 0).wrapping_neg() & !within;
        kind = kind.wrapping_add(spread(word) & counts);
        word = (word.rotate_left(9) ^ u64::from(*byte) ^ 0x2545_f491) & within;
        class = (class | now) & (now & WITHIN).wrapping_neg();
    }
    if class & VARIES == 0 {
        kind = kind.wrapping_add(spread(word));
    }
    kind
}

/// The kind of a line as it stands in a file, perhaps in an envelope: only what is said counts.
#[must_use]
pub fn kind_in_file(line: &[u8]) -> u64 {
    let enveloped = line.starts_with(b"{\"timestamp\":") || line.starts_with(b"{\"event");
    let said = enveloped.then(|| memmem::find(line, SAID)).flatten();
    kind(said.map_or(line, |at| &line[at + SAID.len()..]))
}

const fn spread(word: u64) -> u64 {
    let own = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    own ^ (own >> 29)
}
