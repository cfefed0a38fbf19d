//! Writes cells to a terminal in as few bytes as say what they look like: of colours and modifiers only
//! what has changed since the cell before.
//!
//! The terminal library writes both colours again whenever one of them differs, also for blanks.

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

/// What the terminal writes with at the moment.
struct Brush {
    fg: Color,
    bg: Color,
    modifier: Modifier,
    /// Where the terminal's cursor is.
    at: Option<(u16, u16)>,
}

/// Writes cells, each at its place; at the end the terminal writes plainly again.
///
/// # Errors
/// When the terminal is gone.
pub fn write<'a>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = (u16, u16, &'a Cell)>,
) -> io::Result<()> {
    let plain = Cell::default();
    let mut brush = Brush {
        fg: plain.fg,
        bg: plain.bg,
        modifier: plain.modifier,
        at: None,
    };
    for (x, y, cell) in cells {
        brush.go(out, x, y)?;
        brush.dip(out, cell)?;
        out.write_all(cell.symbol().as_bytes())?;
        // Terminals do not agree on how wide a wide letter is.
        let next = if cell.symbol().width() == 1 {
            x + 1
        } else {
            u16::MAX
        };
        brush.at = Some((next, y));
    }
    out.write_all(b"\x1b[m")
}

impl Brush {
    fn go(&self, out: &mut impl Write, x: u16, y: u16) -> io::Result<()> {
        match self.at {
            Some(at) if at == (x, y) => Ok(()),
            // On the same row the column is enough.
            Some((_, row)) if row == y => write!(out, "\x1b[{}G", x + 1),
            _ => write!(out, "\x1b[{};{}H", y + 1, x + 1),
        }
    }

    /// Takes on what the cell looks like.
    fn dip(&mut self, out: &mut impl Write, cell: &Cell) -> io::Result<()> {
        let blank = cell.symbol() == " ";
        let mut codes = String::new();
        let mut add = |code: &str| {
            if !codes.is_empty() {
                codes.push(';');
            }
            codes.push_str(code);
        };
        // The letter that is not there has no colour and no weight.
        let seen = if blank { ON_BLANKS } else { Modifier::all() };
        if (cell.modifier ^ self.modifier).intersects(seen) {
            let mut now = self.modifier;
            for (modifier, _, end) in MODIFIERS {
                if now.contains(modifier) && !cell.modifier.contains(modifier) {
                    add(&end.to_string());
                    for (other, _, same) in MODIFIERS {
                        if same == end {
                            now.remove(other);
                        }
                    }
                }
            }
            for (modifier, begin, _) in MODIFIERS {
                if cell.modifier.contains(modifier) && !now.contains(modifier) {
                    add(&begin.to_string());
                }
            }
            self.modifier = cell.modifier;
        }
        let reversed = cell.modifier.contains(Modifier::REVERSED);
        if cell.fg != self.fg && (!blank || reversed || self.modifier.intersects(ON_BLANKS)) {
            add(&code(cell.fg, LETTERS));
            self.fg = cell.fg;
        }
        if cell.bg != self.bg {
            add(&code(cell.bg, BEHIND));
            self.bg = cell.bg;
        }
        if codes.is_empty() {
            return Ok(());
        }
        write!(out, "\x1b[{codes}m")
    }
}
