//! Reads chosen fields of a JSON object by structure, in one pass and without building it.
//!
//! A path leads from the top; nested objects, strings that merely contain JSON, and escaped quotes
//! can therefore never pose as a field. A wanted key that stands twice in one object makes the whole
//! event ambiguous. It never guesses: what is not an object from its first to its last byte is refused.

use super::json::{self, Field, Fields, Text};
use super::wanted::{Child, Wanted};

/// How many strings holding JSON a path may step through.
const MAX_EMBEDDED: usize = 3;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A string; its bytes are already decoded.
    Text,
    /// A number, as written.
    Number,
    /// `true` or `false`.
    Bool,
}

/// Where the bytes of a value stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// In the text that was walked.
    Original,
    /// In [`Found::scratch`]: it had to be decoded.
    Scratch,
}

/// One value that was found, or one string of the top level.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Value {
    /// Which buffer.
    pub place: Place,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// Where it begins in the text that was walked; where a string holds it, where that begins.
    pub at: usize,
}

/// What a walk found. Reused from event to event.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Values by slot, in the order of the text. An array gives several for one slot.
    pub hits: Vec<(usize, Value)>,
    /// Every string that is a direct member of the object, where asked for.
    pub strings: Vec<Value>,
    /// Decoded strings.
    pub scratch: Vec<u8>,
    /// A wanted key stood twice in one object.
    pub ambiguous: bool,
    key: Vec<u8>,
}

impl Found {
    /// Forgets the last event.
    pub fn clear(&mut self) {
        self.hits.clear();
        self.strings.clear();
        self.scratch.clear();
        self.ambiguous = false;
    }

    /// The bytes of a value found in `text`.
    #[must_use]
    pub fn bytes<'a>(&'a self, text: &'a [u8], value: &Value) -> &'a [u8] {
        match value.place {
            Place::Original => &text[value.start..value.end],
            Place::Scratch => &self.scratch[value.start..value.end],
        }
    }
}

/// Walks `text` and fills `found`. False when it is not one JSON object and nothing else.
pub fn walk(text: &[u8], wanted: &Wanted, strings: bool, found: &mut Found) -> bool {
    found.clear();
    let mut walker = Walker {
        text,
        wanted,
        strings,
        found,
        embedded: 0,
        depth: 0,
    };
    walker.document(0).is_some()
}

struct Walker<'a> {
    text: &'a [u8],
    wanted: &'a Wanted,
    /// Keep the strings of the top level.
    strings: bool,
    found: &'a mut Found,
    /// How many strings holding JSON have been stepped through.
    embedded: usize,
    /// How deep the walk is inside wanted values.
    depth: usize,
}

/// Values nested deeper than this are passed over: no path is that long.
const MAX_DEPTH: usize = 64;

impl Walker<'_> {
    /// The whole text as one object whose members are compared with the keys of `node`.
    fn document(&mut self, node: usize) -> Option<()> {
        let start = json::skip_space(self.text, 0);
        if self.text.get(start) != Some(&b'{') {
            return None;
        }
        let end = self.object(node, start)?;
        (json::skip_space(self.text, end) == self.text.len()).then_some(())
    }

    /// An object; gives its end. The depth of the recursion is that of the deepest path.
    fn object(&mut self, node: usize, at: usize) -> Option<usize> {
        let keep = node == 0 && self.strings;
        let mut seen = 0u128;
        let mut fields = Fields::new(at);
        loop {
            let (key, value) = match fields.next(self.text).ok()? {
                Field::End(end) => return Some(end),
                Field::Key(key, value) => (key, value),
            };
            let wanted = self.wanted;
            let child = if key.escaped {
                let mut decoded = std::mem::take(&mut self.found.key);
                decoded.clear();
                self.decode(key, &mut decoded)?;
                let child = wanted.find(node, &decoded);
                self.found.key = decoded;
                child
            } else {
                wanted.find(node, key.of(self.text))
            };
            let end = match child {
                Some(child) => {
                    let bit = 1u128 << (child.entry % 128);
                    self.found.ambiguous |= seen & bit != 0;
                    seen |= bit;
                    self.member(child, keep, value)?
                }
                None if keep && self.text.get(value) == Some(&b'"') => {
                    let string = json::string(self.text, value).ok()?;
                    let kept = self.text_value(string)?;
                    self.found.strings.push(kept);
                    string.end + 1
                }
                None => json::value(self.text, value).ok()?,
            };
            fields.go_on(end);
        }
    }

    /// The value of a wanted key; gives its end.
    fn member(&mut self, child: &Child, keep: bool, at: usize) -> Option<usize> {
        match (self.text.get(at)?, child.node) {
            (b'"', _) => {
                let string = json::string(self.text, at).ok()?;
                let value = self.text_value(string)?;
                if keep {
                    self.found.strings.push(value);
                }
                self.hit(child, value);
                if let Some(node) = child.node {
                    self.embedded_object(node, value);
                }
                Some(string.end + 1)
            }
            (b'{', Some(node)) => self.object(node, at),
            (b'[', _) => self.array(child, at),
            (b'{' | b'n', _) => json::value(self.text, at).ok(),
            (first, _) => {
                let end = json::value(self.text, at).ok()?;
                let kind = match first {
                    b't' | b'f' => Kind::Bool,
                    _ => Kind::Number,
                };
                let place = Place::Original;
                self.hit(
                    child,
                    Value {
                        place,
                        start: at,
                        end,
                        kind,
                        at,
                    },
                );
                Some(end)
            }
        }
    }

    fn hit(&mut self, child: &Child, value: Value) {
        if let Some(slot) = child.slot {
            self.found.hits.push((slot, value));
        }
    }

    /// An array at a wanted key: its scalars are values, its objects are stepped into.
    fn array(&mut self, child: &Child, at: usize) -> Option<usize> {
        let end = json::value(self.text, at).ok()?;
        if self.depth >= MAX_DEPTH {
            return Some(end);
        }
        self.depth += 1;
        let mut at = json::skip_space(self.text, at + 1);
        while self.text.get(at)? != &b']' {
            at = self.member(child, false, at)?;
            at = json::skip_space(self.text, at);
            match self.text.get(at)? {
                b',' => at = json::skip_space(self.text, at + 1),
                b']' => {}
                _ => return None,
            }
        }
        self.depth -= 1;
        Some(end)
    }

    /// A string that holds a JSON object is stepped into where a path leads further.
    fn embedded_object(&mut self, node: usize, value: Value) {
        let bytes = self.found.bytes(self.text, &value);
        if self.embedded >= MAX_EMBEDDED || bytes.first() != Some(&b'{') {
            return;
        }
        let inner = bytes.to_vec();
        let before = self.found.hits.len();
        let mut walker = Walker {
            text: &inner,
            wanted: self.wanted,
            strings: false,
            found: self.found,
            embedded: self.embedded + 1,
            depth: 0,
        };
        if walker.document(node).is_none() {
            self.found.hits.truncate(before);
            return;
        }
        for index in before..self.found.hits.len() {
            let mut hit = self.found.hits[index].1;
            hit.at = value.at;
            if hit.place == Place::Original {
                let start = self.found.scratch.len();
                let bytes = &inner[hit.start..hit.end];
                self.found.scratch.extend_from_slice(bytes);
                (hit.place, hit.start) = (Place::Scratch, start);
                hit.end = self.found.scratch.len();
            }
            self.found.hits[index].1 = hit;
        }
    }

    fn text_value(&mut self, string: Text) -> Option<Value> {
        if !string.escaped {
            return Some(Value {
                place: Place::Original,
                start: string.start,
                end: string.end,
                kind: Kind::Text,
                at: string.start,
            });
        }
        let mut scratch = std::mem::take(&mut self.found.scratch);
        let start = scratch.len();
        let decoded = self.decode(string, &mut scratch);
        let end = scratch.len();
        self.found.scratch = scratch;
        decoded.map(|()| Value {
            place: Place::Scratch,
            start,
            end,
            kind: Kind::Text,
            at: string.start,
        })
    }

    fn decode(&self, string: Text, out: &mut Vec<u8>) -> Option<()> {
        json::decode(self.text, string, out).ok()
    }
}
