//! Log events read without any configuration: every field, pair and variable part that they have.
//!
//! Reads what a configuration could ask for and nothing else: JSON fields by their path, pairs, and
//! variable parts of texts behind literal ones.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::thread;

use super::columns::{self, Columns};
use super::corpus::Corpus;
use super::drain;
use super::interned::{Interned, Named as _};
use super::json::{self, Value};
pub(super) use super::keys::{COUNTED, Key, PART, Stands};
use super::parts;
use super::platform;
use super::process;
use super::quick::QuickSet;
use super::shape::Class;
use super::traces;
use super::words::{self, Part};
use crate::domain::logfmt;
use crate::domain::reader::split_runtime_prefix;
use crate::domain::time::Timestamp;

/// So many values of one event are looked at.
const FIELDS: usize = 120;
/// Pairs that say what a line is about.
const MESSAGES: [&str; 3] = ["msg", "message", "event"];
/// Most events have about so many.
const ROOM: usize = 8;
/// Fewer log events than this are not worth another thread.
const SHARE: usize = 20_000;

/// How a line is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Json,
    Pairs,
    Text,
}

/// Keys and values that texts further down name, with the template of the text as its key.
type Found = Vec<(u32, u32, u32)>;

/// One log event as read.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Index into [`Corpus::events`].
    pub(super) event: u32,
    pub(super) source: u32,
    pub(super) time: Timestamp,
    pub(super) format: Format,
    /// Keys and values, as interned.
    pub(super) fields: Vec<(u32, u32)>,
    /// Which values only a text further down names, with the template of that text as its key.
    pub(super) deep: Vec<(u32, u32)>,
}

/// All log events as read.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) all: Vec<Line>,
    pub(super) keys: Interned<Key>,
    pub(super) values: Interned<String>,
    /// By value.
    pub(super) classes: Vec<Class>,
    /// Values that name an invocation of a function.
    pub(super) invocations: QuickSet<u32>,
    /// The templates, as keys, of texts below the top of JSON objects.
    pub(super) below: BTreeSet<u32>,
}

impl Line {
    /// The text that alone names this value, if that is not at the top.
    pub(super) fn below(&self, value: u32) -> Option<u32> {
        let mut deep = self.deep.iter();
        deep.find(|(known, _)| *known == value)
            .map(|(_, path)| *path)
    }
}

impl Lines {
    /// Reads every event of the corpus, on several threads where there are many. The numbers of keys and
    /// values are those of one thread.
    pub(super) fn read(corpus: &Corpus) -> Self {
        let events = corpus.events.len();
        let columns = &columns::find(corpus);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = events.div_ceil(threads.clamp(1, 8)).max(SHARE);
        let parts: Vec<Range<usize>> = (0..events.div_ceil(share))
            .map(|part| part * share..events.min((part + 1) * share))
            .collect();
        let [_, _, ..] = parts.as_slice() else {
            return Self::read_part(corpus, columns, 0..events);
        };
        thread::scope(|scope| {
            let readers: Vec<_> = parts
                .into_iter()
                .map(|part| {
                    let own = part.clone();
                    let read = move || Self::read_part(corpus, columns, own);
                    (part, scope.spawn(read))
                })
                .collect();
            let mut all = Self::default();
            for (part, reader) in readers {
                // What panics there panics here again, and is told.
                all.append(
                    reader
                        .join()
                        .unwrap_or_else(|_| Self::read_part(corpus, columns, part)),
                );
            }
            all
        })
    }

    fn read_part(corpus: &Corpus, columns: &[Option<Columns>], part: Range<usize>) -> Self {
        let mut lines = Self::default();
        for (index, event) in part.clone().zip(&corpus.events[part]) {
            let text = String::from_utf8_lossy(corpus.text(event));
            if let Some(name) = platform::invocation(&text) {
                let name = lines.value(name);
                lines.invocations.insert(name);
            }
            let columns = columns[event.source as usize].as_ref();
            let (format, mut fields, found) = lines.line(&text, columns);
            // Its IDs would make messages of invocations that carry none.
            if format == Format::Text && platform::says(&text) {
                fields.clear();
            }
            let deep = lines.below_only(&found, &mut fields);
            lines.all.push(Line {
                event: index as u32,
                source: event.source,
                time: event.time,
                format,
                fields,
                deep,
            });
        }
        lines
    }

    /// Adds what only a text further down names: what the event names otherwise needs no such text, and
    /// what names nothing is not looked for there.
    fn below_only(&self, found: &Found, fields: &mut Vec<(u32, u32)>) -> Vec<(u32, u32)> {
        let (mut deep, known) = (Vec::new(), fields.len());
        for (key, value, path) in found {
            let named = fields[..known].iter().any(|(_, v)| v == value);
            if !named && self.classes[*value as usize].can_name() {
                fields.push((*key, *value));
                deep.push((*value, *path));
            }
        }
        deep
    }

    /// Adds what was read of a later part.
    fn append(&mut self, part: Self) {
        if self.all.is_empty() {
            *self = part;
            return;
        }
        let keys = part.keys.all.iter().map(|key| self.keys.intern(key.name()));
        let keys: Vec<u32> = keys.collect();
        self.below
            .extend(part.below.iter().map(|key| keys[*key as usize]));
        let values = part.values.all.iter().zip(&part.classes);
        let values = values.map(|(value, class)| {
            let value = self.value(value);
            if class.can_name() {
                self.classes[value as usize] = *class;
            }
            value
        });
        let values: Vec<u32> = values.collect();
        let invocations = part.invocations.iter().map(|name| values[*name as usize]);
        self.invocations.extend(invocations);
        self.all.extend(part.all.into_iter().map(|mut line| {
            for (key, value) in &mut line.fields {
                (*key, *value) = (keys[*key as usize], values[*value as usize]);
            }
            for (value, key) in &mut line.deep {
                (*value, *key) = (values[*value as usize], keys[*key as usize]);
            }
            line
        }));
    }

    /// Makes one of the templates that differ only in a name; by the kind of their source.
    pub(super) fn merge_templates(&mut self, of_source: &[u32]) {
        let mut said: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
        for line in &self.all {
            for (key, value) in &line.fields {
                if matches!(self.keys.of(*key), Key::Template(_)) {
                    let place = of_source[line.source as usize];
                    said.entry((place, *key)).or_default().insert(*value);
                }
            }
        }
        let mut merged: BTreeMap<(u32, u32, u32), u32> = BTreeMap::new();
        for ((place, key), values) in said {
            let texts = values.iter().map(|value| self.values.of(*value).as_str());
            for (from, to) in drain::merge(texts) {
                let (from, to) = (self.value(&from), self.value(&to));
                merged.insert((place, key, from), to);
            }
        }
        for line in &mut self.all {
            let place = of_source[line.source as usize];
            for (key, value) in &mut line.fields {
                if let Some(to) = merged.get(&(place, *key, *value)) {
                    *value = *to;
                }
            }
        }
    }

    fn line(&mut self, whole: &str, columns: Option<&Columns>) -> (Format, Vec<(u32, u32)>, Found) {
        let text = whole.trim();
        let (prefix, object) = split_runtime_prefix(text.as_bytes());
        let (mut fields, mut found) = (Vec::with_capacity(ROOM), Found::new());
        if object.first() == Some(&b'{') {
            if let Ok(prefix) = std::str::from_utf8(prefix)
                && !prefix.is_empty()
            {
                self.text(prefix, None, &mut fields);
            }
            if json::fields(object, &mut |path, value| {
                self.field(path, &value, &mut fields, &mut found)
            }) {
                return (Format::Json, fields, found);
            }
            fields.clear();
            found.clear();
        }
        if logfmt::is_strict(text.as_bytes()) {
            self.text(text, Some(Format::Pairs), &mut fields);
            return (Format::Pairs, fields, found);
        }
        self.text(text, Some(Format::Text), &mut fields);
        if let Some(columns) = columns {
            self.columns(whole, columns, &mut fields);
        }
        (Format::Text, fields, found)
    }

    /// One field of a JSON object; whether there is room for more.
    fn field(
        &mut self,
        path: &str,
        value: &Value<'_>,
        out: &mut Vec<(u32, u32)>,
        found: &mut Found,
    ) -> bool {
        if let Value::Text(text, _) = *value
            && let Some((before, trace)) = traces::within(text.trim())
            && !before.is_empty()
        {
            self.push((Stands::Behind, before), trace, out);
            return out.len() <= FIELDS;
        }
        match *value {
            Value::Text(text, _) if process::is_case(path) => self.case(path, text.trim(), out),
            Value::Plain(text) => self.push((Stands::Field, path), text, out),
            Value::Text(text, _) if !text.trim().contains(char::is_whitespace) => {
                self.push((Stands::Field, path), text.trim(), out);
            }
            Value::Text(text, top) => {
                let mut named = Vec::new();
                let within = if top { &mut *out } else { &mut named };
                let before = within.len();
                let template = self.template(text, within);
                self.lead(text, path, &mut within[before..]);
                self.push((Stands::Template, path), &template, out);
                if !top {
                    let path = self.keys.intern((Stands::Template, path));
                    self.below.insert(path);
                    found.extend(named.into_iter().map(|(key, value)| (key, value, path)));
                }
            }
        }
        out.len() + found.len() <= FIELDS
    }

    /// The name of a case, which may have blanks in it.
    fn case(&mut self, path: &str, text: &str, out: &mut Vec<(u32, u32)>) {
        self.push((Stands::Field, path), text, out);
        if let Some((_, value)) = out.last() {
            let class = &mut self.classes[*value as usize];
            if !class.can_name() && text.contains(|c: char| c.is_ascii_digit()) {
                *class = Class::Mixed;
            }
        }
    }

    /// Reads a text in a field. What is made of pairs is told by its message, as a line of pairs is.
    fn template(&mut self, text: &str, out: &mut Vec<(u32, u32)>) -> String {
        let mut said = None;
        let template = words::scan(text, &mut |part| {
            if let Part::Pair(key, value) = part
                && MESSAGES.contains(&key)
            {
                said.get_or_insert(value);
            }
            self.part(&part, true, out);
        });
        match said {
            Some(said) if logfmt::is_strict(text.as_bytes()) => words::scan(said, &mut |_| {}),
            _ => template,
        }
    }

    /// A line of text, or what stands before an object (`None`).
    fn text(&mut self, text: &str, format: Option<Format>, out: &mut Vec<(u32, u32)>) {
        let first = text.lines().next().unwrap_or_default();
        let template = words::scan(first, &mut |part| self.part(&part, false, out));
        if format == Some(Format::Text) {
            self.lead(first, "", out);
            words::listed(first, &mut |behind, value| {
                self.push((Stands::Behind, behind), value, out);
            });
            self.push((Stands::Template, ""), &template, out);
        }
    }

    /// The values of columns, which are found by their column and not by what happens to stand before.
    fn columns(&mut self, whole: &str, columns: &Columns, out: &mut Vec<(u32, u32)>) {
        for (key, text) in columns.values(whole.lines().next().unwrap_or_default()) {
            if text.len() < 4 || !Class::of(text).can_name() {
                continue;
            }
            let value = self.value(text);
            let keys = &self.keys;
            out.retain(|(k, v)| {
                *v != value || !matches!(keys.of(*k), Key::Behind(_) | Key::First(_))
            });
            self.push((Stands::Column, key), text, out);
        }
    }

    fn part(&mut self, part: &Part<'_>, within: bool, out: &mut Vec<(u32, u32)>) {
        if out.len() > FIELDS {
            return;
        }
        match *part {
            Part::Pair(key, value) if value.contains(char::is_whitespace) => {
                // What its words name is found behind them, in a text of any kind.
                let template = words::scan(value, &mut |inner| {
                    if !matches!(inner, Part::Pair(..)) {
                        self.part(&inner, within, out);
                    }
                });
                let (stands, said) = if within {
                    (Stands::Inner, value)
                } else {
                    (Stands::Template, template.as_str())
                };
                self.push((stands, key), said, out);
            }
            Part::Pair(key, value) => {
                let stands = if within { Stands::Inner } else { Stands::Field };
                self.push((stands, key), value, out);
            }
            Part::Variable(value, before) => {
                if let Some(name) = parts::name(value) {
                    self.push((Stands::Stem, PART), name, out);
                } else if words::can_name(value, before) {
                    self.push((Stands::Behind, before), value, out);
                }
            }
            Part::Counted(value) if Class::of(value).can_name() => {
                let name = value.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
                let stem = format!("{}{COUNTED}", &value[..name]);
                self.push((Stands::Stem, &stem), value, out);
            }
            Part::Counted(_) => {}
        }
    }

    fn push(&mut self, key: (Stands, &str), value: &str, out: &mut Vec<(u32, u32)>) {
        if value.is_empty() {
            return;
        }
        let key = self.keys.intern(key);
        let value = self.value(value);
        out.push((key, value));
    }

    pub(super) fn value(&mut self, value: &str) -> u32 {
        let id = self.values.intern(value);
        if self.classes.len() <= id as usize {
            self.classes.push(Class::of(self.values.of(id)));
        }
        id
    }
}
