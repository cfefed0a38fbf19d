//! Places that messages come back to: whoever takes a request in also says when it is answered. What is
//! said there at the end is a place of its own, or nothing could ever be lost on the way back.

use std::collections::{BTreeMap, BTreeSet};

use super::placing::Placing;
use super::templates::Templates;

/// A kind of line belongs to the way back if so many of its lines are said there, in percent.
const LATE: usize = 80;

/// What is known of one kind of line.
#[derive(Clone, Copy, Default)]
struct Said {
    lines: usize,
    /// Lines that are said after the message was elsewhere meanwhile.
    late: usize,
    /// Messages that end with it.
    last: usize,
}

/// Splits the place that most messages come back to, if there is one.
pub(super) fn split(
    placing: &Placing,
    templates: &Templates,
    messages: &[Vec<u32>],
    failed: &dyn Fn(u32) -> bool,
) -> Option<Placing> {
    let mut said = vec![Said::default(); templates.all.len()];
    let fails: Vec<bool> = (0..templates.all.len() as u32).map(failed).collect();
    // Messages that failed, and those of them of which the end says nothing of it.
    let (mut troubled, mut hushed) = (0, 0);
    for message in messages {
        let mut been: BTreeSet<u32> = BTreeSet::new();
        let mut left: BTreeSet<u32> = BTreeSet::new();
        let mut last = None;
        for line in message {
            let Some(template) = templates.of.get(line) else {
                continue;
            };
            let place = placing.of_line[*line as usize];
            let back = left.contains(&place);
            let one = &mut said[*template as usize];
            one.lines += 1;
            one.late += usize::from(back);
            last = back.then_some(*template);
            left.extend(been.iter().copied().filter(|other| *other != place));
            been.insert(place);
        }
        let trouble = message
            .iter()
            .filter_map(|line| templates.of.get(line))
            .any(|t| fails[*t as usize]);
        troubled += usize::from(trouble);
        if let Some(template) = last {
            said[template as usize].last += 1;
            hushed += usize::from(trouble && !fails[template as usize]);
        }
    }
    let is_late = |t: u32| {
        let one = said[t as usize];
        one.late * 100 >= one.lines * LATE && one.lines > 0
    };
    let place = |t: u32| templates.all[t as usize].place;
    let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
    for template in (0..said.len() as u32).filter(|t| is_late(*t)) {
        *ends.entry(place(template)).or_default() += said[template as usize].last;
    }
    let (home, back) = ends.into_iter().max_by_key(|(_, n)| *n)?;
    let early = (0..said.len() as u32)
        .any(|t| place(t) == home && said[t as usize].lines > 0 && !is_late(t));
    // What is said at the end of good and bad alike is tidying up.
    if back * 2 < messages.len() || !early || troubled > 0 && hushed * 2 > troubled {
        return None;
    }
    let mut placing = placing.clone();
    let new = placing.names.len() as u32;
    placing
        .names
        .push(format!("{}-end", placing.names[home as usize]));
    placing.kind.push(placing.kind[home as usize]);
    placing.own.push(None);
    for (line, template) in &templates.of {
        if place(*template) == home && is_late(*template) {
            placing.of_line[*line as usize] = new;
        }
    }
    Some(placing)
}
