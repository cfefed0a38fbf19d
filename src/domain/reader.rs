//! One log event, read by structure and ready to be asked for fields and patterns.
//!
//! Decides what a rule may look at: fields by their path from the top, patterns in the text or in the
//! strings at the top of a JSON object, never in nested ones. It does not know what a rule is for.

use super::fields::{self, Found, Kind, Place, Value};
use super::logfmt::{self, Shape};
use super::probe::{Hit, Probe, Room};
use super::records::Records;
use super::rules::{Condition, Rules, StageRules};
use super::verdict::Mark;

/// The text of one event and what was found in it by structure.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    whole: &'a [u8],
    /// What stands before a JSON object (time, request ID and level of a Lambda runtime).
    prefix: &'a [u8],
    json: Option<&'a [u8]>,
    strict: bool,
    /// A pattern may match what stands in the object's strings.
    strings: bool,
}

impl<'a> Text<'a> {
    /// Where values that were not decoded stand.
    fn object(&self) -> &'a [u8] {
        self.json.unwrap_or(self.whole)
    }

    /// The record that a value stands in.
    fn record(&self, records: &Records, value: &Value) -> Option<usize> {
        let space = self.whole.len() - self.whole.trim_ascii_start().len();
        let begin = self.json.map_or(0, |_| space + self.prefix.len());
        records.at(Place::Original, begin + value.at)
    }
}

/// Reads one event after the other with the rules of their source.
pub(super) struct Reader<'a> {
    rules: &'a Rules,
    found: Found,
    /// The records that the event lists.
    records: Records,
    rooms: Vec<Room>,
    /// The pattern that matched last in the text at hand, and where: it is asked again for its IDs.
    last: Option<(usize, Hit)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rules: &'a Rules) -> Self {
        let rooms = rules.probes.iter().map(Probe::room).collect();
        Self {
            rules,
            found: Found::default(),
            records: Records::default(),
            rooms,
            last: None,
        }
    }

    /// Whether the last event says two things at once.
    pub(super) const fn is_ambiguous(&self) -> bool {
        self.found.ambiguous
    }

    /// Reads the structure of a text: JSON, JSON behind a runtime's prefix, or pairs.
    pub(super) fn read(&mut self, whole: &'a [u8]) -> Text<'a> {
        self.last = None;
        self.records.clear();
        self.records.find(whole, Place::Original, 0);
        let body = whole.trim_ascii();
        let (prefix, object) = split_runtime_prefix(body);
        // An escape could hide a literal; without one it stands as it is.
        let strings = self.rules.strings
            && (self.rules.patterns.may_match(body) || memchr::memchr(b'\\', object).is_some());
        let wanted = &self.rules.wanted;
        if object.first() == Some(&b'{') && fields::walk(object, wanted, strings, &mut self.found) {
            let decoded = |value: &&Value| value.place == Place::Scratch;
            for value in self.found.strings.iter().filter(decoded) {
                let string = self.found.bytes(object, value);
                self.records.find(string, value.place, value.start);
            }
            return Text {
                whole,
                prefix,
                json: Some(object),
                strict: true,
                strings,
            };
        }
        self.found.clear();
        let strict = self.rules.pairs.may_match(whole)
            && logfmt::walk(whole, wanted, &mut self.found) == Shape::Strict;
        Text {
            whole,
            prefix: whole,
            json: None,
            strict,
            strings: true,
        }
    }

    /// The most telling rule of a stage that holds, with its condition where that names the message.
    pub(super) fn first_rule(
        &mut self,
        stage: &'a StageRules,
        text: &Text<'a>,
    ) -> Option<(Mark, Option<&'a Condition>)> {
        for (mark, condition) in &stage.rules {
            if self.holds(condition, text) {
                let names = condition
                    .probe()
                    .is_some_and(|p| self.rules.probes[p].has_groups());
                return Some((*mark, names.then_some(condition)));
            }
        }
        None
    }

    fn holds(&mut self, condition: &Condition, text: &Text<'a>) -> bool {
        match condition {
            Condition::Pattern(probe) => {
                let mut any = false;
                self.matches(*probe, text, |_, _, _| {
                    any = true;
                    false
                });
                any
            }
            Condition::Equals(slot, wanted) => {
                let mut values = self.values(text, *slot);
                text.strict && values.next() == Some(&**wanted) && values.next().is_none()
            }
            Condition::Matches(slot, probe) => {
                let (pattern, room) = (&self.rules.probes[*probe], &mut self.rooms[*probe]);
                let mut values = self.found.hits.iter().filter(|(s, _)| s == slot);
                text.strict
                    && values.any(|(_, value)| {
                        let subject = self.found.bytes(text.object(), value);
                        pattern.find(subject, 0, room).is_some()
                    })
            }
        }
    }

    /// The IDs that a condition with a group names, each with the record that it stands in.
    pub(super) fn ids(
        &mut self,
        condition: &Condition,
        text: &Text<'a>,
        mut each: impl FnMut(&[u8], Option<usize>),
    ) {
        match condition {
            Condition::Pattern(probe) => self.matches(*probe, text, |id, _, record| {
                each(id, record);
                true
            }),
            Condition::Matches(slot, probe) => {
                let (pattern, room) = (&self.rules.probes[*probe], &mut self.rooms[*probe]);
                for (_, value) in self.found.hits.iter().filter(|(s, _)| s == slot) {
                    let subject = self.found.bytes(text.object(), value);
                    let hit = pattern.find(subject, 0, room);
                    if let Some((start, end)) = hit.and_then(|hit| hit.groups[0]) {
                        let record = text.record(&self.records, value);
                        each(&subject[start..end], record);
                    }
                }
            }
            Condition::Equals(..) => {}
        }
    }

    /// The values of one field.
    pub(super) fn values<'b>(
        &'b self,
        text: &'b Text<'a>,
        slot: usize,
    ) -> impl Iterator<Item = &'b [u8]> {
        let hits = self.found.hits.iter().filter(move |(s, _)| *s == slot);
        hits.map(move |(_, value)| self.found.bytes(text.object(), value))
    }

    /// The values of one field that can be IDs, each with the record that it stands in.
    pub(super) fn names<'b>(
        &'b self,
        text: &'b Text<'a>,
        slot: usize,
    ) -> impl Iterator<Item = (&'b [u8], Option<usize>)> {
        let hits = self.found.hits.iter().filter(move |(s, _)| *s == slot);
        let truth = hits.clone().any(|(_, value)| value.kind == Kind::Bool);
        hits.filter(move |_| !truth).map(|(_, value)| {
            let record = text.record(&self.records, value);
            (self.found.bytes(text.object(), value), record)
        })
    }

    /// What the group of a pattern finds in the values of one field, each match of it, with its record.
    pub(super) fn within(
        &mut self,
        slot: usize,
        probe: usize,
        text: &Text<'a>,
        mut each: impl FnMut(&[u8], Option<usize>),
    ) {
        if !text.strict {
            return;
        }
        let (pattern, room) = (&self.rules.probes[probe], &mut self.rooms[probe]);
        for (_, value) in self.found.hits.iter().filter(|(s, _)| *s == slot) {
            let subject = self.found.bytes(text.object(), value);
            let record = text.record(&self.records, value);
            let mut at = 0;
            while let Some(hit) = pattern.find(subject, at, room) {
                if let Some((start, end)) = hit.groups[0] {
                    each(&subject[start..end], record);
                }
                at = hit.end.max(at + 1);
            }
        }
    }

    /// Runs a pattern over what it may read; `each` gets the bytes of the two groups and the record that
    /// the first stands in, and says whether to go on.
    pub(super) fn matches(
        &mut self,
        probe: usize,
        text: &Text<'a>,
        mut each: impl FnMut(&[u8], &[u8], Option<usize>) -> bool,
    ) {
        let (rules, found, records) = (self.rules, &self.found, &self.records);
        let pattern = &rules.probes[probe];
        let room = &mut self.rooms[probe];
        let plain = text.json.is_none() || pattern.reads_raw();
        let first = if plain {
            let known = self.last.filter(|(last, _)| *last == probe);
            let hit = known
                .map(|(_, hit)| hit)
                .or_else(|| pattern.find(text.whole, 0, room));
            self.last = hit.map(|hit| (probe, hit)).or(self.last);
            hit
        } else {
            None
        };
        let mut over = |subject: &[u8], first: Option<Hit>, (place, begin): (Place, usize)| {
            let mut at = 0;
            let mut next = first.or_else(|| pattern.find(subject, 0, room));
            while let Some(hit) = next {
                let group = |index: usize| {
                    hit.groups[index].map_or(&[][..], |(start, end)| &subject[start..end])
                };
                let start = hit.groups[0].map_or(0, |(start, _)| start);
                if !each(group(0), group(1), records.at(place, begin + start)) {
                    return false;
                }
                at = hit.end.max(at + 1);
                next = pattern.find(subject, at, room);
            }
            true
        };
        match text.json {
            Some(object) if !plain => {
                let strings = if text.strings { &*found.strings } else { &[] };
                if text.prefix.is_empty() || over(text.prefix, None, (Place::Original, 0)) {
                    let _ = strings.iter().all(|value: &Value| {
                        over(found.bytes(object, value), None, (value.place, value.start))
                    });
                }
            }
            _ if first.is_some() => {
                over(text.whole, first, (Place::Original, 0));
            }
            _ => {}
        }
    }
}

/// Splits `time TAB request-id TAB level TAB {…}`, as Lambda runtimes write it, before the object.
#[must_use]
pub fn split_runtime_prefix(text: &[u8]) -> (&[u8], &[u8]) {
    if text.first() == Some(&b'{') {
        return (&[], text);
    }
    let mut at = 0;
    for _ in 0..3 {
        let word = text[at..]
            .iter()
            .take(64)
            .take_while(|b| b.is_ascii_graphic())
            .count();
        if word == 0 || text.get(at + word) != Some(&b'\t') {
            return (&[], text);
        }
        at += word + 1;
    }
    (&text[..at], &text[at..])
}
