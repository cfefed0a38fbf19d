//! The timeline of an incident: what people pinned and noted, each at a time.
//!
//! It is the fold of its changes. Each change is the whole of one entry and a stamp, and the newest
//! stamp wins; so changes commute and repeat harmlessly, whoever wrote them, and in whichever of
//! several files they stand. Nothing here reads a clock: the stamp is an argument.

use std::collections::BTreeMap;
use std::fmt;

use super::event::TextRef;
use super::time::Timestamp;

/// Names one entry, whichever program made it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct EntryId {
    /// When it was made, in milliseconds since 1970.
    pub made: i64,
    /// Which one of those that its writer made.
    pub number: u32,
    /// Who made it.
    pub writer: u32,
}

impl EntryId {
    /// What [`fmt::Display`] writes, read again.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(|part| i64::from_str_radix(part, 16));
        let mut next = || parts.next()?.ok();
        let (made, number, writer) = (next()?, next()?, next()?);
        Some(Self {
            made,
            number: number.try_into().ok()?,
            writer: writer.try_into().ok()?,
        })
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let made = self.made.max(0);
        write!(f, "{made:x}-{:x}-{:x}", self.number, self.writer)
    }
}

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A message.
    Message,
    /// A log line.
    Line,
    /// A finding.
    Finding,
    /// A gap.
    Gap,
    /// What somebody wrote.
    Note,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Message,
        Self::Line,
        Self::Finding,
        Self::Gap,
        Self::Note,
    ];

    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Line => "line",
            Self::Finding => "finding",
            Self::Gap => "gap",
            Self::Note => "note",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What an entry refers to: enough to find it again, and to show it where it is not there any more.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reference {
    /// IDs of the message, the one to show first.
    pub ids: Vec<String>,
    /// Its pipeline; empty where there is none.
    pub pipeline: String,
    /// From which stage to which, for what is about an edge.
    pub edge: Option<(String, String)>,
    /// Name of the source.
    pub source: String,
    /// Where the log line can be read again in this run; not kept beyond it.
    pub raw: Option<TextRef>,
    /// The time of what was pinned, whatever time the entry is given later.
    pub at: Option<Timestamp>,
    /// The log line itself, or the finding's own words.
    pub line: String,
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name.
    pub id: EntryId,
    /// When it happened.
    pub time: Timestamp,
    /// What it is.
    pub kind: Kind,
    /// The environment; empty where it is about none.
    pub env: String,
    /// What is to be read.
    pub text: String,
    /// What it refers to.
    pub reference: Reference,
}

impl Entry {
    /// Whether both are pins of the same thing. Two notes never are.
    #[must_use]
    pub fn same_thing(&self, other: &Self) -> bool {
        let (a, b) = (&self.reference, &other.reference);
        let id = a.ids.first() == b.ids.first();
        let same = match self.kind {
            Kind::Note => false,
            Kind::Message => a.pipeline == b.pipeline && id,
            Kind::Line => a.source == b.source && a.at == b.at && a.line == b.line && id,
            Kind::Finding => a.line == b.line,
            Kind::Gap => a.pipeline == b.pipeline && a.edge == b.edge && id,
        };
        self.kind == other.kind && self.env == other.env && same
    }
}

/// When a change was made, and by whom: the greater one holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Stamp {
    /// When, in milliseconds since 1970; later than the change before, whatever the clock says.
    pub at: i64,
    /// Who.
    pub writer: u32,
}

/// One change of one entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Which entry.
    pub id: EntryId,
    /// When and by whom.
    pub stamp: Stamp,
    /// What it is from now on; `None`: it is removed.
    pub entry: Option<Entry>,
}

/// All entries, with what is left of those that were removed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timeline {
    changes: BTreeMap<EntryId, Change>,
}

impl Timeline {
    /// Takes a change in; false where a newer one of the same entry is known, or this very one.
    pub fn apply(&mut self, change: Change) -> bool {
        match self.changes.get(&change.id) {
            Some(known) if known.stamp >= change.stamp => false,
            _ => {
                self.changes.insert(change.id, change);
                true
            }
        }
    }

    /// Takes in everything of another.
    pub fn merge(&mut self, other: &Self) {
        for change in other.changes.values() {
            self.apply(change.clone());
        }
    }

    /// An entry that is there.
    #[must_use]
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.changes.get(&id)?.entry.as_ref()
    }

    /// The entries, by time; those of one time as they were made.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.changes.values().filter_map(entry_of).collect();
        entries.sort_by_key(|entry| (entry.time, entry.id));
        entries
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.changes.values().filter_map(entry_of).count()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The changes that `other` does not know yet.
    pub fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Change> {
        self.changes.values().filter(|change| {
            let known = other.changes.get(&change.id);
            known.is_none_or(|known| known.stamp < change.stamp)
        })
    }

    /// The stamp of a change of `id` that is made at `now`: later than all that is known of it.
    #[must_use]
    pub fn stamp(&self, id: EntryId, now: Timestamp, writer: u32) -> Stamp {
        let before = self.changes.get(&id).map(|change| change.stamp.at);
        let at = before.map_or(now.0, |before| now.0.max(before.saturating_add(1)));
        Stamp { at, writer }
    }

    /// A name that no entry has.
    #[must_use]
    pub fn new_id(&self, now: Timestamp, writer: u32) -> EntryId {
        let of_now = self.changes.keys().filter(|id| id.made == now.0.max(0));
        EntryId {
            made: now.0.max(0),
            number: of_now.map(|id| id.number + 1).max().unwrap_or(0),
            writer,
        }
    }
}

fn entry_of(change: &Change) -> Option<&Entry> {
    change.entry.as_ref()
}

/// Where a timeline is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is written down; where, in a few words.
    In(String),
    /// It is written down, and not where it belongs: where, and why.
    Beside(String, String),
    /// It is not written down, and ends with the program: why.
    Nowhere(String),
}
