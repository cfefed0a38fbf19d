//! Reads `key=value` pairs out of a line of text.
//!
//! A line that consists of nothing else, after at most a time and a level, is taken by structure, like
//! a JSON object; in any other line the pairs are loose, and a rule on a field must not rely on them.
//! Pairs may follow each other without a blank (`a=1,b=2`); what ends a value is the same for all who read.

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
        let Some(bounds) = bounds(text, equals + 1) else {
            return Shape::Loose;
        };
        let parted = bounds.after.checked_sub(1).map(|last| text[last]);
        let ends = text.get(bounds.after).is_none_or(u8::is_ascii_whitespace);
        if !ends && !parted.is_some_and(|sign| b",;&|".contains(&sign)) {
            return Shape::Loose;
        }
        let Some(value) = value(text, &bounds, found) else {
            return Shape::Loose;
        };
        if let Some((slot, entry)) = wanted.top(&text[start..equals]) {
            let bit = 1u128 << (entry % 128);
            found.ambiguous |= seen & bit != 0;
            seen |= bit;
            found.hits.push((slot, value));
        }
        at = bounds.after;
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
        let begins = key > 0 && may_begin(text[..start].last().copied());
        let Some(bounds) = begins.then(|| bounds(text, equals + 1)).flatten() else {
            at = equals + 1;
            continue;
        };
        at = if opens(text, equals + 1) {
            equals + 2
        } else {
            bounds.after
        };
        if let Some((slot, _)) = wanted.top(&text[start..equals])
            && !found.hits.iter().any(|(known, _)| *known == slot)
            && let Some(value) = value(text, &bounds, found)
        {
            found.hits.push((slot, value));
        }
    }
}

/// Whether a byte belongs to a key.
#[must_use]
pub fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@')
}

/// Whether a pair may begin behind this byte.
#[must_use]
pub fn may_begin(before: Option<u8>) -> bool {
    before.is_none_or(|byte| b" \t\n([{,;&|".contains(&byte))
}

/// Whether a value begins with a bracket, which may hold pairs itself.
#[must_use]
pub fn opens(text: &[u8], start: usize) -> bool {
    matches!(text.get(start), Some(b'{' | b'[' | b'('))
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// The value itself, without quotes and what closes a clause.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where to read on: behind the quote, the word, or the sign that parts it from the next pair.
    pub after: usize,
    escaped: bool,
}

/// The value that begins behind an equals sign, unless its quote is never closed.
#[must_use]
pub fn bounds(text: &[u8], start: usize) -> Option<Bounds> {
    match text.get(start) {
        Some(b'"') => quoted(text, start + 1),
        Some(b'\'') => Some(single(text, start + 1).unwrap_or_else(|| plain(text, start))),
        _ => Some(plain(text, start)),
    }
}

/// Up to the quote that closes.
fn quoted(text: &[u8], start: usize) -> Option<Bounds> {
    let mut end = start;
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
    Some(Bounds {
        start,
        end,
        after: end + 1,
        escaped,
    })
}

/// A word in single quotes; an apostrophe closes nothing.
fn single(text: &[u8], start: usize) -> Option<Bounds> {
    let rest = &text[start..word_end(text, start)];
    let len = rest.iter().position(|b| *b == b'\'')?;
    let behind = &rest[len + 1..];
    let goes_on = behind.first().is_some_and(u8::is_ascii_alphanumeric);
    let read = match parted(behind) {
        Some(0) => len + 2,
        _ => rest.len(),
    };
    (len > 0 && !goes_on).then_some(Bounds {
        start,
        end: start + len,
        after: start + read,
        escaped: false,
    })
}

/// Up to the next blank, or to a sign that another pair follows.
fn plain(text: &[u8], start: usize) -> Bounds {
    let start = start.min(text.len());
    let word = &text[start..word_end(text, start)];
    let end = parted(word).unwrap_or(word.len());
    // Punctuation that closes a clause is not part of a value.
    let closes = |b: u8| b",;:.)]}\"'|".contains(&b) || b == b'>' && word[0] != b'<';
    let trimmed = word[..end].iter().rposition(|b| !closes(*b));
    Bounds {
        start,
        end: start + trimmed.map_or(0, |last| last + 1),
        after: start + end + usize::from(end < word.len()),
        escaped: false,
    }
}

/// Where the first value of a word ends that has another pair behind it. A value that has an equals sign
/// itself is taken whole: a query, a distinguished name.
fn parted(word: &[u8]) -> Option<usize> {
    let equals = memchr::memchr(b'=', word)?;
    let key = word[..equals].iter().rev().take_while(|b| in_key(**b));
    let begin = equals - key.count();
    let sign = begin.checked_sub(1)?;
    (begin < equals && b",;&|".contains(&word[sign])).then_some(sign)
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

/// The value within its bounds, as it was meant.
fn value(text: &[u8], bounds: &Bounds, found: &mut Found) -> Option<Value> {
    let value = |place, start, end| Value {
        place,
        start,
        end,
        kind: Kind::Text,
        at: bounds.start,
    };
    if !bounds.escaped {
        return Some(value(Place::Original, bounds.start, bounds.end));
    }
    let from = found.scratch.len();
    let string = Text {
        start: bounds.start,
        end: bounds.end,
        escaped: true,
    };
    json::decode(text, string, &mut found.scratch).ok()?;
    Some(value(Place::Scratch, from, found.scratch.len()))
}
