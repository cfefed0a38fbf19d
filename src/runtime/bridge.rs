//! From one picture to the next, in as few bytes as it takes.
//!
//! Where two texts share a letter here and there, the terminal library would jump over each of them,
//! and a jump costs four to eight bytes: short gaps are written again instead. What only moved up or
//! down is moved by the terminal.

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

use super::brush;
use super::shift::Shift;

/// A jump over so many cells costs more than writing them.
const JUMP: u16 = 6;
/// So few bytes are not worth looking for less.
const FEW: usize = 1 << 10;

/// Writes what leads from one picture to the next of the same size; `erases` as [`brush::write`] has it.
///
/// # Errors
/// When the terminal is gone.
pub fn write(out: &mut impl Write, old: &Buffer, new: &Buffer, erases: bool) -> io::Result<()> {
    let mut anew = Vec::new();
    brush::write(&mut anew, changes(old, new), erases)?;
    let Some(shift) = Some(&anew)
        .filter(|anew| anew.len() > FEW)
        .and_then(|_| Shift::between(old, new))
    else {
        return out.write_all(&anew);
    };
    let mut moved = Vec::new();
    shift.write(&mut moved)?;
    brush::write(&mut moved, changes(&shift.of(old), new), erases)?;
    out.write_all(if moved.len() < anew.len() {
        &moved
    } else {
        &anew
    })
}

/// The cells to write, in order.
pub fn changes<'a>(old: &Buffer, new: &'a Buffer) -> Vec<(u16, u16, &'a Cell)> {
    let mut cells: Vec<(u16, u16, &Cell)> = Vec::new();
    for (x, y, cell) in old.diff(new) {
        if let Some((last, row, before)) = cells.last().copied()
            && row == y
        {
            let next = last + before.symbol().width().max(1) as u16;
            let gap = next..x;
            let plain = |x: u16| {
                let between = &new[(x, y)];
                between.symbol().width() == 1 && between.style() == before.style()
            };
            if gap.len() < usize::from(JUMP) && gap.clone().all(plain) {
                cells.extend(gap.map(|x| (x, y, &new[(x, y)])));
            }
        }
        cells.push((x, y, cell));
    }
    cells
}
