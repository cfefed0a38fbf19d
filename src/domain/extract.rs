//! Log events to sightings: which message, at which stage, saying what.
//!
//! One extractor a source, compiled once and run on any thread; it is pure and never fails. An `exit`
//! can only come from a source of its own stage, and a field only from where its path leads.

use std::sync::Arc;

use foldhash::quality::RandomState;

use super::bearing::{Ids, Named};
use super::event::{Batch, EventRef, OriginId, SourceId};
use super::id::IdKey;
use super::reader::{Reader, Text};
use super::rules::{Condition, Ends, IdSelector, Rules, ScopeRules};
use super::sets::SetTable;
use super::signals::gather::Gathered;
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
    /// What all lines tell, whether they name a message or not.
    pub signals: Gathered,
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
        run.out.arena = run.ids.arena;
        run.out.sets = run.sets;
        run.out
    }
}

struct Run<'a> {
    rules: &'a Rules,
    batch: &'a Batch,
    reader: Reader<'a>,
    ids: Ids<'a>,
    sets: SetTable,
    out: Extracted,
}

impl<'a> Run<'a> {
    fn new(extractor: &'a Extractor, batch: &'a Batch) -> Self {
        let rules = &*extractor.rules;
        let expected = if rules.scopes.is_empty() {
            0
        } else {
            batch.events.len()
        };
        Self {
            rules,
            batch,
            reader: Reader::new(rules),
            ids: Ids::new(&extractor.hasher),
            sets: SetTable::default(),
            out: Extracted {
                source: batch.source,
                origin: batch.origin,
                base: batch.base,
                sightings: Vec::with_capacity(expected),
                links: Vec::new(),
                arena: Vec::new(),
                sets: SetTable::default(),
                signals: Gathered::new(batch.origin, batch.base, batch.streams.len()),
                events: batch.events.len() as u64,
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
        let named = !self.rules.scopes.is_empty() && self.names(whole, event);
        self.out.matched += u64::from(named);
        self.out.signals.see(event, whole, named);
    }

    /// Adds every sighting and link of an event. False where it names no message.
    fn names(&mut self, whole: &'a [u8], event: &EventRef) -> bool {
        let text = self.reader.read(whole);
        if self.reader.is_ambiguous() {
            self.out.ambiguous += 1;
            if self.out.ambiguous_sample.is_none() {
                let head = &whole[..whole.len().min(200)];
                self.out.ambiguous_sample = Some(String::from_utf8_lossy(head).into_owned());
            }
            return false;
        }
        let before = self.out.sightings.len() + self.out.links.len();
        let rules = self.rules;
        for scope in &rules.scopes {
            self.scope(scope, &text, event);
        }
        self.out.sightings.len() + self.out.links.len() > before
    }

    fn scope(&mut self, scope: &'a ScopeRules, text: &Text<'a>, event: &EventRef) {
        let mut placed = false;
        for stage in &scope.stages {
            if let Some((mark, condition)) = self.reader.first_rule(stage, text) {
                placed |= self.sight(scope, text, event, (stage.stage, mark), condition);
            }
        }
        if !placed {
            placed = self.sight(scope, text, event, scope.elsewhere(), None);
        }
        self.links(scope, text, event, placed);
    }

    /// Adds the sightings of one event at one stage. False where it names no message.
    fn sight(
        &mut self,
        scope: &'a ScopeRules,
        text: &Text<'a>,
        event: &EventRef,
        place: (u8, Mark),
        condition: Option<&'a Condition>,
    ) -> bool {
        self.ids.begin();
        if let Some(condition) = condition {
            self.reader.ids(condition, text, |id, record| {
                self.ids.add(scope.scope, 0, (id, record));
            });
        }
        for (index, selector) in scope.ids.iter().enumerate() {
            let mut add = |id: &[u8], record| self.ids.add(scope.scope, index + 1, (id, record));
            match selector {
                IdSelector::Field(slot) => {
                    let names = self.reader.names(text, *slot);
                    names.for_each(|(id, record)| add(id, record));
                }
                IdSelector::Pattern(probe) => self.reader.matches(*probe, text, |id, _, record| {
                    add(id, record);
                    true
                }),
                IdSelector::Within(slot, probe) => self.reader.within(*slot, *probe, text, add),
            }
        }
        self.ids.by_record();
        let found = std::mem::take(&mut self.ids.found);
        if !found.is_empty() {
            let set = self.set_of(scope, text, event);
            for named in found.chunk_by(|a, b| a.record == b.record) {
                self.named(scope, named, event, (place, set));
            }
        }
        self.ids.found = found;
        !self.ids.found.is_empty()
    }

    /// Adds what one record names, or an event that lists none.
    fn named(
        &mut self,
        scope: &ScopeRules,
        named: &[Named],
        event: &EventRef,
        (place, set): ((u8, Mark), u32),
    ) {
        let one_each = named
            .windows(2)
            .all(|pair| pair[0].selector != pair[1].selector);
        for (index, one) in named.iter().enumerate() {
            let selector = one.selector;
            let mut same = (selector != named[0].selector).then_some(&named[0]);
            if !scope.apart.is_empty() {
                // The first that it may be one message with.
                let may = |other: &&Named| {
                    other.selector != selector && !scope.keeps_apart(other.selector, selector)
                };
                same = named[..index].iter().find(may);
            }
            match same {
                None => self.push(scope.scope, place, set, event, one.id),
                // One message under two names: the event is a link.
                Some(other) if one_each => self.out.links.push(LinkSeen {
                    scope: scope.scope,
                    a: other.id,
                    b: one.id,
                }),
                Some(_) => {}
            }
        }
    }

    fn push(
        &mut self,
        scope: u16,
        (stage, mark): (u8, Mark),
        set: u32,
        event: &EventRef,
        (hash, key): (u64, IdKey),
    ) {
        self.out.sightings.push(Sighting {
            hash,
            key,
            scope,
            stage,
            mark,
            set,
            time: event.time,
            raw: event.raw,
        });
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
                let set = self.set_of(scope, text, event);
                self.push(scope.scope, scope.elsewhere(), set, event, a);
            }
        }
    }

    fn ends(
        &mut self,
        scope: u16,
        ends: &Ends,
        text: &Text<'a>,
    ) -> Option<((u64, IdKey), (u64, IdKey))> {
        self.ids.begin();
        match ends {
            Ends::Pattern(probe) => self.reader.matches(*probe, text, |a, b, _| {
                self.ids.add(scope, 0, (a, None));
                self.ids.add(scope, 1, (b, None));
                false
            }),
            Ends::Fields(a, b) => {
                self.reader
                    .names(text, *a)
                    .for_each(|(id, _)| self.ids.add(scope, 0, (id, None)));
                self.reader
                    .names(text, *b)
                    .for_each(|(id, _)| self.ids.add(scope, 1, (id, None)));
            }
        }
        match &*self.ids.found {
            [a, b] if (a.selector, b.selector) == (0, 1) => Some((a.id, b.id)),
            _ => None,
        }
    }

    /// Stream and attributes of an event.
    fn set_of(&mut self, scope: &'a ScopeRules, text: &Text<'a>, event: &EventRef) -> u32 {
        self.sets.begin(event.stream);
        for (index, attribute) in scope.attributes.iter().enumerate() {
            match attribute {
                IdSelector::Field(slot) => {
                    if let Some(value) = self.reader.values(text, *slot).next() {
                        self.sets.add(index, value);
                    }
                }
                IdSelector::Pattern(probe) => self.reader.matches(*probe, text, |value, _, _| {
                    self.sets.add(index, value);
                    false
                }),
                IdSelector::Within(slot, probe) => {
                    let mut first = true;
                    self.reader.within(*slot, *probe, text, |value, _| {
                        if std::mem::take(&mut first) {
                            self.sets.add(index, value);
                        }
                    });
                }
            }
        }
        self.sets.finish(self.ids.hasher)
    }
}
