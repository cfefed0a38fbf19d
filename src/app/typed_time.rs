//! What the times of a filter came to, in full: `seen 2026-11-22 01:46:00 .. 01:50:00 UTC`.

use super::model::Model;
use crate::domain::terms::{Seen, Terms, Test, Which};
use crate::domain::time::Timestamp;

/// Every time that is asked for; empty where none is.
#[must_use]
pub(super) fn told(model: &Model, terms: &Terms) -> String {
    let times = terms.0.iter().filter_map(|term| match &term.test {
        Test::Seen(seen) if term.not => Some(format!("not {}", one(model, *seen))),
        Test::Seen(seen) => Some(one(model, *seen)),
        _ => None,
    });
    times.collect::<Vec<_>>().join(", ")
}

fn one(model: &Model, seen: Seen) -> String {
    let show = |time: Timestamp, form: &str| model.zone.format(time, form);
    let full = |time| show(time, "%Y-%m-%d %H:%M:%S");
    let which = match seen.which {
        Which::Any => "seen",
        Which::First => "first seen",
        Which::Last => "last seen",
    };
    let when = match (seen.from, seen.to) {
        (Some(from), Some(to)) if show(from, "%F") == show(to, "%F") => {
            format!("{} .. {}", full(from), show(to, "%H:%M:%S"))
        }
        (Some(from), Some(to)) => format!("{} .. {}", full(from), full(to)),
        (Some(from), None) => format!("from {} on", full(from)),
        (None, Some(to)) => format!("before {}", full(to)),
        (None, None) => "at any time".to_owned(),
    };
    format!("{which} {when} {}", model.zone.name())
}
