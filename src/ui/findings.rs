//! The findings: what was lost, where it was last seen, since when; one row each, in columns.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::state;
use super::text::Pen;
use crate::app::board::{self, Cursor};
use crate::app::layout;
use crate::app::model::Model;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::overview::DONE;
use crate::domain::verdict::Verdict;
use crate::domain::view::EnvironmentView;
use crate::theme::role::Role;

/// Columns of the environment's name.
const ENV: usize = 6;

/// A gap in words.
struct GapText {
    lost: String,
    of: String,
    share: String,
    place: String,
    when: String,
}

/// Which parts of it are in full.
#[derive(Clone, Copy, Default)]
struct Long {
    place: bool,
    when: bool,
}

/// Draws the findings.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect, cursor: Cursor) {
    let list = &model.findings;
    let selected = match cursor {
        Cursor::Finding(i) => Some(i),
        _ => None,
    };
    let rows = usize::from(area.height.saturating_sub(2)).max(1);
    let top = layout::keep_in_sight(0, selected.unwrap_or(0), rows, list.len());
    let note = match list.len().saturating_sub(rows) {
        0 if list.is_empty() => String::new(),
        0 => "lost of those that came, where, and when they were last seen".to_owned(),
        more => format!("{} ({more} more)", list.len()),
    };
    pen.heading(area, 0, "findings", &note, selected.is_some());
    if list.is_empty() {
        let (role, text) = nothing_found(model);
        pen.row(area, 1, false).skip(2).put(role, &text);
    }
    let gaps = gaps(model, usize::from(area.width));
    // The selected one may take a second line: the one that parts the findings from what follows.
    let mut line = 1;
    let mut end = area.height.saturating_sub(1);
    for (i, found) in list.iter().enumerate().skip(top) {
        let selected = selected == Some(i);
        let lines = match &gaps[i] {
            Some(gap) => gap_row(pen, area, line, (found, gap, &gaps), selected),
            None => sentence(pen, area, line, found, selected),
        };
        line += lines;
        if lines > 1 {
            end = area.height;
        }
        if line >= end {
            break;
        }
    }
}

fn nothing_found(model: &Model) -> (Role, String) {
    let environments = model
        .overview
        .pipelines
        .iter()
        .flat_map(|p| &p.environments);
    let sum = |of: &dyn Fn(&EnvironmentView) -> u64| environments.clone().map(of).sum::<u64>();
    let lost = sum(&|env| env.counts.of(Verdict::Lost));
    if lost > 0 {
        let text = format!("{} lost; x goes to the gap", format::count(lost));
        (Role::Lost, text)
    } else if model.loading() {
        (Role::Pending, "… reading; findings appear here".into())
    } else if sum(&|env| env.counts.total()) == 0 {
        let text = "no message was seen: 4 shows what was read, and what was not";
        (Role::Notice, text.into())
    } else if board::unseen(&model.overview).is_empty() {
        (Role::Completed, "nothing was lost".into())
    } else {
        let text = "nothing was lost in what was read, but not everything was read";
        (Role::Notice, text.into())
    }
}

/// Every finding that is a gap, in the longest words that fit all of them.
fn gaps(model: &Model, width: usize) -> Vec<Option<GapText>> {
    let texts = |long: Long| -> Vec<Option<GapText>> {
        let findings = model.findings.iter();
        findings.map(|found| gap(model, found, long)).collect()
    };
    let fixed = 4 + ENV + 1 + 4 + 2 + 6 + 2 + 2;
    let fits = |gaps: &[Option<GapText>]| {
        let columns = [lost, of, place, when].map(|of| widest(gaps, of));
        fixed + columns.iter().sum::<usize>() <= width
    };
    let long = [(true, true), (true, false)].map(|(place, when)| texts(Long { place, when }));
    let short = || texts(Long::default());
    long.into_iter()
        .find(|gaps| fits(gaps))
        .unwrap_or_else(short)
}

fn gap(model: &Model, found: &Finding, long: Long) -> Option<GapText> {
    let (from, to) = found
        .edge
        .as_ref()
        .filter(|_| found.kind == FindingKind::Gap)?;
    let out = &**to == DONE;
    let mut place = match (long.place, out) {
        (true, true) => format!("last seen at {from}, never came out"),
        (true, false) => format!("last seen at {from}, never reached {to}"),
        (false, true) => format!("{from} → out"),
        (false, false) => format!("{from} → {to}"),
    };
    if let (Some(name), 2..) = (&found.pipeline, model.overview.pipelines.len()) {
        place = format!("{name}: {place}");
    }
    let when = found.span.map_or_else(String::new, |span| {
        let [first, last] = [span.from, span.to]
            .map(|time| format::clock_in(model.zone, time, model.overview.window));
        match (long.when, first == last) {
            (true, true) => format!("at {first}"),
            (true, false) => format!("first {first}, last {last}"),
            (false, true) => first,
            (false, false) => format!("{first}–{last}"),
        }
    });
    Some(GapText {
        lost: format::count(found.lost),
        of: format::count(found.of),
        share: format::percent(found.lost, found.of),
        place,
        when,
    })
}

fn lost(gap: &GapText) -> &str {
    &gap.lost
}
fn of(gap: &GapText) -> &str {
    &gap.of
}
fn place(gap: &GapText) -> &str {
    &gap.place
}
fn when(gap: &GapText) -> &str {
    &gap.when
}

fn widest(gaps: &[Option<GapText>], of: fn(&GapText) -> &str) -> usize {
    gaps.iter()
        .flatten()
        .map(|gap| of(gap).width())
        .max()
        .unwrap_or(0)
}

fn gap_row(
    pen: &mut Pen<'_>,
    area: Rect,
    line: u16,
    (found, gap, all): (&Finding, &GapText, &[Option<GapText>]),
    selected: bool,
) -> u16 {
    let (role, glyph) = state::verdict(Verdict::Lost);
    let glyph = pen.theme.glyph(glyph);
    let mut row = pen.row(area, line, selected);
    row.mark(selected).put(role, glyph).skip(1);
    row.cell(Role::Title, found.env.as_deref().unwrap_or_default(), ENV);
    row.skip(1).cell_right(role, &gap.lost, widest(all, lost));
    row.put(Role::Muted, " of ");
    row.cell_right(Role::Fg, &gap.of, widest(all, of)).skip(2);
    row.cell_right(role, &gap.share, 6).skip(2);
    row.cell(Role::Fg, &gap.place, widest(all, place)).skip(2);
    row.put(Role::Fg, &gap.when);
    1
}

/// Draws a finding as its sentence; returns how many rows it took.
fn sentence(pen: &mut Pen<'_>, area: Rect, line: u16, found: &Finding, selected: bool) -> u16 {
    let (role, glyph) = state::verdict(found.kind.verdict());
    let glyph = pen.theme.glyph(glyph);
    let mut title = found.title.as_str();
    let mut row = pen.row(area, line, selected);
    row.mark(selected).put(role, glyph).skip(1);
    if let Some(env) = &found.env {
        row.cell(Role::Title, env, ENV).skip(1);
        // It stands in front already.
        let rest = title
            .strip_prefix(&**env)
            .and_then(|rest| rest.strip_prefix(": "));
        title = rest.unwrap_or(title);
    }
    let lines = row.words(title, row.rest().saturating_sub(1));
    if !selected || lines.len() == 1 || line + 1 >= area.height {
        row.put(Role::Fg, title);
        return 1;
    }
    let indent = row.x() - area.x;
    row.put(Role::Fg, &lines[0]);
    let mut row = pen.row(area, line + 1, selected);
    row.skip(indent).put(Role::Fg, &lines[1..].join(" "));
    2
}
