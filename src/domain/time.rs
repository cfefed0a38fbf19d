//! Time as the domain sees it: milliseconds since the Unix epoch, and spans of it.
//!
//! Exists so that a timestamp is never confused with a count or a duration. It never reads a
//! clock: "now" is always an argument.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Earlier than anything a log can say.
    pub const MIN: Self = Self(i64::MIN);
    /// Later than anything a log can say.
    pub const MAX: Self = Self(i64::MAX);

    /// This time moved by `millis`, saturating at the ends.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this time; negative when it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As a chrono value, where the calendar reaches that far.
    #[must_use]
    pub fn to_utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }

    /// RFC 3339 in UTC with milliseconds: the form of every machine-readable output.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_utc().map_or_else(
            || format!("{}ms", self.0),
            |time| time.to_rfc3339_opts(SecondsFormat::Millis, true),
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// A closed span of time: both ends belong to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// The first millisecond.
    pub from: Timestamp,
    /// The last millisecond.
    pub to: Timestamp,
}

impl Span {
    /// A span, whichever way round its ends are given.
    #[must_use]
    pub fn new(a: Timestamp, b: Timestamp) -> Self {
        Self {
            from: a.min(b),
            to: a.max(b),
        }
    }

    /// Whether `time` lies within.
    #[must_use]
    pub fn contains(self, time: Timestamp) -> bool {
        self.from <= time && time <= self.to
    }

    /// Whether the whole of `other` lies within.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }
}
