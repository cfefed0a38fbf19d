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
use crate::domain::sheet::{Case, Sheet};
use crate::domain::show::{count, duration, percent};
use crate::domain::time::Span;
use crate::domain::verdict::{Counts, Verdict};
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
    /// Messages that did not, by verdict.
    pub stuck: Counts,
    /// Median time of those that passed, in milliseconds.
    pub p50_ms: Option<i64>,
    /// 99th percentile of the same.
    pub p99_ms: Option<i64>,
    /// Of a region or a window: the lost; where none are lost, those that entered.
    pub messages: Option<Chosen>,
}

impl Figures {
    /// Messages that were lost on it.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.stuck.of(Verdict::Lost)
    }
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
    /// One in a hundred takes far longer on one side.
    pub slower: bool,
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
            slower: slower(&both).is_some(),
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
        stuck: edge.stuck,
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
        lost_with: more.lost(),
        lost: more.lost() + less.lost(),
        kept_with: more.passed,
        kept: more.passed + less.passed,
    };
    more.lost() >= environment_difference::FEWEST
        && less.lost() + less.passed > 0
        && table.chance() * tried as f64 <= SURE
}

/// The share of those that entered which was lost.
#[must_use]
pub fn rate(figures: &Figures) -> f64 {
    share(figures.lost(), figures.entered)
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
    let (mut kept, mut lost, mut stuck) = (Vec::new(), Vec::new(), Counts::default());
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
            stuck.0[case.verdict as usize] += 1;
            if case.verdict == Verdict::Lost {
                lost.push(case.handle);
            }
        }
    }
    times.sort_unstable();
    let stand_for = |n: u64, weight: f64| (n as f64 * weight).round() as u64;
    let passed = stand_for(kept.len() as u64, sheet.kept_weight);
    for verdict in Verdict::ALL {
        let number = &mut stuck.0[verdict as usize];
        *number = match verdict {
            // They are through, as on the board.
            Verdict::Completed | Verdict::Unentered => 0,
            Verdict::Lost => stand_for(*number, sheet.lost_weight),
            _ => stand_for(*number, sheet.kept_weight),
        };
    }
    Figures {
        entered: passed + stuck.total(),
        passed,
        stuck,
        p50_ms: quantile(&times, 0.5),
        p99_ms: quantile(&times, 0.99),
        messages: Some(chosen(side, lost, kept)),
    }
}

fn chosen(side: &Side, lost: Vec<MessageHandle>, kept: Vec<MessageHandle>) -> Chosen {
    let times = side.window.map_or_else(Vec::new, |w| vec![w.from, w.to]);
    let region = side.region.as_deref().unwrap_or_default();
    Chosen::new(region, if lost.is_empty() { kept } else { lost }).at(times)
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
        let share = percent(f.lost(), f.entered);
        format!(
            "{} of {} ({share}) in {name}",
            count(f.lost()),
            count(f.entered)
        )
    };
    let (more, less) = if rate(a) >= rate(b) {
        ((a, names[0]), (b, names[1]))
    } else {
        ((b, names[1]), (a, names[0]))
    };
    let both = format!("{}, {}", lost(more.0, more.1), lost(less.0, less.1));
    let losses = if row.differs {
        let excess = (rate(more.0) - rate(less.0)) * more.0.entered as f64;
        let excess = count(excess.round() as u64);
        format!("{edge}: lost {both}: {excess} more than at the other's rate")
    } else if a.lost() + b.lost() == 0 {
        format!("{edge}: nothing lost on either side")
    } else {
        format!("{edge}: lost {both}: no difference beyond chance")
    };
    let Some((side, slow, fast)) = slower(&row.both) else {
        return losses;
    };
    let (is, other) = (duration(slow), duration(fast));
    format!(
        "{losses}; slower in {}: p99 {is} instead of {other}",
        names[side]
    )
}

/// The side on which one in a hundred takes far longer, how long, and how long on the other one.
fn slower(both: &[Option<Figures>; 2]) -> Option<(usize, i64, i64)> {
    /// Twice as slow is worth a word.
    const TIMES: i64 = 2;
    /// What is so short nobody waits for.
    const SHORT_MS: i64 = 100;
    /// The 99th percentile of fewer is chance.
    const ENOUGH: u64 = 100;
    let [Some(a), Some(b)] = both else {
        return None;
    };
    let (x, y) = (a.p99_ms?, b.p99_ms?);
    let (side, slow, fast) = if x >= y { (0, x, y) } else { (1, y, x) };
    let enough = a.passed.min(b.passed) >= ENOUGH;
    let far = slow >= fast.saturating_mul(TIMES) && slow >= SHORT_MS;
    (enough && far).then_some((side, slow, fast))
}
