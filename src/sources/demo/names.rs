//! Names that are made up: companies, and the form of IDs.
//!
//! A varied incident draws them, so that nothing can rest on what one system happens to be called.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::random::Random;

/// The usual company.
pub(super) const ACME: &str = "acme";

const COMPANIES: [&str; 8] = [
    ACME, "globex", "hooli", "initech", "oceanic", "umbrella", "vandelay", "wonka",
];

/// One of the companies.
pub(super) fn company(random: &mut Random) -> &'static str {
    random.one_of(&COMPANIES)
}

/// Keeps a made-up name as long as the program runs, each once: there are few of them, and with them
/// a log group is as easily passed on as one with a name from this file.
pub(super) fn lasting(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.into());
    names.insert(kept);
    kept
}

/// What an ID looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum IdStyle {
    /// `948cd486-bc42-4e08-94e4-fd7098eafc16`
    Uuid,
    /// `01JPA4Z8Q6W3V5N7K2M9T1X0C4`
    Ulid,
    /// `9f86d081884c7d659a2feaa0c55ad015`
    Hex,
    /// `ord_8Fk2mQz7Lx0aB3`
    Prefixed,
}

impl IdStyle {
    const ALL: [Self; 4] = [Self::Uuid, Self::Ulid, Self::Hex, Self::Prefixed];

    /// One of them.
    pub(super) fn any(random: &mut Random) -> Self {
        random.one_of(&Self::ALL)
    }

    /// A new ID.
    pub(super) fn make(self, random: &mut Random) -> String {
        const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        match self {
            Self::Uuid => random.uuid(),
            Self::Ulid => format!("01JP{}", random.text(CROCKFORD, 22)),
            Self::Hex => random.hex(32),
            Self::Prefixed => format!("ord_{}", random.text(LETTERS, 16)),
        }
    }

    /// The pattern that finds one.
    pub(super) const fn pattern(self) -> &'static str {
        match self {
            Self::Uuid => "[0-9a-f-]{36}",
            Self::Ulid => "[0-9A-HJKMNP-TV-Z]{26}",
            Self::Hex => "[0-9a-f]{32}",
            Self::Prefixed => "ord_[0-9A-Za-z]{16}",
        }
    }
}
