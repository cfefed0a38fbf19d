//! The fields of a JSON object, each with its path, given out while it is parsed: no tree is built.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Number};

/// So deep JSON is read.
const DEPTH: usize = 8;
/// So many strings within each other that hold JSON are read.
const EMBEDDED: usize = 3;
/// So many items of an array are read.
const ITEMS: usize = 4;

/// A value as it stands.
pub(super) enum Value<'a> {
    /// A string; the flag tells that it stands at the top of the object.
    Text(&'a str, bool),
    /// A number, `true` or `false`.
    Plain(&'a str),
}

/// Gives each field to `each`, which tells whether it wants more; whether it is a JSON object.
pub(super) fn fields(object: &[u8], each: &mut dyn FnMut(&str, Value<'_>) -> bool) -> bool {
    let mut walk = Walk {
        path: String::new(),
        each,
        depth: 0,
        embedded: 0,
        full: false,
    };
    walk.object(object)
}

struct Walk<'a> {
    path: String,
    each: &'a mut dyn FnMut(&str, Value<'_>) -> bool,
    depth: usize,
    embedded: usize,
    full: bool,
}

impl Walk<'_> {
    fn object(&mut self, object: &[u8]) -> bool {
        let mut parser = Deserializer::from_slice(object);
        let read = parser.deserialize_map(At(self));
        read.is_ok() && parser.end().is_ok()
    }

    fn give(&mut self, value: Value<'_>) {
        if !self.full && self.depth <= DEPTH {
            self.full = !(self.each)(&self.path, value);
        }
    }

    fn text(&mut self, text: &str) {
        // What looks like an object and is none must leave no trace: it is parsed for nothing first.
        let holds = text.starts_with('{')
            && self.embedded < EMBEDDED
            && serde_json::from_str::<IgnoredAny>(text).is_ok();
        if holds {
            self.embedded += 1;
            self.object(text.as_bytes());
            self.embedded -= 1;
        } else {
            let top = self.depth == 1;
            self.give(Value::Text(text, top));
        }
    }
}

/// One value, at the path of the walk.
struct At<'w, 'a>(&'w mut Walk<'a>);

impl<'de> DeserializeSeed<'de> for At<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<(), E> {
        self.0
            .give(Value::Plain(if truth { "true" } else { "false" }));
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.0.give(Value::Plain(&number.to_string()));
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.0.give(Value::Plain(&number.to_string()));
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        if let Some(number) = Number::from_f64(number) {
            self.0.give(Value::Plain(&number.to_string()));
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let walk = self.0;
        walk.depth += 1;
        let mut left = ITEMS;
        let read = loop {
            let next = if left > 0 && walk.depth <= DEPTH && !walk.full {
                left -= 1;
                items.next_element_seed(At(walk))
            } else {
                items
                    .next_element::<IgnoredAny>()
                    .map(|item| item.map(|_| ()))
            };
            match next {
                Ok(Some(())) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        walk.depth -= 1;
        read
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let walk = self.0;
        let before = walk.path.len();
        walk.depth += 1;
        let read = loop {
            let next = fields.next_key_seed(Below(&mut walk.path));
            let done = match next {
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
                Ok(Some(sound)) if sound && walk.depth <= DEPTH && !walk.full => {
                    fields.next_value_seed(At(walk))
                }
                Ok(Some(_)) => fields.next_value::<IgnoredAny>().map(|_| ()),
            };
            walk.path.truncate(before);
            if done.is_err() {
                break done;
            }
        };
        walk.path.truncate(before);
        walk.depth -= 1;
        read
    }
}

/// A key, appended to the path; whether it can be a step of one.
struct Below<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Below<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(self, parser: D) -> Result<bool, D::Error> {
        parser.deserialize_str(self)
    }
}

impl Visitor<'_> for Below<'_> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        // Further down a dot would be read as a step.
        let whole = self.0.is_empty() && key.split('.').all(|part| !part.is_empty());
        let sound = !key.is_empty()
            && (whole || !key.contains('.'))
            && !key.contains(['\\', '(', '[', '*', '+', '?', '|']);
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.push_str(key);
        Ok(sound)
    }
}
