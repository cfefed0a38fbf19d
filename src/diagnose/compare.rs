//! Two sides of a pipeline, edge by edge: environments, regions, or windows of time.
//!
//! Whole environments are compared by the figures of the board. Of a region or a window the messages
//! are counted themselves: a message belongs to the region where, and to the window in which, it was
//! seen at the stage that the edge leaves.

use std::sync::Arc;

use super::environment_difference::{self, SURE};
use super::statistics::{Table, share};
use crate::domain::graph::bit;
use crate::domain::overview::DONE;
use crate::domain::sheet::{Case, Fate, Sheet};
use crate::domain::show::{clock, count, duration, percent};
use crate::domain::time::Span;
use crate::domain::verdict::Verdict;
use crate::domain::view::{Chosen, EdgeView, EnvironmentView, MessageHandle, Overview};

/// What one side is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// The environment.
    pub env: Arc<str>,
    /// Only what was seen in this region.
    pub region: Option<Arc<str>>,
    /// Only what was seen in this time.
    pub window: Option<Span>,
}

impl Side {
    /// A whole environment.
    #[must_use]
    pub fn whole(env: &Arc<str>) -> Self {
        Self {
            env: Arc::clone(env),
            region: None,
            window: None,
        }
    }

    const fn is_whole(&self) -> bool {
        self.region.is_none() && self.window.is_none()
    }
}

/// What is compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sides {
    /// The pipeline.
    pub pipeline: Arc<str>,
    /// One side, then the other.
    pub both: [Side; 2],
}

/// What happened on one edge on one side.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Messages that entered it.
    pub entered: u64,
    /// Messages that came out of it.
    pub passed: u64,
    /// Messages that were lost on it.
    pub lost: u64,
    /// Median time of those that passed, in milliseconds.
    pub p50_ms: Option<i64>,
    /// 99th percentile of the same.
    pub p99_ms: Option<i64>,
    /// Of a region or a window: the lost; where none are lost, those that entered.
    pub messages: Option<Chosen>,
}

/// One edge.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The stage that it leaves.
    pub from: Arc<str>,
    /// The stage that it leads to.
    pub to: Arc<str>,
    /// Both sides; `None` where the edge does not exist.
    pub both: [Option<Figures>; 2],
    /// The losses differ by more than chance.
    pub differs: bool,
}

/// Edge by edge.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Comparison {
    /// The edges, in the order of the pipeline.
    pub rows: Vec<Row>,
    /// There are so many messages that only a part of them was counted.
    pub estimated: bool,
}

/// Compares; the messages themselves are only asked for where they are needed.
#[must_use]
pub fn compare(sides: &Sides, overview: &Overview, sheets: &dyn Fn() -> Vec<Sheet>) -> Comparison {
    let whole = sides.both.iter().all(Side::is_whole);
    let sheets = if whole { Vec::new() } else { sheets() };
    let views = sides
        .both
        .each_ref()
        .map(|side| environment(sides, side, overview));
    let mut edges: Vec<(&Arc<str>, &Arc<str>)> = Vec::new();
    for edge in views.iter().flatten().flat_map(|view| &view.edges) {
        if !edges.contains(&(&edge.from, &edge.to)) {
            edges.push((&edge.from, &edge.to));
        }
    }
    let tried = edges.len();
    let mut used: Vec<&Sheet> = Vec::new();
    let rows = edges.into_iter().map(|(from, to)| {
        let figures = |side: &Side, view: Option<&EnvironmentView>| {
            let view = view?;
            let edge = view.edges.iter().find(|e| e.from == *from && e.to == *to)?;
            if whole {
                return Some((of_edge(edge), None));
            }
            let mine = |s: &&Sheet| s.pipeline == sides.pipeline && s.env == side.env;
            let sheet = sheets.iter().find(mine)?;
            Some((counted(sheet, side, edge, view), Some(sheet)))
        };
        let [a, b] = [0, 1].map(|i| figures(&sides.both[i], views[i]));
        used.extend(
            [&a, &b]
                .into_iter()
                .flatten()
                .filter_map(|(_, sheet)| *sheet),
        );
        let both = [a, b].map(|side| side.map(|(figures, _)| figures));
        Row {
            from: Arc::clone(from),
            to: Arc::clone(to),
            differs: differ(&both, tried),
            both,
        }
    });
    Comparison {
        rows: rows.collect(),
        estimated: used
            .iter()
            .any(|s| s.lost_weight > 1.0 || s.kept_weight > 1.0),
    }
}

fn environment<'a>(
    sides: &Sides,
    side: &Side,
    overview: &'a Overview,
) -> Option<&'a EnvironmentView> {
    let pipeline = overview
        .pipelines
        .iter()
        .find(|p| p.name == sides.pipeline)?;
    pipeline.environments.iter().find(|e| e.name == side.env)
}

fn of_edge(edge: &EdgeView) -> Figures {
    Figures {
        entered: edge.entered,
        passed: edge.passed,
        lost: edge.stuck.of(Verdict::Lost),
        p50_ms: edge.p50_ms,
        p99_ms: edge.p99_ms,
        messages: None,
    }
}

fn differ(both: &[Option<Figures>; 2], tried: usize) -> bool {
    let [Some(a), Some(b)] = both else {
        return false;
    };
    let (more, less) = if rate(a) >= rate(b) { (a, b) } else { (b, a) };
    let table = Table {
        lost_with: more.lost,
        lost: more.lost + less.lost,
        kept_with: more.passed,
        kept: more.passed + less.passed,
    };
    more.lost >= environment_difference::FEWEST
        && less.lost + less.passed > 0
        && table.chance() * tried as f64 <= SURE
}

/// The share of those that are decided which was lost.
#[must_use]
pub fn rate(figures: &Figures) -> f64 {
    share(figures.lost, figures.lost + figures.passed)
}

/// Counts the messages of one side that entered an edge.
fn counted(sheet: &Sheet, side: &Side, edge: &EdgeView, view: &EnvironmentView) -> Figures {
    let place = |name: &Arc<str>| sheet.stages.iter().position(|s| s.name == *name);
    let Some(from) = place(&edge.from) else {
        return Figures::default();
    };
    let to = place(&edge.to);
    let main = sheet.stages[from].next == edge.to;
    let forks = view.edges.iter().filter(|e| e.from == edge.from).count() > 1;
    let goes_on = |case: &Case| {
        case.passed & bit(from) != 0
            && (!forks || to.map_or(&*edge.to == DONE, |to| case.seen & bit(to) != 0))
    };
    let column = sheet
        .columns
        .iter()
        .find(|c| c.stage == from && &*sheet.names[c.name].text == "region");
    let (mut kept, mut lost, mut stuck) = (Vec::new(), Vec::new(), 0_u64);
    let mut times: Vec<i64> = Vec::new();
    for (index, case) in sheet.cases.iter().enumerate() {
        let region = || column.and_then(|c| sheet.value(c, c.cells[index]));
        let time = sheet.stages[from].times[index];
        if case.seen & bit(from) == 0
            || side.region.as_ref().is_some_and(|r| region() != Some(&**r))
            || side.window.is_some_and(|window| !window.contains(time))
        {
            continue;
        }
        if goes_on(case) {
            kept.push(case.handle);
            if let Some(to) = to.filter(|to| case.seen & bit(*to) != 0) {
                times.push(sheet.stages[to].times[index].since(time).max(0));
            }
        } else if main && usize::from(case.last_stage) == from {
            if case.fate == Fate::Lost {
                lost.push(case.handle);
            } else {
                stuck += 1;
            }
        }
    }
    times.sort_unstable();
    let stand_for = |n: u64, weight: f64| (n as f64 * weight).round() as u64;
    let (passed, gone) = (
        stand_for(kept.len() as u64, sheet.kept_weight),
        stand_for(lost.len() as u64, sheet.lost_weight),
    );
    Figures {
        entered: passed + gone + stand_for(stuck, sheet.kept_weight),
        passed,
        lost: gone,
        p50_ms: quantile(&times, 0.5),
        p99_ms: quantile(&times, 0.99),
        messages: Some(chosen(side, lost, kept)),
    }
}

fn chosen(side: &Side, lost: Vec<MessageHandle>, kept: Vec<MessageHandle>) -> Chosen {
    let window = side
        .window
        .map(|w| format!("{}–{} UTC", clock(w.from), clock(w.to)));
    let region = side.region.as_ref().map(ToString::to_string);
    let label: Vec<String> = region.into_iter().chain(window).collect();
    Chosen::new(&label.join(" "), if lost.is_empty() { kept } else { lost })
}

/// The value below which such a share of the sorted values lies (nearest rank).
fn quantile(sorted: &[i64], share: f64) -> Option<i64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

/// What differs on one edge, in one sentence; `names` are those of the sides.
#[must_use]
pub fn sentence(row: &Row, names: [&str; 2]) -> String {
    let to = if &*row.to == DONE { "out" } else { &row.to };
    let edge = format!("{} → {to}", row.from);
    let (a, b) = match &row.both {
        [Some(a), Some(b)] => (a, b),
        [Some(_), None] => return format!("{edge} does not exist in {}", names[1]),
        [None, Some(_)] => return format!("{edge} does not exist in {}", names[0]),
        [None, None] => return edge,
    };
    for (one, other, name, other_name) in [(a, b, names[0], names[1]), (b, a, names[1], names[0])] {
        if one.entered == 0 && other.entered > 0 {
            let n = count(other.entered);
            return format!("{edge}: nothing entered it in {name}, {n} did in {other_name}");
        }
    }
    let lost = |f: &Figures, name: &str| {
        let (all, share) = (f.lost + f.passed, percent(f.lost, f.lost + f.passed));
        format!("{} of {} ({share}) in {name}", count(f.lost), count(all))
    };
    let (more, less) = if rate(a) >= rate(b) {
        ((a, names[0]), (b, names[1]))
    } else {
        ((b, names[1]), (a, names[0]))
    };
    let both = format!("{}, {}", lost(more.0, more.1), lost(less.0, less.1));
    let losses = if row.differs {
        let excess = (rate(more.0) - rate(less.0)) * (more.0.lost + more.0.passed) as f64;
        let excess = count(excess.round() as u64);
        format!("{edge}: lost {both}: {excess} more than at the other's rate")
    } else if a.lost + b.lost == 0 {
        format!("{edge}: nothing lost on either side")
    } else {
        format!("{edge}: lost {both}: no difference beyond chance")
    };
    format!("{losses}{}", slower([(a, names[0]), (b, names[1])]))
}

/// Twice as slow is worth a word.
fn slower([a, b]: [(&Figures, &str); 2]) -> String {
    const TIMES: i64 = 2;
    let (Some(x), Some(y)) = (a.0.p99_ms, b.0.p99_ms) else {
        return String::new();
    };
    let (slow, fast) = if x >= y { ((x, a.1), y) } else { ((y, b.1), x) };
    if slow.0 < fast.saturating_mul(TIMES) || slow.0 < 100 {
        return String::new();
    }
    let (is, other) = (duration(slow.0), duration(fast));
    format!("; slower in {}: p99 {is} instead of {other}", slow.1)
}
