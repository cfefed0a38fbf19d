//! Lines that stay within a narrow terminal, where the names in them allow it.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

/// The narrowest terminal that is common.
pub const WIDTH: usize = 80;

/// The width of `text` on a terminal; colours take no room.
#[must_use]
pub fn width(text: &str) -> usize {
    let mut parts = text.split('\x1b');
    let first = parts.next().map_or(0, UnicodeWidthStr::width);
    let rest = parts.map(|part| part.split_once('m').map_or(0, |(_, shown)| shown.width()));
    first + rest.sum::<usize>()
}

/// Writes `head`, then the parts with commas between them, on as many lines as it takes.
///
/// # Errors
/// Those of the writer.
pub fn wrapped(out: &mut dyn Write, head: &str, parts: &[String]) -> io::Result<()> {
    write!(out, "{head}")?;
    let mut at = width(head);
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 < parts.len() { "," } else { "" };
        let room = 1 + width(part) + comma.len();
        if at + room > WIDTH {
            write!(out, "\n   ")?;
            at = 3;
        }
        write!(out, " {part}{comma}")?;
        at += room;
    }
    writeln!(out)
}
