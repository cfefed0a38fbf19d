//! Which clock times are shown on. Always shown beside them; UTC until asked otherwise.

use chrono::TimeZone;
use chrono_tz::Tz;

use crate::domain::time::{Span, Timestamp};

/// UTC, the machine's, that of `--tz`, and one typed.
const MOST: usize = 4;

/// The zone of every time on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone {
    all: [Tz; MOST],
    known: usize,
    shown: usize,
}

impl Zone {
    /// UTC, with others to change to.
    #[must_use]
    pub fn new(others: impl IntoIterator<Item = Tz>) -> Self {
        let mut zone = Self {
            all: [Tz::UTC; MOST],
            known: 1,
            shown: 0,
        };
        others.into_iter().for_each(|tz| zone.set(tz));
        zone.shown = 0;
        zone
    }

    /// Changes to the next zone; false where there is no other.
    pub const fn cycle(&mut self) -> bool {
        self.shown = (self.shown + 1) % self.known;
        self.known > 1
    }

    /// Shows this zone; it is one of those to change between from now on.
    pub fn set(&mut self, tz: Tz) {
        let known = self.all[..self.known].iter().position(|known| *known == tz);
        self.shown = known.unwrap_or_else(|| {
            self.known = (self.known + 1).min(MOST);
            self.all[self.known - 1] = tz;
            self.known - 1
        });
    }

    /// The zone in use.
    #[must_use]
    pub const fn tz(self) -> Tz {
        self.all[self.shown]
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
