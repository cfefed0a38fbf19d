//! The ledger: every sighting of a run, correlated by ID, and what it comes to.
//!
//! Fed with extracted batches and with what sources report, in any order and from any number of
//! sources; asked through `survey` and `query`. It keeps references to texts, never texts.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::quality::RandomState;

use super::chunked::Chunked;
use super::event::{Source, SourceId};
use super::extract::{Extracted, Extractor};
use super::feed::FeedEvent;
use super::graph::Graph;
use super::identities::Identities;
use super::lifecycle::{Fact, Outcome, Use};
use super::pipeline::Pipeline;
use super::register::Register;
use super::rows::{Row, Rows};
use super::rules::{self, Rules};
use super::scope::Scope;
use super::sets::Sets;
use super::signals::book::Book;
use super::signals::view::Signals;
use super::tally::Survey;
use super::time::{Span, Timestamp};

/// See the module.
pub struct Ledger {
    pub(super) pipelines: Vec<Arc<Pipeline>>,
    pub(super) scopes: Vec<Scope>,
    pub(super) window: Option<Span>,
    pub(super) register: Register,
    pub(super) rows: Rows,
    pub(super) identities: Identities,
    pub(super) sets: Sets,
    signals: Book,
    /// Sightings that were kept without their attributes.
    pub(super) unattributed: u64,
    /// By ID: the outcome of the message that it stands for.
    pub(super) outcomes: Chunked<Outcome>,
    /// By ID, `stride` numbers each: see [`Fold::outcome`].
    pub(super) passes: Chunked<u16>,
    pub(super) stride: usize,
    /// Earlier uses of IDs that came again.
    pub(super) earlier: HashMap<u32, Vec<Use>>,
    pub(super) survey: Survey,
    touched: Vec<u32>,
    is_touched: Vec<u64>,
    hasher: RandomState,
}

impl Ledger {
    /// An empty ledger for these pipelines. With a window, messages without a sighting in it do not
    /// count.
    #[must_use]
    pub fn new(pipelines: Vec<Arc<Pipeline>>, window: Option<Span>) -> Self {
        let hasher = RandomState::default();
        let stages = pipelines.iter().map(|p| p.stages.len()).max().unwrap_or(0);
        Self {
            pipelines,
            scopes: Vec::new(),
            window,
            register: Register::default(),
            rows: Rows::default(),
            identities: Identities::new(hasher.clone()),
            sets: Sets::default(),
            signals: Book::default(),
            unattributed: 0,
            outcomes: Chunked::default(),
            passes: Chunked::default(),
            stride: stages + 1,
            earlier: HashMap::new(),
            survey: Survey::default(),
            touched: Vec::new(),
            is_touched: Vec::new(),
            hasher,
        }
    }

    /// A source came into being; its environment comes with it.
    pub fn open(&mut self, id: SourceId, source: Arc<Source>) {
        if self.register.source(id).is_some() {
            return;
        }
        for pipeline in 0..self.pipelines.len() {
            let scope = self.scope(pipeline, &source.env);
            let stages = &self.pipelines[pipeline].stages;
            for (index, stage) in stages.iter().enumerate() {
                if rules::serves(stage, &source) {
                    self.scopes[scope].sources[index].push(id);
                }
            }
        }
        self.register.open(id, source);
    }

    fn scope(&mut self, pipeline: usize, env: &Arc<str>) -> usize {
        let known = |s: &Scope| s.pipeline == pipeline && s.env == *env;
        self.scopes.iter().position(known).unwrap_or_else(|| {
            let spec = &self.pipelines[pipeline];
            self.scopes.push(Scope {
                pipeline,
                env: Arc::clone(env),
                graph: Graph::new(spec, env),
                sources: vec![Vec::new(); spec.stages.len()],
            });
            self.scopes.len() - 1
        })
    }

    /// The rules of an opened source, to be run on any thread.
    #[must_use]
    pub fn extractor(&self, id: SourceId) -> Extractor {
        let rules = self
            .register
            .source(id)
            .map_or_else(Rules::default, |source| {
                let scopes = self
                    .scopes
                    .iter()
                    .enumerate()
                    .filter(|(_, s)| s.env == source.env);
                let pipelines =
                    scopes.map(|(index, s)| (index as u16, &*self.pipelines[s.pipeline]));
                Rules::new(pipelines, source)
            });
        Extractor {
            rules: Arc::new(rules),
            hasher: self.hasher.clone(),
        }
    }

    /// Takes note of a report. Batches go through an extractor and [`Ledger::apply`].
    pub fn report(&mut self, event: FeedEvent) {
        match event {
            FeedEvent::Opened(id, source) => self.open(id, source),
            other => self.register.report(other),
        }
        self.survey.stale = true;
    }

    /// Something of a source was lost on the way here: no absence may rest on it any more.
    pub fn spoil(&mut self, id: SourceId) {
        self.register.spoil(id);
        self.survey.stale = true;
    }

    /// Nothing more will come from anywhere: a source that did not end was cut short.
    pub fn close(&mut self) {
        self.register.close();
        self.survey.stale = true;
    }

    /// Adds what a batch came to; `streams` are the batch's.
    pub fn apply(&mut self, extracted: &Extracted, streams: &[Arc<str>]) {
        self.register.count(extracted);
        self.signals
            .add(extracted.source, &extracted.signals, streams);
        self.survey.stale = true;
        if extracted.sightings.is_empty() && extracted.links.is_empty() {
            return;
        }
        let sets = self
            .sets
            .merge(extracted.source, &extracted.sets, streams, &self.hasher);
        self.rows.begin(extracted.origin, extracted.base);
        let sightings = &extracted.sightings;
        let guesses: Vec<_> = sightings
            .iter()
            .map(|s| self.identities.guess(s.hash))
            .collect();
        for (seen, guess) in sightings.iter().zip(guesses) {
            let arena = &extracted.arena;
            let id = match guess {
                Some(id) if self.identities.is(id, seen.scope, &seen.key, arena) => id,
                _ => self.intern(seen.hash, seen.scope, &seen.key, arena),
            };
            let (set, bare) = sets[seen.set as usize];
            self.unattributed += u64::from(bare);
            let row = Row::new(
                self.identities.head(id),
                seen.time,
                seen.raw,
                (seen.stage, seen.mark),
                set,
            );
            let row = self.rows.push(row);
            self.identities.set_head(id, row);
            touch(&mut self.touched, &mut self.is_touched, id);
        }
        for link in &extracted.links {
            let a = self.intern(link.a.0, link.scope, &link.a.1, &extracted.arena);
            let b = self.intern(link.b.0, link.scope, &link.b.1, &extracted.arena);
            let pipeline = self.scopes[usize::from(link.scope)].pipeline;
            let max_links = self.pipelines[pipeline].max_links;
            let (touched, is_touched) = (&mut self.touched, &mut self.is_touched);
            self.identities
                .link(a, b, max_links, &mut |id| touch(touched, is_touched, id));
        }
    }

    fn intern(&mut self, hash: u64, scope: u16, key: &super::id::IdKey, arena: &[u8]) -> u32 {
        let (id, new) = self.identities.intern(hash, scope, key, arena);
        if new {
            self.outcomes.push(Outcome::NONE);
            (0..self.stride).for_each(|_| self.passes.push(0));
            if self.is_touched.len() * 64 <= id as usize {
                self.is_touched.push(0);
            }
        }
        id
    }

    /// Brings every answer up to date: folds the touched messages again, learns the allowances, and
    /// gives verdicts. Nothing later than `now` counts as read.
    pub fn refresh(&mut self, now: Timestamp) {
        if !self.survey.stale {
            return;
        }
        self.fold_touched();
        self.take_survey(now);
    }

    /// The messages that were touched, each once; those that stand for none any more are forgotten.
    pub(super) fn take_touched(&mut self) -> Vec<u32> {
        let touched = std::mem::take(&mut self.touched);
        for id in &touched {
            self.is_touched[*id as usize / 64] &= !(1 << (id % 64));
        }
        for id in touched {
            let root = self.identities.root(id);
            if root != id {
                self.outcomes[id] = Outcome::NONE;
                self.earlier.remove(&id);
            }
            touch(&mut self.touched, &mut self.is_touched, root);
        }
        let roots = std::mem::take(&mut self.touched);
        for root in &roots {
            self.is_touched[*root as usize / 64] &= !(1 << (root % 64));
        }
        roots
    }

    /// Every sighting of a message, in no particular order.
    pub(super) fn facts(&self, root: u32, facts: &mut Vec<Fact>) {
        facts.clear();
        for id in self.identities.members(root) {
            for (number, row) in self.rows.chain(self.identities.head(id)) {
                let set = row.set();
                let source = u64::from(self.sets.source(set).0);
                facts.push(Fact {
                    time: row.time(),
                    stage: row.stage(),
                    mark: row.mark(),
                    set,
                    clock: source << 32 | u64::from(self.sets.stream_number(set)),
                    row: number,
                    id,
                });
            }
        }
    }

    /// What all log lines told, as of the last batch. It is made anew each time, and may be large.
    #[must_use]
    pub fn signals(&self) -> Signals {
        self.signals.view()
    }

    /// What a source is.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.register.source(id)
    }

    /// The sources of an environment.
    pub fn sources_of(&self, env: &str) -> impl Iterator<Item = SourceId> {
        let sources = self.register.sources();
        sources
            .filter(move |(_, source)| *source.env == *env)
            .map(|(id, _)| id)
    }

    /// Whether no source is still being read.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.register.settled()
    }
}

fn touch(touched: &mut Vec<u32>, is_touched: &mut [u64], id: u32) {
    let (word, mask) = (id as usize / 64, 1 << (id % 64));
    if is_touched[word] & mask == 0 {
        is_touched[word] |= mask;
        touched.push(id);
    }
}
