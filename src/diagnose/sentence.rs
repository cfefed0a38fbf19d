//! A sentence with times in it, which can be written in any zone.
//!
//! It reads as text in UTC, as every report has it. Where its times stand is kept beside, since a text
//! that quotes a log may contain what only looks like one: nothing here searches for times.

use std::fmt;
use std::ops::{Deref, Range};

use crate::domain::time::{Span, Timestamp};

/// A time of day.
const CLOCK: &str = "%H:%M:%S";
/// The same where the day is not clear.
const DAY_AND_CLOCK: &str = "%m-%d %H:%M:%S";
/// The day alone.
const DAY: &str = "%Y-%m-%d";
/// The zone that it is told in.
const ZONE: &str = "%Z";

/// See the module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sentence {
    text: String,
    times: Vec<Told>,
    /// The time that all of it is about, where it may be more than one day.
    window: Option<Span>,
    /// It tells how sure something is, for those who check it.
    statistic: bool,
}

/// A time where a sentence tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Told {
    at: Range<usize>,
    time: Timestamp,
    form: &'static str,
}

impl Sentence {
    /// A sentence that tells how sure something is, and nothing of what happened.
    #[must_use]
    pub fn statistic(text: String) -> Self {
        Self {
            statistic: true,
            ..Self::from(text)
        }
    }

    /// Whether it is one of those.
    #[must_use]
    pub const fn is_statistic(&self) -> bool {
        self.statistic
    }

    /// The same about a window: where that is more than one day, its times bear theirs.
    #[must_use]
    pub fn dated(&self, window: Span) -> Self {
        let dated = Self {
            window: Some(window),
            ..self.clone()
        };
        dated.written(str::to_owned, in_utc)
    }

    /// Goes on with these words.
    #[must_use]
    pub fn say(mut self, words: &str) -> Self {
        self.text.push_str(words);
        self
    }

    /// Goes on with a time of day.
    #[must_use]
    pub fn clock(self, time: Timestamp) -> Self {
        self.tell(time, CLOCK)
    }

    /// Goes on with a time of day and the zone that it is told in.
    #[must_use]
    pub fn clock_in_zone(self, time: Timestamp) -> Self {
        self.clock(time).say(" ").tell(time, ZONE)
    }

    /// Goes on with another sentence.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        let from = self.text.len();
        self.text.push_str(&other.text);
        self.times.extend(other.times.iter().map(|told| Told {
            at: from + told.at.start..from + told.at.end,
            ..told.clone()
        }));
        self
    }

    fn tell(mut self, time: Timestamp, form: &'static str) -> Self {
        let from = self.text.len();
        self.text.push_str(&in_utc(time, form));
        let at = from..self.text.len();
        self.times.push(Told { at, time, form });
        self
    }

    /// The same, its words written by `words`, and its times by `time`, which takes a chrono format.
    #[must_use]
    pub fn written(
        &self,
        words: impl Fn(&str) -> String,
        time: impl Fn(Timestamp, &str) -> String,
    ) -> Self {
        let day = |at| time(at, DAY);
        let days = self.window.filter(|w| day(w.from) != day(w.to));
        let mut today = None;
        let mut written = Self {
            window: self.window,
            statistic: self.statistic,
            ..Self::default()
        };
        let mut done = 0;
        for told in &self.times {
            written.text += &words(&self.text[done..told.at.start]);
            let from = written.text.len();
            let form = match (days, told.form) {
                // The day is told once, and where it is another.
                (Some(_), CLOCK) if today.replace(day(told.time)) != Some(day(told.time)) => {
                    DAY_AND_CLOCK
                }
                (_, form) => form,
            };
            written.text += &time(told.time, form);
            written.times.push(Told {
                at: from..written.text.len(),
                ..told.clone()
            });
            done = told.at.end;
        }
        written.text += &words(&self.text[done..]);
        written
    }

    /// The same in UTC, as reports have it.
    #[must_use]
    pub fn utc(&self) -> String {
        self.written(str::to_owned, in_utc).text
    }
}

fn in_utc(time: Timestamp, form: &str) -> String {
    let utc = time.to_utc();
    utc.map_or_else(
        || format!("{}ms", time.0),
        |utc| utc.format(form).to_string(),
    )
}

impl From<String> for Sentence {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq<str> for Sentence {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

impl PartialEq<&str> for Sentence {
    fn eq(&self, text: &&str) -> bool {
        self.text == *text
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
