//! Numbers and durations as people read them; the same everywhere they are shown.
//!
//! Words only: no colour, no width, no escaping.

use super::time::Timestamp;

/// `10240` as `10,240`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 message`, `2 messages`, `10,240 messages`.
#[must_use]
pub fn count_of(number: u64, singular: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {singular}{s}", count(number))
}

/// `part` of `whole` as `3.0 %`; what is not nothing is never shown as 0.0, nor a part as all.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    match share {
        _ if part > 0 && share < 0.1 => "<0.1 %".to_owned(),
        _ if part < whole && share > 99.9 => ">99.9 %".to_owned(),
        _ => format!("{share:.1} %"),
    }
}

/// `1.2 MB`, in powers of ten.
#[must_use]
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let mut value = n as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// The time of day in UTC: `02:11:04`.
#[must_use]
pub fn clock(time: Timestamp) -> String {
    time.to_utc().map_or_else(
        || time.to_string(),
        |utc| utc.format("%H:%M:%S").to_string(),
    )
}

/// A duration in milliseconds: `250ms`, `31s`, `5m`, `1h30m`. Below a second in milliseconds, else the two largest units.
#[must_use]
pub fn duration(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    if millis < 1_000 {
        return format!("{sign}{millis}ms");
    }
    if millis < 60_000 {
        let tenths = millis % 1_000 / 100;
        return match tenths {
            0 => format!("{sign}{}s", millis / 1_000),
            _ => format!("{sign}{}.{tenths}s", millis / 1_000),
        };
    }
    let (minutes, seconds) = (millis / 60_000, millis / 1_000 % 60);
    let (big, big_unit, small, small_unit) = match minutes {
        0..60 => (minutes, "m", seconds, "s"),
        60..1440 => (minutes / 60, "h", minutes % 60, "m"),
        _ => (minutes / 1440, "d", minutes / 60 % 24, "h"),
    };
    if small == 0 {
        format!("{sign}{big}{big_unit}")
    } else {
        format!("{sign}{big}{big_unit}{small}{small_unit}")
    }
}
