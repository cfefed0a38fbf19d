//! What the board says of a finding, in lines whose number is known: how the screen is divided rests on it.

use unicode_width::UnicodeWidthStr;

use super::board_rows;
use super::size::Size;
use super::wide;
use super::words::words;
use crate::diagnose::finding::{Finding, FindingKind};
use crate::domain::show;
use crate::domain::time::Timestamp;

/// Columns of an environment's name: at least, and at most where there is little room and where there is much.
const ENV: usize = 6;
const ENV_SHORT: usize = 8;
const ENV_LONG: usize = 16;
/// From so many columns on there is much.
const ROOM: u16 = 100;
/// A finding's sentence is cut behind so many lines; where lines are short one more is needed, for what
/// became of the messages stands at the end.
const LINES: usize = 2;
const SHORT_LINES: usize = 3;
/// Columns of when it began, with what stands before it.
const SINCE: usize = 2 + 20;
/// On a narrower screen the figures of a finding stand on a row of their own, and its words below them.
const NARROW: u16 = 60;

/// How many lost messages a finding is about; where none are lost, how many are concerned.
#[must_use]
pub const fn finding_amount(finding: &Finding) -> u64 {
    if finding.lost > 0 {
        finding.lost
    } else {
        finding.of
    }
}

/// Since when, in a word and its time: the onset, else when a message concerned was last seen first.
#[must_use]
pub fn since(finding: &Finding) -> Option<(&'static str, Timestamp)> {
    let onset = finding.onset.map(|onset| ("since", onset.at));
    onset.or_else(|| finding.span.map(|span| ("first", span.from)))
}

/// Columns of the environments' names: as many as the longest needs, as far as there is room.
#[must_use]
pub fn env_columns(size: Size, findings: &[Finding]) -> usize {
    let names = findings.iter().filter_map(|found| found.env.as_deref());
    let longest = names.map(UnicodeWidthStr::width).max().unwrap_or(0);
    let most = if wide::findings_columns(size) < ROOM {
        ENV_SHORT
    } else {
        ENV_LONG
    };
    longest.clamp(ENV, most)
}

/// Columns of a finding before its words: mark, sign, environment, count.
const fn before_words(env: usize) -> usize {
    4 + env + 1 + 7 + 2
}

/// Whether the figures stand above the words instead of before them.
#[must_use]
pub const fn is_narrow(size: Size) -> bool {
    size.columns < NARROW
}

/// The rows of every finding, each with its sentence; a gap is not a sentence but a row of columns. A row
/// without words bears its figures, or since when it is.
#[must_use]
pub fn lines(size: Size, findings: &[Finding]) -> Vec<Vec<String>> {
    let env = env_columns(size, findings);
    findings
        .iter()
        .map(|f| finding_lines(size, f, env))
        .collect()
}

/// The first finding to be seen: `top`, unless the selected one is not seen whole from there.
#[must_use]
pub fn first_in_sight(lines: &[Vec<String>], top: usize, selected: usize, rows: usize) -> usize {
    let wanted = &lines[..lines.len().min(selected + 1)];
    let mut room = rows;
    let fits = wanted.iter().rev().take_while(|lines| {
        let fits = lines.len() <= room;
        room = room.saturating_sub(lines.len());
        fits
    });
    // One that is taller than the room is seen in part.
    let least = wanted.len() - fits.count().max(wanted.len().min(1));
    top.clamp(least, selected.max(least))
}

fn finding_lines(size: Size, finding: &Finding, env: usize) -> Vec<String> {
    let gap = finding.kind == FindingKind::Gap && finding.edge.is_some();
    if is_narrow(size) {
        let words = if gap {
            vec![String::new()]
        } else {
            sentence(size, finding, 3)
        };
        return [vec![String::new()], words].concat();
    }
    if gap {
        return vec![String::new()];
    }
    let mut lines = sentence(size, finding, before_words(env) + 1);
    let width = usize::from(wide::findings_columns(size));
    // On a tall screen the onset of the selected one stands below, with what happened over time.
    if let [only] = lines.as_slice()
        && size.rows < board_rows::TALL
        && since(finding).is_some()
        && before_words(env) + only.width() + SINCE >= width
    {
        lines.push(String::new());
    }
    lines
}

/// The words of a finding in lines that leave so many columns free.
fn sentence(size: Size, finding: &Finding, free: usize) -> Vec<String> {
    let title: &str = &finding.title;
    // The environment stands in front already.
    let env = finding.env.as_deref().unwrap_or_default();
    let rest = title.strip_prefix(env).and_then(|t| t.strip_prefix(": "));
    let width = usize::from(wide::findings_columns(size)).saturating_sub(free);
    let rest = rest.unwrap_or(title);
    // So does the count.
    let amount = format!("{} ", show::count(finding_amount(finding)));
    let mut lines = words(rest.strip_prefix(&amount).unwrap_or(rest), width);
    let most = if wide::findings_columns(size) < ROOM {
        SHORT_LINES
    } else {
        LINES
    };
    if lines.len() > most {
        // The end is cut where it is drawn, and an ellipsis says so.
        let tail = lines.split_off(most - 1).join(" ");
        lines.push(tail);
    }
    lines
}
