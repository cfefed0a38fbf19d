//! What a hunt is after and what it has found: plain data for the screen, the reports and the tests.
//!
//! A hunt asks where an ID was ever mentioned. It says nothing about messages: a mention in a log
//! group nobody configured is a hint for a person, never a sighting.

use std::sync::Arc;

use super::event::SourceKind;
use super::time::{Span, Timestamp};

/// One message that is hunted for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// The ID it is shown by.
    pub id: String,
    /// Every ID it is known by, that one included.
    pub ids: Vec<String>,
    /// Where it was last seen, where that is known.
    pub last: Option<LastSeen>,
}

impl Target {
    /// An ID of which nothing else is known.
    #[must_use]
    pub fn of_id(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            ids: vec![id.to_owned()],
            last: None,
        }
    }
}

/// Where a message was last seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastSeen {
    /// In which environment.
    pub env: Arc<str>,
    /// On the way through which pipeline.
    pub pipeline: Arc<str>,
    /// At which stage.
    pub stage: Arc<str>,
    /// When.
    pub time: Timestamp,
}

/// What a hunt may spend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Calls to AWS.
    pub calls: u64,
    /// Bytes of log text in their answers.
    pub bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            calls: 2_000,
            bytes: 1_000_000_000,
        }
    }
}

/// How a place stands to the run and to the configuration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// Nothing that is configured reads it: this is what a hunt is for.
    New,
    /// It is configured.
    Configured,
    /// It was read by this run.
    Loaded,
}

impl Standing {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Configured => "configured",
            Self::Loaded => "loaded",
        }
    }
}

/// A log group or file in which something was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Its environment.
    pub env: Arc<str>,
    /// Its region; empty where it has none.
    pub region: Arc<str>,
    /// The account, where it is known.
    pub account: Option<Arc<str>>,
    /// The log group, or the path of a file: unique within the region.
    pub name: Arc<str>,
    /// The log group; of a file the one that its path tells, else its path.
    pub group: Arc<str>,
    /// What sort of place it is.
    pub kind: SourceKind,
    /// How it stands to the run and to the configuration.
    pub standing: Standing,
    /// A configured pattern means its name, though perhaps not in this region.
    pub familiar: bool,
    /// The search ended here when there was evidence enough: counts are "at least".
    pub early: bool,
    /// What was found, in the order of the IDs.
    pub finds: Vec<Find>,
}

/// One ID found in one place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Find {
    /// Index of the message in [`Hunt::targets`].
    pub target: usize,
    /// Which of its IDs.
    pub id: Arc<str>,
    /// Log events that name it.
    pub hits: u64,
    /// The time of the earliest of them.
    pub first: Timestamp,
    /// The time of the latest of them.
    pub last: Timestamp,
    /// The first few of them as they came.
    pub samples: Vec<Sample>,
}

/// A log event that names an ID. Not safe to show as it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    /// The event's own time.
    pub time: Timestamp,
    /// Its log stream; may be empty.
    pub stream: String,
    /// Its text around the mention.
    pub text: String,
}

/// So many log events of an ID in one place are evidence enough.
pub const ENOUGH: u64 = 3;

impl Place {
    /// Notes that a log event names this ID; `sample` is called while more are wanted.
    pub fn mention(
        &mut self,
        (target, id): (usize, &Arc<str>),
        time: Timestamp,
        sample: impl FnOnce() -> Sample,
    ) {
        let known = self.finds.iter().position(|find| find.id == *id);
        let at = known.unwrap_or(self.finds.len());
        if known.is_none() {
            self.finds.push(Find {
                target,
                id: Arc::clone(id),
                hits: 0,
                first: time,
                last: time,
                samples: Vec::new(),
            });
        }
        let find = &mut self.finds[at];
        find.hits += 1;
        find.first = find.first.min(time);
        find.last = find.last.max(time);
        if find.hits <= ENOUGH {
            find.samples.push(sample());
        }
    }

    /// How many log events name this ID, as far as is known.
    #[must_use]
    pub fn hits(&self, id: &str) -> u64 {
        let find = self.finds.iter().find(|find| *find.id == *id);
        find.map_or(0, |find| find.hits)
    }

    /// The messages that were found here, each once.
    #[must_use]
    pub fn targets(&self) -> Vec<usize> {
        let mut targets: Vec<usize> = self.finds.iter().map(|find| find.target).collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// From the earliest to the latest mention.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let spans = self.finds.iter().map(|f| Span::new(f.first, f.last));
        spans.reduce(Span::union)
    }
}

/// Why something was not searched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// Calls or bytes were used up.
    Budget,
    /// Cancelled before.
    Cancelled,
    /// The caller may not.
    Denied,
    /// The log group's class cannot be searched.
    Class,
    /// The log group does not keep what is so old.
    Retention,
    /// It went wrong.
    Failed,
    /// Input that did not become a log event.
    SetAside,
    /// The region is not enabled for the account: there is nothing in it.
    NotEnabled,
    /// It came to be after the time in question: there is nothing in it.
    Younger,
}

impl Cause {
    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
            Self::Class => "class",
            Self::Retention => "retention",
            Self::Failed => "failed",
            Self::SetAside => "set_aside",
            Self::NotEnabled => "not_enabled",
            Self::Younger => "younger",
        }
    }

    /// Whether an ID may be mentioned in what was left out.
    #[must_use]
    pub const fn leaves_doubt(self) -> bool {
        !matches!(self, Self::NotEnabled | Self::Younger)
    }
}

/// What was not searched, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsearched {
    /// In which environment.
    pub env: Arc<str>,
    /// In which region; empty where that does not matter.
    pub region: Arc<str>,
    /// Which log groups or files; empty: the whole region or environment.
    pub groups: Vec<String>,
    /// Why, for programs.
    pub cause: Cause,
    /// Why, for people. Says nothing of the groups.
    pub why: String,
    /// What to do about it. May be empty.
    pub remedy: String,
}

/// A hunt as far as it has come.
#[derive(Clone, Debug, Default)]
pub struct Hunt {
    /// What is hunted for.
    pub targets: Arc<[Target]>,
    /// The time that is searched; `None`: all that is there.
    pub window: Option<Span>,
    /// What it may spend.
    pub budget: Budget,
    /// The regions that are configured, by environment.
    pub configured: Vec<(Arc<str>, Vec<String>)>,
    /// Where something was found, the most telling first once it is done.
    pub places: Vec<Place>,
    /// What was not searched.
    pub unsearched: Vec<Unsearched>,
    /// Regions that have told which log groups they have, and all.
    pub regions: (u64, u64),
    /// Log groups and files searched to their end.
    pub searched: u64,
    /// All that are known so far.
    pub total: u64,
    /// Calls made.
    pub calls: u64,
    /// Bytes of log text read.
    pub bytes: u64,
    /// Nothing more will come.
    pub done: bool,
    /// It was cancelled.
    pub cancelled: bool,
}

impl Hunt {
    /// Whether anything was found.
    #[must_use]
    pub fn found(&self) -> bool {
        !self.places.is_empty()
    }

    /// Whether everything that could hold a mention was searched.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.done && !self.cancelled && !self.unsearched.iter().any(|u| u.cause.leaves_doubt())
    }

    /// Whether there was no place to search: that nothing was found says nothing then.
    #[must_use]
    pub fn nothing_left(&self) -> bool {
        self.complete() && self.searched == 0
    }

    /// Whether places were left out because they came to be after the time in question.
    #[must_use]
    pub fn some_younger(&self) -> bool {
        self.unsearched.iter().any(|u| u.cause == Cause::Younger)
    }

    /// In how many places a message was found.
    #[must_use]
    pub fn places_of(&self, target: usize) -> usize {
        let names = |place: &&Place| place.finds.iter().any(|find| find.target == target);
        self.places.iter().filter(names).count()
    }

    /// New places first, then those that name most messages, then in the order of time.
    pub fn sort(&mut self) {
        self.places.sort_by_cached_key(|place| {
            let many = std::cmp::Reverse(place.targets().len());
            let name = (place.env.clone(), place.region.clone(), place.name.clone());
            let first = place.span().map(|span| span.from);
            (place.standing, many, first, name)
        });
        self.unsearched.sort_by(|a, b| {
            (a.cause, &a.why, &a.env, &a.region).cmp(&(b.cause, &b.why, &b.env, &b.region))
        });
    }
}
