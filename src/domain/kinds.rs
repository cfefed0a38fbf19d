//! A number for the kind of a line: two lines that say the same of different things have the same.
//!
//! It must be cheap, for every line of a run may be asked, and must never give the kind of a rare line
//! to a common one: what stays the same is all that counts. No table of kinds is kept here.

use std::sync::LazyLock;

use block::{BLOCK, Block, Last};
use memchr::memmem::Finder;

mod block;

/// So much of a line tells its kind, in bytes.
const TELLING: usize = 600;
/// In a line as CloudWatch exports it, what is said begins here.
static SAID: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"message\":\""));

/// The kind of a line: its words, but for those with a digit in them.
#[must_use]
pub fn kind(text: &[u8]) -> u64 {
    let text = &text[..text.len().min(TELLING)];
    let (mut kind, mut at, mut in_value) = (0_u64, 0, false);
    while at < text.len() {
        let mut block = Block::of(text, at);
        if in_value {
            in_value = block.drop_first();
        }
        let mut next = BLOCK;
        match block.drop_last() {
            Last::Whole => {}
            Last::Value => in_value = true,
            Last::Word(0) => {
                let end = at + block::word_length(&text[at..]);
                if !text[at..end].iter().any(u8::is_ascii_digit) {
                    kind = kind.wrapping_add(word(text, at, end));
                }
                next = end - at;
            }
            // The next block begins with it.
            Last::Word(from) => next = from,
        }
        block.each_word(|from, end| {
            kind = kind.wrapping_add(word(text, at + from, at + end));
        });
        at += next;
    }
    kind
}

/// A number for a word.
fn word(text: &[u8], from: usize, end: usize) -> u64 {
    let (mut word, mut at) = ((end - from) as u64, from);
    while at < end {
        let mut eight = eight(text, at);
        if end - at < 8 {
            eight &= (1 << (8 * (end - at))) - 1;
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
