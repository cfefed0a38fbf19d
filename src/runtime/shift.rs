//! Rows that stand somewhere else in the next picture: a list that was scrolled by a row.
//!
//! The terminal moves them itself, within margins and by deleting or inserting lines, which every
//! terminal since the VT102 can do.

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

/// So few rows are written again as cheaply.
const LEAST: u16 = 3;

/// Rows that move together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shift {
    /// The first row of all that are touched.
    top: u16,
    /// The row behind the last one.
    bottom: u16,
    /// How far they move.
    by: u16,
    up: bool,
}

impl Shift {
    /// The move that keeps the most rows, if there is one.
    #[must_use]
    pub fn between(old: &Buffer, new: &Buffer) -> Option<Self> {
        let rows = new.area.height;
        let mut best: Option<(u16, Self)> = None;
        for by in 1..rows {
            for up in [true, false] {
                for (from, to) in runs(old, new, by, up) {
                    let kept = to - from;
                    if kept >= LEAST && best.is_none_or(|(most, _)| kept > most) {
                        let (top, bottom) = (from, to + by);
                        best = Some((kept, Self { top, bottom, by, up }));
                    }
                }
            }
        }
        best.map(|(_, shift)| shift)
    }

    /// What the terminal is told.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (first, last, by) = (self.top + 1, self.bottom, self.by);
        let verb = if self.up { 'M' } else { 'L' };
        write!(out, "\x1b[{first};{last}r\x1b[{first}H\x1b[{by}{verb}\x1b[r")
    }

    /// What the terminal shows then. The rows that have come free are like no other cell, so that all of
    /// them are written.
    #[must_use]
    pub fn of(&self, old: &Buffer) -> Buffer {
        let mut free = Cell::new("?");
        free.modifier = Modifier::HIDDEN;
        let mut moved = old.clone();
        for y in self.top..self.bottom {
            let from = if self.up {
                Some(y + self.by).filter(|from| *from < self.bottom)
            } else {
                y.checked_sub(self.by).filter(|from| *from >= self.top)
            };
            for x in 0..old.area.width {
                moved[(x, y)] = from.map_or_else(|| free.clone(), |from| old[(x, from)].clone());
            }
        }
        moved
    }
}

/// Rows that are the same at another height, as long as they follow each other: each run with the upper
/// of its two places.
fn runs(old: &Buffer, new: &Buffer, by: u16, up: bool) -> Vec<(u16, u16)> {
    let mut runs = Vec::new();
    let mut begun: Option<u16> = None;
    let last = new.area.height - by;
    for y in 0..last {
        let (before, after) = if up { (y + by, y) } else { (y, y + by) };
        let changed = row(old, after) != row(new, after);
        match begun {
            None if changed && row(old, before) == row(new, after) => begun = Some(y),
            Some(from) if row(old, before) != row(new, after) => {
                runs.push((from, y));
                begun = None;
            }
            _ => {}
        }
    }
    runs.extend(begun.map(|from| (from, last)));
    runs
}

fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    &buffer.content[start..start + width]
}
