//! Who writes when: by source and by stream, whether a line names a message or not.

use lastseen::domain::event::SourceId;
use lastseen::domain::signals::view::Signals;
use proptest::prelude::*;

use super::{TWO, line, told, told_of};
use crate::support::engine::Line;

#[test]
fn every_line_counts_for_its_source_and_its_stream() {
    let mut lines: Vec<(u32, Line)> = (0..10)
        .map(|s| (0, line(s * 1_000, "host-a", "tick")))
        .collect();
    lines.push((0, line(60_000, "host-b", "tock")));
    lines.push((1, line(5_000, "", "no stream")));
    let signals = told(&lines);
    let sources: Vec<_> = signals
        .sources
        .iter()
        .map(|a| (a.source.0, a.events))
        .collect();
    assert_eq!(sources, [(0, 11), (1, 1)]);
    let streams: Vec<_> = signals
        .streams
        .iter()
        .map(|a| (a.source.0, a.stream.as_deref().unwrap(), a.events))
        .collect();
    assert_eq!(streams, [(0, "host-a", 10), (0, "host-b", 1)]);
    let a = &signals.streams[0];
    assert_eq!((a.first.0, a.last.0), (TWO, TWO + 9_000));
    assert_eq!(a.over_time.width_ms(), 1_000);
    assert!(a.over_time.iter().all(|(_, n)| *n == 1));
}

#[test]
fn streams_beyond_the_bound_are_told_and_stay_in_their_source() {
    let mut lines: Vec<(u32, Line)> = (0..20_000)
        .map(|n| (0, line(n, &format!("s{n}"), "x")))
        .collect();
    lines.extend((0..50).map(|n| (0, line(n, "busy", "x"))));
    let signals = told(&lines);
    assert_eq!(signals.sources[0].events, 20_050);
    let kept: u64 = signals.streams.iter().map(|a| a.events).sum();
    let left = signals.left_out.streams;
    assert!(signals.streams.len() <= 8_192, "{}", signals.streams.len());
    assert!(left.entries > 0);
    assert_eq!(kept + left.lines, 20_050);
    assert!(
        signals
            .streams
            .iter()
            .any(|a| a.stream.as_deref() == Some("busy"))
    );
}

/// Lines of a few kinds, in a few streams of two sources.
fn lines() -> impl Strategy<Value = Vec<(u32, Line)>> {
    let one = (
        0_u32..2,
        0_i64..4_000_000,
        0_usize..4,
        0_usize..super::KINDS.len(),
        0_u32..50,
    );
    let one = one.prop_map(|(source, ms, stream, kind, n)| {
        let text = super::KINDS[kind].replace("{n}", &n.to_string());
        (
            source,
            line(ms, ["", "a", "b", "2026/03/14/[$LATEST]ab"][stream], text),
        )
    });
    prop::collection::vec(one, 0..200)
}

fn shuffled(lines: &[(u32, Line)], seed: u64, batch: usize) -> Signals {
    let mut placed: Vec<(usize, &(u32, Line))> = lines.iter().enumerate().collect();
    placed.sort_by_key(|(place, _)| (*place as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    told_of(&placed, batch)
}

proptest! {
    #[test]
    fn neither_order_nor_batches_change_a_figure(
        lines in lines(),
        seed in any::<u64>(),
        batch in 1_usize..20,
    ) {
        let whole = told(&lines);
        let events: u64 = whole.sources.iter().map(|a| a.events).sum();
        prop_assert_eq!(events, lines.len() as u64);
        prop_assert_eq!(shuffled(&lines, seed, batch), whole);
    }
}

#[test]
fn a_source_without_lines_tells_nothing() {
    assert_eq!(told(&[]), Signals::default());
    assert!(told(&[(3, line(0, "", ""))]).sources[0].source == SourceId(3));
}
