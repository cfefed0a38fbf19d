//! The words for what can be said: marks of a sighting, verdicts and flags of a lifecycle.
//!
//! Only the vocabulary; how a verdict is reached is told in `judge`.

use std::fmt;

/// What one sighting says about a message at a stage.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Mark {
    /// Seen, nothing more.
    Note = 0,
    /// It came in.
    Enter = 1,
    /// It is tried again.
    Retry = 2,
    /// The stage told its sender that it has the message.
    Ack = 3,
    /// It went out.
    Exit = 4,
    /// It was left out on purpose.
    Skip = 5,
    /// Something went wrong with it.
    Fail = 6,
    /// It was put aside.
    DeadLetter = 7,
}

impl Mark {
    /// Every mark; the index of each is its `repr`.
    pub const ALL: [Self; 8] = [
        Self::Note,
        Self::Enter,
        Self::Retry,
        Self::Ack,
        Self::Exit,
        Self::Skip,
        Self::Fail,
        Self::DeadLetter,
    ];

    /// The mark with this number; only the lowest three bits count.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self::ALL[(bits & 7) as usize]
    }

    /// The word of the configuration and of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Enter => "enter",
            Self::Retry => "retry",
            Self::Ack => "ack",
            Self::Exit => "exit",
            Self::Skip => "skip",
            Self::Fail => "fail",
            Self::DeadLetter => "dead_letter",
        }
    }
}

/// What can be said of one lifecycle on the evidence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Verdict {
    /// The allowance has passed, every source of every next stage was read, and there is nothing.
    Lost = 0,
    /// The allowance has passed, but not everything that could show it was read.
    Blind = 1,
    /// Its last sighting is a failure that names it, and nothing moved after it.
    Failed = 2,
    /// It was put aside.
    DeadLettered = 3,
    /// Not over yet.
    Pending = 4,
    /// First seen in the middle although the entry was watched.
    Unentered = 5,
    /// It came out.
    Completed = 6,
}

impl Verdict {
    /// Every verdict, most alarming first; the index of each is its `repr`.
    pub const ALL: [Self; 7] = [
        Self::Lost,
        Self::Blind,
        Self::Failed,
        Self::DeadLettered,
        Self::Pending,
        Self::Unentered,
        Self::Completed,
    ];

    /// The word of every output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Blind => "blind",
            Self::Failed => "failed",
            Self::DeadLettered => "dead_lettered",
            Self::Pending => "pending",
            Self::Unentered => "unentered",
            Self::Completed => "completed",
        }
    }

    /// The verdict that `word` names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.word() == word)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What is remarkable about a lifecycle beside its verdict. A set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// Processed more than once at some stage.
    pub const DUPLICATE: Self = Self(1);
    /// Tried again.
    pub const RETRIED: Self = Self(1 << 1);
    /// Some edge took longer than its allowance.
    pub const LATE: Self = Self(1 << 2);
    /// A later stage came before an earlier one on the same clock.
    pub const OUT_OF_ORDER: Self = Self(1 << 3);
    /// A later stage came before an earlier one on another clock.
    pub const SKEWED: Self = Self(1 << 4);
    /// Part of its evidence lies outside what was read.
    pub const TRUNCATED: Self = Self(1 << 5);

    /// Every flag with its word.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::DUPLICATE, "duplicate"),
        (Self::RETRIED, "retried"),
        (Self::LATE, "late"),
        (Self::OUT_OF_ORDER, "out_of_order"),
        (Self::SKEWED, "skewed"),
        (Self::TRUNCATED, "truncated"),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in the set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The words of the flags that are set.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::ALL
            .into_iter()
            .filter(move |(flag, _)| self.has(*flag))
            .map(|(_, word)| word)
    }
}

/// How many lifecycles have each verdict, indexed by `Verdict as usize`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts(pub [u64; 7]);

impl Counts {
    /// The number for one verdict.
    #[must_use]
    pub const fn of(&self, verdict: Verdict) -> u64 {
        self.0[verdict as usize]
    }

    /// All of them together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}
