//! What a look around found, as plain data: accounts, regions, log groups.

use crate::domain::feed::Fault;
use crate::domain::time::Timestamp;
use crate::sources::cloudwatch::listed::Listed;

/// What is in reach.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// The accounts, in the order of their profiles.
    pub accounts: Vec<Account>,
    /// Why other profiles lead nowhere.
    pub unusable: Vec<Fault>,
}

/// An account whose logs can be listed.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// What its environment may be called.
    pub name: String,
    /// The profile that leads to it; `None`: the default chain.
    pub profile: Option<String>,
    /// Other credentials that lead to the same account.
    pub also: Vec<String>,
    /// Its number, where told.
    pub number: Option<String>,
    /// Who the caller is there, where told.
    pub arn: Option<String>,
    /// The regions that have groups, the profile's own first.
    pub regions: Vec<Region>,
    /// How many have none.
    pub empty: usize,
    /// How many are not enabled.
    pub disabled: usize,
    /// How many did not answer soon enough.
    pub silent: usize,
    /// How many may not be listed.
    pub denied: usize,
    /// What went wrong in regions that were asked for by name.
    pub faults: Vec<Fault>,
}

/// A region with its groups.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its name.
    pub name: String,
    /// The groups, by name.
    pub groups: Vec<(Listed, LastEvent)>,
}

/// What is known of the newest event of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LastEvent {
    /// It happened then, as of an hour ago at worst.
    At(Timestamp),
    /// There is none.
    Never,
    /// Nobody would say.
    Unknown,
    /// It was not asked for.
    NotAsked,
}
