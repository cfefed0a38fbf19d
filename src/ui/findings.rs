//! The findings: why messages were lost as sentences, then where they were in columns.
//!
//! ```text
//! ∅ qa     1,356  processor/swimlane-1 at processor fell silent while its 3
//!                 peers went on logging: 1,356 messages with swimlane=1 never reached processor
//! ∅ qa     1,356 of 5,621  24.1%  engine → processor  01:46:13–03:04:03
//! ```

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::format;
use super::state;
use super::text::Pen;
use crate::app::board::{self, Cursor};
use crate::app::board_findings;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::overview::DONE;
use crate::domain::verdict::Verdict;
use crate::domain::view::EnvironmentView;
use crate::theme::Theme;
use crate::theme::role::Role;

/// Columns of a count, at most; `board_findings` counts with it.
const NUMBER: usize = 7;
/// Columns before a time that stands under a finding's figures, and of the longest there is room for.
const SINCE: usize = 2;
const TIME: usize = 14;

/// A gap in words.
struct GapText {
    lost: String,
    of: String,
    share: String,
    place: String,
    when: String,
}

/// How wide the columns before the words are.
#[derive(Clone, Copy)]
struct Columns {
    env: usize,
    number: usize,
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
    let rows = usize::from(area.height.saturating_sub(1)).max(1);
    let lines = board_findings::lines(model.size, list);
    let top = selected.map_or(0, |selected| {
        board_findings::first_in_sight(&lines, model.board.top(), selected, rows)
    });
    let shown = in_sight(&lines[top.min(lines.len())..], rows);
    let note = match list.len() {
        0 => String::new(),
        all if top > 0 => format!(
            "{}–{} of {all} · why first, then where",
            top + 1,
            top + shown
        ),
        all if shown < all => format!("{shown} of {all} · why first, then where"),
        _ => "why first, then where · enter opens what each rests on".to_owned(),
    };
    pen.heading(area, 0, "findings", &note, selected.is_some());
    if list.is_empty() {
        let (role, text) = nothing_found(model);
        pen.row(area, 1, false).skip(2).put(role, &text);
    }
    let env = board_findings::env_columns(model.size, list);
    let gaps = gaps(model, usize::from(area.width), env);
    let number = list.iter().map(|f| amount(f).width()).max().unwrap_or(0);
    let under = (TIME + SINCE).saturating_sub(4 + env + 1);
    let number = number.clamp(under, NUMBER).max(widest(&gaps, lost));
    let columns = Columns { env, number };
    let mut line = 1;
    for (i, found) in list.iter().enumerate().skip(top) {
        let selected = selected == Some(i);
        match &gaps[i] {
            gap if board_findings::is_narrow(model.size) => {
                narrow(
                    model,
                    pen,
                    (area, line),
                    (found, gap.as_ref(), &lines[i]),
                    selected,
                );
            }
            Some(gap) => gap_row(pen, area, line, (found, gap, &gaps), (columns, selected)),
            None => {
                let since = since(model, found);
                let said = (found, lines[i].as_slice(), since.as_str());
                sentence(pen, area, line, said, (columns, selected));
            }
        }
        let tall = lines[i].len() as u16;
        pen.target(area, line, tall, Target::Finding(i));
        line += tall;
        if line >= area.height {
            break;
        }
    }
}

/// How many of them are seen, the last one maybe in part.
fn in_sight(lines: &[Vec<String>], rows: usize) -> usize {
    let mut used = 0;
    let seen = lines.iter().take_while(|lines| {
        let seen = used < rows;
        used += lines.len();
        seen
    });
    seen.count()
}

fn amount(found: &Finding) -> String {
    match board_findings::finding_amount(found) {
        0 => String::new(),
        amount => format::count(amount),
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
        let text = "no message was seen: 7 shows what was read, and what was not";
        (Role::Notice, text.into())
    } else if board::unseen(&model.overview).is_empty() {
        (Role::Completed, "nothing was lost".into())
    } else {
        let text = "nothing was lost in what was read, but not everything was read";
        (Role::Notice, text.into())
    }
}

/// Every finding that is a gap, in the longest words that fit all of them.
fn gaps(model: &Model, width: usize, env: usize) -> Vec<Option<GapText>> {
    let texts = |long: Long| -> Vec<Option<GapText>> {
        let findings = model.findings.iter();
        findings.map(|found| gap(model, found, long)).collect()
    };
    let fixed = 4 + env + 1 + NUMBER + 4 + 2 + 6 + 2 + 2;
    let fits = |gaps: &[Option<GapText>]| {
        let columns = [of, place, when].map(|of| widest(gaps, of));
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
        let ends = [span.from, span.to];
        let [day, other] = ends.map(|time| model.zone.format(time, "%m-%d"));
        let [first, last] = ends.map(|time| {
            if day == other {
                model.zone.clock_in(time, model.overview.window)
            } else {
                model.zone.format(time, "%m-%d %H:%M:%S")
            }
        });
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
    (columns, selected): (Columns, bool),
) {
    let (role, glyph) = state::verdict(Verdict::Lost);
    let glyph = pen.theme.glyph(glyph);
    let mut row = pen.row(area, line, selected);
    row.mark(selected).put(role, glyph).skip(1);
    let env = found.env.as_deref().unwrap_or_default();
    row.cell(Role::Title, env, columns.env);
    row.skip(1).cell_right(role, &gap.lost, columns.number);
    row.put(Role::Muted, " of ");
    row.cell_right(Role::Fg, &gap.of, widest(all, of)).skip(2);
    row.cell_right(role, &gap.share, 6).skip(2);
    row.cell(Role::Fg, &gap.place, widest(all, place)).skip(2);
    row.put(Role::Fg, &gap.when);
}

/// Role and sign of a finding; what lost nothing bears no sign of a loss.
fn sign<'a>(found: &Finding, theme: &'a Theme) -> (Role, &'a str) {
    if found.lost == 0 && found.kind.verdict() == Verdict::Lost {
        return (Role::Muted, " ");
    }
    let (role, glyph) = state::verdict(found.kind.verdict());
    (role, theme.glyph(glyph))
}

/// Draws a finding as its sentence.
fn sentence(
    pen: &mut Pen<'_>,
    area: Rect,
    line: u16,
    (found, lines, since): (&Finding, &[String], &str),
    (columns, selected): (Columns, bool),
) {
    let Columns { env: width, number } = columns;
    let (role, glyph) = sign(found, pen.theme);
    let amount_role = if found.lost > 0 { role } else { Role::Muted };
    for (i, text) in lines.iter().enumerate() {
        let mut row = pen.row(area, line + i as u16, selected);
        if i == 0 {
            row.mark(selected).put(role, glyph).skip(1);
            let env = found.env.as_deref().unwrap_or_default();
            row.cell(Role::Title, env, width).skip(1);
            row.cell_right(amount_role, &amount(found), number).skip(2);
        } else {
            // Since when stands under the figures, where there is nothing else.
            row.skip(SINCE as u16);
            let since = if i == 1 { since } else { "" };
            row.cell(Role::LastSeen, since, 4 - SINCE + width + 1 + number);
            row.skip(2);
        }
        // On the last row there is, the ellipsis says that more was to be said.
        if line + i as u16 + 1 >= area.height {
            row.put(Role::Fg, &lines[i..].join(" "));
            break;
        }
        row.put(Role::Fg, text);
        if lines.len() == 1 && !since.is_empty() && since.width() + 2 < row.rest() {
            row.end(Role::LastSeen, &format!("{since} "));
        }
    }
}

/// Since when a finding is: in a word and a time, or where that is too long the time.
fn since(model: &Model, found: &Finding) -> String {
    let Some((word, time)) = board_findings::since(found) else {
        return String::new();
    };
    let clock = model.zone.clock_in(time, model.overview.window);
    let text = format!("{word} {clock}");
    if text.width() <= TIME { text } else { clock }
}

/// Draws a finding where there are few columns: its figures, and below them all the words there is room for.
fn narrow(
    model: &Model,
    pen: &mut Pen<'_>,
    (area, line): (Rect, u16),
    (found, gap, lines): (&Finding, Option<&GapText>, &[String]),
    selected: bool,
) {
    let (role, glyph) = sign(found, pen.theme);
    let mut row = pen.row(area, line, selected);
    row.mark(selected).put(role, glyph).skip(1);
    row.put(Role::Title, found.env.as_deref().unwrap_or_default());
    row.skip(1).put(role, &amount(found)).skip(2);
    row.put(Role::LastSeen, &since(model, found));
    for (i, text) in lines.iter().enumerate().skip(1) {
        let at = line + i as u16;
        if at >= area.height {
            break;
        }
        let mut row = pen.row(area, at, selected);
        row.skip(2);
        match gap {
            Some(gap) => {
                row.put(Role::Fg, &gap.place).skip(2);
                row.put(Role::Muted, &format!("{} of {}", gap.share, gap.of));
            }
            None if at + 1 == area.height => {
                row.put(Role::Fg, &lines[i..].join(" "));
            }
            None => {
                row.put(Role::Fg, text);
            }
        }
    }
}
