//! What was learnt without a configuration: every guess with how sure it is, what was decided of it,
//! and all that is known of the selected one.
//!
//! ```text
//! ─ learnt not saved (w: lastseen.toml) · 3 to look at · from 1,200 of 1,200 log ──
//! ❯ ! stage      low  61 %  engine after queue          61 of 100 messages …
//!   ✓ ID         high 95 %  orderId                     40 values in 120 log …
//! ─ stage ─────────────────────────────────────────────────────────────────────────
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::split::{below, split};
use super::text::{Pen, Row};
use crate::app::action::Action;
use crate::app::context::Context;
use crate::app::guesses::{Guess, percent};
use crate::app::learnt::{LearntView, Pane};
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::domain::correction::{Part, Ruling};
use crate::domain::show::{count, count_of};
use crate::theme::role::{Glyph, Role};

/// From so many columns on the evidence stands beside a guess.
const WIDE: u16 = 110;
/// Columns of how sure a guess is.
const SURE: usize = 10;
/// Columns of the labels of what is known.
const LABEL: usize = 11;

/// Draws the list, and what is known of the selected guess.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(view) = &model.learnt else { return };
    let parts = view.layout(model.size);
    let [area, detail] = split(area, 1, &parts);
    heading(view, pen, area);
    let rows = below(area, 1);
    let kinds = view
        .rows
        .iter()
        .map(|guess| guess.kind.width() + indent(guess));
    let kind = kinds.max().unwrap_or(0).clamp(8, 16);
    let visible = view.rows.iter().enumerate().skip(view.top);
    for (line, (i, guess)) in visible.take(usize::from(parts.list)).enumerate() {
        let selected = i == view.cursor;
        pen.target(rows, line as u16, 1, Target::Row(i));
        let mut row = pen.row(rows, line as u16, selected);
        row.mark(selected);
        one(&mut row, guess, kind, area.width);
    }
    details(view, pen, detail);
}

fn heading(view: &LearntView, pen: &mut Pen<'_>, area: Rect) {
    let found = &view.basis.found;
    let (looked, of) = (count(found.looked_at), count_of(found.of, "log event"));
    let doubtful = match view.doubtful() {
        0 => "nothing left to look at".to_owned(),
        n => format!("{n} to look at (x)"),
    };
    let saved = match &view.saved {
        Some((_, path)) if view.is_saved() => format!("saved in {}", pen.fit_end(path, 30)),
        Some(_) => "changed since it was saved".to_owned(),
        None => format!("not saved (w: {})", pen.fit_end(&target(view), 16)),
    };
    let mut parts = vec![saved, doubtful, format!("from {looked} of {of}")];
    if !view.basis.at_once {
        parts.insert(1, "corrections hold from the next run".to_owned());
    }
    if view.judging.is_some() {
        parts.insert(1, "BEING JUDGED AGAIN …".to_owned());
    }
    let note = parts.join(" · ");
    let focused = view.pane == Pane::List;
    pen.heading(area, 0, "learnt", &note, focused);
}

/// The file that a key would write.
fn target(view: &LearntView) -> String {
    view.basis.target.display().to_string()
}

const fn indent(guess: &Guess) -> usize {
    if guess.inner { 2 } else { 0 }
}

fn one(row: &mut Row<'_, '_>, guess: &Guess, kind: usize, columns: u16) {
    let theme = row.theme();
    let (role, sign) = match &guess.ruling {
        Some(Ruling::Accepted) => (Role::Completed, theme.glyph(Glyph::Completed)),
        Some(Ruling::Rejected) => (Role::Failed, theme.glyph(Glyph::Failed)),
        Some(Ruling::Changed(_)) => (Role::Accent, theme.glyph(Glyph::LastSeen)),
        None if guess.is_doubtful() => (Role::Notice, "!"),
        None => (Role::Muted, " "),
    };
    let rejected = guess.ruling == Some(Ruling::Rejected);
    let text = if rejected { Role::Muted } else { Role::Fg };
    row.cell(role, sign, 2);
    row.skip(indent(guess) as u16);
    let name = if guess.inner {
        Role::Muted
    } else {
        Role::Title
    };
    row.cell(name, &guess.kind, kind - indent(guess)).skip(1);
    match (&guess.confidence, &guess.ruling) {
        (_, Some(ruling)) => row.cell(role, ruling.word(), SURE),
        (Some(sure), None) => {
            let low = if sure.is_low() {
                Role::Notice
            } else {
                Role::Muted
            };
            row.cell(
                low,
                &format!("{:<4} {:>5}", sure.word(), percent(sure)),
                SURE,
            )
        }
        (None, None) => row.cell(Role::Muted, "", SURE),
    };
    row.skip(1);
    let Some(sure) = guess.confidence.as_ref().filter(|_| columns >= WIDE) else {
        row.put(text, &guess.text);
        return;
    };
    let width = row.rest() * 3 / 5;
    row.cell(text, &guess.text, width).skip(2);
    row.put(Role::Muted, &sure.evidence);
}

/// All that is known of the selected guess.
fn details(view: &LearntView, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 2 {
        return;
    }
    let (focused, top) = match view.pane {
        Pane::Detail(top) => (true, top),
        Pane::List => (false, 0),
    };
    let note = match view.rows.len() {
        0 => String::new(),
        len => format!("{} of {len}", view.cursor + 1),
    };
    pen.target(area, 0, area.height, Target::Detail);
    pen.heading(area, 0, "details", &note, focused);
    let width = usize::from(area.width).saturating_sub(LABEL + 5).max(1);
    let mut lines: Vec<(&str, Role, String)> = Vec::new();
    for fact in view.facts() {
        let role = match fact.label {
            _ if fact.quoted => Role::Accent,
            "keys" => Role::Muted,
            _ => Role::Fg,
        };
        for (i, line) in pen.words(&fact.text, width).into_iter().enumerate() {
            lines.push((if i == 0 { fact.label } else { "" }, role, line));
        }
    }
    pen.facts(area, &lines, top, LABEL);
}

/// One line for the board: that this was learnt, how sure it is, and where it is corrected.
pub fn line(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let Some(view) = &model.learnt else { return };
    let pipelines = view.rows.iter().filter(|guess| {
        matches!(guess.part, Part::Pipeline(_)) && guess.ruling != Some(Ruling::Rejected)
    });
    let names: Vec<&str> = pipelines.map(|guess| guess.text.as_str()).collect();
    let key = model.keys.key_of(Context::Board, Action::ViewLearnt);
    let key = key.map_or_else(|| ":view_learnt".to_owned(), |key| key.to_string());
    let mut row = pen.row(area, 0, false);
    row.end(Role::Key, &format!("{key} corrects it "));
    row.skip(1).put(Role::Notice, "learnt").skip(1);
    row.put(Role::Fg, &names.join(", "));
    if view.judging.is_some() {
        row.put(Role::Pending, " · being judged again …");
        return;
    }
    match view.least() {
        Some(least) => {
            let role = if least.is_low() {
                Role::Notice
            } else {
                Role::Fg
            };
            let text = format!(" · least sure: {} ({})", least.word(), percent(least));
            row.put(role, &text);
        }
        None => {
            row.put(Role::Completed, " · all of it decided by you");
        }
    }
    match view.unsaved() {
        0 => match &view.saved {
            Some((_, path)) if view.is_saved() => {
                let name = row.fit_end(path, 30);
                row.put(Role::Muted, " · saved in ").put(Role::Fg, &name)
            }
            _ => row.put(Role::Muted, " · no configuration"),
        },
        changes => {
            let changes = count_of(changes as u64, "change");
            row.put(Role::Notice, &format!(" · {changes}, not saved"))
        }
    };
}
