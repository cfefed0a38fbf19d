//! Times in a filter: `01:46..01:50`, `>01:46`, `after=01:46`, `last_seen<=02:10`, `time=-15m..`.
//!
//! It decides what of a text is a time, and what it asks of a message; how a time is read is not its
//! matter.

use super::terms::{Compare, Seen, Test, Which};
use super::terms_scan::{self, Scanner, Sign, TermsError, Times};
use super::time::Timestamp;

/// Words that ask for a time.
pub(super) const WORDS: [&str; 5] = ["after", "before", "time", "last_seen", "first_seen"];

/// What may be written.
const FORMS: &str = "write time=01:46..01:50, after:01:46, before:01:50 or last_seen>01:46";

/// `01:46..01:50`, `>01:46` or `<=01:50` without a word before it; `None` where a text stands there.
pub(super) fn bare(scanner: &mut Scanner, times: Times<'_>) -> Result<Option<Test>, TermsError> {
    let begin = scanner.at;
    if matches!(scanner.peek(), Some('<' | '>')) {
        let sign = terms_scan::sign(scanner);
        let digit = |c: char| c.is_ascii_digit() || c == '-';
        if let (Sign::Number(compare), true) = (sign, scanner.peek().is_some_and(digit)) {
            let at = scanner.at;
            let text = scanner.word()?.text;
            let time = read(scanner, at, &text, times)?;
            return Ok(Some(compared(Which::Any, compare, time)));
        }
        scanner.at = begin;
        return Ok(None);
    }
    let word = scanner.word()?;
    let clock = |text: &str| text.is_empty() || text.contains(':') || times(text).is_ok();
    if let Some((from, to)) = word.text.split_once("..").filter(|_| !word.quoted)
        && (from.starts_with(|c: char| c.is_ascii_digit() || c == '-') || from.is_empty())
        && (clock(from) && clock(to) && from.len() + to.len() > 0)
    {
        return range(scanner, begin, &word.text, Which::Any, times).map(Some);
    }
    scanner.at = begin;
    Ok(None)
}

/// What a word that asks for a time asks, once its sign is read.
pub(super) fn named(
    scanner: &mut Scanner,
    word: &str,
    sign: Sign,
    times: Times<'_>,
) -> Result<Test, TermsError> {
    let at = scanner.at;
    let text = scanner.word()?.text;
    let which = match word {
        "last_seen" => Which::Last,
        "first_seen" => Which::First,
        _ => Which::Any,
    };
    let compare = match (word, sign) {
        ("after" | "before", Sign::Number(_)) => {
            return Err(scanner.error(at, format!("{word} is not compared"), FORMS));
        }
        ("after", _) => Compare::AtLeast,
        ("before", _) => Compare::Less,
        (_, Sign::Number(compare)) => compare,
        _ => return range(scanner, at, &text, which, times),
    };
    Ok(compared(which, compare, read(scanner, at, &text, times)?))
}

fn range(
    scanner: &Scanner,
    at: usize,
    text: &str,
    which: Which,
    times: Times<'_>,
) -> Result<Test, TermsError> {
    let Some((from, to)) = text.split_once("..") else {
        return Err(scanner.error(at, "a range of time is expected here", FORMS));
    };
    let to_at = at + from.chars().count() + 2;
    let end = |at, text: &str| match text {
        "" => Ok(None),
        text => read(scanner, at, text, times).map(Some),
    };
    let (from, to) = (end(at, from)?, end(to_at, to)?);
    match (from, to) {
        (None, None) => Err(scanner.error(at, "a range without a time", FORMS)),
        (Some(from), Some(to)) if from >= to => {
            Err(scanner.error(at, "the range ends before it begins", FORMS))
        }
        _ => Ok(Test::Seen(Seen { which, from, to })),
    }
}

/// A time lies below the next millisecond: ends are the first that is not meant.
const fn compared(which: Which, compare: Compare, time: Timestamp) -> Test {
    let (from, to) = match compare {
        Compare::AtLeast => (Some(time), None),
        Compare::More => (Some(Timestamp(time.0.saturating_add(1))), None),
        Compare::Less => (None, Some(time)),
        Compare::AtMost => (None, Some(Timestamp(time.0.saturating_add(1)))),
    };
    Test::Seen(Seen { which, from, to })
}

fn read(
    scanner: &Scanner,
    at: usize,
    text: &str,
    times: Times<'_>,
) -> Result<Timestamp, TermsError> {
    times(text).map_err(|(message, help)| scanner.error(at, message, help))
}
