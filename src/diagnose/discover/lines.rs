//! Log events read without any configuration: every field, pair and variable part that they have.
//!
//! Reads what a configuration could ask for and nothing else: JSON fields by their path, pairs, and
//! variable parts of texts behind literal ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value as Json;

use super::corpus::Corpus;
use super::drain;
use super::shape::Class;
use super::words::{self, Part};
use crate::domain::fields::Found;
use crate::domain::logfmt::{self, Shape};
use crate::domain::reader::split_runtime_prefix;
use crate::domain::time::Timestamp;
use crate::domain::wanted::Wanted;

/// So deep JSON is read.
const DEPTH: usize = 8;
/// So many strings within each other that hold JSON are read.
const EMBEDDED: usize = 3;
/// So many values of one event are looked at.
const FIELDS: usize = 120;

/// Where a value stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Key {
    /// In a JSON field, or behind `key=` in a line of text.
    Field(String),
    /// Behind `key=` in a string at the top of a JSON object.
    Inner(String),
    /// Behind this literal text, in a line of text or in a string at the top of a JSON object.
    Behind(String),
    /// Anywhere in such a text, beginning so.
    Stem(String),
    /// The template of a text: of the whole line (empty), or of a field.
    Template(String),
}

/// How a line is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Json,
    Pairs,
    Text,
}

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
}

/// All log events as read.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) all: Vec<Line>,
    pub(super) keys: Interned<Key>,
    pub(super) values: Interned<String>,
    /// By value.
    pub(super) classes: Vec<Class>,
}

/// Each thing once.
#[derive(Debug)]
pub(super) struct Interned<T> {
    known: HashMap<T, u32>,
    pub(super) all: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            all: Vec::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    pub(super) fn intern(&mut self, thing: T) -> u32 {
        let next = self.all.len() as u32;
        let all = &mut self.all;
        *self.known.entry(thing).or_insert_with_key(|thing| {
            all.push(thing.clone());
            next
        })
    }

    pub(super) fn of(&self, index: u32) -> &T {
        &self.all[index as usize]
    }
}

impl Lines {
    /// Reads every event of the corpus.
    pub(super) fn read(corpus: &Corpus) -> Self {
        let mut lines = Self::default();
        for (index, event) in corpus.events.iter().enumerate() {
            let text = String::from_utf8_lossy(corpus.text(event));
            let (format, fields) = lines.line(text.trim());
            lines.all.push(Line {
                event: index as u32,
                source: event.source,
                time: event.time,
                format,
                fields,
            });
        }
        lines
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
                let (from, to) = (self.value(from), self.value(to));
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

    fn line(&mut self, text: &str) -> (Format, Vec<(u32, u32)>) {
        let (prefix, object) = split_runtime_prefix(text.as_bytes());
        let mut fields = Vec::new();
        if object.first() == Some(&b'{')
            && let Ok(json @ Json::Object(_)) = serde_json::from_slice(object)
        {
            if let Ok(prefix) = std::str::from_utf8(prefix)
                && !prefix.is_empty()
            {
                self.text(prefix, None, &mut fields);
            }
            self.json(&json, String::new(), 0, 0, &mut fields);
            return (Format::Json, fields);
        }
        let strict = logfmt::walk(text.as_bytes(), &Wanted::new([]), &mut Found::default());
        if strict == Shape::Strict {
            self.text(text, Some(Format::Pairs), &mut fields);
            return (Format::Pairs, fields);
        }
        self.text(text, Some(Format::Text), &mut fields);
        (Format::Text, fields)
    }

    fn json(
        &mut self,
        json: &Json,
        path: String,
        depth: usize,
        embedded: usize,
        out: &mut Vec<(u32, u32)>,
    ) {
        if depth > DEPTH || out.len() > FIELDS {
            return;
        }
        match json {
            Json::Object(fields) => {
                for (key, value) in fields {
                    // A dot would be read as a step down.
                    if key.is_empty() || key.contains(['.', '\\', '(', '[', '*', '+', '?', '|']) {
                        continue;
                    }
                    let below = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    self.json(value, below, depth + 1, embedded, out);
                }
            }
            Json::Array(items) => {
                for item in items.iter().take(4) {
                    self.json(item, path.clone(), depth + 1, embedded, out);
                }
            }
            Json::String(text) => {
                if text.starts_with('{')
                    && embedded < EMBEDDED
                    && let Ok(inner @ Json::Object(_)) = serde_json::from_str(text)
                {
                    self.json(&inner, path, depth + 1, embedded + 1, out);
                } else if text.trim().contains(char::is_whitespace) {
                    let top = depth == 1;
                    let template = words::scan(text, &mut |part| {
                        if top {
                            self.part(&part, true, out);
                        }
                    });
                    self.push(Key::Template(path), template, out);
                } else {
                    self.push(Key::Field(path), text.trim().to_owned(), out);
                }
            }
            Json::Number(number) => self.push(Key::Field(path), number.to_string(), out),
            Json::Bool(truth) => self.push(Key::Field(path), truth.to_string(), out),
            Json::Null => {}
        }
    }

    /// A line of text, or what stands before an object (`None`).
    fn text(&mut self, text: &str, format: Option<Format>, out: &mut Vec<(u32, u32)>) {
        let first = text.lines().next().unwrap_or_default();
        let template = words::scan(first, &mut |part| self.part(&part, false, out));
        if format == Some(Format::Text) {
            self.push(Key::Template(String::new()), template, out);
        }
    }

    fn part(&mut self, part: &Part<'_>, within: bool, out: &mut Vec<(u32, u32)>) {
        if out.len() > FIELDS {
            return;
        }
        match *part {
            Part::Pair(key, value) if value.contains(char::is_whitespace) && !within => {
                let template = words::scan(value, &mut |_| {});
                self.push(Key::Template(key.to_owned()), template, out);
            }
            Part::Pair(key, value) => {
                let key = if within {
                    Key::Inner(key.to_owned())
                } else {
                    Key::Field(key.to_owned())
                };
                self.push(key, value.to_owned(), out);
            }
            Part::Variable(value, before) => {
                if value.len() >= 4 && Class::of(value).can_name() {
                    self.push(Key::Behind(before.to_owned()), value.to_owned(), out);
                }
            }
        }
    }

    fn push(&mut self, key: Key, value: String, out: &mut Vec<(u32, u32)>) {
        if value.is_empty() {
            return;
        }
        let key = self.keys.intern(key);
        let value = self.value(value);
        out.push((key, value));
    }

    fn value(&mut self, value: String) -> u32 {
        let id = self.values.intern(value);
        if self.classes.len() <= id as usize {
            self.classes.push(Class::of(self.values.of(id)));
        }
        id
    }
}
