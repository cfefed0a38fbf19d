//! Writes cells to a terminal in as few bytes as say what they look like: of colours and modifiers only
//! what has changed since the cell before.
//!
//! A true colour costs twice as many bytes as a jump. A picture of many colours is therefore written
//! colour by colour where that is shorter than row by row; and many blanks are erased, where the terminal
//! erases with the colour it writes with.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::theme::sgr::{BEHIND, LETTERS, code};

/// What is seen on a blank, too.
const ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);
/// Each modifier with the numbers that begin and end it; 22 ends bold and dim.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// So many blanks cost more than erasing them and jumping behind them.
const ERASED: usize = 10;

/// What a cell looks like, beside its text.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank looks the same in both: a letter that is not there has no colour and no weight.
    fn alike_when_blank(self, other: Self) -> bool {
        let seen = self.modifier & ON_BLANKS;
        self.bg == other.bg
            && seen == other.modifier & ON_BLANKS
            && (seen.is_empty() || self.fg == other.fg)
    }
}

/// A text, its place, and what it looks like.
struct Dab<'a> {
    x: u16,
    y: u16,
    text: &'a str,
    look: Look,
}

impl Dab<'_> {
    /// Whether it looks as if nothing had ever stood there.
    fn is_erased(&self) -> bool {
        self.text == " " && !self.look.modifier.intersects(ON_BLANKS)
    }

    /// Whether it goes on where another one ends, as a blank like that.
    fn goes_on(&self, before: &Self) -> bool {
        (self.x, self.y) == (before.x + 1, before.y) && self.look == before.look && self.is_erased()
    }
}

/// Writes cells, each at its place; at the end the terminal writes plainly again. `erases`: the terminal
/// erases with the background that it writes with.
///
/// # Errors
/// When the terminal is gone.
pub fn write<'a>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = (u16, u16, &'a Cell)>,
    erases: bool,
) -> io::Result<()> {
    let mut dabs = dabs(cells);
    let by_row = strokes(&dabs, erases)?;
    let mut looks: Vec<Look> = Vec::new();
    for dab in &dabs {
        if !looks.contains(&dab.look) {
            looks.push(dab.look);
        }
    }
    // Those with the same background come together, as they are met first.
    dabs.sort_by_cached_key(|dab| {
        let behind = looks.iter().position(|look| look.bg == dab.look.bg);
        (behind, looks.iter().position(|look| *look == dab.look))
    });
    let by_look = strokes(&dabs, erases)?;
    let shorter = if by_look.len() < by_row.len() {
        by_look
    } else {
        by_row
    };
    out.write_all(&shorter)
}

/// The cells in order; a blank goes with what stands before it.
fn dabs<'a>(cells: impl IntoIterator<Item = (u16, u16, &'a Cell)>) -> Vec<Dab<'a>> {
    let mut before = Look::of(&Cell::default());
    let mut dabs = Vec::new();
    for (x, y, cell) in cells {
        let look = Look::of(cell);
        if cell.symbol() != " " || !look.alike_when_blank(before) {
            before = look;
        }
        dabs.push(Dab {
            x,
            y,
            text: cell.symbol(),
            look: before,
        });
    }
    dabs
}

/// What writes them in this order.
fn strokes(dabs: &[Dab<'_>], erases: bool) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut brush = Brush {
        look: Look::of(&Cell::default()),
        at: None,
    };
    for run in dabs.chunk_by(|before, dab| before.is_erased() && dab.goes_on(before)) {
        let Some(first) = run.first() else { continue };
        brush.go(&mut out, first.x, first.y)?;
        brush.dip(&mut out, first.look)?;
        if erases && run.len() >= ERASED {
            write!(out, "\x1b[{}X", run.len())?;
            brush.at = Some((Some(first.x), first.y));
            continue;
        }
        brush.paint(&mut out, run)?;
    }
    out.write_all(b"\x1b[m")?;
    Ok(out)
}

/// What the terminal writes with at the moment.
struct Brush {
    look: Look,
    /// Row and, where it is known, column of the terminal's cursor.
    at: Option<(Option<u16>, u16)>,
}

impl Brush {
    /// Writes what stands side by side and looks the same.
    fn paint(&mut self, out: &mut impl Write, run: &[Dab<'_>]) -> io::Result<()> {
        for dab in run {
            out.write_all(dab.text.as_bytes())?;
            // Terminals do not agree on how wide a wide letter is.
            let column = (dab.text.width() == 1).then_some(dab.x + 1);
            self.at = Some((column, dab.y));
        }
        Ok(())
    }

    fn go(&self, out: &mut impl Write, x: u16, y: u16) -> io::Result<()> {
        let column = usize::from(x) + 1;
        match self.at {
            Some((Some(at), row)) if (at, row) == (x, y) => Ok(()),
            // On the same row the column is enough, or how many of them.
            Some((Some(at), row)) if row == y && at < x => write!(out, "\x1b[{}C", x - at),
            Some((_, row)) if row == y => write!(out, "\x1b[{column}G"),
            Some((_, row)) if row + 1 == y && x == 0 => out.write_all(b"\r\n"),
            _ => write!(out, "\x1b[{};{column}H", y + 1),
        }
    }

    /// Takes on another look.
    fn dip(&mut self, out: &mut impl Write, look: Look) -> io::Result<()> {
        let mut codes: Vec<String> = Vec::new();
        let mut now = self.look.modifier;
        for (modifier, _, end) in MODIFIERS {
            if now.contains(modifier) && !look.modifier.contains(modifier) {
                codes.push(end.to_string());
                for (other, _, same) in MODIFIERS {
                    if same == end {
                        now.remove(other);
                    }
                }
            }
        }
        for (modifier, begin, _) in MODIFIERS {
            if look.modifier.contains(modifier) && !now.contains(modifier) {
                codes.push(begin.to_string());
            }
        }
        if look.fg != self.look.fg {
            codes.push(code(look.fg, LETTERS));
        }
        if look.bg != self.look.bg {
            codes.push(code(look.bg, BEHIND));
        }
        self.look = look;
        if codes.is_empty() {
            return Ok(());
        }
        write!(out, "\x1b[{}m", codes.join(";"))
    }
}
