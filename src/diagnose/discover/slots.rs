//! Values that stand at one place: how many there are, how often each is said, and over which time.
//!
//! A slot is a key in the sources of one kind. Here it is decided whether what stands in it could name
//! a message, or names many: a tenant, a host, a batch, a version.

use std::collections::BTreeMap;

use super::lines::{COUNTED, Key, Lines, PART};
use super::naming::{names_number, says_id};
use super::parts;
use super::process;
use super::room;
use super::shape::{Class, Form};
use crate::domain::time::{Span, Timestamp};

/// A value that is said so often in one place on average names many messages.
const MOST_LINES: usize = 30;
/// Fewer numbers than this may meet by chance.
pub(super) const ENOUGH: usize = 20;
/// A number that is said more often than this in one place, on average, is no name of one message.
const LINES: usize = 4;
/// So few values, said over and over, name many messages.
const FEW: usize = 20;

/// One slot.
#[derive(Debug)]
pub(super) struct Slot {
    /// Index of the kind of source.
    pub(super) place: u32,
    pub(super) key: u32,
    pub(super) lines: usize,
    /// How often each value is said.
    pub(super) values: BTreeMap<u32, Said>,
    /// Values that are about the time of their event.
    times: usize,
    pub(super) class: Class,
}

/// How often a value is said, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) lines: u32,
    span: Span,
}

/// Values as they are said, with their times.
type Values = Vec<(u32, Timestamp)>;

/// Why a slot cannot name messages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Unfit {
    /// Too little is known, or it is no ID at all: not worth a word.
    Nothing,
    /// It names many messages.
    Hub(String),
}

/// All slots, in the order of place and key. `places` tells the place of each line.
pub(super) fn slots(lines: &Lines, places: &[u32]) -> Vec<Slot> {
    let mut found: BTreeMap<(u32, u32), (Slot, Values)> = BTreeMap::new();
    for (line, place) in lines.all.iter().zip(places.iter().copied()) {
        for (key, value) in &line.fields {
            let class = lines.classes[*value as usize];
            if !class.can_name() || matches!(lines.keys.of(*key), Key::Template(_)) {
                continue;
            }
            let (slot, said) = found.entry((place, *key)).or_insert_with(|| {
                let slot = Slot {
                    place,
                    key: *key,
                    lines: 0,
                    values: BTreeMap::new(),
                    times: 0,
                    class,
                };
                (slot, Vec::new())
            });
            slot.lines += 1;
            // An ID of hex digits may happen to have no letter.
            if slot.class == Class::Digits {
                slot.class = class;
            }
            slot.times += usize::from(is_time(lines.values.of(*value), line.time.0));
            said.push((*value, line.time));
        }
    }
    let slots = found.into_values().map(|(slot, mut said)| {
        said.sort_unstable();
        Slot {
            values: said.chunk_by(|a, b| a.0 == b.0).map(Said::of).collect(),
            ..slot
        }
    });
    slots.collect()
}

impl Said {
    /// One value, with its times in their order.
    fn of(times: &[(u32, Timestamp)]) -> (u32, Self) {
        let (first, last) = (times[0], times[times.len() - 1]);
        let said = Self {
            lines: times.len() as u32,
            span: Span::new(first.1, last.1),
        };
        (first.0, said)
    }
}

/// Whether a number is the time of its own event, in seconds or parts of them.
pub(super) fn is_time(value: &str, time_ms: i64) -> bool {
    if is_clock(value.as_bytes(), time_ms) {
        return true;
    }
    if !(9..=19).contains(&value.len()) {
        return false;
    }
    let Ok(number) = value.parse::<i64>() else {
        return false;
    };
    let near = |millis: i64| (millis - time_ms).abs() < 30 * 86_400_000;
    near(number)
        || near(number.saturating_mul(1000))
        || near(number / 1000)
        || near(number / 1_000_000)
}

/// Whether digits end with the time of day, perhaps in parts of a second, in whatever zone: `20260314060011`.
fn is_clock(digits: &[u8], time_ms: i64) -> bool {
    let end = match digits.len() {
        6 | 12 | 14 => digits.len(),
        9 | 17 => digits.len() - 3,
        _ => return false,
    };
    let two =
        |at: usize| -> Option<i64> { std::str::from_utf8(&digits[at..at + 2]).ok()?.parse().ok() };
    let seconds = time_ms.div_euclid(1000);
    digits.iter().all(u8::is_ascii_digit)
        && two(end - 2) == Some(seconds.rem_euclid(60))
        // Zones differ by quarters of an hour.
        && two(end - 4).is_some_and(|minutes| minutes % 15 == seconds.div_euclid(60).rem_euclid(15))
}

impl Slot {
    /// Why it cannot name messages, in a window of so many milliseconds.
    pub(super) fn unfit(&self, lines: &Lines, window_ms: i64) -> Option<Unfit> {
        if self.times * 2 > self.lines {
            return Some(Unfit::Nothing);
        }
        let bare = match lines.keys.of(self.key) {
            Key::First(_) => true,
            Key::Behind(text) => !text.contains(char::is_alphanumeric),
            _ => false,
        };
        if bare && !room::is_ample(self.values.keys().map(|v| lines.values.of(*v).as_str())) {
            return Some(Unfit::Nothing);
        }
        let distinct = self.values.len();
        if self.class == Class::Digits && !self.is_id_like(lines) && !self.may_name(lines) {
            return Some(Unfit::Nothing);
        }
        // A case may take years, and come back to each of its steps.
        if self.is_case(lines) && distinct > FEW {
            return None;
        }
        let each = self.lines / distinct.max(1);
        if distinct <= FEW && self.lines >= distinct * FEW {
            return Some(Unfit::Hub(format!(
                "only {distinct} values in {} log events",
                self.lines
            )));
        }
        let spans = self.again();
        let middle = spans.get(spans.len() / 2).copied().unwrap_or(0);
        if each >= 10 && spans.len() * 2 > distinct && middle > window_ms / 3 {
            return Some(Unfit::Hub(format!(
                "each value is said {each} times, over the whole time"
            )));
        }
        (each > MOST_LINES * 4).then(|| Unfit::Hub(format!("each value is said {each} times")))
    }

    /// How long each value that is said again is said, in milliseconds, the shortest first.
    pub(super) fn again(&self) -> Vec<i64> {
        let again = self.values.values().filter(|said| said.lines > 1);
        let mut spans: Vec<i64> = again.map(|s| s.span.to.since(s.span.from)).collect();
        spans.sort_unstable();
        spans
    }

    /// Whether its values number the lines: each is said once, and the next comes next.
    pub(super) fn counts(&self, lines: &Lines) -> bool {
        let number = |value: &u32| lines.values.of(*value).parse::<u64>().ok();
        let said = self.values.iter();
        let numbers: Option<Vec<_>> = said
            .map(|(v, said)| Some((number(v)?, said.span.from)))
            .collect();
        let mut numbers = numbers.unwrap_or_default();
        numbers.sort_unstable();
        let next = |pair: &[(u64, Timestamp)]| pair[0].0 + 1 == pair[1].0 && pair[0].1 <= pair[1].1;
        self.lines == numbers.len() && numbers.windows(2).all(next)
    }

    /// How long it takes from one slot to the other, in the middle; forever where nothing does.
    pub(super) fn gap(&self, other: &Self) -> i64 {
        let both = self.values.iter().filter_map(|(value, said)| {
            let there = other.values.get(value)?;
            Some(said.span.from.since(there.span.from).abs())
        });
        let mut gaps: Vec<i64> = both.collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied().unwrap_or(i64::MAX)
    }

    /// The word that says what stands here.
    fn word<'a>(&self, lines: &'a Lines) -> &'a str {
        match lines.keys.of(self.key) {
            Key::Field(path) | Key::Inner(path) => path.rsplit('.').next().unwrap_or_default(),
            Key::Behind(text) => text,
            Key::First(_) | Key::Column(_) | Key::Stem(_) | Key::Core(_) | Key::Template(_) => "",
        }
    }

    /// Whether a number here may be an ID: its name says so, or it is long.
    pub(super) fn is_id_like(&self, lines: &Lines) -> bool {
        match lines.keys.of(self.key) {
            Key::Stem(_) | Key::Core(_) => return true,
            Key::Template(_) => return false,
            _ => {}
        }
        let mut some = self.values.keys().take(20);
        self.is_named(lines) || some.all(|value| lines.values.of(*value).len() >= 12)
    }

    /// Whether its name says that IDs stand here.
    pub(super) fn is_named(&self, lines: &Lines) -> bool {
        self.is_case(lines) || says_id(self.word(lines))
    }

    fn is_case(&self, lines: &Lines) -> bool {
        matches!(lines.keys.of(self.key), Key::Field(path) if process::is_case(path))
    }

    /// Whether numbers here may be IDs for the way they go, as far as the slot alone tells.
    fn may_name(&self, lines: &Lines) -> bool {
        let distinct = self.values.len();
        let few = self.lines <= distinct * LINES;
        let column = matches!(lines.keys.of(self.key), Key::Column(_));
        distinct >= ENOUGH && few && (column || names_number(self.word(lines)))
    }

    /// What its values have in common.
    pub(super) fn form(&self, lines: &Lines) -> Form {
        let mut form = Form::default();
        let values = self.values.keys().map(|value| lines.values.of(*value));
        values.for_each(|value| form.add(value));
        form
    }

    /// A pattern for its values.
    pub(super) fn pattern(&self, lines: &Lines) -> String {
        let values = || {
            self.values
                .keys()
                .map(|value| lines.values.of(*value).as_str())
        };
        if matches!(lines.keys.of(self.key), Key::Stem(stem) if stem == PART) {
            return parts::pattern();
        }
        if !matches!(lines.keys.of(self.key), Key::Stem(stem) if stem.ends_with(COUNTED)) {
            return self.form(lines).pattern(values());
        }
        let names = || values().filter_map(|value| Some(value.rsplit_once(':')?.0));
        let mut name = Form::default();
        names().for_each(|one| name.add(one));
        format!("{}:\\d+", name.pattern(names()))
    }
}

/// Pairs of slots with the number of values that both hold.
pub(super) fn shared(slots: &[Slot], fit: &[usize]) -> Vec<(usize, usize, usize)> {
    let mut held: Vec<(u32, usize)> = Vec::new();
    for index in fit {
        held.extend(slots[*index].values.keys().map(|value| (*value, *index)));
    }
    held.sort_unstable();
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for holders in held.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, a)) in holders.iter().enumerate() {
            for (_, b) in &holders[at + 1..] {
                *counts.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    counts.into_iter().map(|((a, b), n)| (a, b, n)).collect()
}
