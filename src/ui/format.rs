//! Numbers, durations and times as people read them at night.

use crate::app::zone::Zone;
use crate::domain::time::{Span, Timestamp};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// `12,345`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `7.5%`; below a tenth `<0.1%`. Empty when there is nothing to compare with.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let share = part as f64 * 100.0 / whole as f64;
    if part > 0 && share < 0.1 {
        "<0.1%".into()
    } else if part < whole && share > 99.9 {
        ">99.9%".into()
    } else {
        format!("{share:.1}%")
    }
}

/// A length of time from milliseconds: `12ms`, `1.2s`, `41s`, `4m05s`, `2h13m`, `3d04h`.
#[must_use]
pub fn duration(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.saturating_abs();
    let two = |big: i64, small: i64, b: &str, s: &str| {
        format!("{sign}{}{b}{:02}{s}", ms / big, ms % big / small)
    };
    if ms < SECOND {
        format!("{sign}{ms}ms")
    } else if ms < 10 * SECOND {
        format!("{sign}{}.{}s", ms / SECOND, ms % SECOND / 100)
    } else if ms < MINUTE {
        format!("{sign}{}s", ms / SECOND)
    } else if ms < HOUR {
        two(MINUTE, SECOND, "m", "s")
    } else if ms < DAY {
        two(HOUR, MINUTE, "h", "m")
    } else {
        two(DAY, HOUR, "d", "h")
    }
}

/// `02:14:07`.
#[must_use]
pub fn clock(zone: Zone, time: Timestamp) -> String {
    zone.format(time, "%H:%M:%S")
}

/// `02:14:07.123`.
#[must_use]
pub fn clock_ms(zone: Zone, time: Timestamp) -> String {
    zone.format(time, "%H:%M:%S%.3f")
}

/// `2026-11-22 02:14:07`.
#[must_use]
pub fn date_clock(zone: Zone, time: Timestamp) -> String {
    zone.format(time, "%Y-%m-%d %H:%M:%S")
}

/// `2026-11-22 02:00–03:00`; seconds where they are not zero, the second date where it differs.
#[must_use]
pub fn span(zone: Zone, span: Span) -> String {
    let whole = span.from.0 % MINUTE == 0 && span.to.0 % MINUTE == 0;
    let clock = if whole { "%H:%M" } else { "%H:%M:%S" };
    let date = |time| zone.format(time, "%Y-%m-%d");
    let (from, to) = (date(span.from), date(span.to));
    let start = zone.format(span.from, clock);
    let end = zone.format(span.to, clock);
    if from == to {
        format!("{from} {start}–{end}")
    } else {
        format!("{from} {start} – {to} {end}")
    }
}

/// `02:00–03:00`, for narrow screens.
#[must_use]
pub fn span_clock(zone: Zone, span: Span) -> String {
    let clock = |time| zone.format(time, "%H:%M");
    format!("{}–{}", clock(span.from), clock(span.to))
}
