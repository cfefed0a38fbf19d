//! What everybody who takes part in a hunt shares: what is hunted for, what is left to spend, what
//! was found, and the switch that ends it.
//!
//! It keeps the books. Where and how is searched is decided by `cloudwatch::hunt` and `files::hunt`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_channel::{Receiver, Sender};

use crate::domain::hunt::{Budget, Cause, Hunt, Place, Sample, Target, Unsearched};
use crate::domain::mention::{Mentions, excerpt};
use crate::domain::time::{Span, Timestamp};

/// So much of a log event is kept to be shown.
const SAMPLE_BYTES: usize = 2_000;

/// The books of one hunt.
#[derive(Debug)]
pub struct Tally {
    /// Each ID, and the message it belongs to.
    names: Vec<(usize, Arc<str>)>,
    mentions: Mentions,
    budget: Budget,
    calls: AtomicU64,
    bytes: AtomicU64,
    /// Read from files: that costs nothing.
    free_bytes: AtomicU64,
    version: AtomicU64,
    state: Mutex<State>,
    /// Closed when the hunt is cancelled.
    stop: Sender<()>,
    stopped: Receiver<()>,
}

#[derive(Debug, Default)]
struct State {
    hunt: Hunt,
    /// What is still to be searched, by environment and region; `None`: the region has not told yet
    /// which log groups it has.
    left: BTreeMap<Region, Option<BTreeSet<String>>>,
}

/// Environment and region.
type Region = (Arc<str>, Arc<str>);

impl Tally {
    /// Books for a hunt for `targets`.
    #[must_use]
    pub fn new(targets: Vec<Target>, window: Option<Span>, budget: Budget) -> Self {
        let mut names: Vec<(usize, Arc<str>)> = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            for id in &target.ids {
                if !names.iter().any(|(_, known)| **known == **id) {
                    names.push((index, id.as_str().into()));
                }
            }
        }
        let ids: Vec<String> = names.iter().map(|(_, id)| id.to_string()).collect();
        let (stop, stopped) = async_channel::bounded(1);
        let hunt = Hunt {
            targets: targets.into(),
            window,
            budget,
            ..Hunt::default()
        };
        let state = State {
            hunt,
            left: BTreeMap::new(),
        };
        Self {
            mentions: Mentions::new(&ids),
            names,
            budget,
            calls: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            free_bytes: AtomicU64::new(0),
            version: AtomicU64::new(0),
            state: Mutex::new(state),
            stop,
            stopped,
        }
    }

    /// The IDs that are hunted for.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        self.names.iter().map(|(_, id)| id.to_string()).collect()
    }

    /// Notes every ID that a log event names. Returns how many that are.
    pub fn look(&self, place: &mut Place, time: Timestamp, stream: &str, text: &[u8]) -> usize {
        let found = self.mentions.in_text(text);
        for (index, at) in &found {
            let (target, id) = &self.names[*index];
            place.mention((*target, id), time, || Sample {
                time,
                stream: stream.to_owned(),
                text: excerpt(text, *at, SAMPLE_BYTES),
            });
        }
        found.len()
    }

    /// Books one call; `false` when it may not be made.
    pub fn take_call(&self) -> bool {
        if self.bytes.load(Ordering::Relaxed) >= self.budget.bytes {
            return false;
        }
        let take = |calls| (calls < self.budget.calls).then_some(calls + 1);
        let taken = self
            .calls
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        self.changed();
        taken.is_ok()
    }

    /// Books log text that was read from files.
    pub fn read(&self, bytes: u64) {
        self.free_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.changed();
    }

    /// Books log text that was answered.
    pub fn answered(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.changed();
    }

    /// Whether no further call may be made.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.calls.load(Ordering::Relaxed) >= self.budget.calls
            || self.bytes.load(Ordering::Relaxed) >= self.budget.bytes
    }

    /// Ends the hunt; what was found stays.
    pub fn cancel(&self) {
        self.stop.close();
    }

    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.stop.is_closed()
    }

    /// Returns when it is cancelled.
    pub async fn cancelled(&self) {
        // Nothing is ever sent: this ends when the channel is closed.
        while self.stopped.recv().await.is_ok() {}
    }

    /// Changes whenever a snapshot would.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The hunt as far as it has come.
    #[must_use]
    pub fn snapshot(&self) -> Hunt {
        let mut hunt = self.lock().hunt.clone();
        hunt.calls = self.calls.load(Ordering::Relaxed);
        let free = self.free_bytes.load(Ordering::Relaxed);
        hunt.bytes = self.bytes.load(Ordering::Relaxed) + free;
        hunt
    }

    /// Tells which regions of an environment are configured.
    pub fn configured(&self, env: &Arc<str>, regions: &[String]) {
        let known = (Arc::clone(env), regions.to_vec());
        self.lock().hunt.configured.push(known);
    }

    /// A region will be asked for its log groups.
    pub fn region(&self, env: &Arc<str>, region: &Arc<str>) {
        let mut state = self.lock();
        let key = (Arc::clone(env), Arc::clone(region));
        if state.left.insert(key, None).is_none() {
            state.hunt.regions.1 += 1;
        }
    }

    /// These places are to be searched; a region that says so has told which groups it has.
    pub fn expect(&self, env: &Arc<str>, region: &Arc<str>, names: Vec<String>) {
        let mut state = self.lock();
        let State { hunt, left } = &mut *state;
        hunt.total += names.len() as u64;
        let key = (Arc::clone(env), Arc::clone(region));
        let known = left.entry(key).or_insert_with(|| Some(BTreeSet::new()));
        if known.is_none() {
            hunt.regions.0 += 1;
        }
        known.get_or_insert_default().extend(names);
        drop(state);
        self.changed();
    }

    /// Nothing more comes from this place; `searched`: it was searched to its end.
    pub fn ended(&self, env: &Arc<str>, region: &Arc<str>, name: &str, searched: bool) {
        let mut state = self.lock();
        state.hunt.searched += u64::from(searched);
        state.forget(env, region, name);
        drop(state);
        self.changed();
    }

    /// Shows what was found in a place so far.
    pub fn publish(&self, place: &Place) {
        if place.finds.is_empty() {
            return;
        }
        let mut state = self.lock();
        let same = |p: &&mut Place| {
            (&p.env, &p.region, &p.name) == (&place.env, &place.region, &place.name)
        };
        match state.hunt.places.iter_mut().find(same) {
            Some(known) => known.clone_from(place),
            None => state.hunt.places.push(place.clone()),
        }
        drop(state);
        self.changed();
    }

    /// Something will not be searched; what is not for the same reason in the same region is
    /// told together.
    pub fn skip(&self, skipped: Unsearched) {
        let mut state = self.lock();
        for group in &skipped.groups {
            state.forget(&skipped.env, &skipped.region, group);
        }
        if skipped.groups.is_empty() {
            let key = (Arc::clone(&skipped.env), Arc::clone(&skipped.region));
            state.left.remove(&key);
        }
        state.add(skipped);
        drop(state);
        self.changed();
    }

    /// Part of a place was not searched; the rest of it was or will be.
    pub fn note(&self, skipped: Unsearched) {
        self.lock().add(skipped);
        self.changed();
    }

    /// Nothing more will come: tells what was left, and why.
    pub fn finish(&self) {
        let (cancelled, spent) = (self.is_cancelled(), self.is_spent());
        let mut state = self.lock();
        for ((env, region), groups) in std::mem::take(&mut state.left) {
            let groups: Vec<String> = match groups {
                Some(groups) if groups.is_empty() => continue,
                Some(groups) => groups.into_iter().collect(),
                None => Vec::new(),
            };
            let (cause, why) = match () {
                () if cancelled => (Cause::Cancelled, "cancelled before it was searched"),
                () if spent => (Cause::Budget, "the budget is spent"),
                () => (Cause::Failed, "the search ended early; this is a bug"),
            };
            state.add(Unsearched {
                env,
                region,
                groups,
                cause,
                why: why.to_owned(),
                remedy: String::new(),
            });
        }
        state.hunt.cancelled = cancelled;
        state.hunt.done = true;
        state.hunt.sort();
        drop(state);
        self.changed();
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, env: &Arc<str>, region: &Arc<str>, group: &str) {
        let key = (Arc::clone(env), Arc::clone(region));
        if let Some(Some(groups)) = self.left.get_mut(&key) {
            groups.remove(group);
        }
    }

    fn add(&mut self, skipped: Unsearched) {
        let same = |u: &&mut Unsearched| {
            (&u.env, &u.region, u.cause, &u.why)
                == (&skipped.env, &skipped.region, skipped.cause, &skipped.why)
        };
        match self.hunt.unsearched.iter_mut().find(same) {
            Some(known) => known.groups.extend(skipped.groups),
            None => self.hunt.unsearched.push(skipped),
        }
    }
}
