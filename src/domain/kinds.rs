//! A number for the kind of a line: two lines that say the same of different things have the same.
//!
//! It must be cheap, for every line of a run may be asked, and must never give the kind of a rare line
//! to a common one: what stays the same is all that counts. No table of kinds is kept here.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// So much of a line tells its kind, in bytes.
const TELLING: usize = 600;
/// In a line as CloudWatch exports it, what is said begins here.
static SAID: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"message\":\""));

/// So many bytes are looked at together: one bit each.
const BLOCK: usize = 64;

/// The kind of a line: its words, but for those with a digit in them.
#[must_use]
pub fn kind(text: &[u8]) -> u64 {
    let text = &text[..text.len().min(TELLING)];
    let (mut kind, mut at) = (0_u64, 0);
    while at < text.len() {
        let rest = &text[at..];
        let (mut left, mut next) = (within(text, at), rest.len().min(BLOCK));
        while left != 0 {
            let from = left.trailing_zeros() as usize;
            let mut end = from + (left >> from).trailing_ones() as usize;
            // What goes on behind the block is looked at as a whole.
            if end == BLOCK && from > 0 {
                next = from;
                break;
            }
            if end == BLOCK {
                let more = rest[end..]
                    .iter()
                    .take_while(|byte| within_word(**byte) == 1);
                end += more.count();
                next = end;
            }
            kind = kind.wrapping_add(word(text, at + from, at + end));
            // The lowest run of bits is carried away.
            left &= left.wrapping_add(left & left.wrapping_neg());
        }
        at += next;
    }
    kind
}

/// A bit for each of the bytes from there on that is within a word.
fn within(text: &[u8], at: usize) -> u64 {
    if let Some(block) = text[at..].first_chunk() {
        return bits(block);
    }
    // Near the end, the last block of all, without what stands before.
    if let Some(block) = text.last_chunk() {
        return bits(block) >> (at + BLOCK - text.len());
    }
    let mut padded = [0; BLOCK];
    padded[..text.len() - at].copy_from_slice(&text[at..]);
    bits(&padded)
}

/// A bit for each byte that is within a word.
fn bits(block: &[u8; BLOCK]) -> u64 {
    let mut flags = [0; BLOCK];
    for (flag, byte) in flags.iter_mut().zip(block) {
        *flag = within_word(*byte);
    }
    let (eights, _) = flags.as_chunks();
    let eight = |flags: &[u8; 8]| u64::from_le_bytes(*flags).wrapping_mul(GATHER) >> 56;
    let gathered = eights.iter().enumerate();
    gathered.fold(0, |all, (at, flags)| all | eight(flags) << (8 * at))
}

/// Times this, the lowest bits of eight bytes come to stand side by side at the top.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// 1 for a byte within a word; without a branch on what it is, so that many can be asked at once.
fn within_word(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0') < 10;
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let sign = byte.wrapping_sub(b'-') < 2;
    u8::from(digit) | u8::from(letter) | u8::from(sign) | u8::from(byte == b'_')
}

/// A number for a word; 0 if there is a digit in it: then it is a value.
fn word(text: &[u8], from: usize, end: usize) -> u64 {
    let (mut word, mut at) = ((end - from) as u64, from);
    while at < end {
        let mut eight = eight(text, at);
        if end - at < 8 {
            eight &= (1 << (8 * (end - at))) - 1;
        }
        // Of all that stands in words, only digits have this bit and not the one two above.
        if eight & !(eight >> 2) & 0x1010_1010_1010_1010 != 0 {
            return 0;
        }
        word = spread(word.rotate_left(23) ^ eight);
        at += 8;
    }
    word
}

/// Eight bytes, or fewer at the end of the text.
fn eight(text: &[u8], at: usize) -> u64 {
    if let Some(eight) = text[at..].first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    // Near the end, the last eight of all, without what stands before.
    if let Some(eight) = text.last_chunk() {
        return u64::from_le_bytes(*eight) >> (8 * (at + 8 - text.len()));
    }
    let mut eight = [0; 8];
    eight[..text.len() - at].copy_from_slice(&text[at..]);
    u64::from_le_bytes(eight)
}

/// The kind of a line as it stands in a file, perhaps in an envelope: only what is said counts.
#[must_use]
pub fn kind_in_file(line: &[u8]) -> u64 {
    let enveloped = line.starts_with(b"{\"timestamp\":") || line.starts_with(b"{\"event");
    let said = enveloped.then(|| SAID.find(line)).flatten();
    kind(said.map_or(line, |at| &line[at + SAID.needle().len()..]))
}

const fn spread(word: u64) -> u64 {
    let own = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    own ^ (own >> 29)
}
