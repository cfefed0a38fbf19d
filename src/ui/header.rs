//! The first row: what was lost, in every view, and the views there are.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::state;
use super::text::Pen;
use crate::app::board;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::place::Place;
use crate::domain::verdict::{Counts, Verdict};
use crate::theme::Theme;
use crate::theme::role::{Glyph, Role};

/// What this is.
const NAME: &str = "lastseen";

/// On fewer columns there is no room for the name of what is looked at.
const NARROW: u16 = 90;

/// Draws the header.
pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    pen.clear(Rect { height: 1, ..area }, Role::Surface);
    let mut counts = model.overview.totals();
    counts.0[Verdict::Completed as usize] = 0;
    let tabs = tabs(
        model,
        area.width,
        NAME.width() + 4 + least(pen.theme, &counts),
    );
    let width = wide(tabs.iter().map(|(_, tab)| tab));
    let left = Rect {
        width: area.width.saturating_sub(width as u16 + 1),
        ..area
    };
    let gap = Rect {
        width: left.width.saturating_sub(2),
        ..left
    };
    headline(model, pen, gap);
    let right = Rect {
        x: area.x + left.width,
        width: area.width - left.width,
        ..area
    };
    let mut row = pen.row(right, 0, false);
    for (_, (role, text)) in &tabs {
        row.put(*role, text).skip(2);
    }
    let mut x = right.x;
    for (place, (_, text)) in &tabs {
        // With a column on both sides, so that a number is easy to hit.
        let tab = Rect {
            x: x.saturating_sub(1),
            width: text.width() as u16 + 2,
            ..right
        };
        pen.target(tab.intersection(area), 0, 1, Target::View(*place));
        x += text.width() as u16 + 2;
    }
}

/// Columns of the counts in their shortest form.
fn least(theme: &Theme, counts: &Counts) -> usize {
    wide(state::chips_in(theme, counts, 0).iter())
}

/// Columns of some words, with what stands between them.
fn wide<'a>(words: impl Iterator<Item = &'a (Role, String)>) -> usize {
    words.map(|(_, text)| text.width() + 2).sum()
}

/// What is written for a view.
type Tab = (Place, (Role, String));

/// Number and name of every view there is; where they would take more than half the row, only the one
/// in front has its name. Where they would take the room of what was lost, it is there alone.
fn tabs(model: &Model, columns: u16, needed: usize) -> Vec<Tab> {
    let hunt = model.hunt.as_ref().map(|_| Place::Hunt);
    let learnt = model.learnt.as_ref().map(|_| Place::Learnt);
    // Without a number of its own it belongs to the board, from which it is opened.
    let evidence = (model.place == Place::Evidence).then_some(Place::Evidence);
    let places = evidence
        .into_iter()
        .chain(Place::ALL)
        .chain(hunt)
        .chain(learnt);
    let tab = |place: Place, short: bool| {
        let here = place == model.place;
        let role = if here { Role::Accent } else { Role::Muted };
        let key = place
            .action()
            .and_then(|action| model.keys.key_of(place.context(), action));
        let title = place.context().title();
        let text = match key {
            Some(key) if short && !here => key.to_string(),
            Some(key) => format!("{key} {title}"),
            None => title.to_owned(),
        };
        (place, (role, text))
    };
    let all = |short: bool| -> Vec<Tab> { places.clone().map(|place| tab(place, short)).collect() };
    let columns = usize::from(columns);
    let (long, short) = (all(false), all(true));
    let columns_of = |tabs: &[Tab]| wide(tabs.iter().map(|(_, tab)| tab));
    if columns_of(&long) * 2 <= columns {
        long
    } else if columns_of(&short) + needed <= columns {
        short
    } else {
        vec![tab(model.place, true)]
    }
}

fn headline(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    let mut counts = model.overview.totals();
    let theme = pen.theme;
    let total = counts.total();
    counts.0[Verdict::Completed as usize] = 0;
    let mut row = pen.row(area, 0, false);
    row.skip(1);
    // Words for the figures are worth more than the name of what this is.
    let told: Vec<_> = state::chips(theme, &counts).collect();
    let wanted = if area.width < NARROW {
        wide(told.iter())
    } else {
        least(theme, &counts)
    };
    if NAME.width() + 2 + wanted <= row.rest() + 2 {
        row.put(Role::Title, NAME).skip(2);
    }
    if area.width >= NARROW && !model.title.is_empty() {
        row.put(Role::Muted, &model.title).skip(2);
    }
    if total == 0 && !model.loading() {
        row.put(Role::Notice, "no message seen").skip(2);
    }
    if counts.of(Verdict::Lost) == 0 && total > 0 && !model.loading() {
        // Nothing lost is good news only where everything was read.
        let whole = board::unseen(&model.overview).is_empty() && counts.of(Verdict::Blind) == 0;
        if whole {
            let glyph = theme.glyph(Glyph::Completed);
            row.put(Role::Completed, &format!("{glyph} nothing lost"));
        } else {
            row.put(Role::Notice, "none seen lost");
        }
        row.skip(2);
    }
    for (i, (role, text)) in state::chips_in(theme, &counts, row.rest())
        .iter()
        .enumerate()
    {
        if i > 0 && text.width() > row.rest() {
            row.put(Role::Muted, "…");
            break;
        }
        row.put(*role, text).skip(2);
    }
}
