//! The one choke point: every text that reaches a cell goes through here and is safe then.
//!
//! Nothing else in `ui` writes text into the buffer. Widths are those of `unicode-width`, which is
//! what the terminal library counts with, so that columns agree.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::cut::{fit, fit_end, fit_middle};
use crate::app::mouse_event::Target;
use crate::app::words::words;
use crate::domain::mask::Mask;
use crate::domain::safe::safe;
use crate::domain::show::count_of;
use crate::theme::Theme;
use crate::theme::role::Role;

/// Draws text by role into a buffer.
pub struct Pen<'a> {
    /// Where to.
    pub buf: &'a mut Buffer,
    /// What roles look like.
    pub theme: &'a Theme,
    /// What masks, while others look on.
    pub mask: Option<&'a Mask>,
    /// Where the terminal's own cursor belongs: what has the keys.
    pub cursor: Option<Position>,
    /// What can be selected by a click, and where it is drawn.
    pub targets: Vec<(Rect, Target)>,
}

impl<'a> Pen<'a> {
    /// So many rows from this line on can be clicked, and mean this.
    pub fn target(&mut self, area: Rect, line: u16, rows: u16, target: Target) {
        let place = Rect {
            y: area.y.saturating_add(line),
            height: rows,
            ..area
        };
        self.targets.push((place.intersection(area), target));
    }

    /// A text as others may see it. Whoever cuts a text or puts it together from pieces does it with this.
    #[must_use]
    pub fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.mask {
            Some(mask) => mask.mask(text),
            None => Cow::Borrowed(text),
        }
    }

    /// Text of at most `width` columns that keeps its end: paths differ there.
    #[must_use]
    pub fn fit_end(&self, text: &str, width: usize) -> String {
        fit_end(&self.shown(text), width).into_owned()
    }

    /// Text in lines of at most `width` columns, broken at spaces where there are any.
    #[must_use]
    pub fn words(&self, text: &str, width: usize) -> Vec<String> {
        words(&self.shown(text), width)
    }

    /// One row of an area, to be written from left to right.
    pub fn row(&mut self, area: Rect, line: u16, selected: bool) -> Row<'_, 'a> {
        let visible = line < area.height && area.width > 0;
        let row = Rect {
            y: area.y.saturating_add(line),
            height: u16::from(visible),
            ..area
        }
        .intersection(self.buf.area);
        if selected {
            self.buf.set_style(row, self.theme.style(Role::Selection));
        }
        Row {
            x: row.x,
            end: if row.height == 0 { row.x } else { row.right() },
            y: row.y,
            selected,
            pen: self,
        }
    }

    /// Paints an area with a background role and clears it.
    pub fn clear(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buf.area);
        let base = self.theme.style(Role::Fg).patch(self.theme.style(role));
        for position in area.positions() {
            self.buf[position].reset();
            self.buf[position].set_style(base);
        }
    }

    /// At the bottom of an area: so many more rows stand below it.
    pub fn rows_below(&mut self, area: Rect, rows: usize) {
        if rows > 0 && area.height > 0 {
            let text = format!(" ▼ {} ", count_of(rows as u64, "more row"));
            self.over(area, area.height - 1, &text);
        }
    }

    /// A word at the end of a row, over what stands there; that goes on is seen.
    fn over(&mut self, area: Rect, line: u16, text: &str) {
        let x = area.right().saturating_sub(text.width() as u16);
        let place = Position::new(x, area.y.saturating_add(line));
        let cell = self.buf.cell(place).map(Cell::symbol);
        let cut = cell.is_some_and(|symbol| !matches!(symbol, " " | "─" | "━"));
        let text = if cut {
            format!("…{}", text.trim_start())
        } else {
            text.to_owned()
        };
        self.row(area, line, false).end(Role::Notice, &text);
    }

    /// Below the heading of an area: labelled lines from the `top` one on, with so many columns for labels.
    pub fn facts(&mut self, area: Rect, facts: &[(&str, Role, String)], top: usize, label: usize) {
        let height = usize::from(area.height.saturating_sub(1));
        for (line, (name, role, text)) in facts.iter().skip(top).take(height).enumerate() {
            let mut row = self.row(area, line as u16 + 1, false);
            row.skip(2).cell(Role::Muted, name, label).skip(1);
            row.put(*role, text);
        }
        self.rows_below(area, facts.len().saturating_sub(top + height));
    }

    /// At this line of an area: so many rows stand above what is shown.
    pub fn rows_above(&mut self, area: Rect, line: u16, rows: usize) {
        if rows > 0 && line + 1 < area.height {
            let text = format!(" ▲ {} above ", count_of(rows as u64, "row"));
            self.over(area, line, &text);
        }
    }

    /// A heading with a line to the end of the row.
    pub fn heading(&mut self, area: Rect, line: u16, title: &str, note: &str, focused: bool) {
        let mut row = self.row(area, line, false);
        row.put(Role::Border, "─ ");
        row.put(if focused { Role::Accent } else { Role::Title }, title);
        row.skip(1);
        if !note.is_empty() {
            row.put(Role::Muted, note);
            row.skip(1);
        }
        row.fill(Role::Border, "─");
    }
}

/// One row being written. What does not fit is cut with an ellipsis.
pub struct Row<'p, 'a> {
    pen: &'p mut Pen<'a>,
    x: u16,
    end: u16,
    y: u16,
    selected: bool,
}

impl<'a> Row<'_, 'a> {
    /// What roles look like.
    #[must_use]
    pub const fn theme(&self) -> &'a Theme {
        self.pen.theme
    }

    /// Columns left.
    #[must_use]
    pub fn rest(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Leaves columns empty.
    pub fn skip(&mut self, columns: u16) -> &mut Self {
        self.x = self.x.saturating_add(columns).min(self.end);
        self
    }

    /// Text of at most `width` columns of which both ends are kept: IDs differ at either.
    #[must_use]
    pub fn fit_middle(&self, text: &str, width: usize) -> String {
        fit_middle(&self.pen.shown(text), width).into_owned()
    }

    /// See [`Pen::fit_end`].
    #[must_use]
    pub fn fit_end(&self, text: &str, width: usize) -> String {
        self.pen.fit_end(text, width)
    }

    /// See [`Pen::words`].
    #[must_use]
    pub fn words(&self, text: &str, width: usize) -> Vec<String> {
        self.pen.words(text, width)
    }

    /// Writes text.
    pub fn put(&mut self, role: Role, text: &str) -> &mut Self {
        let text = self.pen.shown(text);
        self.put_shown(role, &text)
    }

    /// Writes text that others may see as it is.
    fn put_shown(&mut self, role: Role, text: &str) -> &mut Self {
        let style = self.style(role);
        self.styled(style, text)
    }

    /// Writes text into a column of a fixed width.
    pub fn cell(&mut self, role: Role, text: &str, width: usize) -> &mut Self {
        let start = self.x;
        let text = self.pen.shown(text);
        let fitted = fit(&text, width.min(self.rest()));
        self.put_shown(role, &fitted);
        self.x = start.saturating_add(width as u16).min(self.end);
        self
    }

    /// The same, its end at the end of the column.
    pub fn cell_right(&mut self, role: Role, text: &str, width: usize) -> &mut Self {
        let width = width.min(self.rest());
        let fitted = fit(&self.pen.shown(text), width).into_owned();
        let used = fitted.width();
        self.skip(width.saturating_sub(used) as u16);
        self.put_shown(role, &fitted)
    }

    /// Writes text at the end of the row, if there is room behind what is written so far.
    pub fn end(&mut self, role: Role, text: &str) -> &mut Self {
        let safe = safe(&self.pen.shown(text)).into_owned();
        let used = safe.width();
        if used < self.rest() {
            let (x, end) = (self.x, self.end);
            self.x = end - used as u16;
            self.put_shown(role, &safe);
            self.x = x;
            self.end = end - used as u16 - 1;
        }
        self
    }

    /// The two columns in front of a row; on the selected one a sign, and the terminal's cursor.
    pub fn mark(&mut self, selected: bool) -> &mut Self {
        if selected {
            self.cursor_here();
        }
        self.put(Role::Key, if selected { "❯ " } else { "  " })
    }

    /// The same with a letter that marks the row: in front, so that it is no part of what follows.
    pub fn mark_lettered(&mut self, selected: bool, letter: Option<char>) -> &mut Self {
        let Some(letter) = letter else {
            return self.mark(selected);
        };
        if selected {
            self.cursor_here();
        }
        self.put(Role::Notice, letter.encode_utf8(&mut [0; 4]));
        self.put(Role::Key, if selected { "❯" } else { " " })
    }

    /// The terminal's cursor stands where the next text does.
    pub fn cursor_here(&mut self) {
        if self.rest() > 0 {
            self.pen.cursor = Some(Position::new(self.x, self.y));
        }
    }

    /// Repeats a sign to the end of the row.
    pub fn fill(&mut self, role: Role, sign: &str) -> &mut Self {
        let count = self.rest();
        self.put(role, &sign.repeat(count))
    }

    /// The column behind the last one that is left.
    #[must_use]
    pub const fn end_x(&self) -> u16 {
        self.end
    }

    /// These columns can be clicked.
    pub fn target(&mut self, columns: Range<u16>, target: Target) {
        let place = Rect::new(columns.start, self.y, columns.len() as u16, 1);
        self.pen.targets.push((place, target));
    }

    /// Where the next text will stand.
    #[must_use]
    pub const fn x(&self) -> u16 {
        self.x
    }

    fn style(&self, role: Role) -> Style {
        let theme = self.pen.theme;
        if !self.selected {
            return theme.style(role);
        }
        // What may be overlooked elsewhere must be read on the selected row.
        let role = match role {
            Role::Muted | Role::Border | Role::Bar => Role::Fg,
            role => role,
        };
        theme.style(role).patch(theme.style(Role::Selection))
    }

    fn styled(&mut self, style: Style, text: &str) -> &mut Self {
        let width = self.rest();
        if width > 0 {
            let fitted = fit(text, width);
            let (x, _) = self
                .pen
                .buf
                .set_stringn(self.x, self.y, &fitted, width, style);
            self.x = x;
        }
        self
    }
}
