//! The edges of one environment where messages stay: how many, since when, and after what time.
//!
//! Edges that everything passed are left out: what is missing should not be hard to find.

use std::io::{self, Write};

use super::paint::Paint;
use super::times::Times;
use super::wrap::width;
use crate::domain::safe::safe;
use crate::domain::show::{count, duration};
use crate::domain::verdict::Verdict;
use crate::domain::view::{EdgeView, EnvironmentView};

const COLUMNS: usize = 6;
/// Words to the left, figures to the right.
const LEFT: [bool; COLUMNS] = [true, false, false, false, true, true];

/// Writes a table of the edges, if messages are lost or out of sight at any.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    env: &EnvironmentView,
    times: Times,
    paint: Paint,
) -> io::Result<()> {
    let of = |edge: &EdgeView, verdict| edge.stuck.of(verdict);
    let stuck = |e: &&EdgeView| of(e, Verdict::Lost) + of(e, Verdict::Blind) > 0;
    let edges: Vec<&EdgeView> = env.edges.iter().filter(stuck).collect();
    if edges.is_empty() {
        return Ok(());
    }
    let shown = [Verdict::Lost, Verdict::Blind].map(|v| edges.iter().any(|e| of(e, v) > 0));
    let columns = [true, shown[0], shown[1], true, shown[0], true];
    let mut rows = vec![["", "LOST", "blind", "of", "last seen", "allowance"].map(str::to_owned)];
    rows.extend(edges.iter().map(|edge| row(edge, times)));
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| width(&row[column]));
        cells.max().unwrap_or(0)
    });
    for row in &rows {
        let mut line = String::new();
        for column in (0..COLUMNS).filter(|column| columns[*column]) {
            let cell = &row[column];
            let blank = " ".repeat(widths[column] - width(cell));
            let cell = match column {
                1 if cell != "-" => paint.alarm(cell),
                _ => cell.clone(),
            };
            line.push_str("  ");
            if LEFT[column] {
                line.push_str(&cell);
                line.push_str(&blank);
            } else {
                line.push_str(&blank);
                line.push_str(&cell);
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn row(edge: &EdgeView, times: Times) -> [String; COLUMNS] {
    let figure = |verdict| match edge.stuck.of(verdict) {
        0 => "-".to_owned(),
        number => count(number),
    };
    let seen = edge.lost_span.map(|span| times.short_span(span));
    [
        format!("{} -> {}", safe(&edge.from), safe(&edge.to)),
        figure(Verdict::Lost),
        figure(Verdict::Blind),
        count(edge.entered),
        seen.unwrap_or_else(|| "-".to_owned()),
        format!("{} {}", duration(edge.allowance_ms), edge.basis.word()),
    ]
}
