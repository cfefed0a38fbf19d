//! In which order lines were written. Many queries give the newest first: then, of lines of one moment, the
//! first stands behind the others.

use super::lines::{Line, Lines};
use crate::domain::time::Timestamp;

/// By source: whether its newest lines stand first.
pub(super) fn newest_first(lines: &Lines) -> Vec<bool> {
    let sources = lines.all.iter().map(|line| line.source as usize + 1).max();
    let mut last: Vec<Option<Timestamp>> = vec![None; sources.unwrap_or(0)];
    // Steps back in time, less those forward.
    let mut back = vec![0_i64; last.len()];
    for line in &lines.all {
        let source = line.source as usize;
        if let Some(last) = last[source].replace(line.time) {
            back[source] += i64::from(line.time < last) - i64::from(line.time > last);
        }
    }
    back.into_iter().map(|back| back > 0).collect()
}

/// What sorts lines by the time when they were written.
pub(super) fn place(lines: &Lines, newest_first: &[bool], line: u32) -> (Timestamp, u32) {
    let Line { time, source, .. } = &lines.all[line as usize];
    let at = if newest_first[*source as usize] {
        u32::MAX - line
    } else {
        line
    };
    (*time, at)
}
