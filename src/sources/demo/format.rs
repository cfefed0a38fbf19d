//! Times as logs spell them.

use std::fmt::Write as _;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::domain::time::Timestamp;

/// `2026-03-14T01:02:03.456Z`
pub(super) fn iso(time: Timestamp) -> String {
    time.to_rfc3339()
}

/// The same as log4j has it: a space, and a comma before the milliseconds.
pub(super) fn log4j(time: Timestamp) -> String {
    let mut text = iso(time).replacen('T', " ", 1).replacen('.', ",", 1);
    text.truncate(23);
    text
}

/// The same with a point: as SNS has it.
pub(super) fn spaced(time: Timestamp) -> String {
    log4j(time).replacen(',', ".", 1)
}

/// Seconds since the epoch as zap has them: `1773450123.456`.
pub(super) fn seconds(time: Timestamp) -> String {
    format!("{}.{:03}", time.0.div_euclid(1000), time.0.rem_euclid(1000))
}

/// As syslog has it: `Mar 14 01:02:03`.
pub(super) fn syslog(time: Timestamp) -> String {
    written(utc(time).format("%b %e %H:%M:%S"))
}

/// As Python's Powertools have it: `2026-03-14 01:02:03,456+0000`.
pub(super) fn powertools(time: Timestamp) -> String {
    log4j(time) + "+0000"
}

/// By the wall clock of a place, without saying which: `14.03.2026 02:02:03,456`.
pub(super) fn local(time: Timestamp, zone: Tz) -> String {
    written(
        zone.from_utc_datetime(&utc(time).naive_utc())
            .format("%d.%m.%Y %H:%M:%S,%3f"),
    )
}

fn utc(time: Timestamp) -> DateTime<Utc> {
    time.to_utc().unwrap_or_default()
}

fn written(time: impl std::fmt::Display) -> String {
    let mut text = String::with_capacity(32);
    // Writing to a string cannot fail.
    let _ = write!(text, "{time}");
    text
}
