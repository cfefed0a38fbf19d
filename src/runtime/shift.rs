//! Rows that stand somewhere else in the next picture: a list that was scrolled by a row.
//!
//! The terminal moves them itself, within margins and by deleting or inserting lines, which every
//! terminal since the VT102 can do.

use std::hash::{DefaultHasher, Hash, Hasher};
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
        let (old, new) = (hashes(old), hashes(new));
        let mut best: Option<(u16, Self)> = None;
        for by in 1..rows {
            for up in [true, false] {
                for (from, to) in runs(&old, &new, by, up) {
                    let kept = to - from;
                    if kept >= LEAST && best.is_none_or(|(most, _)| kept > most) {
                        let (top, bottom) = (from, to + by);
                        best = Some((
                            kept,
                            Self {
                                top,
                                bottom,
                                by,
                                up,
                            },
                        ));
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
        write!(
            out,
            "\x1b[{first};{last}r\x1b[{first}H\x1b[{by}{verb}\x1b[r"
        )
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
fn runs(old: &[u64], new: &[u64], by: u16, up: bool) -> Vec<(u16, u16)> {
    let mut runs = Vec::new();
    let mut begun: Option<u16> = None;
    let last = (new.len() as u16).saturating_sub(by);
    for y in 0..last {
        let (upper, lower) = (usize::from(y), usize::from(y + by));
        let (before, after) = if up { (lower, upper) } else { (upper, lower) };
        let (same, stays) = (old[before] == new[after], old[after] == new[after]);
        match begun {
            None if same && !stays => begun = Some(y),
            Some(from) if !same => {
                runs.push((from, y));
                begun = None;
            }
            _ => {}
        }
    }
    runs.extend(begun.map(|from| (from, last)));
    runs
}

/// A number for each row. Two that only seem to be the same cost bytes and nothing else.
fn hashes(buffer: &Buffer) -> Vec<u64> {
    let rows = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    rows.map(|row| {
        let mut hasher = DefaultHasher::new();
        row.hash(&mut hasher);
        hasher.finish()
    })
    .collect()
}
