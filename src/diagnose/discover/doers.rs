//! Fields that say who took a step, or by what means, and not which step it is: the clerk beside the activity.
//!
//! Both change while a message goes on. But activities come in an order, and of one activity the clerks do
//! not; told apart by both, no step would be common. Nothing is asked of names here, only of order.

use std::collections::{BTreeMap, BTreeSet};

use super::quick::QuickMap;

/// So many messages show it.
const TRIED: usize = 2000;
/// So many different values of a message are looked at.
const MOST: usize = 20;
/// Fewer pairs of two values show no order.
const ENOUGH: i64 = 10;
/// The steps come in an order at least as strong as this...
const ORDERED: f64 = 0.5;
/// ...and what is said of one step in one no stronger than this.
const LOOSE: f64 = 0.3;
/// Of one step so many different things are said on average.
const SAID: f64 = 1.5;

/// Pairs of values: how often both were seen in one message, and how much more often the smaller came first.
#[derive(Default)]
struct Pairs(QuickMap<(u32, u32), (i64, i64)>);

impl Pairs {
    /// Adds the values of one message, each where it came first.
    fn add(&mut self, values: impl Iterator<Item = u32>) {
        let mut known: Vec<u32> = Vec::new();
        for value in values {
            if known.contains(&value) || known.len() == MOST {
                continue;
            }
            for earlier in &known {
                let pair = (value.min(*earlier), value.max(*earlier));
                let (seen, ahead) = self.0.entry(pair).or_default();
                *seen += 1;
                *ahead += if *earlier == pair.0 { 1 } else { -1 };
            }
            known.push(value);
        }
    }

    /// How strongly they keep an order, from 0 for chance to 1, and in how many pairs.
    fn order(&self) -> (f64, f64) {
        let (mut kept, mut all) = (0.0, 0.0);
        for (seen, ahead) in self.0.values().filter(|(seen, _)| *seen >= ENOUGH) {
            // Chance makes the square of the difference as large as their number.
            kept += (ahead * ahead - seen) as f64 / (seen - 1) as f64;
            all += *seen as f64;
        }
        (if all > 0.0 { kept / all } else { 0.0 }, all)
    }
}

/// Which of `topics` tell no step from another. `says` tells what a line says of a topic.
pub(super) fn find(
    topics: &[u32],
    messages: &[Vec<u32>],
    says: &dyn Fn(u32, u32) -> Option<u32>,
) -> BTreeSet<u32> {
    let tried: Vec<&[u32]> = messages
        .iter()
        .step_by(messages.len() / TRIED + 1)
        .map(Vec::as_slice)
        .collect();
    let order = |topic: u32| {
        let mut pairs = Pairs::default();
        for message in &tried {
            pairs.add(message.iter().filter_map(|line| says(*line, topic)));
        }
        pairs.order()
    };
    let strong = topics.iter().map(|topic| (*topic, order(*topic)));
    let most = strong.max_by(|(_, (a, n)), (_, (b, m))| (a * n).total_cmp(&(b * m)));
    let Some((step, _)) = most.filter(|(_, (order, _))| *order >= ORDERED) else {
        return BTreeSet::new();
    };
    let others = topics.iter().copied().filter(|topic| *topic != step);
    others
        .filter(|topic| {
            is_loose(&tried, &|line| {
                Some((says(line, step)?, says(line, *topic)?))
            })
        })
        .collect()
}

/// Whether several things are said of one step, in no order. `says` tells the step of a line and what is said of it.
fn is_loose(messages: &[&[u32]], says: &dyn Fn(u32) -> Option<(u32, u32)>) -> bool {
    let mut pairs: BTreeMap<u32, Pairs> = BTreeMap::new();
    let mut known: BTreeMap<u32, (usize, BTreeSet<u32>)> = BTreeMap::new();
    for message in messages {
        let mut of_step: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (step, said) in message.iter().filter_map(|line| says(*line)) {
            of_step.entry(step).or_default().push(said);
        }
        for (step, said) in of_step {
            let (lines, things) = known.entry(step).or_default();
            *lines += said.len();
            things.extend(&said);
            pairs.entry(step).or_default().add(said.into_iter());
        }
    }
    let lines: usize = known.values().map(|(lines, _)| lines).sum();
    let things: usize = known.values().map(|(n, things)| n * things.len()).sum();
    let (mut kept, mut all) = (0.0, 0.0);
    for (order, seen) in pairs.values().map(Pairs::order) {
        kept += order * seen;
        all += seen;
    }
    things as f64 >= SAID * lines as f64 && kept <= LOOSE * all
}
