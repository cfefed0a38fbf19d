//! Lines with which a process says that it starts.
//!
//! A start may be told in several lines; those near each other in one stream are one start.

use super::gauge::Start;
use crate::domain::time::Timestamp;

/// Lines so near to each other tell of one start, in milliseconds.
pub(super) const NEAR_MS: i64 = 30_000;
/// So far behind the word is looked for what makes it certain.
const NEAR: usize = 160;

/// Whether words of this kind, with this behind them, tell of a start.
pub(super) fn is_start(start: Start, rest: &[u8]) -> bool {
    let line = &rest[..rest.len().min(NEAR)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    match start {
        Start::Certain => true,
        Start::Started => took_time(line),
        Start::Starting => has_version(line),
    }
}

/// `Application in 3.2 seconds`
fn took_time(line: &[u8]) -> bool {
    memchr::memmem::find_iter(line, b" in ").any(|at| {
        let rest = &line[at + 4..];
        let number = rest
            .iter()
            .take_while(|b| b.is_ascii_digit() || **b == b'.');
        let number = number.count();
        let unit = rest[number..].trim_ascii_start();
        number > 0 && (unit.starts_with(b"s") || unit.starts_with(b"ms"))
    })
}

/// `engine v2.14.1`
fn has_version(line: &[u8]) -> bool {
    line.split(u8::is_ascii_whitespace).any(|word| {
        let word = word.strip_prefix(b"v").unwrap_or(word);
        let digits = word.iter().take_while(|b| b.is_ascii_digit()).count();
        digits > 0 && matches!(word[digits..], [b'.', b'0'..=b'9', ..])
    })
}

/// Times in order, of which those near each other become the first of them.
pub(super) fn apart(times: &[Timestamp]) -> Vec<Timestamp> {
    let mut kept: Vec<Timestamp> = Vec::new();
    let mut last = Timestamp::MIN;
    for time in times {
        if kept.is_empty() || time.since(last) > NEAR_MS {
            kept.push(*time);
        }
        last = *time;
    }
    kept
}
