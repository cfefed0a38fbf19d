//! Timestamps in lines of text: where they stand, and what they mean.
//!
//! Whether a line has a timestamp depends on the line alone, never on the lines before it: input
//! may then be cut anywhere and still be read alike. It does not decide where an event ends.

use super::calendar::{Assumed, Calendar};
use super::layout::Said;
use super::notation::{self, Reading, Zone};
use super::tai64n;
use crate::domain::time::Timestamp;

/// 9999-12-31T23:59:59.999Z.
const LAST: i64 = 253_402_300_799_999;
/// Timestamps stand near the beginning of a line.
const REACH: usize = 512;
/// Words that may stand before a timestamp.
const LEVELS: [&str; 16] = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical",
    "crit", "severe", "alert", "emerg", "panic", "fine",
];

/// What a line says about its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stamp {
    /// Nothing.
    None,
    /// A time outside the years 1970 to 9999.
    Bad,
    /// A time.
    At {
        /// When.
        time: Timestamp,
        /// Where the event's text begins: behind the timestamp that an export to S3 puts before a
        /// message, else at the beginning of the line.
        text: usize,
    },
}

impl Stamp {
    /// A time in milliseconds, if it is in range.
    pub fn of_millis(millis: i64, text: usize) -> Self {
        if (0..=LAST).contains(&millis) {
            Self::At {
                time: Timestamp(millis),
                text,
            }
        } else {
            Self::Bad
        }
    }
}

/// Reads the timestamps of one input.
pub struct Stamps {
    calendar: Calendar,
}

impl Stamps {
    /// A reader with these assumptions.
    pub const fn new(assumed: Assumed) -> Self {
        Self {
            calendar: Calendar::new(assumed),
        }
    }

    /// The timestamp of a line of text.
    pub fn line(&mut self, line: &[u8]) -> Stamp {
        if line.first().is_none_or(u8::is_ascii_whitespace) {
            return Stamp::None;
        }
        if let Some((reading, end)) = notation::read(line) {
            let export = end == 24
                && line[10] == b'T'
                && line[19] == b'.'
                && line[23] == b'Z'
                && line.get(24) == Some(&b' ');
            return self.resolve(reading, if export { 25 } else { 0 });
        }
        if let Some((reading, _)) = tai64n::read(line) {
            return self.resolve(reading, 0);
        }
        let near = &line[..line.len().min(REACH)];
        behind_prefix(near)
            .or_else(|| common_log(near))
            .or_else(|| key_value(near))
            .map_or(Stamp::None, |reading| self.resolve(reading, 0))
    }

    /// The first timestamp at the beginning of any word near the beginning of a line.
    pub fn anywhere(&mut self, line: &[u8]) -> Stamp {
        let near = &line[..line.len().min(REACH)];
        (0..near.len())
            .filter(|at| {
                *at == 0 || matches!(near[at - 1], b' ' | b'\t' | b'[' | b'(' | b'"' | b'=')
            })
            .find_map(|at| notation::read(&near[at..]))
            .map_or(Stamp::None, |(reading, _)| self.resolve(reading, 0))
    }

    /// The timestamp that a JSON value (without its quotes) or a whole field is.
    pub fn value(&mut self, value: &[u8]) -> Stamp {
        let value = value.trim_ascii();
        match notation::read(value) {
            Some((reading, end)) if value[end..].trim_ascii().is_empty() => {
                self.resolve(reading, 0)
            }
            _ => notation::epoch(value).map_or(Stamp::None, |millis| Stamp::of_millis(millis, 0)),
        }
    }

    /// What a line says by the layout of its file.
    pub fn said(&mut self, said: Said) -> Stamp {
        match said {
            Said::Nothing => Stamp::None,
            Said::Impossible => Stamp::Bad,
            Said::Time(reading) => self.resolve(reading, 0),
        }
    }

    /// The time of a reading on the clock it was taken from, in milliseconds since 1970.
    pub fn local(&self, reading: &Reading) -> Option<i64> {
        Some(self.days(reading)? * 86_400_000 + reading.of_day)
    }

    fn resolve(&mut self, reading: Reading, text: usize) -> Stamp {
        let Some(local) = self.local(&reading) else {
            return Stamp::None;
        };
        let millis = match reading.zone {
            Zone::Ahead(minutes) => local - i64::from(minutes) * 60_000,
            Zone::Unknown => self.calendar.utc(local),
        };
        Stamp::of_millis(millis, text)
    }

    fn days(&self, reading: &Reading) -> Option<i64> {
        match reading.date {
            notation::Date::Full(days) => Some(days),
            notation::Date::NoYear(month, day) => {
                let year = self.calendar.year(month, day, reading.of_day)?;
                super::calendar::days(year, month, day)
            }
        }
    }
}

/// A timestamp behind a syslog priority, an opening bracket, or a level: `<34>1 2024-…`,
/// `[2024-…]`, `INFO 2024-…`, `INFO[2024-…]`, `[main] [WARN]\t2024-…`.
fn behind_prefix(line: &[u8]) -> Option<Reading> {
    let mut rest = line;
    if rest.first() == Some(&b'<') {
        let end = memchr::memchr(b'>', &rest[..rest.len().min(6)])?;
        if end < 2 || !rest[1..end].iter().all(u8::is_ascii_digit) {
            return None;
        }
        rest = &rest[end + 1..];
        rest = rest.strip_prefix(b"1 ").unwrap_or(rest);
        return notation::read(rest).map(|(reading, _)| reading);
    }
    for _ in 0..4 {
        let open = usize::from(matches!(rest.first(), Some(b'[' | b'(' | b'"')));
        if let Some((reading, _)) = notation::read(&rest[open..]) {
            return Some(reading);
        }
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        if let Some(open) = memchr::memchr(b'[', &rest[..end])
            && open > 0
            && is_label(&rest[..open])
        {
            return notation::read(&rest[open + 1..]).map(|(reading, _)| reading);
        }
        if !is_label(&rest[..end]) {
            return None;
        }
        rest = rest[end..].trim_ascii_start();
    }
    None
}

/// Whether a word may stand before a timestamp: a level, or anything in brackets.
fn is_label(word: &[u8]) -> bool {
    if word.len() > 2 && word[0] == b'[' && word[word.len() - 1] == b']' {
        return true;
    }
    let start = word.iter().position(u8::is_ascii_alphabetic);
    let end = word.iter().rposition(u8::is_ascii_alphabetic);
    let (Some(start), Some(end)) = (start, end) else {
        return word == b"|" || word == b"-";
    };
    LEVELS
        .iter()
        .any(|level| word[start..=end].eq_ignore_ascii_case(level.as_bytes()))
}

/// The timestamp of the Common Log Format, anywhere: `[10/Oct/2000:13:55:36 -0700]`.
fn common_log(line: &[u8]) -> Option<Reading> {
    memchr::memchr_iter(b'[', line).find_map(|at| {
        let (reading, end) = notation::read(&line[at + 1..])?;
        let slashed = line.get(at + 3) == Some(&b'/');
        (slashed && line.get(at + 1 + end) == Some(&b']')).then_some(reading)
    })
}

/// The timestamp of a logfmt line: the value of `time=`, `ts=` and the like. In other lines such a
/// value is anything that the service speaks of.
fn key_value(line: &[u8]) -> Option<Reading> {
    let first = line.iter().position(|b| matches!(b, b' ' | b'\t' | b'='))?;
    if line[first] != b'=' || !line[..first].iter().all(|b| is_key(*b)) {
        return None;
    }
    memchr::memchr_iter(b'=', line).find_map(|at| {
        let start = line[..at]
            .iter()
            .rposition(|b| matches!(b, b' ' | b'\t' | b'{' | b','))
            .map_or(0, |i| i + 1);
        notation::rank(&line[start..at])?;
        let value = &line[at + 1..];
        let value = match value.first()? {
            b'"' => value[1..].split(|byte| *byte == b'"').next()?,
            _ => &value[..memchr::memchr3(b' ', b'\t', b',', value).unwrap_or(value.len())],
        };
        notation::epoch(value)
            .filter(|millis| notation::EPOCHS.contains(millis))
            .map(Reading::of_epoch)
            .or_else(|| notation::read(value).map(|(reading, _)| reading))
    })
}

const fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@')
}
