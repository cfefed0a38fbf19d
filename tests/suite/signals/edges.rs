//! Every edge over time: a message counts where it reached the edge, also if it was lost on it.

use lastseen::domain::event::SourceId;
use lastseen::domain::feed::{End, FeedEvent};
use lastseen::domain::flow::Flow;
use lastseen::domain::sets::{SetTable, Sets};
use lastseen::domain::time::Timestamp;
use lastseen::domain::view::EdgeView;

use super::{TWO, line, source};
use crate::support::engine::{Engine, Line, pipelines};

const CONFIG: &str = r"
[pipeline.jobs]
id = ['job=(?<id>\w+)']
[[pipeline.jobs.stage]]
name = 'queue'
from = ['/acme/group-0']
enter = 'queued'
[[pipeline.jobs.stage]]
name = 'engine'
from = ['/acme/group-1']
enter = 'picked'
within = '20m'
[[pipeline.jobs.stage]]
name = 'store'
from = ['/acme/group-2']
exit = 'stored'
within = '20m'
";

/// 100 messages, one a minute; each takes ten minutes to the engine and five more to the store. Every
/// tenth never leaves the engine; those of the second half of the first hour never reach it.
fn edges() -> Vec<EdgeView> {
    let mut engine = Engine::new(pipelines(CONFIG).unwrap(), None);
    let mut lines: [Vec<Line>; 3] = Default::default();
    for n in 0..100 {
        let at = n * 60_000;
        lines[0].push(line(at, "", format!("queued job=J{n}")));
        if !(30..60).contains(&n) {
            lines[1].push(line(at + 600_000, "", format!("picked job=J{n}")));
            if n % 10 != 0 {
                lines[2].push(line(at + 900_000, "", format!("stored job=J{n}")));
            }
        }
    }
    for of_source in &mut lines {
        of_source.push(line(12 * 3_600_000, "", "tick"));
    }
    for (id, lines) in lines.iter().enumerate() {
        let id32 = id as u32;
        engine.open(SourceId(id32), source(id32));
        let placed: Vec<(usize, &Line)> = lines.iter().enumerate().collect();
        engine.feed(SourceId(id32), &placed);
        engine.report(FeedEvent::Ended(SourceId(id32), End::WholeInput));
    }
    engine.refresh();
    engine.overview().pipelines[0].environments[0].edges.clone()
}

/// What the buckets hold of the messages that entered from this minute to that.
fn between(edge: &EdgeView, from: i64, to: i64) -> Flow {
    let mut sum = Flow::default();
    for (start, flow) in edge.series.iter() {
        let minute = (start.0 - TWO).div_euclid(60_000);
        if (from..to).contains(&minute) {
            sum.entered += flow.entered;
            sum.passed += flow.passed;
            sum.lost += flow.lost;
            sum.blind += flow.blind;
        }
    }
    sum
}

fn flow(entered: u64, passed: u64, lost: u64) -> Flow {
    Flow {
        entered,
        passed,
        lost,
        blind: 0,
    }
}

#[test]
fn what_entered_and_what_became_of_it_stand_in_one_bucket() {
    let edges = edges();
    let queue = &edges[0];
    assert_eq!((&*queue.from, &*queue.to), ("queue", "engine"));
    assert_eq!(between(queue, -5, 29), flow(29, 29, 0));
    assert_eq!(between(queue, 31, 59), flow(28, 0, 28));
    assert_eq!(between(queue, 61, 200), flow(39, 39, 0));
}

#[test]
fn a_later_edge_counts_by_the_time_at_which_it_was_reached() {
    let edges = edges();
    let engine = edges.iter().find(|e| &*e.from == "engine").unwrap();
    // The first comes after ten minutes, late by at most 3.2 %; then one a minute.
    assert_eq!(between(engine, -5, 9).entered, 0);
    let first_half = between(engine, 9, 42);
    assert_eq!(first_half, flow(30, 27, 3));
    assert_eq!(between(engine, 42, 69).entered, 0);
    assert_eq!(between(engine, 69, 200), flow(40, 36, 4));
}

#[test]
fn sightings_without_room_for_their_attributes_are_told_apart() {
    let hasher = foldhash::quality::RandomState::default();
    let mut table = SetTable::default();
    for value in ["a", "b", "c", "c", ""] {
        table.begin(0);
        if !value.is_empty() {
            table.add(0, value.as_bytes());
        }
        table.finish(&hasher);
    }
    let mut sets = Sets::new(2);
    let streams = ["s".into()];
    let first = sets.merge(SourceId(0), &table, &streams, &hasher);
    let bare: Vec<bool> = first.iter().map(|(_, bare)| *bare).collect();
    // The third has no room; the last has no attributes to lose.
    assert_eq!(bare, [false, false, true, false]);
    assert_eq!(first[2].0, first[3].0);
    assert_eq!(sets.values(first[2].0).count(), 0);
    assert_eq!(&**sets.stream_name(first[2].0), "s");
    // What is known keeps its attributes when the table is full.
    assert_eq!(sets.merge(SourceId(0), &table, &streams, &hasher), first);
}

#[test]
fn a_time_before_1970_is_no_trouble() {
    let mut engine = Engine::new(pipelines(CONFIG).unwrap(), None);
    engine.open(SourceId(0), source(0));
    let early = Line {
        time: Timestamp(i64::MIN),
        ..line(0, "", "queued job=J1")
    };
    engine.feed(SourceId(0), &[(0, &early)]);
    engine.refresh();
    let overview = engine.overview();
    let edge = &overview.pipelines[0].environments[0].edges[0];
    assert_eq!(edge.series.iter().map(|(_, f)| f.entered).sum::<u64>(), 1);
    assert_eq!(overview.unattributed, 0);
}
