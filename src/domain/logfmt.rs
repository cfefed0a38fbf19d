//! Reads `key=value` pairs out of a line of text.
//!
//! A line that consists of nothing else, after at most a time and a level, is taken by structure, like
//! a JSON object; in any other line the pairs are loose, and a rule on a field must not rely on them.

use super::fields::{Found, Kind, Place, Value};
use super::json::{self, Text};
use super::wanted::Wanted;

/// How a line is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Pairs and nothing else.
    Strict,
    /// Pairs among other words, or none at all.
    Loose,
}

/// Adds the wanted pairs of `text` to `found`, which must be empty.
pub fn walk(text: &[u8], wanted: &Wanted, found: &mut Found) -> Shape {
    let shape = strict(text, wanted, found);
    if shape == Shape::Loose {
        found.clear();
        loose(text, wanted, found);
    }
    shape
}

/// Whether a text is made of pairs and nothing else.
#[must_use]
pub fn is_strict(text: &[u8]) -> bool {
    strict(text, &Wanted::new([]), &mut Found::default()) == Shape::Strict
}

/// Reads pair after pair, as long as there is nothing else.
fn strict(text: &[u8], wanted: &Wanted, found: &mut Found) -> Shape {
    let mut seen = 0u128;
    let mut at = prefix_end(text);
    while let Some(start) = next_word(text, at) {
        let key = text[start..].iter().take_while(|b| in_key(**b)).count();
        let equals = start + key;
        if key == 0 || text.get(equals) != Some(&b'=') {
            return Shape::Loose;
        }
        let Some((value, end)) = value_at(text, equals + 1, found) else {
            return Shape::Loose;
        };
        if let Some((slot, entry)) = wanted.top(&text[start..equals]) {
            let bit = 1u128 << (entry % 128);
            found.ambiguous |= seen & bit != 0;
            seen |= bit;
            found.hits.push((slot, value));
        }
        at = end;
    }
    Shape::Strict
}

/// Looks around every equals sign outside of quoted values; the first pair of a key counts.
fn loose(text: &[u8], wanted: &Wanted, found: &mut Found) {
    let mut at = 0;
    while let Some(equals) = memchr::memchr(b'=', &text[at..]).map(|offset| at + offset) {
        let key = text[at..equals]
            .iter()
            .rev()
            .take_while(|b| in_key(**b))
            .count();
        let start = equals - key;
        let begins = start == 0 || matches!(text[start - 1], b' ' | b'\t' | b'(' | b'[' | b',');
        let value = value_at(text, equals + 1, found);
        let (Some((value, end)), true) = (value, begins && key > 0) else {
            at = equals + 1;
            continue;
        };
        if let Some((slot, _)) = wanted.top(&text[start..equals])
            && !found.hits.iter().any(|(known, _)| *known == slot)
        {
            found.hits.push((slot, value));
        }
        at = end;
    }
}

fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@')
}

/// Where the time and the level at the beginning of a line end.
fn prefix_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(start) = next_word(text, at) {
        let end = word_end(text, start);
        if !opens_a_line(&text[start..end]) {
            break;
        }
        at = end;
    }
    at
}

fn opens_a_line(word: &[u8]) -> bool {
    const LEVELS: [&[u8]; 9] = [
        b"INFO",
        b"WARN",
        b"ERROR",
        b"DEBUG",
        b"TRACE",
        b"NOTICE",
        b"WARNING",
        b"FATAL",
        b"CRITICAL",
    ];
    let bare = word.strip_prefix(b"[").unwrap_or(word);
    let bare = bare.strip_suffix(b"]").unwrap_or(bare);
    let in_time = |b: &u8| {
        b.is_ascii_digit() || matches!(b, b':' | b'.' | b',' | b'-' | b'/' | b'+' | b'T' | b'Z')
    };
    match bare.first() {
        Some(b'0'..=b'9' | b'+' | b'-') => bare.iter().all(in_time),
        Some(_) => bare.len() <= 8 && LEVELS.iter().any(|l| l.eq_ignore_ascii_case(bare)),
        None => false,
    }
}

fn next_word(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    Some(at + rest.iter().position(|b| !b.is_ascii_whitespace())?)
}

fn word_end(text: &[u8], at: usize) -> usize {
    at + text[at..]
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(text.len() - at)
}

fn value_at(text: &[u8], start: usize, found: &mut Found) -> Option<(Value, usize)> {
    let value = |place, start, end| Value {
        place,
        start,
        end,
        kind: Kind::Text,
    };
    if text.get(start) != Some(&b'"') {
        let end = word_end(text, start.min(text.len()));
        // Punctuation that closes a clause is not part of a value.
        let trimmed = text[start..end]
            .iter()
            .rposition(|b| !b",;:.)]}>\"'".contains(b))
            .map_or(start, |last| start + last + 1);
        return Some((value(Place::Original, start, trimmed), end));
    }
    let mut end = start + 1;
    let mut escaped = false;
    loop {
        match text.get(end)? {
            b'"' => break,
            b'\\' => {
                escaped = true;
                end += 2;
            }
            _ => end += 1,
        }
    }
    let after = end + 1;
    if text.get(after).is_some_and(|b| !b.is_ascii_whitespace()) {
        return None;
    }
    if !escaped {
        return Some((value(Place::Original, start + 1, end), after));
    }
    let from = found.scratch.len();
    let string = Text {
        start: start + 1,
        end,
        escaped,
    };
    json::decode(text, string, &mut found.scratch).ok()?;
    Some((value(Place::Scratch, from, found.scratch.len()), after))
}
