//! What there is: accounts, log groups, events.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

/// The account of whoever calls with a key that says nothing of an account.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The account an access key belongs to: its last twelve characters, if they are digits.
pub(crate) fn account_of(key: &str) -> &str {
    let end = key.len().saturating_sub(12);
    match key.get(end..) {
        Some(end) if end.len() == 12 && end.bytes().all(|b| b.is_ascii_digit()) => end,
        _ => ACCOUNT,
    }
}

/// A log event as the service has it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) time: i64,
    pub(crate) ingestion: i64,
    pub(crate) stream: String,
    /// Two events of one id are one event that was delivered twice.
    pub(crate) id: String,
    pub(crate) message: String,
    /// How many answered calls over its time do not see it yet: a late arrival.
    pub(crate) visible_from: usize,
}

impl Event {
    /// An event that was ingested 100 ms after it happened; `id` must be unique.
    pub(crate) fn new(time: i64, id: &str, message: &str) -> Self {
        Self {
            time,
            ingestion: time + 100,
            stream: "stream-1".to_owned(),
            id: id.to_owned(),
            message: message.to_owned(),
            visible_from: 0,
        }
    }

    /// One with an id like the service's own: 56 digits, of which `id >> 144` is the time; `index`
    /// tells apart what happened at one time.
    pub(crate) fn at(time: i64, index: u64, message: &str) -> Self {
        Self::new(time, &event_id(time, index), message)
    }

    /// What it counts for in a page, in bytes.
    fn size(&self) -> usize {
        self.message.len() + 26
    }
}

/// `time << 144 | index`, in 56 decimal digits.
fn event_id(time: i64, index: u64) -> String {
    const BASE: u64 = 1_000_000_000;
    // Least significant first.
    let mut limbs = [0_u64; 7];
    let mut times_plus = |factor: u64, mut carry: u64| {
        for limb in &mut limbs {
            let value = *limb * factor + carry;
            (*limb, carry) = (value % BASE, value / BASE);
        }
    };
    for shift in (0..64).step_by(16).rev() {
        times_plus(1 << 16, (time as u64 >> shift) & 0xffff);
    }
    for shift in (0..144).step_by(16).rev() {
        let word = if shift < 64 {
            (index >> shift) & 0xffff
        } else {
            0
        };
        times_plus(1 << 16, word);
    }
    let mut digits = String::new();
    for limb in limbs.iter().rev() {
        let _ = write!(digits, "{limb:09}");
    }
    digits[digits.len() - 56..].to_owned()
}

/// A log group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) name: String,
    pub(super) retention: Option<i32>,
    pub(super) class: &'static str,
    pub(super) masked: bool,
    /// In order of time, each with how many answered calls looked at its time.
    events: Vec<(Event, usize)>,
}

impl Group {
    /// An empty one of the usual account.
    pub(crate) fn new(region: &str, name: &str) -> Self {
        Self {
            account: ACCOUNT.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
            retention: None,
            class: "STANDARD",
            masked: false,
            events: Vec::new(),
        }
    }

    /// In this account.
    pub(crate) fn account(self, account: &str) -> Self {
        let account = account.to_owned();
        Self { account, ..self }
    }

    /// With these events too.
    pub(crate) fn events(mut self, events: Vec<Event>) -> Self {
        self.events.extend(events.into_iter().map(|e| (e, 0)));
        // Stable, so that a place among equals is kept.
        let key = |(e, _): &(Event, usize)| (e.time, e.ingestion, e.id.clone());
        self.events.sort_by_cached_key(key);
        self
    }

    /// Keeps its events for so many days.
    pub(crate) fn kept_for(self, retention: Option<i32>) -> Self {
        Self { retention, ..self }
    }

    /// `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY`.
    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// With data protection.
    pub(crate) fn masked(self) -> Self {
        Self {
            masked: true,
            ..self
        }
    }

    pub(super) fn arn(&self) -> String {
        let (region, account, name) = (&self.region, &self.account, &self.name);
        format!("arn:aws:logs:{region}:{account}:log-group:{name}")
    }

    pub(super) fn bytes(&self) -> usize {
        self.events.iter().map(|(event, _)| event.size()).sum()
    }

    /// The events of a span, whether they are visible or not.
    pub(super) fn range(&self, (from, to): (i64, i64)) -> Range<usize> {
        let begin = self.events.partition_point(|(e, _)| e.time < from);
        let end = self.events.partition_point(|(e, _)| e.time <= to);
        begin..end.max(begin)
    }

    /// How many events lie before or at `cursor`.
    pub(super) fn past(&self, cursor: &Cursor) -> usize {
        let key = |e: &Event| (e.time, e.ingestion, e.id.clone());
        let begin = self.events.partition_point(|(e, _)| key(e) < cursor.key);
        let equal = self.events[begin..].iter();
        let equal = equal.take_while(|(e, _)| key(e) == cursor.key).count();
        begin + cursor.among_equals.min(equal)
    }

    /// The place right after the event at `index`.
    pub(super) fn cursor(&self, index: usize) -> Cursor {
        let key = |e: &Event| (e.time, e.ingestion, e.id.clone());
        let own = key(&self.events[index].0);
        let before = self.events[..index].iter().rev();
        Cursor {
            among_equals: before.take_while(|(e, _)| key(e) == own).count() + 1,
            key: own,
        }
    }

    /// The events of `range` with their sizes; `None` for one that is not visible yet.
    pub(super) fn read(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = Option<(&Event, usize)>> {
        let seen = |(event, looked): &(Event, usize)| *looked >= event.visible_from;
        self.events[range]
            .iter()
            .map(move |entry| seen(entry).then(|| (&entry.0, entry.0.size())))
    }

    /// One more answered call looked at these.
    pub(super) fn looked_at(&mut self, range: Range<usize>) {
        self.events[range]
            .iter_mut()
            .for_each(|(_, looked)| *looked += 1);
    }

    /// Its streams: name, first and last time, last ingestion.
    pub(super) fn streams(&self) -> BTreeMap<&str, (i64, i64, i64)> {
        let mut streams = BTreeMap::new();
        for (event, _) in &self.events {
            let stream = streams.entry(event.stream.as_str());
            let (_, last, ingested): &mut (i64, i64, i64) =
                stream.or_insert((event.time, event.time, event.ingestion));
            *last = event.time.max(*last);
            *ingested = event.ingestion.max(*ingested);
        }
        streams
    }
}

/// A place between two events, which stays where it is when others arrive.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    key: (i64, i64, String),
    among_equals: usize,
}

/// Everything there is.
#[derive(Default)]
pub(super) struct Estate {
    groups: BTreeMap<(String, String, String), Group>,
    links: BTreeSet<(String, String)>,
}

impl Estate {
    pub(super) fn add(&mut self, group: Group) {
        let key = (
            group.account.clone(),
            group.region.clone(),
            group.name.clone(),
        );
        self.groups.insert(key, group);
    }

    pub(super) fn append(&mut self, account: &str, region: &str, name: &str, events: Vec<Event>) {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        if let Some(group) = self.groups.remove(&key) {
            self.groups.insert(key, group.events(events));
        }
    }

    pub(super) fn link(&mut self, monitoring: &str, linked: &str) {
        let link = (monitoring.to_owned(), linked.to_owned());
        self.links.insert(link);
    }

    /// Whether `account` may see the log groups of `owner`.
    pub(super) fn sees(&self, account: &str, owner: &str) -> bool {
        account == owner || self.links.contains(&(account.to_owned(), owner.to_owned()))
    }

    pub(super) fn get(&mut self, account: &str, region: &str, name: &str) -> Option<&mut Group> {
        let key = (account.to_owned(), region.to_owned(), name.to_owned());
        self.groups.get_mut(&key)
    }

    /// The groups of a region, by account and name.
    pub(super) fn of_region(&self, region: &str) -> impl Iterator<Item = &Group> {
        self.groups.values().filter(move |g| g.region == region)
    }
}
