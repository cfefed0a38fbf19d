//! The index against a sorted list: whatever the batches and their order, every page is the same.

use std::time::Instant;

use lastseen::domain::event::{OriginId, SourceId, TextRef};
use lastseen::domain::log::index::{LogIndex, Packed};
use lastseen::domain::log::{LogEvent, LogKey};
use lastseen::domain::time::Timestamp;
use proptest::prelude::*;

use crate::support::fake_log::batch;

/// A batch: source, origin, times.
type Told = (u32, u32, Vec<i64>);

fn times() -> impl Strategy<Value = Vec<i64>> {
    let time = prop_oneof![
        8 => 0_i64..2_000,
        2 => 0_i64..100_000_000,
        1 => Just(i64::MAX),
        1 => Just(i64::MIN),
    ];
    prop_oneof![
        prop::collection::vec(time, 1..8),
        // More than a block, in order.
        (0_i64..5_000, 200_usize..700).prop_map(|(from, count)| {
            (0..count as i64)
                .map(|i| from + i * i % 7 + i * 3)
                .collect()
        }),
    ]
}

fn told() -> impl Strategy<Value = Vec<Told>> {
    prop::collection::vec((0_u32..4, 0_u32..2, times()), 1..14)
}

/// Adds a batch to both; offsets are never used twice.
fn add(index: &mut LogIndex, all: &mut Vec<LogEvent>, (source, origin, times): &Told) {
    let source = SourceId(*source);
    let raw = TextRef {
        origin: OriginId(source.0 * 2 + origin),
        offset: all.len() as u64 * 10,
    };
    let times: Vec<_> = times.iter().map(|time| Timestamp(*time)).collect();
    let batch = batch(source, raw, &times, &format!("stream {}", all.len() % 3));
    let numbers = index.streams(&batch.streams);
    index.add(Packed::new(&batch, &numbers));
    for (at, time) in times.iter().enumerate() {
        let offset = raw.offset + at as u64;
        all.push(LogEvent {
            key: LogKey {
                time: *time,
                source,
                raw: TextRef { offset, ..raw },
            },
            stream: numbers[0],
        });
    }
    all.sort_unstable();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_page_is_a_part_of_the_sorted_whole(
        told in told(),
        picks in prop::collection::vec((0.0_f64..1.0, -1_i64..2, 0_usize..600, 1_u32..16), 12),
    ) {
        let (mut index, mut all) = (LogIndex::default(), Vec::new());
        for (number, batch) in told.iter().enumerate() {
            add(&mut index, &mut all, batch);
            // Asked in between, what was put in order must take what comes later.
            let (at, nudge, most, mask) = picks[number % picks.len()];
            let chosen = |id: SourceId| mask >> id.0 & 1 == 1;
            let near = all[(at * all.len() as f64) as usize].key;
            let cut = match nudge {
                0 => near,
                1 => near.behind(),
                _ => LogKey::at(near.time),
            };
            let own: Vec<_> = all.iter().copied().filter(|e| chosen(e.key.source)).collect();
            let split = own.partition_point(|event| event.key < cut);
            let after = index.after(cut, &chosen, most);
            prop_assert_eq!(after, &own[split..own.len().min(split + most)]);
            let mut before = index.before(cut, &chosen, most);
            before.reverse();
            prop_assert_eq!(before, &own[split.saturating_sub(most)..split]);
            prop_assert_eq!(index.count_before(cut, &chosen), split as u64);
            prop_assert_eq!(index.count(&chosen), own.len() as u64);
        }
    }
}

#[test]
fn the_ends_are_reached_and_nothing_is_asked_of_nobody() {
    let mut index = LogIndex::default();
    assert!(index.after(LogKey::FIRST, &|_| true, 10).is_empty());
    assert!(index.before(LogKey::LAST, &|_| true, 10).is_empty());
    let mut all = Vec::new();
    add(&mut index, &mut all, &(3, 0, vec![i64::MIN, 0, i64::MAX]));
    assert_eq!(index.after(LogKey::FIRST, &|_| true, 10), all);
    assert_eq!(index.before(LogKey::LAST, &|_| true, 10).len(), 3);
    assert!(index.after(LogKey::FIRST, &|_| false, 10).is_empty());
    assert_eq!(&*index.stream(all[0].stream), "stream 0");
    assert_eq!(&*index.stream(99), "");
}

#[test]
fn following_a_few_events_at_a_time_costs_little_more_than_reading_them_at_once() {
    let (mut few, mut all) = (LogIndex::default(), Vec::new());
    for i in 0..2_000 {
        add(&mut few, &mut all, &(0, 0, vec![i * 900, i * 900 + 40]));
    }
    assert!(few.size() < 4_000 * 8, "{} bytes", few.size());
    assert_eq!(few.after(LogKey::FIRST, &|_| true, 10_000), all);
}

/// Not a test: what the index costs. `cargo test --test suite ten_million -- --ignored --nocapture`.
#[test]
#[ignore = "takes long; shows figures"]
fn ten_million_events_in_figures() {
    const SOURCES: u32 = 40;
    const EVENTS: i64 = 10_000_000;
    let mut index = LogIndex::default();
    let per_batch = 1_000;
    let started = Instant::now();
    for number in 0..EVENTS / per_batch {
        let source = SourceId((number % i64::from(SOURCES)) as u32);
        let round = number / i64::from(SOURCES);
        let times: Vec<_> = (0..per_batch)
            .map(|i| Timestamp((round * per_batch + i) * 14 + (i * 7) % 13))
            .collect();
        let raw = TextRef {
            origin: OriginId(source.0),
            offset: (round * per_batch * 251) as u64,
        };
        let mut batch = batch(source, raw, &times, "eng-1");
        for event in &mut batch.events {
            event.raw *= 251;
        }
        let numbers = index.streams(&batch.streams);
        index.add(Packed::new(&batch, &numbers));
    }
    let added = started.elapsed();
    println!("{:.2} bytes an event", index.size() as f64 / EVENTS as f64);
    println!(
        "{:.1} ns an event added",
        added.as_nanos() as f64 / EVENTS as f64
    );
    let end = index.before(LogKey::LAST, &|_| true, 1)[0].key.time.0;
    let mut worst = [0_u128; 3];
    for step in 0..200 {
        let cut = LogKey::at(Timestamp(end / 200 * step));
        let begun = Instant::now();
        assert!(!index.after(cut, &|_| true, 60).is_empty());
        worst[0] = worst[0].max(begun.elapsed().as_micros());
        let begun = Instant::now();
        let _before = index.before(cut, &|_| true, 60);
        worst[1] = worst[1].max(begun.elapsed().as_micros());
        let begun = Instant::now();
        let _count = index.count_before(cut, &|_| true);
        worst[2] = worst[2].max(begun.elapsed().as_micros());
    }
    println!(
        "worst of 200, in µs: 60 after {}, 60 before {}, counted {}",
        worst[0], worst[1], worst[2]
    );
}
