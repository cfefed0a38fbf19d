//! One run: sources feed a bounded channel, workers extract, the ledger correlates.
//!
//! Shared by `check` and the dashboard. A load never draws and never exits; whoever wants to know
//! asks ([`answers::Answers`]).

pub mod again;
pub mod answers;
mod beside;
pub mod hunt;
pub mod hunter;
mod intake;
mod journal;
mod keeping;
mod lock;
pub mod logs;
pub mod look;
pub mod notebook;
mod notes;
pub mod stranded;
mod tasks;
mod unasked;
mod wider;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::kept::OnFull;
use crate::config::plan::Plan;
use crate::diagnose;
use crate::diagnose::access::Access;
use crate::diagnose::finding::Finding;
use crate::domain::census::Census;
use crate::domain::event::TextRef;
use crate::domain::feed::FeedEvent;
use crate::domain::ledger::Ledger;
use crate::domain::listing::Listing;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::mask::Key;
use crate::domain::sheet::Sheet;
use crate::domain::signals::view::Signals;
use crate::domain::time::{Span, Timestamp};
use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery, Overview};
use crate::sources::channel::{Feed, Stopper};
use crate::sources::cloudwatch;
use crate::sources::cloudwatch::settings::{self, Settings};
use crate::sources::demo::{self, incident::Incident};
use crate::sources::files;
use crate::sources::texts::{RawEvent, Texts};
use answers::{Answers, Wider};
use beside::Beside;
use hunter::Hunter;
use intake::Intake;
use keeping::Keeping;
use lock::lock;
use logs::Logs;
use notebook::Notebook;
use notes::Notes;

/// Reports that fit between sources and workers: a few batches, so that memory stays bounded.
const CHANNEL: usize = 4;
/// A survey of everything may take at most one part in so many of the time while a load runs.
const SURVEY_SHARE: u32 = 25;

/// So many lost messages of an environment are compared with as many others.
const CENSUS: usize = 50_000;
/// So many IDs are looked at before the ledger is free for others.
const CENSUS_STEP: u32 = 1 << 15;

/// Tells the time; the only clock that a load has.
pub type Clock = fn() -> Timestamp;

/// A run that loads, or has loaded.
pub struct Investigation {
    ledger: Arc<Mutex<Ledger>>,
    logs: Arc<Logs>,
    version: Arc<AtomicU64>,
    finished: Arc<(Mutex<bool>, Condvar)>,
    texts: Arc<Texts>,
    stopper: Stopper,
    clock: Clock,
    listing: Mutex<Listing>,
    next_survey: Mutex<Option<Instant>>,
    findings: Mutex<(usize, Arc<Vec<Finding>>)>,
    keeping: Arc<Keeping>,
    beside: Arc<Beside>,
    notes: Arc<Notes>,
    plan: Plan,
    /// With the version that they were made for.
    signals: Mutex<Option<(u64, Arc<Signals>)>>,
    /// Keeps the tasks of the CloudWatch sources going.
    runtime: Option<tokio::runtime::Runtime>,
}

impl Investigation {
    /// Starts reading everything that the plan names, and returns at once.
    ///
    /// # Errors
    /// When the operating system gives no threads, or the case that is named cannot be written
    /// ([`crate::case::place::NoPlace`]).
    pub fn start(plan: &Plan, clock: Clock) -> io::Result<Self> {
        let (feed, mut investigation) = Self::prepare(plan, None, clock)?;
        // The feed is new: nobody has stopped it yet.
        let unasked = unasked::stand_in(&plan.left_out, &feed).unwrap_or_default();
        investigation.keeping.pass_over(unasked);
        let runtime = tasks::runtime(plan)?;
        if let Some(runtime) = &runtime {
            let request = tasks::request(plan, clock());
            let on_full = investigation.teller();
            let keep = investigation.keeping.place(&plan.case, &feed, on_full)?;
            investigation.keeping.tell(&investigation.notes, plan);
            let settings = Settings {
                follow: plan.follow.then(|| follow(plan, request.until(), clock)),
                ..Settings::default()
            };
            cloudwatch::spawn(
                &plan.environments,
                request,
                &feed,
                keep,
                runtime.handle(),
                settings,
            );
        }
        let found = investigation.keeping.listener(&plan.case, &feed)?;
        let threads = thread::available_parallelism().map_or(2, usize::from);
        files::pool::spawn_telling(
            &plan.files,
            plan.stdin.as_ref(),
            plan.follow,
            threads,
            &feed,
            found,
        );
        investigation.runtime = runtime;
        Ok(investigation)
    }

    /// The secret behind the pseudonyms of its case; `None` where it has none.
    pub fn secret(&self) -> Option<Key> {
        self.keeping.secret(&self.plan.case)
    }

    /// Starts a built-in incident as the plan's only source.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn start_demo(plan: &Plan, incident: Incident, clock: Clock) -> io::Result<Self> {
        let nothing_else = Plan {
            files: Vec::new(),
            ..plan.clone()
        };
        let name = incident.identity();
        let (feed, investigation) = Self::prepare(&nothing_else, Some(&name), clock)?;
        demo::stream::spawn(incident, &feed);
        Ok(investigation)
    }

    /// The ledger, and workers that wait for reports until every sender is gone.
    fn prepare(plan: &Plan, demo: Option<&str>, clock: Clock) -> io::Result<(Feed, Self)> {
        let (feed, receiver) = Feed::new(CHANNEL);
        let ledger = Ledger::new(plan.pipelines.clone(), plan.window);
        let investigation = Self {
            ledger: Arc::new(Mutex::new(ledger)),
            logs: Arc::default(),
            version: Arc::default(),
            finished: Arc::default(),
            texts: Arc::clone(&feed.texts),
            stopper: feed.stopper(),
            clock,
            listing: Mutex::default(),
            next_survey: Mutex::default(),
            findings: Mutex::default(),
            keeping: Arc::default(),
            beside: Arc::new(Beside::new(plan.clone(), clock)),
            notes: Arc::new(Notes::new(plan, demo)),
            plan: plan.clone(),
            signals: Mutex::default(),
            runtime: None,
        };
        let (ledger, version) = (&investigation.ledger, &investigation.version);
        let intake = Arc::new(Intake::new(
            receiver,
            Arc::clone(ledger),
            Arc::clone(&investigation.logs),
            Arc::clone(version),
        ));
        let workers = thread::available_parallelism().map_or(2, usize::from);
        let mut handles = Vec::new();
        for number in 0..workers {
            let intake = Arc::clone(&intake);
            let name = format!("extract-{number}");
            handles.push(
                thread::Builder::new()
                    .name(name)
                    .spawn(move || intake.work())?,
            );
        }
        let finished = Arc::clone(&investigation.finished);
        let keeping = Arc::clone(&investigation.keeping);
        let stopper = investigation.stopper.clone();
        let (ledger, version) = (Arc::clone(ledger), Arc::clone(version));
        let close = move || {
            for handle in handles {
                // A worker that panicked has told so already, and spoilt the source of what it had.
                let _ = handle.join();
            }
            // Nobody is shown an end that is not written down yet.
            let mut is_finished = lock(&finished.0);
            let now = clock();
            let overview = {
                let mut ledger = lock(&ledger);
                ledger.close();
                ledger.refresh(now);
                ledger.overview()
            };
            keeping.finish(&overview, stopper.is_stopped(), now);
            version.fetch_add(1, Ordering::Release);
            *is_finished = true;
            finished.1.notify_all();
        };
        thread::Builder::new()
            .name("load".to_owned())
            .spawn(close)?;
        Ok((feed, investigation))
    }

    /// Tells a source's word that nobody else tells.
    fn teller(&self) -> OnFull {
        let (ledger, version) = (Arc::clone(&self.ledger), Arc::clone(&self.version));
        Box::new(move |source, note| {
            lock(&ledger).report(FeedEvent::Note(source, note.to_owned()));
            version.fetch_add(1, Ordering::Release);
        })
    }

    /// Waits until nothing more comes; meanwhile `tick` sees the picture from time to time.
    pub fn wait(&self, every: Duration, mut tick: impl FnMut(&Overview)) {
        let mut finished = lock(&self.finished.0);
        while !*finished {
            let waited = self.finished.1.wait_timeout(finished, every);
            finished = waited.unwrap_or_else(PoisonError::into_inner).0;
            if !*finished {
                drop(finished);
                tick(&self.overview());
                finished = lock(&self.finished.0);
            }
        }
    }

    /// The ledger with its last survey; a new one is taken if it is due.
    fn surveyed(&self) -> MutexGuard<'_, Ledger> {
        let mut ledger = lock(&self.ledger);
        let mut next = lock(&self.next_survey);
        let started = Instant::now();
        if ledger.settled() || next.is_none_or(|next| started >= next) {
            ledger.refresh((self.clock)());
            *next = Some(Instant::now() + started.elapsed() * SURVEY_SHARE);
        }
        ledger
    }
}

impl Answers for Investigation {
    fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn overview(&self) -> Arc<Overview> {
        self.surveyed().overview()
    }

    fn findings(&self) -> Arc<Vec<Finding>> {
        let overview = self.overview();
        let key = Arc::as_ptr(&overview) as usize;
        let mut known = lock(&self.findings);
        if known.0 != key {
            let sheets = self.sheets();
            let found = diagnose::findings(
                &overview,
                &sheets,
                &self.signals(),
                Access {
                    messages: &|query| self.messages(query),
                    lifecycle: &|handle| self.lifecycle(handle),
                },
            );
            *known = (key, Arc::new(found));
        }
        Arc::clone(&known.1)
    }

    fn signals(&self) -> Arc<Signals> {
        // Asked before the ledger, so that what is kept is never older than its version.
        let version = self.version();
        let mut known = lock(&self.signals);
        if let Some((of, signals)) = &*known
            && *of == version
        {
            return Arc::clone(signals);
        }
        let signals = Arc::new(lock(&self.ledger).signals());
        *known = Some((version, Arc::clone(&signals)));
        signals
    }

    /// The ledger is left to others again and again meanwhile.
    fn sheets(&self) -> Vec<Sheet> {
        let mut census = Census::new(&lock(&self.ledger), CENSUS);
        while census.walk(&lock(&self.ledger), CENSUS_STEP) {}
        census.finish()
    }

    fn messages(&self, query: &MessageQuery) -> MessagePage {
        self.messages_unless(query, &|| false).unwrap_or_default()
    }

    fn messages_unless(
        &self,
        query: &MessageQuery,
        given_up: &dyn Fn() -> bool,
    ) -> Option<MessagePage> {
        let ledger = self.surveyed();
        ledger.messages_unless(query, &mut lock(&self.listing), given_up)
    }

    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.surveyed().lifecycle(handle)
    }

    fn text(&self, reference: TextRef) -> io::Result<RawEvent> {
        self.texts.read(reference)
    }

    fn log(&self, query: &LogQuery) -> LogPage {
        self.logs.page(query, &self.ledger, &self.texts)
    }

    fn stop(&self) {
        self.stopper.stop();
    }

    fn notices(&self) -> Vec<String> {
        self.keeping.notices()
    }

    fn wider(&self, window: Span) -> Result<Wider, String> {
        let (plan, clock) = (
            wider::plan(&self.plan, window, self.keeping.path())?,
            self.clock,
        );
        let ending = (Arc::clone(&self.finished), self.stopper.clone());
        let start = move |plan: &Plan| Ok(Arc::new(Self::start(plan, clock)?) as _);
        Ok(wider::wider(plan, ending, start))
    }

    fn hunter(&self) -> Option<&dyn Hunter> {
        Some(&*self.beside)
    }

    fn notebook(&self) -> Option<&dyn Notebook> {
        Some(&*self.notes)
    }
}

impl Drop for Investigation {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(runtime) = self.runtime.take() {
            // A request that hangs must not keep the program from ending.
            runtime.shutdown_background();
        }
    }
}

fn follow(plan: &Plan, until: Timestamp, clock: Clock) -> settings::Follow {
    settings::Follow {
        live_tail: plan.live_tail,
        ..settings::Follow::new(settings::Clock(Arc::new(clock)), until)
    }
}
