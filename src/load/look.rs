//! A first look at the sources, for someone who has no configuration: what is read is looked at and
//! forgotten, but for a sample that tells what the system is.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;
use std::thread;

use foldhash::fast::FixedState;

use crate::config::plan::Plan;
use crate::diagnose::discover::corpus::Corpus;
use crate::diagnose::discover::sampler::Sampler;
use crate::domain::event::SourceId;
use crate::domain::feed::FeedEvent;
use crate::sources::channel::Feed;
use crate::sources::files;

/// Reports that fit between the readers and the look.
const CHANNEL: usize = 4;
/// So many log events are looked at closely.
const MOST: usize = 300_000;

/// Looks at the files of a plan. `progress` is told how many log events have passed.
pub fn look(plan: &Plan, progress: &mut dyn FnMut(u64)) -> Corpus {
    let (feed, receiver) = Feed::new(CHANNEL);
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let readers = files::pool::spawn(&plan.files, None, false, threads, &feed);
    drop(feed);
    let mut sampler = Sampler::new(MOST);
    let mut sources: HashMap<SourceId, u32> = HashMap::new();
    let mut barren = Barren::default();
    let (mut passed, hasher) = (0, FixedState::default());
    while let Ok(event) = receiver.recv_blocking() {
        barren.hear(&event);
        match event {
            FeedEvent::Opened(id, source) => {
                sources.insert(id, sampler.source(source));
            }
            FeedEvent::Batch(batch) => {
                let Some(source) = sources.get(&batch.source) else {
                    continue;
                };
                let streams: Vec<u32> = batch
                    .streams
                    .iter()
                    .map(|stream| hasher.hash_one((source, stream)) as u32)
                    .collect();
                for event in &batch.events {
                    let stream = streams
                        .get(event.stream as usize)
                        .copied()
                        .unwrap_or(*source);
                    sampler.event(*source, stream, event.time, batch.text_of(event));
                }
                passed += batch.events.len() as u64;
                progress(passed);
            }
            _ => {}
        }
    }
    for reader in readers {
        // A panic there was reported there.
        let _ = reader.join();
    }
    for words in barren.words() {
        sampler.barren(words);
    }
    sampler.finish()
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
