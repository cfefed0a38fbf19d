//! Follows log groups of the scripted service on a clock that goes on by the reports, and keeps the
//! answer up to date at every one of them. Nothing waits: a poll is due at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::Receiver;
use lastseen::domain::event::SourceId;
use lastseen::domain::extract::Extractor;
use lastseen::domain::feed::FeedEvent;
use lastseen::domain::ledger::Ledger;
use lastseen::domain::listing::Listing;
use lastseen::domain::time::{Span, Timestamp};
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::{MessageQuery, SourceView};
use lastseen::sources::channel::Feed;
use lastseen::sources::cloudwatch::settings::{Clock, Follow, Settings};
use lastseen::sources::cloudwatch::tail::Tempo;
use lastseen::sources::cloudwatch::{Request, spawn};
use tokio::runtime::Runtime;

use super::engine::pipelines;
use super::fake_cloudwatch::{Event, FakeCloudWatch};
use super::keeping::{Case, Memory};
use super::reading::{environment, quick};

/// An event that becomes readable at a time of the clock.
pub(crate) struct Arrival {
    pub(crate) at: i64,
    pub(crate) group: &'static str,
    pub(crate) event: Event,
}

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) from: i64,
    pub(crate) to: Timestamp,
    pub(crate) now: i64,
    /// How far the clock goes on at each pulse.
    pub(crate) step: i64,
}

/// Everything that follows.
pub(crate) struct Live {
    pub(crate) fake: Arc<FakeCloudWatch>,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) ledger: Ledger,
    arrivals: Vec<Arrival>,
    step: i64,
    feed: Option<Feed>,
    reports: Receiver<FeedEvent>,
    extractors: HashMap<SourceId, Extractor>,
    runtime: Runtime,
}

/// What runs have kept.
pub(crate) type Kept = Arc<Mutex<Case>>;

pub(crate) const REGION: &str = "eu-central-1";

impl Live {
    /// Begins to follow the groups of `globs` that `fake` has in one region.
    pub(crate) fn start(
        fake: FakeCloudWatch,
        config: &str,
        globs: &[&str],
        asked: &Asked,
        arrivals: Vec<Arrival>,
    ) -> Self {
        Self::kept(
            Arc::new(fake),
            config,
            globs,
            asked,
            arrivals,
            &Arc::default(),
        )
    }

    /// The same run once more, begun `later` with what was kept in `case`.
    pub(crate) fn again(
        mut self,
        config: &str,
        globs: &[&str],
        asked: &Asked,
        case: &Kept,
    ) -> Self {
        let arrivals = std::mem::take(&mut self.arrivals);
        let fake = Arc::clone(&self.fake);
        drop(self);
        Self::kept(fake, config, globs, asked, arrivals, case)
    }

    /// The same, keeping pages in `case`.
    pub(crate) fn kept(
        fake: Arc<FakeCloudWatch>,
        config: &str,
        globs: &[&str],
        asked: &Asked,
        mut arrivals: Vec<Arrival>,
        case: &Kept,
    ) -> Self {
        let plan = environment("qa", fake.url(), &[REGION], globs);
        arrivals.sort_by_key(|arrival| std::cmp::Reverse(arrival.at));
        let clock = Arc::new(AtomicI64::new(asked.now));
        let own = Arc::clone(&clock);
        let request = Request {
            window: Span {
                from: Timestamp(asked.from),
                to: asked.to,
            },
            margin_ms: 0,
            asked_at: Timestamp(asked.now),
        };
        let now = move || Timestamp(own.load(Ordering::SeqCst));
        let follow = Follow {
            tempo: Tempo {
                shortest: Duration::from_nanos(1),
                longest: Duration::from_millis(1),
            },
            relist: Duration::from_millis(20),
            ..Follow::new(Clock(Arc::new(now)), request.until())
        };
        let settings = Settings {
            follow: Some(follow),
            ..quick()
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (feed, reports) = Feed::new(1);
        let keep = Memory::new(&feed, case, None);
        let mut live = Self {
            ledger: Ledger::new(pipelines(config).unwrap(), Some(request.window)),
            fake,
            clock,
            arrivals,
            step: asked.step,
            reports,
            extractors: HashMap::new(),
            feed: None,
            runtime,
        };
        live.publish(asked.now);
        let handle = live.runtime.handle();
        spawn(&[plan], request, &feed, keep, handle, settings);
        live.feed = Some(feed);
        live
    }

    /// What has arrived by `now` can be read.
    fn publish(&mut self, now: i64) {
        let mut groups: HashMap<&'static str, Vec<Event>> = HashMap::new();
        while let Some(next) = self.arrivals.pop_if(|next| next.at <= now) {
            groups.entry(next.group).or_default().push(next.event);
        }
        for (group, events) in groups {
            self.fake.append(REGION, group, events);
        }
    }

    /// Takes the next report in, and brings the answer up to date; the clock goes on with a pulse.
    pub(crate) fn next(&mut self) -> FeedEvent {
        let report = self.reports.recv_blocking().unwrap();
        if let FeedEvent::Batch(batch) = &report {
            let ledger = &self.ledger;
            let extractor = self.extractors.entry(batch.source);
            let extracted = extractor
                .or_insert_with(|| ledger.extractor(batch.source))
                .extract(batch);
            self.ledger.apply(&extracted, &batch.streams);
        } else {
            self.ledger.report(copy(&report));
        }
        let now = self.clock.load(Ordering::SeqCst);
        self.ledger.refresh(Timestamp(now));
        if matches!(report, FeedEvent::Followed(..)) {
            self.go_on(self.step);
        }
        report
    }

    /// The clock goes on.
    pub(crate) fn go_on(&mut self, ms: i64) {
        let now = self.now() + ms;
        self.publish(now);
        self.clock.store(now, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Takes reports in until something holds; `each` sees every answer on the way.
    pub(crate) fn until(&mut self, holds: impl Fn(&Self) -> bool, mut each: impl FnMut(&Self)) {
        while !holds(self) {
            self.next();
            each(self);
        }
    }

    /// The first IDs of the messages with this verdict, sorted.
    pub(crate) fn with(&self, verdict: Verdict) -> Vec<String> {
        let query = MessageQuery {
            verdicts: vec![verdict],
            limit: usize::MAX,
            ..MessageQuery::default()
        };
        let page = self.ledger.messages(&query, &mut Listing::default());
        let mut ids: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids
    }

    /// How many messages of the only pipeline have this verdict.
    pub(crate) fn count(&self, verdict: Verdict) -> u64 {
        let overview = self.ledger.overview();
        let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
        environments.map(|env| env.counts.of(verdict)).sum()
    }

    /// The source of this group.
    pub(crate) fn source(&self, group: &str) -> Option<SourceView> {
        let overview = self.ledger.overview();
        let mut sources = overview.sources.iter();
        sources.find(|s| &*s.source.group == group).cloned()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(feed) = self.feed.take() {
            feed.stop();
        }
        self.reports.close();
    }
}

fn copy(report: &FeedEvent) -> FeedEvent {
    match report {
        FeedEvent::Opened(id, source) => FeedEvent::Opened(*id, Arc::clone(source)),
        FeedEvent::Rejected(id, reject) => FeedEvent::Rejected(*id, reject.clone()),
        FeedEvent::Covered(id, span) => FeedEvent::Covered(*id, *span),
        FeedEvent::CaughtUp(id) => FeedEvent::CaughtUp(*id),
        FeedEvent::Followed(id, pulse) => FeedEvent::Followed(*id, pulse.clone()),
        FeedEvent::Fault(id, fault) => FeedEvent::Fault(*id, fault.clone()),
        FeedEvent::Note(id, note) => FeedEvent::Note(*id, note.clone()),
        FeedEvent::Ended(id, end) => FeedEvent::Ended(*id, *end),
        FeedEvent::Batch(_) => unreachable!("batches are extracted"),
    }
}
