//! The order of stages: what comes after what, by name, and no circles.
//!
//! Knows nothing of rules; the graph itself is compiled elsewhere from the indices made here.

use super::error::{ConfigError, suggest};
use super::tree::{Document, Written};

/// A stage's place in the order, as it was written.
pub struct Order {
    /// Its name.
    pub name: Written,
    /// What it comes after; `None`: the stage above.
    pub after: Option<Vec<Written>>,
}

/// For each stage the indices of those before it; reports unknown and repeated names and circles.
#[must_use]
pub fn resolve(document: &Document, pipeline: &str, orders: &[Order]) -> Vec<Vec<usize>> {
    let names: Vec<&str> = orders.iter().map(|o| o.name.text.as_str()).collect();
    let mut sound = true;
    for (index, order) in orders.iter().enumerate() {
        let first = names[..index].iter().position(|n| *n == names[index]);
        if let Some(first) = first.filter(|_| !names[index].is_empty()) {
            sound = false;
            let message = format!(
                "the name `{}` is taken by stage {}",
                names[index],
                first + 1
            );
            let error = document.error(order.name.offset, &order.name.key, message);
            document.report(error.help("give each stage of a pipeline its own name"));
        }
    }
    let after: Vec<Vec<usize>> = orders
        .iter()
        .enumerate()
        .map(|(index, order)| match &order.after {
            None => index.checked_sub(1).into_iter().collect(),
            Some(list) => list
                .iter()
                .filter_map(|written| {
                    let found = names.iter().position(|name| *name == written.text);
                    if found.is_none() {
                        sound = false;
                        document.report(unknown(document, written, &names));
                    }
                    found
                })
                .collect(),
        })
        .collect();
    if sound && let Some(circle) = circle(&after) {
        let path: Vec<&str> = circle.iter().map(|index| names[*index]).collect();
        let order = &orders[circle[0]];
        let message = format!(
            "the stages of pipeline `{pipeline}` go in a circle: {}",
            path.join(" -> ")
        );
        let error = document.error(order.name.offset, &order.name.key, message);
        document.report(error.help(
            "break it with `after`; a message that comes again is seen by a `retry` rule, not by an edge back",
        ));
    }
    after
}

fn unknown(document: &Document, written: &Written, names: &[&str]) -> ConfigError {
    let message = format!("unknown stage `{}`", written.text);
    let error = document.error(written.offset, &written.key, message);
    error.help(suggest(&written.text, names))
}

/// The first circle, in the direction messages would travel, with its first stage again at the end.
fn circle(after: &[Vec<usize>]) -> Option<Vec<usize>> {
    // Stages whose every predecessor is placed are placed in turn; what is left holds a circle.
    let mut placed = vec![false; after.len()];
    loop {
        let next = (0..after.len())
            .find(|&stage| !placed[stage] && after[stage].iter().all(|&before| placed[before]));
        match next {
            Some(stage) => placed[stage] = true,
            None => break,
        }
    }
    let mut stage = placed.iter().position(|placed| !placed)?;
    let mut path: Vec<usize> = Vec::new();
    loop {
        if let Some(at) = path.iter().position(|seen| *seen == stage) {
            let mut circle = path.split_off(at);
            circle.push(stage);
            circle.reverse();
            return Some(circle);
        }
        path.push(stage);
        stage = *after[stage].iter().find(|&&before| !placed[before])?;
    }
}
