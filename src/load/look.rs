//! A first look at the sources, for someone who has no configuration: what is read is looked at and
//! forgotten, but for a sample that tells what the system is.
//!
//! Where there is much, most lines are only told apart by their kind, and not decoded; what names the
//! message of a rare line is then sought in everything once more, so that its way is known too.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;
use std::thread;

use looker::{Looker, events};

use super::Clock;
use crate::config::plan::Plan;
use crate::diagnose::discover::corpus::Corpus;
use crate::diagnose::discover::sampler::RARE;
use crate::domain::event::{Batch, Source, SourceId};
use crate::domain::feed::{Fault, FeedEvent};
use crate::sources::channel::Feed;
use crate::sources::files::pool;
use crate::sources::files::sieve::Sieve;

mod groups;
mod looker;

/// Reports that fit between the readers and the look.
const CHANNEL: usize = 4;
/// So many log events are looked at closely.
const MOST: usize = 300_000;
/// Where there are more, so many in a hundred of these are enough in slices of the time: what is rare comes
/// on top.
const SLICED: usize = 50;

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
        files(&mut looker, plan, progress);
    }
    Ok(Looked {
        corpus: looker.sampler.finish(looker.passed),
        faults: looker.faults,
    })
}

/// Looks at the files of a plan, at about `most` log events.
pub fn look_at_files(plan: &Plan, most: usize, progress: &mut dyn FnMut(u64)) -> Corpus {
    let mut looker = Looker::new(most);
    files(&mut looker, plan, progress);
    looker.sampler.finish(looker.passed)
}

/// Looks at files and at standard input.
fn files(looker: &mut Looker, plan: &Plan, progress: &mut dyn FnMut(u64)) {
    let sieve = Sieve::of_kinds(RARE, looker.most, looker.most * SLICED / 100);
    let barren = read(plan, &sieve, &mut |source, batch| {
        let Some(batch) = batch else {
            return looker.source(source);
        };
        looker.sampler.keep_to(|| sieve.slices());
        looker.batch(source, batch);
        progress(looker.passed + sieve.left_out());
    });
    for words in barren.words() {
        looker.sampler.barren(words);
    }
    looker.passed += sieve.left_out();
    let ids = looker.sampler.loose_ends();
    let sieve = (!ids.is_empty()).then(|| Sieve::of_mentions(&ids));
    let Some(sieve) = sieve.flatten() else { return };
    let mut more = Vec::new();
    read(plan, &sieve, &mut |place, batch| {
        let source = looker.places.get(&place.name).copied();
        let (Some(source), Some(batch)) = (source, batch) else {
            return;
        };
        more.extend(events(source, batch).map(|(stream, event)| {
            let text = batch.text_of(event).to_vec();
            (source, stream, event.time, text)
        }));
    });
    looker.sampler.add(more);
}

/// Reads what a sieve lets pass: gives each source once without and then with what it says. Tells what
/// gave nothing.
fn read(
    plan: &Plan,
    sieve: &Arc<Sieve>,
    each: &mut dyn FnMut(&Arc<Source>, Option<&Batch>),
) -> Barren {
    let (feed, receiver) = Feed::new(CHANNEL);
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let readers = pool::spawn_sieved(&plan.files, plan.stdin.as_ref(), sieve, threads, &feed);
    drop(feed);
    let mut sources: HashMap<SourceId, Arc<Source>> = HashMap::new();
    let mut barren = Barren::default();
    while let Ok(event) = receiver.recv_blocking() {
        barren.hear(&event);
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
    barren
}

/// What came of each source, until it is known that there is no log event in it.
#[derive(Default)]
struct Barren {
    names: HashMap<SourceId, Arc<str>>,
    why: BTreeMap<SourceId, String>,
}

impl Barren {
    fn hear(&mut self, event: &FeedEvent) {
        match event {
            FeedEvent::Opened(id, source) => {
                self.names.insert(*id, Arc::clone(&source.name));
            }
            // An event shows that there are.
            FeedEvent::Batch(batch) => {
                self.names.remove(&batch.source);
                self.why.remove(&batch.source);
            }
            FeedEvent::Fault(id, fault) if self.names.contains_key(id) => {
                self.why.insert(*id, fault.message.clone());
            }
            FeedEvent::Rejected(id, reject) => {
                if let Some(name) = self.names.get(id) {
                    let words = || reject.words(name);
                    self.why.entry(*id).or_insert_with(words);
                }
            }
            _ => {}
        }
    }

    fn words(self) -> impl Iterator<Item = String> {
        self.why.into_values()
    }
}
