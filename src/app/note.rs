//! A note being typed, or an entry being changed: its text and its time.

use super::prompt::Prompt;
use super::zone::Zone;
use crate::config::when;
use crate::domain::time::Timestamp;
use crate::domain::timeline::Entry;

/// Where the time of a new note comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whence {
    /// It is the present.
    Now,
    /// It is that of what is selected.
    Selected,
    /// It is the end of what was read.
    End,
}

impl Whence {
    /// In words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Selected => "as selected",
            Self::End => "the end of what was read",
        }
    }
}

/// What is being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noting {
    /// The entry as it is, or as it will be when nothing else is typed.
    pub entry: Entry,
    /// It is not on the timeline yet.
    pub new: bool,
    /// Its text.
    pub text: Prompt,
    /// Its time.
    pub time: Prompt,
    /// The keys go to the time.
    pub on_time: bool,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// The time as it was before anything was typed.
    shown: String,
    /// Where it came from.
    whence: Option<Whence>,
}

impl Noting {
    /// Begins with an entry.
    #[must_use]
    pub fn new(entry: Entry, new: bool, zone: Zone) -> Self {
        let shown = zone.format(entry.time, "%Y-%m-%d %H:%M:%S%.3f");
        Self {
            text: Prompt::new(&entry.text),
            time: Prompt::new(&shown),
            entry,
            new,
            on_time: false,
            wrong: None,
            shown,
            whence: None,
        }
    }

    /// Tells where the time comes from.
    #[must_use]
    pub const fn at(mut self, whence: Whence) -> Self {
        self.whence = Some(whence);
        self
    }

    /// Where the time came from, unless another was typed.
    #[must_use]
    pub fn whence(&self) -> Option<Whence> {
        self.whence.filter(|_| self.time.text() == self.shown)
    }

    /// What the keys go to.
    pub const fn prompt(&mut self) -> &mut Prompt {
        if self.on_time {
            &mut self.time
        } else {
            &mut self.text
        }
    }

    /// Whether something was typed that would be lost.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.text.text() != self.entry.text || self.time.text() != self.shown
    }

    /// The time that is meant.
    ///
    /// # Errors
    /// What was found, and what to write instead.
    pub fn meant(&self, now: Timestamp, zone: Zone) -> Result<Timestamp, String> {
        if self.time.text() == self.shown {
            return Ok(self.entry.time);
        }
        if self.time.text().trim().is_empty() {
            return Ok(now);
        }
        when::parse(self.time.text(), now, zone.tz())
            .map_err(|wrong| format!("{}; {}", wrong.message, wrong.help))
    }

    /// The entry that was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn finished(&self, now: Timestamp, zone: Zone) -> Result<Entry, String> {
        let text = self.text.text().trim();
        if text.is_empty() {
            return Err("nothing is written; esc leaves it".into());
        }
        Ok(Entry {
            time: self.meant(now, zone)?,
            text: text.into(),
            ..self.entry.clone()
        })
    }
}
