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
    // Of each message, what is said where of a failure, and first on coming back to a place.
    let mut ends: Vec<(Vec<(u32, usize)>, BTreeMap<u32, (u32, usize)>)> = Vec::new();
    for message in messages {
        let mut been: BTreeSet<u32> = BTreeSet::new();
        let mut left: BTreeSet<u32> = BTreeSet::new();
        let mut back_at: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
        let mut trouble: Vec<(u32, usize)> = Vec::new();
        for (at, line) in message.iter().enumerate() {
            let Some(template) = templates.of.get(line) else {
                continue;
            };
            let place = placing.of_line[*line as usize];
            let back = left.contains(&place);
            let one = &mut said[*template as usize];
            one.lines += 1;
            one.late += usize::from(back);
            if fails[*template as usize] {
                trouble.push((*template, at));
            }
            if back {
                back_at.entry(place).or_insert((*template, at));
            }
            left.extend(been.iter().copied().filter(|other| *other != place));
            been.insert(place);
        }
        ends.push((trouble, back_at));
    }
    let is_late = |t: u32| {
        let one = said[t as usize];
        one.late * 100 >= one.lines * LATE && one.lines > 0
    };
    let place = |t: u32| templates.all[t as usize].place;
    let mut returns: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, (template, _)) in ends.iter().flat_map(|(_, back_at)| back_at) {
        *returns.entry(*place).or_default() += usize::from(is_late(*template));
    }
    let (home, back) = returns.into_iter().max_by_key(|(_, n)| *n)?;
    // Messages that failed before they came back, and those of them of which the end says nothing of it.
    let (mut troubled, mut hushed) = (0, 0);
    for (trouble, back_at) in &ends {
        // What home says in the end is no trouble before it.
        let mut trouble = trouble
            .iter()
            .filter(|(t, _)| place(*t) != home || !is_late(*t));
        let Some((_, failed)) = trouble.next() else {
            continue;
        };
        match back_at.get(&home) {
            Some((template, at)) if at >= failed => {
                troubled += 1;
                hushed += usize::from(!fails[*template as usize]);
            }
            Some(_) => {}
            None => troubled += 1,
        }
    }
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
