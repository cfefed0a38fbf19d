//! A first look at the sources, for someone who has no configuration: what is read is looked at and
//! forgotten, but for a sample that tells what the system is.
//!
//! Where there is much, most lines are only told apart by their kind, and not decoded; what names the
//! message of a rare line is then sought in everything once more, so that its way is known too.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::thread;

use foldhash::fast::FixedState;

use crate::config::plan::Plan;
use crate::diagnose::discover::corpus::Corpus;
use crate::diagnose::discover::sampler::{RARE, Sampler};
use crate::domain::event::{Batch, EventRef, Source, SourceId};
use crate::domain::feed::FeedEvent;
use crate::sources::channel::Feed;
use crate::sources::files::pool;
use crate::sources::files::sieve::Sieve;

/// Reports that fit between the readers and the look.
const CHANNEL: usize = 4;
/// So many log events are looked at closely.
const MOST: usize = 200_000;

/// Looks at the files of a plan. `progress` is told how many log events have passed.
pub fn look(plan: &Plan, progress: &mut dyn FnMut(u64)) -> Corpus {
    look_at(plan, MOST, progress)
}

/// The same at about so many log events.
pub fn look_at(plan: &Plan, most: usize, progress: &mut dyn FnMut(u64)) -> Corpus {
    let mut sampler = Sampler::new(most);
    let mut places: HashMap<Arc<str>, u32> = HashMap::new();
    let sieve = Sieve::of_kinds(RARE, most);
    let mut passed = 0;
    read(plan, &sieve, &mut |place, batch| {
        let Some(batch) = batch else {
            places.insert(Arc::clone(&place.name), sampler.source(Arc::clone(place)));
            return;
        };
        sampler.keep_to(|| sieve.slices());
        let source = places.get(&place.name).copied().unwrap_or(0);
        for (stream, event) in events(source, batch) {
            sampler.event(source, stream, event.time, batch.text_of(event));
        }
        passed += batch.events.len() as u64;
        progress(passed + sieve.left_out());
    });
    let of = passed + sieve.left_out();
    let ids = sampler.loose_ends();
    if !ids.is_empty()
        && let Some(sieve) = Sieve::of_mentions(&ids)
    {
        let mut more = Vec::new();
        read(plan, &sieve, &mut |place, batch| {
            let source = places.get(&place.name).copied();
            let (Some(source), Some(batch)) = (source, batch) else {
                return;
            };
            more.extend(events(source, batch).map(|(stream, event)| {
                (source, stream, event.time, batch.text_of(event).to_vec())
            }));
        });
        sampler.add(more);
    }
    sampler.finish(of)
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
