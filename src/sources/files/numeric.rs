//! Dates written in numbers alone: `16/05/2024 09:26:05`, `[10.30 16:49:06]`, `24/05/16 9:26 AM`.
//!
//! Which number is the day cannot be read from one line: it is asked for, and never guessed here.

use super::calendar::days;
use super::notation::{self, Date, Reading, Zone};
use crate::config::date_order::DateOrder;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// What dates look like that are written alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Between the numbers; 0 where there is nothing.
    separator: u8,
    /// The year is not left out.
    year: bool,
    /// The number that has four digits.
    four: Option<u8>,
}

impl Shape {
    /// What the numbers may be.
    pub const fn orders(self) -> &'static [DateOrder] {
        match (self.separator, self.four, self.year) {
            (0, ..) | (_, Some(0), _) => &[DateOrder::Year],
            (_, Some(_), _) | (_, None, false) => &[DateOrder::Day, DateOrder::Month],
            (_, None, true) => &[DateOrder::Year, DateOrder::Day, DateOrder::Month],
        }
    }

    /// What they are where nothing else tells: whoever writes dots means the day first, and a
    /// short date without a year mostly has the month first.
    pub const fn usual(self) -> DateOrder {
        match (self.separator, self.four, self.year) {
            (0, ..) | (_, Some(0), _) | (_, None, true) => DateOrder::Year,
            (b'.' | b'-', Some(_), _) => DateOrder::Day,
            _ => DateOrder::Month,
        }
    }
}

/// A date in numbers with a time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Numbers {
    /// What it looks like.
    pub shape: Shape,
    parts: [u32; 3],
    of_day: i64,
    zone: Zone,
}

impl Numbers {
    /// What it says if its numbers are in this order; `None` if there is no such day.
    pub fn reading(&self, order: DateOrder) -> Option<Reading> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match order {
            DateOrder::Year => (a, b, c),
            DateOrder::Day => (c, b, a),
            DateOrder::Month => (c, a, b),
        };
        let date = if self.shape.year {
            let year = if year < 100 { 2000 + year } else { year };
            Date::Full(days(year as i32, month, day)?)
        } else {
            // A leap year has them all.
            days(2024, month, day)?;
            Date::NoYear(month, day)
        };
        Some(Reading {
            date,
            of_day: self.of_day,
            zone: self.zone,
        })
    }
}

/// The date and time of day at the beginning of `bytes`, and where it ends.
pub fn read(bytes: &[u8]) -> Option<(Numbers, usize)> {
    let (first, len) = number(bytes, 0)?;
    let (parts, shape, end) = match len {
        1 | 2 | 4 if !is_compact(bytes, len) => separated(bytes, first, len)?,
        6 => compact(first, true, len),
        8 => compact(first, false, len),
        14 | 17 => return packed(bytes, len),
        _ => return None,
    };
    let lead = bytes.get(end..)?;
    let gap = match lead {
        [b',', b' ', b'0'..=b'9', ..] => 2,
        [
            b' ' | b'\t' | b'T' | b'-' | b'_' | b':' | b'|' | b';' | b',',
            b'0'..=b'9',
            ..,
        ] => 1,
        _ => return None,
    };
    let of_day = time_of_day(bytes, end + gap);
    let packed = || packed_time(bytes, end + gap).filter(|_| len == 8);
    let (of_day, end) = of_day.or_else(packed)?;
    let (zone, end) = notation::zone(bytes, end);
    let numbers = Numbers {
        shape,
        parts,
        of_day,
        zone,
    };
    let ends = !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    ends.then_some((numbers, end))
}

/// Six digits without a blank behind them belong to nothing.
fn is_compact(bytes: &[u8], len: usize) -> bool {
    bytes.get(len).is_some_and(u8::is_ascii_digit)
}

/// A run of digits and its length.
fn number(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let rest = bytes.get(at..)?;
    let len = rest
        .iter()
        .take(20)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if len == 0 || len > 18 {
        return None;
    }
    let value = rest[..len]
        .iter()
        .fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
    Some((value, len))
}

/// Two or three numbers with the same sign between them.
fn separated(bytes: &[u8], first: u64, len: usize) -> Option<([u32; 3], Shape, usize)> {
    let separator = *bytes.get(len)?;
    if !matches!(separator, b'/' | b'.' | b'-') {
        return None;
    }
    let (second, second_len) = number(bytes, len + 1).filter(|(_, len)| *len <= 2)?;
    let end = len + 1 + second_len;
    if bytes.get(end) != Some(&separator) || !bytes.get(end + 1)?.is_ascii_digit() {
        let shape = Shape {
            separator,
            year: false,
            four: None,
        };
        // `3.14 9:26` is a figure, `03.14 09:26` a date.
        let whole = len == 2 && second_len == 2;
        return whole.then_some(([first as u32, second as u32, 0], shape, end));
    }
    let (third, third_len) = number(bytes, end + 1)?;
    let four = match (len, third_len) {
        (4, 1 | 2) => Some(0),
        (1 | 2, 4) => Some(2),
        (2, 2) => None,
        _ => return None,
    };
    let shape = Shape {
        separator,
        year: true,
        four,
    };
    let parts = [first as u32, second as u32, third as u32];
    Some((parts, shape, end + 1 + third_len))
}

/// `20240516`, `240516`.
const fn compact(digits: u64, short: bool, len: usize) -> ([u32; 3], Shape, usize) {
    let digits = digits as u32;
    let shape = Shape {
        separator: 0,
        year: true,
        four: if short { None } else { Some(0) },
    };
    let parts = [digits / 10_000, digits / 100 % 100, digits % 100];
    (parts, shape, len)
}

/// `20240516092605`, `20240516092605123`.
fn packed(bytes: &[u8], len: usize) -> Option<(Numbers, usize)> {
    let (parts, shape, _) = compact(number(&bytes[..8], 0)?.0, false, 8);
    let two = |at: usize| number(&bytes[..at + 2], at).map(|(value, _)| value as i64);
    let (hour, minute, second) = (two(8)?, two(10)?, two(12)?);
    let millis = match len {
        17 => number(&bytes[..17], 14)?.0 as i64,
        _ => 0,
    };
    if !(1970..2100).contains(&parts[0]) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let numbers = Numbers {
        shape,
        parts,
        of_day: hour * HOUR + minute * MINUTE + second * SECOND + millis,
        zone: Zone::Unknown,
    };
    Some((numbers, len))
}

/// `09:26`, `9:26:05`, `09:26:05.123`, `0:7:20:44`, each with ` AM` or ` PM`.
fn time_of_day(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let (mut hour, len) = number(bytes, at).filter(|(_, len)| *len <= 2)?;
    let (minute, end) = part(bytes, at + len)?;
    let (second, mut end) = part(bytes, end).unwrap_or((0, end));
    let mut of_day = minute as i64 * MINUTE + second as i64 * SECOND;
    if let Some(sign @ (b'.' | b',' | b':')) = bytes.get(end)
        && let Some((value, len)) = number(bytes, end + 1)
    {
        // Behind a colon milliseconds are counted, behind a point they are a fraction.
        let scale = 10_f64.powi(len as i32);
        of_day += match sign {
            b':' if len <= 3 => value as i64,
            b':' => return None,
            _ => (value as f64 * 1000.0 / scale) as i64,
        };
        end += 1 + len;
    }
    let rest = &bytes[end..];
    let space = usize::from(rest.first() == Some(&b' '));
    if let Some([half, b'M' | b'm']) = rest.get(space..space + 2) {
        let late = match half {
            b'A' | b'a' => 0,
            b'P' | b'p' => 12,
            _ => 24,
        };
        if late < 24 && !rest.get(space + 2).is_some_and(u8::is_ascii_alphanumeric) {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + late;
            end += space + 2;
        }
    }
    (hour < 24 && minute < 60 && second <= 60).then_some((of_day + hour as i64 * HOUR, end))
}

/// `092605`, behind a date that is as packed.
fn packed_time(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let (value, _) = number(bytes, at).filter(|(_, len)| *len == 6)?;
    let (hour, minute, second) = (value / 10_000, value / 100 % 100, value % 100);
    let of_day = hour as i64 * HOUR + minute as i64 * MINUTE + second as i64 * SECOND;
    (hour < 24 && minute < 60 && second <= 60).then_some((of_day, at + 6))
}

/// A colon and one or two digits.
fn part(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    let (value, len) = number(bytes, at + 1).filter(|(_, len)| *len <= 2)?;
    Some((value, at + 1 + len))
}
