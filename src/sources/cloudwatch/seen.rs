//! Which log events were passed on already: polls overlap, and nothing may be counted twice.
//!
//! Identities are held by minute, of the span that is asked for again and again and of some time
//! before, so that memory stays flat however long the following goes on.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde::Deserialize;

use crate::domain::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// Beyond the span that is needed, no more identities than this are held: some 4 MB.
const MOST: usize = 100_000;

/// What tells one event from another: two independent hashes of its id. Two of a million ids are
/// taken for one with a chance of 1 in 10^26.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key(u64, u64);

/// The events of some span that were passed on.
#[derive(Debug)]
pub struct Seen {
    /// Everything passed on from this time on is held.
    since: Timestamp,
    minutes: BTreeMap<i64, HashSet<Key>>,
    first: RandomState,
    second: RandomState,
}

/// What is needed of a kept line.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    timestamp: i64,
    #[serde(borrow)]
    event_id: std::borrow::Cow<'a, str>,
    ingestion_time: Option<i64>,
    #[serde(borrow)]
    log_stream_name: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    message: std::borrow::Cow<'a, str>,
}

impl Seen {
    /// Will be told of everything that is passed on from `since` on.
    #[must_use]
    pub fn from(since: Timestamp) -> Self {
        Self {
            since,
            minutes: BTreeMap::new(),
            first: RandomState::new(),
            second: RandomState::new(),
        }
    }

    /// What was passed on from this time on is known.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// What tells this event from others: its id, or all it says where it has none.
    #[must_use]
    pub fn key(&self, time: Timestamp, event: &FilteredLogEvent) -> Key {
        self.hash(
            time.0,
            event.event_id().unwrap_or_default(),
            event.ingestion_time(),
            event.log_stream_name().unwrap_or_default(),
            event.message().unwrap_or_default(),
        )
    }

    fn hash(
        &self,
        time: i64,
        id: &str,
        ingestion: Option<i64>,
        stream: &str,
        message: &str,
    ) -> Key {
        if id.is_empty() {
            let all = (time, ingestion, stream, message);
            return Key(self.first.hash_one(all), self.second.hash_one(all));
        }
        Key(self.first.hash_one(id), self.second.hash_one(id))
    }

    /// Whether it was passed on.
    #[must_use]
    pub fn has(&self, time: Timestamp, key: Key) -> bool {
        let minute = self.minutes.get(&minute(time));
        minute.is_some_and(|keys| keys.contains(&key))
    }

    /// It was passed on.
    pub fn add(&mut self, time: Timestamp, key: Key) {
        if time >= self.since {
            self.minutes.entry(minute(time)).or_default().insert(key);
        }
    }

    /// The events of a kept page (see `page`) were passed on.
    pub fn learn(&mut self, raw: &[u8]) {
        for line in raw.split(|byte| *byte == b'\n') {
            // A line that cannot be read was not written here.
            let Ok(line) = serde_json::from_slice::<Line<'_>>(line) else {
                continue;
            };
            let key = self.hash(
                line.timestamp,
                &line.event_id,
                line.ingestion_time,
                &line.log_stream_name,
                &line.message,
            );
            self.add(Timestamp(line.timestamp), key);
        }
    }

    /// Forgets what is older than `oldest`, and what goes beyond the bound of memory; but nothing of
    /// `needed` or later.
    pub fn shrink(&mut self, oldest: Timestamp, needed: Timestamp) {
        let mut held = self.len();
        while let Some((first, keys)) = self.minutes.first_key_value() {
            let end = Timestamp((first + 1) * MINUTE_MS);
            if end > needed || (end > oldest && held <= MOST) {
                break;
            }
            held -= keys.len();
            self.since = self.since.max(end);
            self.minutes.pop_first();
        }
        self.since = self.since.max(oldest.min(needed));
    }

    /// How many identities are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.minutes.values().map(HashSet::len).sum()
    }

    /// Whether none is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.minutes.is_empty()
    }
}

const fn minute(time: Timestamp) -> i64 {
    time.0.div_euclid(MINUTE_MS)
}
