//! Wall-clock readings become points in time: the zone and the year that a timestamp leaves out.
//!
//! Remembers the last answer, since neighbouring lines share it. It never reads a clock: what is
//! "recent" is told by the file's own time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{Datelike, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::config::date_order::DateOrder;
use crate::domain::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
const MONTH_MS: i64 = 31 * DAY_MS;

/// What to assume where a timestamp says nothing.
#[derive(Clone, Debug, Default)]
pub struct Assumed {
    /// The zone; UTC where `None`.
    pub timezone: Option<Tz>,
    /// The year.
    pub year: Option<i32>,
    /// When the input was last written: without a `year`, the latest one that puts an event at
    /// most a day after this.
    pub written: Option<Timestamp>,
    /// What the numbers of a date are.
    pub dates: Option<DateOrder>,
    /// The same of an input that grows, in milliseconds: it is written again and again.
    pub grown: Option<Arc<AtomicI64>>,
    /// The time of the last line: none is much later, however old the copy is.
    pub last: Option<Timestamp>,
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` if there is no such date.
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.)
pub fn days(year: i32, month: u32, day: u32) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if day == 0 || day > length {
        return None;
    }
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Resolves readings, one after another.
pub struct Calendar {
    assumed: Assumed,
    /// The last local minute and how far it is ahead of UTC, in milliseconds.
    minute: Option<(i64, i64)>,
}

impl Calendar {
    /// A calendar with these assumptions.
    pub const fn new(assumed: Assumed) -> Self {
        Self {
            assumed,
            minute: None,
        }
    }

    /// The point in time of a reading in the assumed zone, in milliseconds on both sides. Of two
    /// that read the same the earlier; one that the clock jumped over counts from before the jump.
    pub fn utc(&mut self, local: i64) -> i64 {
        let Some(zone) = self.assumed.timezone else {
            return local;
        };
        let minute = local.div_euclid(MINUTE_MS);
        if let Some((known, ahead)) = self.minute
            && known == minute
        {
            return local - ahead;
        }
        let ahead = ahead_ms(zone, minute * MINUTE_MS);
        self.minute = Some((minute, ahead));
        local - ahead
    }

    /// The year of a reading that has only month, day and time of day.
    pub fn year(&self, month: u32, day: u32, of_day: i64) -> Option<i32> {
        if self.assumed.year.is_some() {
            return self.assumed.year;
        }
        let grown = self.assumed.grown.as_ref();
        let grown = grown.map_or(i64::MIN, |grown| grown.load(Ordering::Relaxed));
        let written = Timestamp(self.assumed.written?.0.max(grown)).plus(DAY_MS);
        let last = self.assumed.last.map(|last| last.plus(MONTH_MS));
        let limit = last.map_or(written, |last| last.min(written));
        let last = limit.to_utc()?.year() + 1;
        // Eight years hold a leap day wherever they lie.
        (last - 9..=last).rev().find(|year| {
            days(*year, month, day).is_some_and(|days| {
                let local = days * DAY_MS + of_day;
                let ahead = self
                    .assumed
                    .timezone
                    .map_or(0, |zone| ahead_ms(zone, local));
                local - ahead <= limit.0
            })
        })
    }
}

/// How far `zone` is ahead of UTC at a local time.
fn ahead_ms(zone: Tz, local: i64) -> i64 {
    let Some(reading) = chrono::DateTime::from_timestamp_millis(local) else {
        return 0;
    };
    let ahead = |reading: NaiveDateTime| match zone.offset_from_local_datetime(&reading) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => {
            Some(i64::from(offset.fix().local_minus_utc()) * 1000)
        }
        LocalResult::None => None,
    };
    let reading = reading.naive_utc();
    ahead(reading)
        .or_else(|| ahead(reading - TimeDelta::hours(3)))
        .unwrap_or(0)
}
