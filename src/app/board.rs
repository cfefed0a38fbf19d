//! The board's cursor: over findings, over the stages and edges of every environment, over what
//! could not be seen. It knows what each of them leads to.

use super::action::Action;
use super::board_findings::{self, first_in_sight};
use super::board_rows::{self, BoardRows};
use super::moves;
use super::size::Size;
use crate::diagnose::finding::Finding;
use crate::domain::overview::DONE;
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView, Overview, SourceState, SourceView};

/// What is selected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cursor {
    /// A finding, by its rank.
    Finding(usize),
    /// A row of a panel (one pipeline in one environment).
    Flow {
        /// Which panel.
        panel: usize,
        /// Which row of [`rows`].
        row: usize,
    },
    /// A source that could not be read.
    Unseen(usize),
}

/// A row of a panel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlowRow {
    /// A stage, by index.
    Stage(usize),
    /// An edge, by index.
    Edge(usize),
}

/// The board's own state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Board {
    cursor: Cursor,
    touched: bool,
    /// What was selected before, while one moves on: it is what the preview still shows.
    left: Option<Cursor>,
    /// The first finding in sight.
    top: usize,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            cursor: Cursor::Finding(0),
            touched: false,
            left: None,
            top: 0,
        }
    }
}

/// Every panel: (pipeline, environment) by index.
#[must_use]
pub fn panels(overview: &Overview) -> Vec<(usize, usize)> {
    overview
        .pipelines
        .iter()
        .enumerate()
        .flat_map(|(p, pipeline)| (0..pipeline.environments.len()).map(move |e| (p, e)))
        .collect()
}

/// One panel's environment.
#[must_use]
pub fn environment(overview: &Overview, panel: usize) -> Option<&EnvironmentView> {
    let (p, e) = panels(overview).get(panel).copied()?;
    overview.pipelines.get(p)?.environments.get(e)
}

/// The rows of a panel: before each stage the edges into it, behind a last stage the way out.
#[must_use]
pub fn rows(env: &EnvironmentView) -> Vec<FlowRow> {
    let mut rows = Vec::new();
    for (i, stage) in env.stages.iter().enumerate() {
        let edges = |wanted: &dyn Fn(&EdgeView) -> bool| -> Vec<FlowRow> {
            let numbered = env.edges.iter().enumerate();
            numbered
                .filter(|(_, edge)| wanted(edge))
                .map(|(e, _)| FlowRow::Edge(e))
                .collect()
        };
        rows.extend(edges(&|edge| edge.to == stage.name));
        rows.push(FlowRow::Stage(i));
        rows.extend(edges(&|edge| edge.from == stage.name && &*edge.to == DONE));
    }
    rows
}

/// Rows of a panel above its stages.
pub const HEAD: usize = 2;

/// How the screen is divided.
#[must_use]
pub fn parts(size: Size, overview: &Overview, findings: &[Finding]) -> BoardRows {
    let environments = overview.pipelines.iter().flat_map(|p| &p.environments);
    let heights: Vec<_> = environments.map(|e| HEAD + rows(e).len() + 1).collect();
    let across = heights.chunks(board_rows::panels_across(size, heights.len()));
    let flow = across.filter_map(|row| row.iter().max()).sum();
    let unseen = unseen(overview).len();
    let lines = board_findings::lines(size, findings);
    let lines = lines.iter().map(Vec::len).sum();
    board_rows::divide(size, lines, flow, unseen, !findings.is_empty())
}

/// The sources that could not be read completely, worst first.
#[must_use]
pub fn unseen(overview: &Overview) -> Vec<&SourceView> {
    let mut list: Vec<_> = overview
        .sources
        .iter()
        .filter(|s| severity(s.state) > 1)
        .collect();
    list.sort_by_key(|s| std::cmp::Reverse(severity(s.state)));
    list
}

/// How much a source's state should worry: what is read completely least.
#[must_use]
pub const fn severity(state: SourceState) -> u8 {
    match state {
        SourceState::Complete | SourceState::Live => 0,
        SourceState::Loading => 1,
        SourceState::Partial => 2,
        SourceState::Absent => 3,
        SourceState::Denied => 4,
        SourceState::Failed => 5,
    }
}

impl Board {
    /// What is selected, as far as it exists.
    #[must_use]
    pub fn cursor(&self, overview: &Overview, findings: &[Finding]) -> Cursor {
        existing(self.cursor, overview, findings)
    }

    /// What the preview is about: what is selected, once one has stayed there. On the way a picture of
    /// each would cost ten times the bytes of a step.
    #[must_use]
    pub fn previewed(&self, overview: &Overview, findings: &[Finding]) -> Cursor {
        existing(self.left.unwrap_or(self.cursor), overview, findings)
    }

    /// Whether one has moved and not stayed yet.
    #[must_use]
    pub const fn moving(&self) -> bool {
        self.left.is_some()
    }

    /// Whether somebody has moved the cursor.
    #[must_use]
    pub const fn is_chosen(&self) -> bool {
        self.touched
    }

    /// The first finding in sight: it stays, so that a click does not move what it was aimed at.
    #[must_use]
    pub const fn top(&self) -> usize {
        self.top
    }

    /// Scrolls the findings as far as the selected one needs it.
    pub fn scroll(&mut self, size: Size, parts: BoardRows, overview: &Overview, all: &[Finding]) {
        let rows = usize::from(parts.findings.saturating_sub(1)).max(1);
        self.top = match self.cursor(overview, all) {
            Cursor::Finding(i) => {
                first_in_sight(&board_findings::lines(size, all), self.top, i, rows)
            }
            _ => 0,
        };
    }

    /// One stays where one is.
    pub const fn stay(&mut self) {
        self.left = None;
    }

    /// New data: the cursor stays on what it was on, wherever that is ranked now. The first findings of a
    /// load take it from the stages where it stood for want of them.
    pub fn follow(&mut self, old: &[Finding], new: &[Finding], loading: bool) {
        self.stay();
        if loading && old.is_empty() && !new.is_empty() {
            (self.cursor, self.touched) = (Cursor::Finding(0), false);
        }
        if let (Cursor::Finding(i), true) = (self.cursor, self.touched)
            && let Some(was) = old.get(i)
            && let Some(now) = was.again(new)
        {
            self.cursor = Cursor::Finding(now);
        }
    }

    /// Selects a finding, by its rank.
    pub const fn select_finding(&mut self, rank: usize) {
        self.select(Cursor::Finding(rank));
    }

    /// Selects something.
    pub const fn select(&mut self, cursor: Cursor) {
        if self.left.is_none() {
            self.left = Some(self.cursor);
        }
        self.cursor = cursor;
        self.touched = true;
    }

    /// Moves; false where the action is not a movement.
    pub fn act(
        &mut self,
        action: Action,
        size: Size,
        overview: &Overview,
        findings: &[Finding],
    ) -> bool {
        let at = self.cursor(overview, findings);
        let Some(next) = step(at, action, size, overview, findings) else {
            return false;
        };
        // A key that leads nowhere yet is no choice: findings that arrive take the cursor then.
        if next != at {
            self.select(next);
        }
        true
    }
}

/// A cursor as far as there is something under it.
fn existing(cursor: Cursor, overview: &Overview, findings: &[Finding]) -> Cursor {
    let first = Cursor::Flow { panel: 0, row: 0 };
    match cursor {
        Cursor::Finding(_) if findings.is_empty() => first,
        Cursor::Finding(i) => Cursor::Finding(i.min(findings.len() - 1)),
        Cursor::Flow { panel, row } => {
            let panel = panel.min(panels(overview).len().saturating_sub(1));
            let len = environment(overview, panel).map_or(0, |env| rows(env).len());
            Cursor::Flow {
                panel,
                row: row.min(len.saturating_sub(1)),
            }
        }
        Cursor::Unseen(i) => match unseen(overview).len() {
            0 => first,
            len => Cursor::Unseen(i.min(len - 1)),
        },
    }
}

fn step(
    at: Cursor,
    action: Action,
    size: Size,
    overview: &Overview,
    findings: &[Finding],
) -> Option<Cursor> {
    match action {
        Action::NextGap | Action::PreviousGap => gap(at, action == Action::NextGap, overview),
        Action::NextPane | Action::PreviousPane => {
            Some(pane(at, action == Action::NextPane, overview, findings))
        }
        Action::Left | Action::Right => Some(sideways(at, action == Action::Right, overview)),
        Action::Down | Action::Up => Some(vertical(
            at,
            action == Action::Down,
            size,
            overview,
            findings,
        )),
        _ => within(at, action, size, overview, findings),
    }
}

/// Pages, first and last: within the pane.
fn within(
    at: Cursor,
    action: Action,
    size: Size,
    overview: &Overview,
    findings: &[Finding],
) -> Option<Cursor> {
    let parts = parts(size, overview, findings);
    let go = |cursor, len, page: u16| moves::target(action, cursor, len, usize::from(page));
    match at {
        Cursor::Finding(i) => go(i, findings.len(), parts.findings).map(Cursor::Finding),
        Cursor::Unseen(i) => go(i, unseen(overview).len(), parts.unseen).map(Cursor::Unseen),
        Cursor::Flow { panel, row } => {
            let len = environment(overview, panel).map_or(0, |env| rows(env).len());
            go(row, len, parts.flow).map(|row| Cursor::Flow { panel, row })
        }
    }
}

/// One row up or down, from pane to pane as they stand on the screen.
fn vertical(
    at: Cursor,
    down: bool,
    size: Size,
    overview: &Overview,
    findings: &[Finding],
) -> Cursor {
    let count = panels(overview).len();
    let columns = board_rows::panels_across(size, count);
    let len = |panel| environment(overview, panel).map_or(0, |env| rows(env).len());
    let hidden = unseen(overview).len();
    match (at, down) {
        (Cursor::Finding(i), true) if i + 1 < findings.len() => Cursor::Finding(i + 1),
        (Cursor::Finding(_), true) if count > 0 => Cursor::Flow { panel: 0, row: 0 },
        (Cursor::Finding(i), false) => Cursor::Finding(i.saturating_sub(1)),
        (Cursor::Flow { panel, row }, true) if row + 1 < len(panel) => Cursor::Flow {
            panel,
            row: row + 1,
        },
        (Cursor::Flow { panel, .. }, true) if panel + columns < count => Cursor::Flow {
            panel: panel + columns,
            row: 0,
        },
        (Cursor::Flow { .. }, true) if hidden > 0 => Cursor::Unseen(0),
        (Cursor::Flow { panel, row }, false) if row > 0 => Cursor::Flow {
            panel,
            row: row - 1,
        },
        (Cursor::Flow { panel, .. }, false) if panel >= columns => Cursor::Flow {
            panel: panel - columns,
            row: len(panel - columns).saturating_sub(1),
        },
        (Cursor::Flow { .. }, false) if !findings.is_empty() => Cursor::Finding(findings.len() - 1),
        (Cursor::Unseen(i), true) if i + 1 < hidden => Cursor::Unseen(i + 1),
        (Cursor::Unseen(0), false) if count > 0 => Cursor::Flow {
            panel: count - 1,
            row: len(count - 1).saturating_sub(1),
        },
        (Cursor::Unseen(i), false) => Cursor::Unseen(i.saturating_sub(1)),
        (at, _) => at,
    }
}

fn sideways(at: Cursor, right: bool, overview: &Overview) -> Cursor {
    let count = panels(overview).len();
    match at {
        Cursor::Flow { panel, row } if right => Cursor::Flow {
            panel: (panel + 1).min(count.saturating_sub(1)),
            row,
        },
        Cursor::Flow { panel, row } => Cursor::Flow {
            panel: panel.saturating_sub(1),
            row,
        },
        other => other,
    }
}

fn pane(at: Cursor, forward: bool, overview: &Overview, findings: &[Finding]) -> Cursor {
    let mut stops = Vec::new();
    if !findings.is_empty() {
        stops.push(Cursor::Finding(0));
    }
    stops.extend((0..panels(overview).len()).map(|panel| Cursor::Flow { panel, row: 0 }));
    if !unseen(overview).is_empty() {
        stops.push(Cursor::Unseen(0));
    }
    let here = stops.iter().position(|stop| match (*stop, at) {
        (Cursor::Flow { panel: a, .. }, Cursor::Flow { panel: b, .. }) => a == b,
        (a, b) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
    });
    let len = stops.len().max(1);
    let next = here.map_or(0, |i| if forward { i + 1 } else { i + len - 1 } % len);
    stops.get(next).copied().unwrap_or(at)
}

/// The next edge out of which messages were lost, in reading order, round the end.
fn gap(at: Cursor, forward: bool, overview: &Overview) -> Option<Cursor> {
    let mut gaps = Vec::new();
    for panel in 0..panels(overview).len() {
        let env = environment(overview, panel)?;
        for (row, kind) in rows(env).into_iter().enumerate() {
            if let FlowRow::Edge(e) = kind
                && env.edges[e].stuck.of(Verdict::Lost) > 0
            {
                gaps.push((panel, row));
            }
        }
    }
    let found = match (at, forward) {
        (Cursor::Flow { panel, row }, true) => gaps.iter().find(|gap| **gap > (panel, row)),
        (Cursor::Flow { panel, row }, false) => gaps.iter().rfind(|gap| **gap < (panel, row)),
        _ => None,
    };
    let round = if forward { gaps.first() } else { gaps.last() };
    found
        .or(round)
        .map(|&(panel, row)| Cursor::Flow { panel, row })
}
