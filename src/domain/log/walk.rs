//! Walks the blocks of several sources at once: a merge that unpacks a block only when its turn comes.
//!
//! Blocks of one source may overlap, for a source may be told out of order. Until it is unpacked a block
//! stands in the heap with the time that none of its events passes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::block::{self, Block, MOST};
use super::{END, LogEvent, LogKey};
use crate::domain::event::{SourceId, TextRef};
use crate::domain::time::Timestamp;

/// The blocks of one source.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// By the time of their first event, as far as they are settled.
    blocks: Vec<Block>,
    /// For each settled block the latest time in it and all before it.
    reach: Vec<i64>,
    pub(super) count: u64,
}

impl Lane {
    pub(super) fn add(&mut self, blocks: Vec<Block>) {
        self.count += blocks.iter().map(|b| u64::from(b.count)).sum::<u64>();
        if let ([new], Some(last)) = (&*blocks, self.blocks.last_mut())
            && last.origin == new.origin
            && (last.count + new.count) as usize <= MOST
            && last.goes_on(new.from)
        {
            // Following brings a few at a time: they share a block.
            let mut places: Vec<_> = last.places().chain(new.places()).collect();
            places.sort_unstable();
            let mut joined = Vec::with_capacity(1);
            block::pack(new.origin, &places, &mut joined);
            self.blocks.pop();
            self.reach.truncate(self.blocks.len());
            self.blocks.extend(joined);
        } else {
            self.blocks.extend(blocks);
        }
    }

    /// Puts in order what was added.
    pub(super) fn settle(&mut self) {
        if self.reach.len() == self.blocks.len() {
            return;
        }
        self.blocks.sort_by_key(|block| block.from);
        self.reach.clear();
        let mut reach = i64::MIN;
        for block in &self.blocks {
            reach = reach.max(block.to);
            self.reach.push(reach);
        }
    }

    /// How many events stand before a cut.
    pub(super) fn before(&self, source: SourceId, cut: LogKey) -> u64 {
        let time = cut.time.0;
        let begun = self.blocks.partition_point(|block| block.from <= time);
        let of_block = |block: &Block| {
            if block.to < time {
                return u64::from(block.count);
            }
            block.events(source).filter(|e| e.key < cut).count() as u64
        };
        self.blocks[..begun].iter().map(of_block).sum()
    }

    pub(super) fn size(&self) -> usize {
        let blocks: usize = self.blocks.iter().map(Block::size).sum();
        blocks + self.reach.len() * size_of::<i64>()
    }

    /// The first block from `at` on with an event at or after `time`.
    fn next(&self, at: usize, time: i64) -> Option<usize> {
        let rest = self.blocks.get(at..)?;
        Some(at + rest.iter().position(|block| block.to >= time)?)
    }
}

/// What stands in the heap. Of equal keys the one that must be unpacked comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// The block of a lane, and those behind it in the walk's direction.
    Rest { lane: usize, block: usize },
    /// One block of a lane.
    Block { lane: usize, block: usize },
    /// The next event of an unpacked block.
    Event { run: usize },
}

const fn bound(time: i64, source: SourceId, raw: TextRef) -> LogKey {
    LogKey {
        time: Timestamp(time),
        source,
        raw,
    }
}

/// Events from a cut on, in order.
pub(super) fn forward(lanes: &[(SourceId, &Lane)], cut: LogKey, most: usize) -> Vec<LogEvent> {
    let time = cut.time.0;
    let first = LogKey::FIRST.raw;
    let mut heap = BinaryHeap::new();
    let mut runs: Vec<std::vec::IntoIter<LogEvent>> = Vec::new();
    for (number, (source, lane)) in lanes.iter().enumerate() {
        let start = lane.reach.partition_point(|reach| *reach < time);
        if let Some(block) = lane.next(start, time) {
            let key = bound(lane.blocks[block].from, *source, first);
            let lane = number;
            heap.push(Reverse((key, Next::Rest { lane, block })));
        }
    }
    let mut out = Vec::with_capacity(most.min(1 << 12));
    while out.len() < most
        && let Some(Reverse((_, next))) = heap.pop()
    {
        let run = match next {
            Next::Rest {
                lane: number,
                block,
            }
            | Next::Block {
                lane: number,
                block,
            } => {
                let (source, lane) = lanes[number];
                if let Some(behind) = lane.next(block + 1, time) {
                    let key = bound(lane.blocks[behind].from, source, first);
                    let (lane, block) = (number, behind);
                    heap.push(Reverse((key, Next::Rest { lane, block })));
                }
                let events = lane.blocks[block].events(source);
                let events: Vec<_> = events.filter(|event| event.key >= cut).collect();
                runs.push(events.into_iter());
                runs.len() - 1
            }
            Next::Event { run } => {
                out.extend(runs[run].next());
                run
            }
        };
        if let Some(event) = runs[run].as_slice().first() {
            heap.push(Reverse((event.key, Next::Event { run })));
        }
    }
    out
}

/// Events before a cut, the nearest first.
pub(super) fn backward(lanes: &[(SourceId, &Lane)], cut: LogKey, most: usize) -> Vec<LogEvent> {
    let time = cut.time.0;
    // Keys are turned round only by the heap being a greatest-first one: what must be unpacked comes
    // first here too, for its bound lies behind every event of that time.
    let mut heap: BinaryHeap<(LogKey, Next)> = BinaryHeap::new();
    let mut runs: Vec<std::vec::IntoIter<LogEvent>> = Vec::new();
    let rest = |number: usize, block: usize| {
        let (source, lane) = lanes[number];
        let reach = *lane.reach.get(block.checked_sub(1)?)?;
        let key = bound(reach.min(time), source, END);
        Some((
            key,
            Next::Rest {
                lane: number,
                block,
            },
        ))
    };
    for (number, (_, lane)) in lanes.iter().enumerate() {
        let begun = lane.blocks.partition_point(|block| block.from <= time);
        heap.extend(rest(number, begun));
    }
    let mut out = Vec::with_capacity(most.min(1 << 12));
    while out.len() < most
        && let Some((_, next)) = heap.pop()
    {
        let run = match next {
            Next::Rest {
                lane: number,
                block,
            } => {
                let (source, lane) = lanes[number];
                let block = block - 1;
                heap.extend(rest(number, block));
                let key = bound(lane.blocks[block].to.min(time), source, END);
                heap.push((
                    key,
                    Next::Block {
                        lane: number,
                        block,
                    },
                ));
                continue;
            }
            Next::Block { lane, block } => {
                let (source, lane) = lanes[lane];
                let events = lane.blocks[block].events(source);
                let mut events: Vec<_> = events.filter(|event| event.key < cut).collect();
                events.reverse();
                runs.push(events.into_iter());
                runs.len() - 1
            }
            Next::Event { run } => {
                out.extend(runs[run].next());
                run
            }
        };
        if let Some(event) = runs[run].as_slice().first() {
            heap.push((event.key, Next::Event { run }));
        }
    }
    out
}
