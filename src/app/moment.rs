//! A time as it is typed at what is on the screen: `02:10` means the last one that was read, and
//! `-15m` so long before its end. A day by name (`yesterday`) and `now` are today's.

use super::model::Model;
use crate::config::period;
use crate::config::when::{self, WhenError};
use crate::domain::time::Timestamp;

/// The time that `text` names.
///
/// # Errors
/// What was found, and what to write instead.
pub fn parse(model: &Model, text: &str) -> Result<Timestamp, WhenError> {
    let lower = text.to_ascii_lowercase();
    let of_today = ["now", "today", "yesterday"];
    let seen_from = if of_today.iter().any(|word| lower.contains(word)) {
        model.now
    } else {
        end(model)
    };
    when::parse(text, seen_from, model.zone.tz())
}

/// Up to when something can be on the screen.
fn end(model: &Model) -> Timestamp {
    let overview = &model.overview;
    let ends = overview.window.map(|window| window.to).into_iter();
    let last = ends.chain(overview.horizon).max();
    last.unwrap_or(model.now).min(model.now)
}

/// It in full, with its zone: `2026-11-22 02:10:00 UTC (+00:00)`.
#[must_use]
pub fn show(model: &Model, time: Timestamp) -> String {
    period::show(time, model.zone.tz())
}
