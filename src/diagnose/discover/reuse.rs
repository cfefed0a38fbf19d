//! IDs that are used again: a counter that wraps, a number of a day. Told by messages that came out, said
//! nothing for long, and then came in once more under the same ID.
//!
//! Who is tried again comes in again too, but did not come out before, and not so late. Where it is late all
//! the same, as with a ticket that is taken up anew after weeks, the run must not take it for another message.

use super::flow::Flow;
use super::seen::Seen;
use crate::domain::pipeline::Pipeline;

/// Fewer that come back show no habit.
const ENOUGH: usize = 20;
/// So many of all come back, in percent; fewer are delivered twice.
const BACK: usize = 30;
/// The silence before is so many times longer than those within a life.
const LONGER: i64 = 10;

/// How IDs are used again.
pub(super) struct Reuse {
    /// An entry so long after the last sighting begins another message, in milliseconds.
    pub(super) after_ms: i64,
    /// Messages that came back; 0 where nothing was used again, and only the silences are long.
    pub(super) back: usize,
}

/// Whether IDs are used again.
pub(super) fn find(
    seen: &Seen<'_>,
    messages: &[Vec<u32>],
    flow: &Flow,
    stage: &dyn Fn(u32) -> usize,
) -> Option<Reuse> {
    let entry = |at: usize| flow.before[at].is_empty();
    let (mut silences, mut within, mut back) = (Vec::new(), Vec::new(), 0);
    // Silences of those that came in again and had not come out.
    let mut open = Vec::new();
    for message in messages {
        let mut lines: Vec<(i64, usize)> = message
            .iter()
            .map(|line| (seen.lines.all[*line as usize].time.0, stage(*line)))
            .collect();
        lines.sort_unstable_by_key(|(time, _)| *time);
        let (mut out, mut again) = (false, false);
        for pair in lines.windows(2) {
            out |= flow.ends(pair[0].1);
            let silence = pair[1].0 - pair[0].0;
            if out && entry(pair[1].1) && !flow.ends(pair[1].1) {
                silences.push(silence);
                (out, again) = (false, true);
            } else {
                within.push(silence);
                if entry(pair[1].1) && silence >= Pipeline::DEFAULT_REUSE_AFTER_MS {
                    open.push(silence);
                }
            }
        }
        back += usize::from(again);
    }
    if back < ENOUGH || back * 100 < messages.len() * BACK {
        let longest = open.iter().max()?;
        return (open.len() > silences.len()).then_some(Reuse {
            after_ms: longest * 2,
            back: 0,
        });
    }
    silences.sort_unstable();
    within.sort_unstable();
    // Lives that were lost are within, but they are few.
    let least = *silences.get(silences.len() / 50)?;
    let most = *within.get(within.len() * 19 / 20)?;
    (least >= most.max(1000) * LONGER).then_some(Reuse {
        after_ms: least / 2,
        back,
    })
}
