//! Log events to sightings: which message, at which stage, saying what.
//!
//! One extractor a source, compiled once and run on any thread; it is pure and never fails. An `exit`
//! can only come from a source of its own stage, and a field only from where its path leads.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::quality::RandomState;

use super::event::{Batch, EventRef, OriginId, SourceId};
use super::id::IdKey;
use super::json::{self, Found, Value};
use super::logfmt::{self, Shape};
use super::pipeline::NO_STAGE;
use super::probe::Room;
use super::rules::{Condition, Ends, IdSelector, Rules, ScopeRules, StageRules};
use super::sets::SetTable;
use super::time::{Span, Timestamp};
use super::verdict::Mark;

/// One message seen in one log event.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    /// Hash of scope and ID.
    pub hash: u64,
    /// The ID; a long one stands in [`Extracted::arena`].
    pub key: IdKey,
    /// Pipeline and environment.
    pub scope: u16,
    /// Stage index, or [`NO_STAGE`].
    pub stage: u8,
    /// What it says.
    pub mark: Mark,
    /// Index into [`Extracted::sets`].
    pub set: u32,
    /// The event's own time.
    pub time: Timestamp,
    /// Where its raw text begins, relative to [`Extracted::base`].
    pub raw: u32,
}

/// Two IDs of one message.
#[derive(Clone, Copy, Debug)]
pub struct LinkSeen {
    /// Pipeline and environment.
    pub scope: u16,
    /// Hash and key of one end.
    pub a: (u64, IdKey),
    /// Hash and key of the other.
    pub b: (u64, IdKey),
}

/// What a batch came to.
#[derive(Debug)]
pub struct Extracted {
    /// Whose.
    pub source: SourceId,
    /// Where the raw text stays.
    pub origin: OriginId,
    /// What the sightings' `raw` counts from.
    pub base: u64,
    /// In the order of the batch.
    pub sightings: Vec<Sighting>,
    /// In the order of the batch.
    pub links: Vec<LinkSeen>,
    /// Texts of long IDs.
    pub arena: Vec<u8>,
    /// Stream and attributes, each combination once.
    pub sets: SetTable,
    /// Log events in the batch.
    pub events: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// Those that named a message.
    pub matched: u64,
    /// Those set aside because a mapped key stood in them twice.
    pub ambiguous: u64,
    /// The beginning of the first of these.
    pub ambiguous_sample: Option<String>,
    /// First and last time.
    pub seen: Option<Span>,
}

/// The rules of one source, ready to run.
#[derive(Clone, Debug)]
pub struct Extractor {
    pub(super) rules: Arc<Rules>,
    pub(super) hasher: RandomState,
}

impl Extractor {
    /// Reads every event of a batch.
    #[must_use]
    pub fn extract(&self, batch: &Batch) -> Extracted {
        let mut run = Run::new(self, batch);
        for event in &batch.events {
            run.event(event);
        }
        run.out
    }
}

/// The text of one event and what was found in it by structure.
struct Text<'a> {
    whole: &'a [u8],
    /// What stands before a JSON object (time, request ID and level of a Lambda runtime).
    prefix: &'a [u8],
    json: Option<&'a [u8]>,
    strict: bool,
    /// A pattern may match what stands in the object's strings.
    strings: bool,
}

struct Run<'a> {
    rules: &'a Rules,
    hasher: &'a RandomState,
    batch: &'a Batch,
    found: Found,
    rooms: Vec<Room>,
    /// The IDs of one event: (selector, hash, key).
    ids: Vec<(usize, u64, IdKey)>,
    out: Extracted,
}

impl<'a> Run<'a> {
    fn new(extractor: &'a Extractor, batch: &'a Batch) -> Self {
        let rules = &*extractor.rules;
        let events = batch.events.len();
        Self {
            rules,
            hasher: &extractor.hasher,
            batch,
            found: Found::default(),
            rooms: rules.probes.iter().map(super::probe::Probe::room).collect(),
            ids: Vec::new(),
            out: Extracted {
                source: batch.source,
                origin: batch.origin,
                base: batch.base,
                sightings: Vec::with_capacity(if rules.scopes.is_empty() { 0 } else { events }),
                links: Vec::new(),
                arena: Vec::new(),
                sets: SetTable::default(),
                events: events as u64,
                bytes: 0,
                matched: 0,
                ambiguous: 0,
                ambiguous_sample: None,
                seen: None,
            },
        }
    }

    fn event(&mut self, event: &EventRef) {
        let whole = self.batch.text_of(event);
        self.out.bytes += whole.len() as u64;
        let moment = Span::new(event.time, event.time);
        self.out.seen = Some(self.out.seen.map_or(moment, |s| s.union(moment)));
        if self.rules.scopes.is_empty() {
            return;
        }
        let text = self.read(whole);
        if self.found.ambiguous {
            self.out.ambiguous += 1;
            if self.out.ambiguous_sample.is_none() {
                let head = &whole[..whole.len().min(200)];
                self.out.ambiguous_sample = Some(String::from_utf8_lossy(head).into_owned());
            }
            return;
        }
        let before = self.out.sightings.len() + self.out.links.len();
        let rules = self.rules;
        for scope in &rules.scopes {
            self.scope(scope, &text, event);
        }
        if self.out.sightings.len() + self.out.links.len() > before {
            self.out.matched += 1;
        }
    }

    /// Reads the structure of a text: JSON, JSON behind a runtime's prefix, or pairs.
    fn read(&mut self, whole: &'a [u8]) -> Text<'a> {
        let body = whole.trim_ascii();
        let (prefix, object) = split_runtime_prefix(body);
        let hint = self.rules.hint.as_ref();
        // An escape could hide a literal; without one it stands as it is.
        let strings = self.rules.strings
            && hint.is_none_or(|h| h.is_match(body) || memchr::memchr(b'\\', object).is_some());
        let wanted = &self.rules.wanted;
        if object.first() == Some(&b'{') && json::walk(object, wanted, strings, &mut self.found) {
            return Text {
                whole,
                prefix,
                json: Some(object),
                strict: true,
                strings,
            };
        }
        self.found.clear();
        let strict =
            self.rules.fields > 0 && logfmt::walk(whole, wanted, &mut self.found) == Shape::Strict;
        Text {
            whole,
            prefix: whole,
            json: None,
            strict,
            strings: true,
        }
    }

    fn scope(&mut self, scope: &'a ScopeRules, text: &Text<'a>, event: &EventRef) {
        let mut placed = false;
        for stage in &scope.stages {
            if let Some((mark, condition)) = self.first_rule(stage, text) {
                placed |= self.sight(scope, text, event, (stage.stage, mark), condition);
            }
        }
        if !placed {
            let place = match &*scope.stages {
                [only] => (only.stage, only.default),
                _ => (NO_STAGE, Mark::Note),
            };
            placed = self.sight(scope, text, event, place, None);
        }
        self.links(scope, text, event, placed);
    }

    /// The most telling rule of a stage that holds, with its condition where that names the message.
    fn first_rule(
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
                self.matches(*probe, text, |_, _| {
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
                let object = text.json.unwrap_or(text.whole);
                text.strict
                    && self.found.hits.iter().any(|(s, value)| {
                        s == slot
                            && self.rules.probes[*probe]
                                .find(self.found.bytes(object, value), 0, &mut self.rooms[*probe])
                                .is_some()
                    })
            }
        }
    }

    /// The values of one field.
    fn values<'b>(&'b self, text: &'b Text<'a>, slot: usize) -> impl Iterator<Item = &'b [u8]> {
        let object = text.json.unwrap_or(text.whole);
        let hits = self.found.hits.iter().filter(move |(s, _)| *s == slot);
        hits.map(move |(_, value)| self.found.bytes(object, value))
    }

    /// Runs a pattern over what it may read; `each` gets the bytes of the two groups and says whether
    /// to go on.
    fn matches(
        &mut self,
        probe: usize,
        text: &Text<'a>,
        mut each: impl FnMut(&[u8], &[u8]) -> bool,
    ) {
        let (rules, found) = (self.rules, &self.found);
        let pattern = &rules.probes[probe];
        let room = &mut self.rooms[probe];
        let mut over = |subject: &[u8]| {
            let mut at = 0;
            while let Some(hit) = pattern.find(subject, at, room) {
                let group = |index: usize| {
                    hit.groups[index].map_or(&[][..], |(start, end)| &subject[start..end])
                };
                if !each(group(0), group(1)) {
                    return false;
                }
                at = hit.end.max(at + 1);
            }
            true
        };
        match text.json {
            Some(_) if !pattern.reads_raw() && !text.strings => {}
            Some(object) if !pattern.reads_raw() => {
                let strings = &found.strings;
                if text.prefix.is_empty() || over(text.prefix) {
                    let _ = strings
                        .iter()
                        .all(|value: &Value| over(found.bytes(object, value)));
                }
            }
            _ => {
                over(text.whole);
            }
        }
    }

    /// Adds the sightings of one event at one stage. False where it names no message.
    fn sight(
        &mut self,
        scope: &'a ScopeRules,
        text: &Text<'a>,
        event: &EventRef,
        (stage, mark): (u8, Mark),
        condition: Option<&'a Condition>,
    ) -> bool {
        self.ids.clear();
        if let Some(condition) = condition {
            self.ids_of_condition(scope.scope, condition, text);
        }
        for (index, selector) in scope.ids.iter().enumerate() {
            match selector {
                IdSelector::Field(slot) => self.ids_of_field(scope.scope, index + 1, *slot, text),
                IdSelector::Pattern(probe) => {
                    self.ids_of_pattern(scope.scope, index + 1, *probe, text);
                }
            }
        }
        let Some((first, _, _)) = self.ids.first().copied() else {
            return false;
        };
        let set = self.set_of(scope, text, event);
        let single = self.ids.windows(2).all(|pair| pair[0].0 != pair[1].0);
        for index in 0..self.ids.len() {
            let (selector, hash, key) = self.ids[index];
            if selector == first {
                self.out.sightings.push(Sighting {
                    hash,
                    key,
                    scope: scope.scope,
                    stage,
                    mark,
                    set,
                    time: event.time,
                    raw: event.raw,
                });
            } else if single {
                // One message under two names: the event is a link.
                let (_, first_hash, first_key) = self.ids[0];
                self.out.links.push(LinkSeen {
                    scope: scope.scope,
                    a: (first_hash, first_key),
                    b: (hash, key),
                });
            }
        }
        true
    }

    fn ids_of_condition(&mut self, scope: u16, condition: &Condition, text: &Text<'a>) {
        match condition {
            Condition::Pattern(probe) => self.ids_of_pattern(scope, 0, *probe, text),
            Condition::Matches(slot, probe) => {
                let object = text.json.unwrap_or(text.whole);
                let (rules, found) = (self.rules, std::mem::take(&mut self.found));
                for (_, value) in found.hits.iter().filter(|(s, _)| s == slot) {
                    let subject = found.bytes(object, value);
                    let hit = rules.probes[*probe].find(subject, 0, &mut self.rooms[*probe]);
                    if let Some((start, end)) = hit.and_then(|hit| hit.groups[0]) {
                        self.add_id(scope, 0, &subject[start..end]);
                    }
                }
                self.found = found;
            }
            Condition::Equals(..) => {}
        }
    }

    fn ids_of_field(&mut self, scope: u16, selector: usize, slot: usize, text: &Text<'a>) {
        let object = text.json.unwrap_or(text.whole);
        for index in 0..self.found.hits.len() {
            let (s, value) = self.found.hits[index];
            if s == slot && value.kind != json::Kind::Bool {
                let found = std::mem::take(&mut self.found);
                self.add_id(scope, selector, found.bytes(object, &value));
                self.found = found;
            }
        }
    }

    fn ids_of_pattern(&mut self, scope: u16, selector: usize, probe: usize, text: &Text<'a>) {
        let mut ids = std::mem::take(&mut self.ids);
        let mut arena = std::mem::take(&mut self.out.arena);
        let hasher = self.hasher;
        self.matches(probe, text, |id, _| {
            push_id(hasher, scope, selector, id, &mut ids, &mut arena);
            true
        });
        self.ids = ids;
        self.out.arena = arena;
    }

    fn add_id(&mut self, scope: u16, selector: usize, text: &[u8]) {
        push_id(
            self.hasher,
            scope,
            selector,
            text,
            &mut self.ids,
            &mut self.out.arena,
        );
    }

    /// Explicit links; the event is then a sighting of its first ID, if it was none before.
    fn links(
        &mut self,
        scope: &'a ScopeRules,
        text: &Text<'a>,
        event: &EventRef,
        mut placed: bool,
    ) {
        for ends in &scope.links {
            let Some((a, b)) = self.ends(scope.scope, ends, text) else {
                continue;
            };
            self.out.links.push(LinkSeen {
                scope: scope.scope,
                a,
                b,
            });
            if !placed {
                placed = true;
                let (stage, mark) = match &*scope.stages {
                    [only] => (only.stage, only.default),
                    _ => (NO_STAGE, Mark::Note),
                };
                let set = self.set_of(scope, text, event);
                self.out.sightings.push(Sighting {
                    hash: a.0,
                    key: a.1,
                    scope: scope.scope,
                    stage,
                    mark,
                    set,
                    time: event.time,
                    raw: event.raw,
                });
            }
        }
    }

    fn ends(
        &mut self,
        scope: u16,
        ends: &Ends,
        text: &Text<'a>,
    ) -> Option<((u64, IdKey), (u64, IdKey))> {
        self.ids.clear();
        match ends {
            Ends::Pattern(probe) => {
                let mut ids = std::mem::take(&mut self.ids);
                let mut arena = std::mem::take(&mut self.out.arena);
                let hasher = self.hasher;
                self.matches(*probe, text, |a, b| {
                    push_id(hasher, scope, 0, a, &mut ids, &mut arena);
                    push_id(hasher, scope, 1, b, &mut ids, &mut arena);
                    false
                });
                self.ids = ids;
                self.out.arena = arena;
            }
            Ends::Fields(a, b) => {
                self.ids_of_field(scope, 0, *a, text);
                self.ids_of_field(scope, 1, *b, text);
            }
        }
        match &*self.ids {
            [(0, ha, a), (1, hb, b)] => Some(((*ha, *a), (*hb, *b))),
            _ => None,
        }
    }

    /// Stream and attributes of an event.
    fn set_of(&mut self, scope: &'a ScopeRules, text: &Text<'a>, event: &EventRef) -> u32 {
        let mut sets = std::mem::take(&mut self.out.sets);
        sets.begin(event.stream);
        for (index, attribute) in scope.attributes.iter().enumerate() {
            match attribute {
                IdSelector::Field(slot) => {
                    if let Some(value) = self.values(text, *slot).next() {
                        sets.add(index, value);
                    }
                }
                IdSelector::Pattern(probe) => self.matches(*probe, text, |value, _| {
                    sets.add(index, value);
                    false
                }),
            }
        }
        let set = sets.finish(self.hasher);
        self.out.sets = sets;
        set
    }
}

fn push_id(
    hasher: &RandomState,
    scope: u16,
    selector: usize,
    text: &[u8],
    ids: &mut Vec<(usize, u64, IdKey)>,
    arena: &mut Vec<u8>,
) {
    let Some(key) = IdKey::new(text, arena) else {
        return;
    };
    let hash = hasher.hash_one((scope, key.kind as u8, key.identity(arena)));
    let same = |(_, h, k): &(usize, u64, IdKey)| {
        *h == hash && k.kind == key.kind && k.identity(arena) == key.identity(arena)
    };
    if !ids.iter().any(same) {
        ids.push((selector, hash, key));
    }
}

/// Splits `time TAB request-id TAB level TAB {…}`, as Lambda runtimes write it, before the object.
fn split_runtime_prefix(text: &[u8]) -> (&[u8], &[u8]) {
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
