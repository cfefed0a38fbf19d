//! Other ways an incident can go: the control that a finding is held against.
//!
//! Only the words; what a variant changes is told where the incident is.

/// How an incident goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Variant {
    /// As its description says.
    #[default]
    Usual,
    /// The same system on a good day: deploys, autoscaling, quiet nights, slow messages, no loss.
    Healthy,
    /// The rogue engine writes no log at all.
    Mute,
    /// Work first, then the acknowledgement: the pool is as full, and nothing is lost.
    RightOrder,
    /// The configuration does not know the region of the second service.
    Unlisted,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Self; 5] = [
        Self::Usual,
        Self::Healthy,
        Self::Mute,
        Self::RightOrder,
        Self::Unlisted,
    ];

    /// The word for it on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Healthy => "healthy",
            Self::Mute => "mute",
            Self::RightOrder => "right-order",
            Self::Unlisted => "unlisted",
        }
    }

    /// What it is, for people.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Usual => "as the incident went",
            Self::Healthy => "the same system on a good day, nothing lost",
            Self::Mute => "two-environments: the unknown engine writes no log at all",
            Self::RightOrder => "ack-before-work: work first, then the acknowledgement",
            Self::Unlisted => "batch-other-region: the other region is not configured",
        }
    }

    /// The variant that `word` names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.word() == word)
    }
}
