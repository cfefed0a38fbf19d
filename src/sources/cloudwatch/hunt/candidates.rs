//! Which log groups of a region are worth a search, in which order, and which cannot be searched.
//!
//! Pure: it knows what a listing said, not the service.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use crate::config::plan::EnvironmentPlan;
use crate::domain::hunt::{Cause, Standing};
use crate::domain::time::{Span, Timestamp};
use crate::sources::cloudwatch::groups::Wanted;
use crate::sources::cloudwatch::listed::Listed;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// A log group that will be searched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// What tells it from every other group of its region: its name, with its account before it
    /// where that is another than the caller's.
    pub key: String,
    /// The account it belongs to, where told.
    pub account: Option<String>,
    /// How to ask for it where it is another account's.
    pub arn: Option<String>,
    /// The environment it is counted to.
    pub env: Arc<str>,
    /// How it stands to the run and to the configuration.
    pub standing: Standing,
    /// 0: its name is like a configured one; 1: it begins like one; 2: any other.
    pub rank: u8,
    /// Nothing before this is kept, though it is asked for.
    pub kept_from: Option<Timestamp>,
    likeness: usize,
}

/// What is known of a region before its groups are listed.
pub struct Sieve {
    region: String,
    /// The account of the credentials, where it is known.
    own: Option<String>,
    envs: Vec<EnvironmentPlan>,
    wanted: Vec<(usize, Wanted)>,
    loaded: HashSet<String>,
    again: bool,
    window: Span,
    asked_at: Timestamp,
}

/// What becomes of one listed group.
pub enum Fate {
    /// It is searched.
    Search(Candidate),
    /// It was read by the run: not asked for.
    Known,
    /// It cannot be searched, or need not be.
    Skip(Cause, String),
}

impl Sieve {
    /// For one region of the account `own` that all of `envs` share. The groups of it in `loaded` were
    /// read by the run, and are searched only if they are to be searched `again`.
    #[must_use]
    pub fn new(
        region: &str,
        own: Option<&str>,
        envs: &[EnvironmentPlan],
        (loaded, again): (HashSet<String>, bool),
        window: Span,
        asked_at: Timestamp,
    ) -> Self {
        let mut wanted = Vec::new();
        for (index, env) in envs.iter().enumerate() {
            for glob in &env.groups {
                // One that is no glob is complained of by a load.
                wanted.extend(Wanted::new(glob, &env.name, region).map(|w| (index, w)));
            }
        }
        Self {
            region: region.to_owned(),
            own: own.map(str::to_owned),
            envs: envs.to_vec(),
            wanted,
            loaded,
            again,
            window,
            asked_at,
        }
    }

    /// What becomes of this group.
    #[must_use]
    pub fn fate(&self, group: &Listed) -> Fate {
        if !self.again && self.loaded.contains(&self.key(group)) {
            return Fate::Known;
        }
        if !group.class.is_readable() {
            return Fate::Skip(Cause::Class, format!("class {}", group.class.word()));
        }
        if group.created.is_some_and(|at| at > self.window.to) {
            let why = "created after the time that is searched".to_owned();
            return Fate::Skip(Cause::Younger, why);
        }
        let kept = group.retention.map(|days| (days, self.kept_from(days)));
        if let Some((days, _)) = kept.filter(|(_, from)| *from > self.window.to) {
            return Fate::Skip(Cause::Retention, format!("kept for {days} days only"));
        }
        let kept_from = kept.map(|(_, from)| from);
        Fate::Search(self.candidate(group, kept_from.filter(|at| *at > self.window.from)))
    }

    fn kept_from(&self, days: i32) -> Timestamp {
        self.asked_at.plus(-DAY_MS.saturating_mul(i64::from(days)))
    }

    fn candidate(&self, group: &Listed, kept_from: Option<Timestamp>) -> Candidate {
        let name = group.name.as_str();
        let mut matching = self.wanted.iter().filter(|(_, w)| w.matches(name));
        let here = |env: &usize| self.envs[*env].regions.contains(&self.region);
        let configured = matching.clone().map(|(env, _)| *env).find(here);
        let like = configured.or_else(|| matching.next().map(|(env, _)| *env));
        let likeness = self.wanted.iter().map(|(_, w)| shared(w.prefix(), name));
        let likeness = likeness.max().unwrap_or(0);
        let rank = match like {
            Some(_) => 0,
            None if likeness > 1 => 1,
            None => 2,
        };
        let env = like.or_else(|| self.named_in(name)).unwrap_or(0);
        let key = self.key(group);
        Candidate {
            name: group.name.clone(),
            account: group.account.clone(),
            arn: group.arn.clone().filter(|_| self.foreign(group).is_some()),
            env: Arc::clone(&self.envs[env].name),
            standing: match configured {
                _ if self.loaded.contains(&key) => Standing::Loaded,
                Some(_) => Standing::Configured,
                None => Standing::New,
            },
            key,
            rank,
            kept_from,
            likeness,
        }
    }

    /// The account of a group that is not the caller's.
    fn foreign<'a>(&self, group: &'a Listed) -> Option<&'a str> {
        let account = group.account.as_deref();
        account.filter(|account| self.own.as_deref().is_some_and(|own| own != *account))
    }

    fn key(&self, group: &Listed) -> String {
        let name = &group.name;
        let foreign = self.foreign(group);
        foreign.map_or_else(|| name.clone(), |account| format!("{account}:{name}"))
    }

    /// Which of several environments of one account a group's name speaks of.
    fn named_in(&self, name: &str) -> Option<usize> {
        let parts = |env: &EnvironmentPlan| {
            let mut parts = name.split(|c: char| !c.is_alphanumeric());
            parts.any(|part| *part == *env.name)
        };
        self.envs.iter().position(parts)
    }
}

/// Sorts by promise.
pub fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        (a.rank, Reverse(a.likeness), &a.name).cmp(&(b.rank, Reverse(b.likeness), &b.name))
    });
}

/// How long the beginning is that both share, in whole parts of a path.
fn shared(prefix: &str, name: &str) -> usize {
    let both = prefix.bytes().zip(name.bytes());
    let same = both.take_while(|(a, b)| a == b).count();
    prefix[..same].rfind('/').map_or(0, |slash| slash + 1)
}
