//! The notations that timestamps are written in.
//!
//! Every function reads at the beginning of the bytes it is given and says where the timestamp
//! ends. Strict on purpose: a number in a stack trace must not become the year 8304.

use super::calendar::days;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Numbers are taken for times of the years 2001 to 2099.
pub const EPOCHS: std::ops::Range<i64> = 1_000_000_000_000..4_102_444_800_000;

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];
const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// The date of a reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Date {
    /// Days since 1970-01-01.
    Full(i64),
    /// Month and day.
    NoYear(u32, u32),
}

/// The zone of a reading.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Zone {
    /// So many minutes ahead of UTC.
    Ahead(i32),
    /// Not said.
    Unknown,
}

/// What a timestamp says, before anything is assumed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The date.
    pub date: Date,
    /// Milliseconds since midnight.
    pub of_day: i64,
    /// The zone.
    pub zone: Zone,
}

impl Reading {
    /// A point in time, from milliseconds since the epoch.
    pub const fn of_epoch(millis: i64) -> Self {
        Self {
            date: Date::Full(millis.div_euclid(DAY)),
            of_day: millis.rem_euclid(DAY),
            zone: Zone::Ahead(0),
        }
    }
}

/// How telling the name of a field that holds a time is: 0 most, `None` for other names.
#[inline]
pub fn rank(name: &[u8]) -> Option<u8> {
    Some(match name {
        b"timestamp" => 0,
        b"@timestamp" => 1,
        b"time" => 2,
        b"ts" => 3,
        b"@t" => 4,
        b"eventTime" | b"event_time" | b"eventTimestamp" | b"event_timestamp" => 5,
        b"datetime" | b"dateTime" => 6,
        b"Timestamp" | b"Time" => 7,
        b"timeMillis" => 8,
        b"asctime" => 9,
        b"date" => 10,
        b"t" | b"@time" | b"_time" => 11,
        b"created" | b"created_at" | b"createdAt" => 12,
        b"logged_at" | b"log_time" => 13,
        b"at" | b"when" => 14,
        b"__REALTIME_TIMESTAMP" => 15,
        b"timeUnixNano" | b"startTimeUnixNano" => super::otlp_body::RANK,
        b"start_time" | b"startTime" | b"startTimeMillis" => 17,
        b"TimeGenerated" | b"TimeCreated" | b"timeStamp" => 18,
        b"time:timestamp" | b"complete_time" | b"end_time" | b"endTime" => 19,
        _ => return None,
    })
}

/// The timestamp at the beginning of `bytes`, and where it ends.
pub fn read(bytes: &[u8]) -> Option<(Reading, usize)> {
    match bytes.first()? {
        b'0'..=b'9' => iso(bytes)
            .or_else(|| number(bytes))
            .or_else(|| compact(bytes))
            .or_else(|| day_first(bytes)),
        b'A'..=b'Z' => month_first(bytes)
            .or_else(|| after_weekday(bytes))
            .or_else(|| klog(bytes)),
        _ => None,
    }
}

/// A whole number or decimal of seconds, milliseconds, microseconds or nanoseconds since the epoch,
/// told apart by its size; in milliseconds. Less than three years is a duration or a count.
pub fn epoch(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let whole_len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if whole_len == 0 || whole_len > 19 {
        return None;
    }
    let rest = &digits[whole_len..];
    let millis = if rest.first().is_some_and(|b| matches!(b, b'e' | b'E'))
        || rest.iter().skip(1).any(|b| !b.is_ascii_digit())
    {
        let float: f64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        of_float(float)
    } else {
        let whole = digits[..whole_len]
            .iter()
            .fold(0_u64, |n, b| n * 10 + u64::from(b - b'0'));
        match rest.first() {
            None => of_size(whole, 0),
            Some(b'.') => of_size(whole, millis_of(&rest[1..])),
            Some(_) => return None,
        }
    };
    (millis >= 100_000_000_000).then_some(if negative { -millis } else { millis })
}

fn of_size(whole: u64, fraction_ms: i64) -> i64 {
    match whole {
        0..100_000_000_000 => whole as i64 * 1000 + fraction_ms,
        100_000_000_000..100_000_000_000_000 => whole as i64,
        100_000_000_000_000..100_000_000_000_000_000 => (whole / 1000) as i64,
        _ => (whole / 1_000_000) as i64,
    }
}

fn of_float(value: f64) -> i64 {
    if value < 1e11 {
        (value * 1000.0) as i64
    } else {
        of_size(value as u64, 0)
    }
}

/// The first three digits of a fraction of a second.
fn millis_of(fraction: &[u8]) -> i64 {
    let mut digits = fraction.iter().copied().chain(std::iter::repeat(b'0'));
    (0..3).fold(0, |n, _| {
        n * 10 + i64::from(digits.next().unwrap_or(b'0') - b'0')
    })
}

/// Digits `at..at + N`.
#[inline]
fn digits<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    let part: &[u8; N] = bytes.get(at..at + N)?.try_into().ok()?;
    part.iter().try_fold(0, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))
    })
}

/// `10:00:00`, `10:00:00.123456789`, `10:00:00,123`: milliseconds since midnight.
#[inline]
fn time_of_day(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let hour = digits::<2>(bytes, at)?;
    let minute = digits::<2>(bytes, at + 3)?;
    let second = digits::<2>(bytes, at + 6)?;
    if bytes[at + 2] != b':' || bytes[at + 5] != b':' || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let of_day = i64::from(hour) * HOUR + i64::from(minute) * MINUTE + i64::from(second) * SECOND;
    let end = at + 8;
    let rest = &bytes[end..];
    let len = match rest.first() {
        Some(b'.' | b',') => rest[1..].iter().take_while(|b| b.is_ascii_digit()).count(),
        Some(b'0'..=b'9') => return None,
        _ => 0,
    };
    let comma_without_millis = rest.first() == Some(&b',') && len % 3 != 0;
    if len == 0 || comma_without_millis {
        return Some((of_day, end));
    }
    Some((of_day + millis_of(&rest[1..=len]), end + 1 + len))
}

/// `Z`, `+02:00`, `+0200`, `+02`, ` +0200`, ` UTC`; else nothing is taken.
#[inline]
pub fn zone(bytes: &[u8], at: usize) -> (Zone, usize) {
    let rest = bytes.get(at..).unwrap_or_default();
    let space = usize::from(rest.first() == Some(&b' '));
    let unspaced = &rest[space..];
    match unspaced.first() {
        Some(b'Z' | b'z') if !unspaced.get(1).is_some_and(u8::is_ascii_alphanumeric) => {
            (Zone::Ahead(0), at + space + 1)
        }
        Some(sign @ (b'+' | b'-')) => match offset(&unspaced[1..], space == 1) {
            Some((minutes, len)) => {
                let minutes = if *sign == b'-' { -minutes } else { minutes };
                (Zone::Ahead(minutes), at + space + 1 + len)
            }
            None => (Zone::Unknown, at),
        },
        Some(b'U' | b'G') if unspaced.starts_with(b"UTC") || unspaced.starts_with(b"GMT") => {
            (Zone::Ahead(0), at + space + 3)
        }
        _ => (Zone::Unknown, at),
    }
}

/// Hours and minutes of an offset, in minutes. One behind a space must be complete.
fn offset(bytes: &[u8], complete: bool) -> Option<(i32, usize)> {
    let hours = digits::<2>(bytes, 0)?;
    let (minutes, len) = match bytes.get(2) {
        Some(b':') => (digits::<2>(bytes, 3)?, 5),
        Some(b'0'..=b'9') => (digits::<2>(bytes, 2)?, 4),
        _ if complete => return None,
        _ => (0, 2),
    };
    let ends = !bytes.get(len).is_some_and(u8::is_ascii_alphanumeric);
    (hours <= 18 && minutes < 60 && ends).then_some(((hours * 60 + minutes) as i32, len))
}

fn zoned(date: Date, bytes: &[u8], at: usize) -> Option<(Reading, usize)> {
    let (of_day, end) = time_of_day(bytes, at)?;
    let (zone, end) = zone(bytes, end);
    let reading = Reading { date, of_day, zone };
    Some((reading, end))
}

/// `2024-01-01T10:00:00.123Z`, `2024-01-01 10:00:00,123`, `2024/01/01 10:00:00.123456`.
#[inline]
fn iso(bytes: &[u8]) -> Option<(Reading, usize)> {
    if bytes.len() < 19 || !matches!(bytes[4], b'-' | b'/') || bytes[7] != bytes[4] {
        return None;
    }
    if !matches!(bytes[10], b'T' | b't' | b' ' | b'_' | b'\t') {
        return None;
    }
    let year = digits::<4>(bytes, 0)? as i32;
    let date = days(year, digits::<2>(bytes, 5)?, digits::<2>(bytes, 8)?)?;
    zoned(Date::Full(date), bytes, 11)
}

/// Seconds (10 digits, or a decimal), milliseconds (13), microseconds (16) or nanoseconds (19) of
/// the years 2001 to 2099.
fn number(bytes: &[u8]) -> Option<(Reading, usize)> {
    let len = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if !matches!(len, 10 | 13 | 16 | 19) {
        return None;
    }
    let mut end = len;
    if len == 10 && bytes.get(10) == Some(&b'.') {
        let fraction = bytes[11..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        end = if fraction == 0 { len } else { 11 + fraction };
    }
    if !matches!(
        bytes.get(end),
        None | Some(b' ' | b'\t' | b',' | b'|' | b';' | b']' | b')' | b'"' | b':')
    ) {
        return None;
    }
    let millis = epoch(&bytes[..end])?;
    EPOCHS
        .contains(&millis)
        .then(|| (Reading::of_epoch(millis), end))
}

/// `20240101T100000Z`, and `081109 203615 ` as Hadoop writes it.
fn compact(bytes: &[u8]) -> Option<(Reading, usize)> {
    let (year, at) = match (bytes.get(8), bytes.get(6)) {
        (Some(b'T'), _) => (digits::<4>(bytes, 0)? as i32, 4),
        (_, Some(b' ')) if bytes.get(13) == Some(&b' ') => {
            (2000 + digits::<2>(bytes, 0)? as i32, 2)
        }
        _ => return None,
    };
    let date = days(year, digits::<2>(bytes, at)?, digits::<2>(bytes, at + 2)?)?;
    let clock = at + 5;
    let (hour, minute, second) = (
        i64::from(digits::<2>(bytes, clock)?),
        i64::from(digits::<2>(bytes, clock + 2)?),
        i64::from(digits::<2>(bytes, clock + 4)?),
    );
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (zone, end) = match at {
        4 => zone(bytes, clock + 6),
        _ => (Zone::Unknown, clock + 6),
    };
    let reading = Reading {
        date: Date::Full(date),
        of_day: hour * HOUR + minute * MINUTE + second * SECOND,
        zone,
    };
    Some((reading, end))
}

fn month(bytes: &[u8]) -> Option<u32> {
    let name = bytes.get(..3)?;
    let index = MONTHS.iter().position(|m| name.eq_ignore_ascii_case(*m))?;
    Some(index as u32 + 1)
}

/// A day of one or two digits, and where it ends.
fn day(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    match digits::<2>(bytes, at) {
        Some(day) => Some((day, at + 2)),
        None => Some((digits::<1>(bytes, at)?, at + 1)),
    }
}

/// `10/Oct/2000:13:55:36 -0700`, `05 Nov 2024 10:00:00`, `05-Nov-2024 10:00:00.123`.
fn day_first(bytes: &[u8]) -> Option<(Reading, usize)> {
    let (day, at) = day(bytes, 0)?;
    let separator = *bytes.get(at)?;
    if !matches!(separator, b'/' | b' ' | b'-') || bytes.get(at + 4) != Some(&separator) {
        return None;
    }
    let month = month(&bytes[at + 1..])?;
    let year = digits::<4>(bytes, at + 5)? as i32;
    if !matches!(bytes.get(at + 9), Some(b':' | b' ' | b'T')) {
        return None;
    }
    zoned(Date::Full(days(year, month, day)?), bytes, at + 10)
}

/// `Nov  5 10:00:00` (a year may follow), `Nov 5 2024 10:00:00`, `Nov 5, 2024 @ 10:00:00.000`.
fn month_first(bytes: &[u8]) -> Option<(Reading, usize)> {
    let month = month(bytes)?;
    if bytes.get(3) != Some(&b' ') {
        return None;
    }
    let at = if bytes.get(4) == Some(&b' ') { 5 } else { 4 };
    let (day, at) = day(bytes, at)?;
    let at = if bytes.get(at) == Some(&b',') {
        at + 1
    } else {
        at
    };
    if bytes.get(at) != Some(&b' ') || !(1..=31).contains(&day) {
        return None;
    }
    if let Some(year) = digits::<4>(bytes, at + 1)
        && bytes.get(at + 5) == Some(&b' ')
    {
        let clock = match bytes.get(at + 6..at + 8) {
            Some(b"@ ") => at + 8,
            _ => at + 6,
        };
        return zoned(Date::Full(days(year as i32, month, day)?), bytes, clock);
    }
    let (mut reading, end) = zoned(Date::NoYear(month, day), bytes, at + 1)?;
    if let (Some(b' '), Some(year)) = (bytes.get(end), digits::<4>(bytes, end + 1))
        && (1970..2100).contains(&year)
        && !bytes.get(end + 5).is_some_and(u8::is_ascii_alphanumeric)
    {
        reading.date = Date::Full(days(year as i32, month, day)?);
        return Some((reading, end + 5));
    }
    Some((reading, end))
}

/// `Mon Nov  5 10:00:00 2024`, `Tue, 05 Nov 2024 10:00:00 GMT`, `Tue 2024-11-05 10:00:00 UTC`.
fn after_weekday(bytes: &[u8]) -> Option<(Reading, usize)> {
    let name = bytes.get(..3)?;
    if !WEEKDAYS.iter().any(|day| name.eq_ignore_ascii_case(*day)) {
        return None;
    }
    let at = match (bytes.get(3), bytes.get(4)) {
        (Some(b' '), _) => 4,
        (Some(b','), Some(b' ')) => 5,
        _ => return None,
    };
    let rest = &bytes[at..];
    let (reading, end) = month_first(rest)
        .or_else(|| day_first(rest))
        .or_else(|| iso(rest))?;
    Some((reading, at + end))
}

/// `I1122 10:00:00.123456`, as Kubernetes writes it.
fn klog(bytes: &[u8]) -> Option<(Reading, usize)> {
    if !matches!(bytes[0], b'I' | b'W' | b'E' | b'F') || bytes.get(5) != Some(&b' ') {
        return None;
    }
    let (month, day) = (digits::<2>(bytes, 1)?, digits::<2>(bytes, 3)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    zoned(Date::NoYear(month, day), bytes, 6)
}
