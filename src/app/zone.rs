//! Which clock times are shown on. Always shown beside them; UTC until asked otherwise.

use chrono::TimeZone;
use chrono_tz::Tz;

use crate::domain::time::{Span, Timestamp};

/// The zone of every time on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone {
    other: Option<Tz>,
    local: bool,
}

impl Zone {
    /// UTC, with `other` to change to.
    #[must_use]
    pub const fn new(other: Option<Tz>) -> Self {
        Self {
            other,
            local: false,
        }
    }

    /// Changes between UTC and the other zone; false where there is no other.
    pub fn toggle(&mut self) -> bool {
        let can = self.other.is_some_and(|tz| tz != Tz::UTC);
        self.local = can && !self.local;
        can
    }

    /// The zone in use.
    #[must_use]
    pub fn tz(self) -> Tz {
        if self.local {
            self.other.unwrap_or(Tz::UTC)
        } else {
            Tz::UTC
        }
    }

    /// Its name: `UTC`, `Europe/Berlin`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.tz().name()
    }

    /// `02:14:07`; in a window of more than a day with its date, `11-22 02:14:07`.
    #[must_use]
    pub fn clock_in(self, time: Timestamp, window: Option<Span>) -> String {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let long = window.is_some_and(|window| window.to.since(window.from) > DAY);
        self.format(time, if long { "%m-%d %H:%M:%S" } else { "%H:%M:%S" })
    }

    /// A time by a chrono format; a time outside the calendar in plain milliseconds.
    #[must_use]
    pub fn format(self, time: Timestamp, pattern: &str) -> String {
        time.to_utc().map_or_else(
            || format!("{}ms", time.0),
            |utc| {
                self.tz()
                    .from_utc_datetime(&utc.naive_utc())
                    .format(pattern)
                    .to_string()
            },
        )
    }
}
