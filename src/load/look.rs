//! A first look at the sources, for someone who has no configuration: what is read is looked at and
//! forgotten, but for a sample that tells what the system is.
//!
//! Where there is much, most lines are only told apart by their kind, and not decoded; what names the
//! message of a rare line is then sought in everything once more, so that its way is known too.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::io;
use std::sync::Arc;
use std::thread;

use foldhash::fast::FixedState;

use super::Clock;
use crate::config::plan::Plan;
use crate::diagnose::discover::corpus::Corpus;
use crate::diagnose::discover::sampler::{RARE, Sampler};
use crate::domain::event::{Batch, EventRef, Source, SourceId};
use crate::domain::feed::{Fault, FeedEvent};
use crate::sources::channel::Feed;
use crate::sources::files::pool;
use crate::sources::files::sieve::Sieve;

mod groups;

/// Reports that fit between the readers and the look.
const CHANNEL: usize = 4;
/// So many log events are looked at closely.
const MOST: usize = 120_000;

/// What a look saw.
#[derive(Debug, Default)]
pub struct Looked {
    /// The sample.
    pub corpus: Corpus,
    /// What could not be looked at.
    pub faults: Vec<Fault>,
}

/// Looks at the sources of a plan. `progress` is told how many log events have passed.
///
/// # Errors
/// When the operating system gives no threads, or the case that is named cannot be written.
pub fn look(plan: &Plan, clock: Clock, progress: &mut dyn FnMut(u64)) -> io::Result<Looked> {
    let mut looker = Looker::new(MOST);
    if !plan.environments.is_empty() {
        groups::look(plan, clock, &mut looker, progress)?;
    }
    if !plan.files.is_empty() || plan.stdin.is_some() {
        looker.files(plan, progress);
    }
    Ok(Looked {
        corpus: looker.sampler.finish(looker.passed),
        faults: looker.faults,
    })
}

/// Looks at the files of a plan, at about `most` log events.
pub fn look_at_files(plan: &Plan, most: usize, progress: &mut dyn FnMut(u64)) -> Corpus {
    let mut looker = Looker::new(most);
    looker.files(plan, progress);
    looker.sampler.finish(looker.passed)
}

/// A look under way.
struct Looker {
    sampler: Sampler,
    most: usize,
    places: HashMap<Arc<str>, u32>,
    /// Log events that have passed.
    passed: u64,
    faults: Vec<Fault>,
}

impl Looker {
    fn new(most: usize) -> Self {
        Self {
            sampler: Sampler::new(most),
            most,
            places: HashMap::new(),
            passed: 0,
            faults: Vec::new(),
        }
    }

    fn source(&mut self, source: &Arc<Source>) {
        let number = self.sampler.source(Arc::clone(source));
        self.places.insert(Arc::clone(&source.name), number);
    }

    fn batch(&mut self, source: &Source, batch: &Batch) {
        let number = self.places.get(&source.name).copied().unwrap_or(0);
        for (stream, event) in events(number, batch) {
            let text = batch.text_of(event);
            self.sampler.event(number, stream, event.time, text);
        }
        self.passed += batch.events.len() as u64;
    }

    fn files(&mut self, plan: &Plan, progress: &mut dyn FnMut(u64)) {
        let sieve = Sieve::of_kinds(RARE, self.most);
        read(plan, &sieve, &mut |source, batch| {
            let Some(batch) = batch else {
                return self.source(source);
            };
            self.sampler.keep_to(|| sieve.slices());
            self.batch(source, batch);
            progress(self.passed + sieve.left_out());
        });
        self.passed += sieve.left_out();
        let ids = self.sampler.loose_ends();
        let sieve = (!ids.is_empty())
            .then(|| Sieve::of_mentions(&ids))
            .flatten();
        let Some(sieve) = sieve else { return };
        let mut more = Vec::new();
        read(plan, &sieve, &mut |place, batch| {
            let source = self.places.get(&place.name).copied();
            let (Some(source), Some(batch)) = (source, batch) else {
                return;
            };
            more.extend(events(source, batch).map(|(stream, event)| {
                let text = batch.text_of(event).to_vec();
                (source, stream, event.time, text)
            }));
        });
        self.sampler.add(more);
    }
}

/// Reads what a sieve lets pass: gives each source once without and then with what it says.
fn read(plan: &Plan, sieve: &Arc<Sieve>, each: &mut dyn FnMut(&Arc<Source>, Option<&Batch>)) {
    let (feed, receiver) = Feed::new(CHANNEL);
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let readers = pool::spawn_sieved(&plan.files, plan.stdin.as_ref(), sieve, threads, &feed);
    drop(feed);
    let mut sources: HashMap<SourceId, Arc<Source>> = HashMap::new();
    while let Ok(event) = receiver.recv_blocking() {
        match event {
            FeedEvent::Opened(id, source) => {
                each(&source, None);
                sources.insert(id, source);
            }
            FeedEvent::Batch(batch) => {
                if let Some(source) = sources.get(&batch.source) {
                    each(source, Some(&batch));
                }
            }
            _ => {}
        }
    }
    for reader in readers {
        // A panic there was reported there.
        let _ = reader.join();
    }
}

/// The events of a batch, each with a number for its stream.
fn events(source: u32, batch: &Batch) -> impl Iterator<Item = (u32, &EventRef)> {
    let hasher = FixedState::default();
    let streams = batch.streams.iter();
    let streams: Vec<u32> = streams
        .map(|stream| hasher.hash_one((source, stream)) as u32)
        .collect();
    batch.events.iter().map(move |event| {
        let stream = streams.get(event.stream as usize).copied();
        (stream.unwrap_or(source), event)
    })
}
