//! Which lines are trouble, and what kinds of trouble a batch holds.
//!
//! A line is trouble if it states a level of warning or above, or holds a word of trouble that is not
//! taken back (`0 errors`, `"error": null`). A line that states a lower level must hold a word that
//! leaves no doubt. The frames of a stack trace belong to the line before, also where they are
//! log events of their own.

use std::sync::LazyLock;

use super::capped::{Capped, Weigh};
use super::level::Level;
use super::mask::{self, mask};
use super::needles::{Needle, Needles};
use super::said::Said;
use super::view::Severity;
use crate::domain::buckets::{self, Buckets};
use crate::domain::event::TextRef;
use crate::domain::time::{Span, Timestamp};

/// What finding a needle means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hint {
    /// Nothing by itself; the line may state its level so.
    Level,
    /// Trouble, unless the line states a low level, or the word is part of a name.
    Weak,
    /// The same; with a number behind it, it is a setting.
    Timeout,
    /// Trouble whatever the level, unless it is part of a name.
    Strong,
    /// Trouble wherever it stands.
    Sure,
    /// How a process ended, which may have been well.
    Exit,
    /// The first digit of a status, which must be one from 500 to 599.
    Status,
}

use Hint::{Exit, Strong, Sure, Weak};

static NEEDLES: LazyLock<Needles<Hint>> = LazyLock::new(|| {
    Needles::new(&[
        ("", "ERROR", Weak),
        ("e", "rror", Weak),
        ("", "FATAL", Weak),
        ("f", "atal", Weak),
        ("", "CRIT", Weak),
        ("c", "ritical", Weak),
        ("", "SEVERE", Weak),
        ("", "WARN", Weak),
        ("", "warn", Weak),
        ("leve", "l\":40", Hint::Level),
        ("leve", "l\":50", Hint::Level),
        ("leve", "l\":60", Hint::Level),
        ("e", "xception", Strong),
        ("d", "enied", Strong),
        ("t", "imed out", Strong),
        ("t", "imeout", Hint::Timeout),
        ("t", "hrottl", Sure),
        ("r", "efused", Strong),
        ("f", "ailed", Strong),
        ("f", "ailure", Weak),
        ("", "FAIL", Weak),
        ("p", "anic", Weak),
        ("o", "ut of mem", Sure),
        ("k", "illed", Strong),
        ("e", "xit status", Exit),
        ("e", "xit code", Exit),
        ("e", "xited with", Exit),
        ("t", "raceback", Sure),
        ("u", "nreachable", Strong),
        ("u", "nauthorized", Strong),
        ("n", "ot authorized", Strong),
        ("f", "orbidden", Strong),
        ("a", "bort", Weak),
        ("r", "ejected", Weak),
        ("e", "xceeded", Weak),
        ("u", "navailable", Weak),
        ("statu", "s\":5", Hint::Status),
        ("statu", "s\": 5", Hint::Status),
        ("stat", "us=5", Hint::Status),
        ("statu", "s: 5", Hint::Status),
        ("cod", "e\":5", Hint::Status),
        ("cod", "e\": 5", Hint::Status),
        ("co", "de=5", Hint::Status),
    ])
});

/// So much of a log event is read.
const MOST_READ: usize = 1 << 16;
/// So many words of trouble of one line are weighed.
const MOST_HINTS: usize = 32;
/// So many templates of one batch, and of a run, are kept for certain.
pub(super) const MOST_TEMPLATES: usize = 4_096;
/// So many buckets are kept of a template.
pub(super) const OF_TEMPLATE: u16 = 128;

/// Lines of one template.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    pub(super) count: u64,
    pub(super) named: u64,
    pub(super) severity: Severity,
    pub(super) span: Span,
    pub(super) over_time: Buckets<u64>,
    /// The earliest.
    pub(super) example: (Timestamp, TextRef),
}

impl Lines {
    /// None yet, but the one at this place is about to be added; at most so many buckets.
    pub(super) const fn new(time: Timestamp, text: TextRef, most: u16) -> Self {
        Self {
            count: 0,
            named: 0,
            severity: Severity::Unstated,
            span: Span {
                from: time,
                to: time,
            },
            over_time: Buckets::new(most),
            example: (time, text),
        }
    }

    fn add(&mut self, line: (Timestamp, TextRef), named: bool, severity: Severity) {
        self.count += 1;
        self.named += u64::from(named);
        self.severity = self.severity.max(severity);
        self.span = self.span.union(Span::new(line.0, line.0));
        *self.over_time.at(line.0) += 1;
        self.example = self.example.min(line);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.named += other.named;
        self.severity = self.severity.max(other.severity);
        self.span = self.span.union(other.span);
        self.over_time.merge(&other.over_time);
        self.example = self.example.min(other.example);
    }
}

impl Weigh for Lines {
    fn weight(&self) -> u64 {
        self.count
    }
}

/// The trouble of one batch.
#[derive(Debug)]
pub(super) struct Troubles {
    pub(super) templates: Capped<Vec<u8>, Lines>,
    said: Said,
    masked: Vec<u8>,
}

impl Default for Troubles {
    fn default() -> Self {
        Self {
            templates: Capped::new(MOST_TEMPLATES),
            said: Said::default(),
            masked: Vec::with_capacity(2 * mask::MOST),
        }
    }
}

impl Troubles {
    /// Takes note of one log event, if it is trouble.
    pub(super) fn see(&mut self, text: &[u8], time: Timestamp, place: TextRef, named: bool) {
        let text = &text[..text.len().min(MOST_READ)];
        let Some(first) = NEEDLES.find(text, 0) else {
            return;
        };
        if is_frame(text) {
            return;
        }
        self.said.read(text);
        let Some(severity) = severity(text, first, self.said.level) else {
            return;
        };
        self.masked.clear();
        mask(&self.said.text, &mut self.masked);
        if let Some(lines) = self.templates.get_mut(&*self.masked) {
            lines.add((time, place), named, severity);
        } else {
            let new = || Lines::new(time, place, buckets::MOST);
            let lines = self.templates.entry(self.masked.clone(), new);
            lines.add((time, place), named, severity);
        }
    }
}

/// How grave a line is, if it is trouble at all.
fn severity(text: &[u8], first: Needle<Hint>, level: Option<Level>) -> Option<Severity> {
    if let Some(Level::Grave(severity)) = level {
        return Some(severity);
    }
    let low = level == Some(Level::Low);
    let mut next = Some(first);
    for _ in 0..MOST_HINTS {
        let found = next?;
        let counts = match found.means {
            Hint::Level => false,
            Hint::Status => is_status(&text[found.end - 1..]),
            Sure => true,
            Exit => !ended_well(&text[found.end..]),
            Strong => is_word(text, found) && !is_taken_back(text, found),
            Weak | Hint::Timeout => !low && is_word(text, found) && !is_taken_back(text, found),
        };
        if counts {
            return Some(Severity::Unstated);
        }
        next = NEEDLES.find(text, found.end);
    }
    None
}

/// A line of a stack trace behind its first, or the head of one whose end says more.
fn is_frame(text: &[u8]) -> bool {
    let bare = text.trim_ascii();
    let indented = text.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
    let frame = |start: &&[u8]| bare.starts_with(start);
    (indented && [&b"at "[..], b"File \"", b"... "].iter().any(frame))
        || bare.starts_with(b"Caused by: ")
        || bare == b"Traceback (most recent call last):"
}

fn is_status(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    digits == 3
}

/// `exit status 0`, `exited with code 0`.
fn ended_well(rest: &[u8]) -> bool {
    let near = &rest[..rest.len().min(16)];
    let digits = near.iter().position(u8::is_ascii_digit);
    digits.is_some_and(|at| is_zero(&near[at..]))
}

/// Whether it is a word of its own, but for an ending, or the last of several: `errors`, `TimeoutError`,
/// but not `terror`, nor `errorHandler`.
fn is_word(text: &[u8], found: Needle<Hint>) -> bool {
    const ENDINGS: [&[u8]; 6] = [b"", b"s", b"ed", b"ked", b"ing", b"ure"];
    let before = found.start.checked_sub(1).map(|at| text[at]);
    let begins = text[found.start].is_ascii_uppercase()
        || !before.is_some_and(|b| b.is_ascii_alphanumeric());
    let rest = &text[found.end..];
    let tail = rest.iter().take_while(|b| in_name(**b)).count();
    let ending = &rest[..tail];
    let is_setting = || {
        let value = value_behind(&rest[tail..]);
        value.is_some_and(|v| v.first().is_some_and(u8::is_ascii_digit))
    };
    begins
        && ENDINGS.iter().any(|e| e.eq_ignore_ascii_case(ending))
        && !(found.means == Hint::Timeout && is_setting())
}

const fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_zero(value: &[u8]) -> bool {
    let more = |b: &u8| b.is_ascii_alphanumeric() || *b == b'.';
    value.first() == Some(&b'0') && !value.get(1).is_some_and(more)
}

/// What stands behind `=` or `:`, with or without a quote in between.
fn value_behind(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
    let rest = rest
        .strip_prefix(b"=")
        .or_else(|| rest.strip_prefix(b":"))?;
    Some(rest.trim_ascii_start())
}

/// `0 errors`, `no errors`, `failed=0`, `"error": null`.
fn is_taken_back(text: &[u8], found: Needle<Hint>) -> bool {
    let Needle { start, end, .. } = found;
    let head = text[..start].iter().rev();
    let head = head.take_while(|b| in_name(**b)).count();
    let tail = text[end..].iter().take_while(|b| in_name(**b)).count();
    let before = text[..start - head].trim_ascii_end();
    let word = before.iter().rev().take_while(|b| !b.is_ascii_whitespace());
    let word = &before[before.len() - word.count()..];
    if [&b"0"[..], b"no", b"No", b"without", b"zero", b"not"].contains(&word) {
        return true;
    }
    let Some(value) = value_behind(&text[end + tail..]) else {
        return false;
    };
    let nothing = [
        &b"null"[..],
        b"none",
        b"None",
        b"nil",
        b"false",
        b"\"\"",
        b"[]",
        b"{}",
    ];
    let bare = value.strip_prefix(b"\"").unwrap_or(value);
    let is_nothing = |n: &&[u8]| value.strip_prefix(*n).is_some_and(ends_there);
    nothing.iter().any(is_nothing) || is_zero(bare)
}

/// Whether a value ends here: `error=none job=7`, but not `error: null pointer`.
fn ends_there(rest: &[u8]) -> bool {
    let next = rest.trim_ascii_start();
    let mut word = next.iter().take_while(|b| !b.is_ascii_whitespace());
    !next.first().is_some_and(u8::is_ascii_alphanumeric)
        || (next.len() < rest.len() && word.any(|b| *b == b'='))
}
