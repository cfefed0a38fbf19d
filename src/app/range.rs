//! A range of time as it is typed: `01:00..04:00`, `-6h..`, `yesterday 22:00..23:30`, `+2h` for two hours
//! more before what was read; nothing means as long again before it.

use super::model::Model;
use super::moment;
use crate::config::duration;
use crate::config::when::WhenError;
use crate::domain::show;
use crate::domain::time::{Span, Timestamp};

/// An hour, in milliseconds.
const HOUR: i64 = 3_600_000;

/// The range that `text` names.
///
/// # Errors
/// What was found, and what to write instead.
pub fn parse(model: &Model, text: &str) -> Result<Span, WhenError> {
    let text = text.trim();
    let known = model.overview.window;
    let known = known.unwrap_or_else(|| Span::new(model.now.plus(-HOUR), model.now));
    let wrong = |message: String| WhenError {
        message,
        help: "write 01:00..04:00, -6h.., +2h or yesterday 22:00..23:30".into(),
    };
    let (from, to) = match text.split_once("..").or_else(|| text.split_once(" to ")) {
        Some((from, to)) => (time(model, from, known.from)?, time(model, to, known.to)?),
        None if text.is_empty() => {
            // As long in whole seconds, as times are shown: a span ends with its last millisecond.
            let seconds = (known.to.since(known.from).max(1) as u64).div_ceil(1000);
            (known.from.plus(-1000 * seconds as i64), known.to)
        }
        None => match text.strip_prefix('+').map(str::trim) {
            Some(more) => {
                let more = duration::parse(more)
                    .map_err(|_| wrong(format!("`{more}` is no length of time")))?;
                (known.from.plus(-more), known.to)
            }
            None => (time(model, text, known.from)?, known.to),
        },
    };
    if from >= to {
        let [from, to] = [from, to].map(|time| moment::show(model, time));
        return Err(wrong(format!("{from} is not before {to}")));
    }
    Ok(Span::new(from, to))
}

fn time(model: &Model, text: &str, otherwise: Timestamp) -> Result<Timestamp, WhenError> {
    match text.trim() {
        "" => Ok(otherwise),
        text => moment::parse(model, text),
    }
}

/// It in full, with its zone, and how much more it is than what was read.
#[must_use]
pub fn show(model: &Model, span: Span) -> String {
    let [from, to] = [span.from, span.to].map(|time| model.zone.format(time, "%Y-%m-%d %H:%M:%S"));
    let more = model.overview.window.map_or(String::new(), |known| {
        let before = known.from.since(span.from).max(0);
        let behind = span.to.since(known.to).max(0);
        match before + behind {
            0 => ": nothing more than was read".to_owned(),
            more => format!(": {} more", show::duration(more)),
        }
    });
    format!("{from} .. {to} {}{more}", model.zone.name())
}
