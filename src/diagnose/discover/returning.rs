//! Places that messages come back to: whoever takes a request in also says when it is answered. What is
//! said there at the end is a place of its own, or nothing could ever be lost on the way back.

use std::collections::{BTreeMap, BTreeSet};

use super::placing::Placing;
use super::templates::Templates;
use crate::domain::discovery::FoundCondition;

/// A kind of line belongs to the way back if so many of its lines are said there, in percent.
const LATE: usize = 80;

/// So many come back to the place that is split first, and to any further one, in percent.
const MOST: usize = 50;
const NEARLY_ALL: usize = 80;
/// So many places are split.
const HOMES: usize = 4;

/// What is known of one kind of line.
#[derive(Clone, Copy, Default)]
struct Said {
    lines: usize,
    /// Lines that are said after the message was elsewhere meanwhile.
    late: usize,
}

/// How one message goes on coming back.
#[derive(Default)]
struct Return {
    /// What is said of a failure, and where among its lines.
    trouble: Vec<(u32, usize)>,
    /// By place: what is said first on coming back there, and where among its lines.
    back: BTreeMap<u32, (u32, usize)>,
}

/// Splits the place that most messages come back to, if there is one; and the places that nearly all come
/// back to from there, as who asked is answered by whom they asked.
pub(super) fn split(
    placing: &Placing,
    templates: &Templates,
    messages: &[Vec<u32>],
    failed: &dyn Fn(u32) -> bool,
    condition: &dyn Fn(&BTreeSet<u32>) -> Option<FoundCondition>,
) -> Option<Placing> {
    let mut known: BTreeSet<u32> = BTreeSet::new();
    let mut found: Option<Placing> = None;
    while known.len() < HOMES {
        let now = found.as_ref().unwrap_or(placing);
        let next = split_one(now, templates, messages, failed, condition, &mut known);
        let Some(next) = next else { break };
        found = Some(next);
    }
    found
}

/// Splits a place that is not `known` yet.
fn split_one(
    placing: &Placing,
    templates: &Templates,
    messages: &[Vec<u32>],
    failed: &dyn Fn(u32) -> bool,
    condition: &dyn Fn(&BTreeSet<u32>) -> Option<FoundCondition>,
    known: &mut BTreeSet<u32>,
) -> Option<Placing> {
    let mut said = vec![Said::default(); templates.all.len()];
    let fails: Vec<bool> = (0..templates.all.len() as u32).map(failed).collect();
    let returns: Vec<Return> = messages
        .iter()
        .map(|message| Return::of(message, placing, templates, (&fails, &mut said)))
        .collect();
    let is_late = |t: u32| {
        let one = said[t as usize];
        one.late * 100 >= one.lines * LATE && one.lines > 0
    };
    let place = |t: u32| templates.all[t as usize].place;
    let mut homes: BTreeMap<u32, usize> = BTreeMap::new();
    for (place, (template, _)) in returns.iter().flat_map(|one| &one.back) {
        *homes.entry(*place).or_default() += usize::from(is_late(*template));
    }
    homes.retain(|home, _| !known.contains(home));
    let (home, back) = homes.into_iter().max_by_key(|(_, n)| *n)?;
    let share = if known.is_empty() { MOST } else { NEARLY_ALL };
    known.insert(home);
    let early = (0..said.len() as u32)
        .any(|t| place(t) == home && said[t as usize].lines > 0 && !is_late(t));
    // What home says in the end is no trouble before it.
    let before = |t: u32| place(t) != home || !is_late(t);
    if back * 100 < messages.len() * share || !early {
        return None;
    }
    // Where the last word is said of good and bad alike, only what tells the bad is a place of its own.
    let hushed = hushes(&returns, home, &fails, &before);
    let late = (0..said.len() as u32).filter(|t| place(*t) == home && is_late(*t));
    let end: BTreeSet<u32> = late.filter(|t| !hushed || fails[*t as usize]).collect();
    // What nothing tells from the lines before it would let everybody out who came in.
    let told = condition(&end)?;
    let own = hushed.then_some(told);
    let mut placing = placing.clone();
    let new = placing.names.len() as u32;
    placing
        .names
        .push(format!("{}-end", placing.names[home as usize]));
    placing.kind.push(placing.kind[home as usize]);
    placing.own.push(own);
    for (line, template) in &templates.of {
        if end.contains(template) {
            placing.of_line[*line as usize] = new;
        }
    }
    Some(placing)
}

impl Return {
    /// Follows one message, and counts what is `said` of all.
    fn of(
        message: &[u32],
        placing: &Placing,
        templates: &Templates,
        (fails, said): (&[bool], &mut [Said]),
    ) -> Self {
        let mut found = Self::default();
        let mut been: BTreeSet<u32> = BTreeSet::new();
        let mut left: BTreeSet<u32> = BTreeSet::new();
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
                found.trouble.push((*template, at));
            }
            if back {
                found.back.entry(place).or_insert((*template, at));
            }
            left.extend(been.iter().copied().filter(|other| *other != place));
            been.insert(place);
        }
        found
    }
}

/// Whether most who failed before they came back come back like all others: what is said at the end of
/// good and bad alike is tidying up.
fn hushes(returns: &[Return], home: u32, fails: &[bool], before: &dyn Fn(u32) -> bool) -> bool {
    let (mut troubled, mut hushed) = (0, 0);
    for one in returns {
        let mut trouble = one.trouble.iter().filter(|(t, _)| before(*t));
        let Some((_, failed)) = trouble.next() else {
            continue;
        };
        match one.back.get(&home) {
            Some((template, at)) if at >= failed => {
                troubled += 1;
                hushed += usize::from(!fails[*template as usize]);
            }
            Some(_) => {}
            None => troubled += 1,
        }
    }
    troubled > 0 && hushed * 2 > troubled
}
