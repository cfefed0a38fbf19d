//! Lines that whoever takes a request in writes once it is answered, with how long that took: they tell
//! where the message entered, so they stand where the request began and not where it was written down.
//!
//! Believed of a place only where all that is said there is such a line. What an application says of its
//! own work, or of all that a message took since it came, is no such line: it names no method and no status.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::corpus::Corpus;
use super::lines::Lines;

/// So many lines of a place are looked at before the others are.
const TRIED: usize = 50;
/// Of these so many have to be such lines, in percent.
const ALL: usize = 90;
/// A request that takes longer is none.
const MOST_MS: f64 = 3_600_000.0;

/// What a request asks for...
const METHOD: &str = r"\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b";
/// ...and what it is answered.
const STATUS: &str = r#"(?:[ =]|": ?)"?[1-5]\d\d(?:[ ,"};]|$)"#;
/// The moment that is told is the one when it began.
const FROM_THE_START: &str =
    r#"^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "|"(?:start_?time|request_?time_?epoch)":"#;
/// Where it is told how long it took: in a field, perhaps with its unit in the name or behind the number...
const NAMED: &str = r#"(?i)(?:request_?time|duration|elapsed|latency|time_?taken|response_?time|took|rt)(?:_?(ms|millis|us|micros|s|sec|seconds))?"?[=:] ?"?(\d+(?:\.\d+)?)(ms|µs|us|s)?\b"#;
/// ...with a unit only...
const UNIT: &str = r"[ =](\d+(?:\.\d+)?) ?(ms|µs|us|s)\b";
/// ...in three parts, as balancers have it...
const PARTS: &str = r" (-1|\d+\.\d{3}) (-1|\d+\.\d{3}) (-1|\d+\.\d{3}) [1-5]\d\d ";
/// ...in seconds, as servers have it...
const SECONDS: &str = r#"" [1-5]\d\d .*?[ "](\d+\.\d{3})(?:[ "]|$)"#;
/// ...or last of all columns, in milliseconds.
const COLUMN: &str = r"^\d{4}-\d\d-\d\d [\d:]+ .* [1-5]\d\d \d+ \d+ (?:\d+ )*(\d+)$";

static READ: LazyLock<Option<[Regex; 8]>> = LazyLock::new(|| {
    let read = |pattern: &str| Regex::new(pattern).ok();
    Some([
        read(METHOD)?,
        read(STATUS)?,
        read(FROM_THE_START)?,
        read(PARTS)?,
        read(COLUMN)?,
        read(NAMED)?,
        read(UNIT)?,
        read(SECONDS)?,
    ])
});

/// Sets the lines of such places to when their requests began; says which places these are.
pub(super) fn set(corpus: &Corpus, lines: &mut Lines, of_line: &[u32]) -> BTreeSet<u32> {
    let text = |line: usize| {
        let event = &corpus.events[lines.all[line].event as usize];
        String::from_utf8_lossy(corpus.text(event))
    };
    let mut tried: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (line, place) in of_line.iter().enumerate() {
        let (all, told) = tried.entry(*place).or_default();
        // Heads of files and other lines that carry nothing say nothing.
        if *all < TRIED && !lines.all[line].fields.is_empty() {
            *all += 1;
            *told += usize::from(took(&text(line)).is_some());
        }
    }
    let told = tried.into_iter();
    let told = told.filter(|(_, (all, told))| *told > 0 && told * 100 >= all * ALL);
    let places: BTreeSet<u32> = told.map(|(place, _)| place).collect();
    let here = of_line.iter().enumerate();
    let here = here.filter(|(_, place)| places.contains(place));
    let began: Vec<(usize, i64)> = here
        .filter_map(|(line, _)| Some((line, took(&text(line))?)))
        .collect();
    for (line, ms) in began {
        lines.all[line].time = lines.all[line].time.plus(-ms);
    }
    places
}

/// How many milliseconds before its time the request of a line began, if it is one that says so.
fn took(text: &str) -> Option<i64> {
    let [method, status, start, parts, column, named, unit, seconds] = READ.as_ref()?;
    let text = text.trim_end();
    if !method.is_match(text) || !status.is_match(text) {
        return None;
    }
    if start.is_match(text) {
        return Some(0);
    }
    let number = |found: &Captures<'_>, at: usize| found.get(at)?.as_str().parse::<f64>().ok();
    let ms = if let Some(found) = parts.captures(text) {
        let parts = (1..=3).filter_map(|at| number(&found, at));
        parts.map(|part| part.max(0.0) * 1000.0).sum()
    } else if let Some(found) = column.captures(text) {
        number(&found, 1)?
    } else if let Some(found) = named.captures(text) {
        let unit = found.get(1).or(found.get(3)).map(|unit| unit.as_str());
        let whole = !found[2].contains('.');
        number(&found, 2)? * unit.map_or(if whole { 1.0 } else { 1000.0 }, in_ms)
    } else if let Some(found) = unit.captures(text) {
        number(&found, 1)? * in_ms(&found[2])
    } else {
        number(&seconds.captures(text)?, 1)? * 1000.0
    };
    (ms <= MOST_MS).then_some(ms as i64)
}

/// How many milliseconds one of a unit is.
fn in_ms(unit: &str) -> f64 {
    match unit.to_ascii_lowercase().as_str() {
        "ms" | "millis" => 1.0,
        "s" | "sec" | "seconds" => 1000.0,
        _ => 0.001,
    }
}
