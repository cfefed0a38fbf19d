//! How many rows and columns each part of the board has.

use super::size::Size;
use super::wide;

/// The narrowest panel in which a stage, its counts and a gap can be read.
pub const PANEL_COLUMNS: u16 = 50;

/// Rows of the board's parts, headings included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoardRows {
    /// Findings, on top.
    pub findings: u16,
    /// The pipelines.
    pub flow: u16,
    /// Some of the messages behind what is selected; 0 where there is no room.
    pub preview: u16,
    /// What could not be seen, at the bottom.
    pub unseen: u16,
}

/// Fewer rows than this show too few messages to be worth it: heading, columns, two messages.
const PREVIEW: u16 = 4;
/// So many rows show what happened over time, and some messages; on tall screens they are kept free.
const STORY: u16 = 10;
/// A screen of so many rows is tall.
pub const TALL: u16 = 36;

/// Divides the board: so many rows of findings, of panels, sources not seen; first a fair share for
/// each, then what is left for findings and sources, then for what is behind the selected row.
#[must_use]
pub fn divide(size: Size, findings: usize, flow: usize, unseen: usize, preview: bool) -> BoardRows {
    let body = size.body();
    let all = |count: usize| count.clamp(1, 200) as u16;
    if wide::is_wide(size) {
        return side_by_side(size, all(flow), all(unseen), preview);
    }
    let part = |wanted: u16, share: u16| wanted.min((body / share).max(3));
    let mut parts = BoardRows {
        findings: part(all(findings) + 1, if size.rows >= TALL { 4 } else { 3 }),
        flow: 0,
        preview: 0,
        unseen: part(all(unseen) + 2, 4) - 1,
    };
    let rest = body.saturating_sub(parts.findings + parts.unseen);
    parts.flow = rest.min(all(flow));
    let mut left = rest - parts.flow;
    let kept = if preview && size.rows >= TALL {
        left.min(STORY)
    } else {
        0
    };
    let mut give = |part: &mut u16, wanted: u16| {
        let more = wanted.saturating_sub(*part).min(left - kept);
        *part += more;
        left -= more;
    };
    give(&mut parts.findings, all(findings) + 1);
    give(&mut parts.unseen, all(unseen) + 1);
    if preview && left >= PREVIEW {
        parts.preview = left;
    } else {
        parts.flow += left;
    }
    parts
}

/// How many environments stand side by side.
#[must_use]
pub fn panels_across(size: Size, panels: usize) -> usize {
    usize::from(wide::flow_columns(size) / PANEL_COLUMNS).clamp(1, panels.max(1))
}

/// Findings and what was not seen on the left, pipelines and messages on the right.
fn side_by_side(size: Size, flow: u16, unseen: u16, preview: bool) -> BoardRows {
    let body = size.body();
    let unseen = (unseen + 1).clamp(2, (body / 4).max(2));
    let rest = body.saturating_sub(flow);
    let (flow, preview) = if preview && rest >= PREVIEW + 2 {
        (flow, rest)
    } else {
        (body, 0)
    };
    BoardRows {
        findings: body.saturating_sub(unseen),
        flow,
        preview,
        unseen,
    }
}
