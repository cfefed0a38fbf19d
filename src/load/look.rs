//! A first look at the sources, for someone who has no configuration: what is read is looked at and
//! forgotten, but for a sample that tells what the system is.

use std::collections::HashMap;
use std::thread;

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
    let mut passed = 0;
    while let Ok(event) = receiver.recv_blocking() {
        match event {
            FeedEvent::Opened(id, source) => {
                sources.insert(id, sampler.source(source));
            }
            FeedEvent::Batch(batch) => {
                let Some(source) = sources.get(&batch.source) else {
                    continue;
                };
                for event in &batch.events {
                    sampler.event(*source, event.time, batch.text_of(event));
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
    sampler.finish()
}
