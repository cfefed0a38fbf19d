//! Times as the summary shows them: in one zone, and without the day where all of it is one day.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::domain::time::{Span, Timestamp};

/// How times are shown.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    zone: Tz,
    /// The day of everything, if it is one.
    day: Option<NaiveDate>,
}

impl Times {
    /// Times of a summary about `window`.
    #[must_use]
    pub fn new(zone: Tz, window: Option<Span>) -> Self {
        let mut times = Self { zone, day: None };
        let days = window.map(|w| (times.day_of(w.from), times.day_of(w.to)));
        times.day = days.and_then(|(from, to)| from.filter(|_| from == to));
        times
    }

    /// The name of the zone.
    #[must_use]
    pub fn zone(self) -> &'static str {
        self.zone.name()
    }

    /// Both ends with their days, to the second: `2026-11-22 02:11:04 to 03:40:12`. The last end
    /// bears no day if it is the first one's.
    #[must_use]
    pub fn span(self, span: Span) -> String {
        let whole = Self { day: None, ..self };
        let end = |times: Self, time, open: &str| match time {
            Timestamp::MIN | Timestamp::MAX => open.to_owned(),
            time => times.show(time, "%H:%M:%S"),
        };
        let from = end(whole, span.from, "the beginning");
        let again = Self {
            day: self.day_of(span.from),
            ..self
        };
        format!("{from} to {}", end(again, span.to, "the end"))
    }

    /// The same, without the day where all of the summary is about one.
    #[must_use]
    pub fn short_span(self, span: Span) -> String {
        let again = Self {
            day: self.day_of(span.from),
            ..self
        };
        let (from, to) = (
            self.show(span.from, "%H:%M:%S"),
            again.show(span.to, "%H:%M:%S"),
        );
        format!("{from} to {to}")
    }

    /// One time to the millisecond: `02:11:04.123`, with its day where that is not clear.
    #[must_use]
    pub fn exact(self, time: Timestamp) -> String {
        self.show(time, "%H:%M:%S%.3f")
    }

    fn day_of(self, time: Timestamp) -> Option<NaiveDate> {
        let bounded = time > Timestamp::MIN && time < Timestamp::MAX;
        let utc = time.to_utc().filter(|_| bounded)?;
        Some(utc.with_timezone(&self.zone).date_naive())
    }

    fn show(self, time: Timestamp, clock: &str) -> String {
        let Some(utc) = time.to_utc() else {
            return time.to_string();
        };
        let local = utc.with_timezone(&self.zone);
        if self.day == Some(local.date_naive()) {
            return local.format(clock).to_string();
        }
        local.format(&format!("%Y-%m-%d {clock}")).to_string()
    }
}
