//! Reads chosen fields of a JSON object by structure, in one pass and without building it.
//!
//! A path leads from the top; nested objects, strings that merely contain JSON, and escaped quotes
//! can therefore never pose as a field. A wanted key that stands twice in one object makes the whole
//! event ambiguous. It never guesses: what is not an object from its first to its last byte is refused.

use super::pattern::FieldPath;

/// How deep objects may nest before the text is refused.
const MAX_DEPTH: usize = 128;
/// How many strings holding JSON a path may step through.
const MAX_EMBEDDED: usize = 3;

/// The set of paths that are looked for. A slot is the index of a path.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    nodes: Vec<Node>,
    entries: usize,
}

#[derive(Clone, Debug, Default)]
struct Node {
    children: Vec<Child>,
    /// Bit `n % 64` is set when some key here is `n` bytes long: most keys are ruled out by length.
    lengths: u64,
}

#[derive(Clone, Debug)]
struct Child {
    key: Vec<u8>,
    slot: Option<usize>,
    node: Option<usize>,
    /// Which bit of a walk's "seen" set belongs to this key.
    entry: usize,
}

impl Wanted {
    /// Looks for these paths, which must differ from each other.
    #[must_use]
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a FieldPath>) -> Self {
        let mut wanted = Self {
            nodes: vec![Node::default()],
            entries: 0,
        };
        for (slot, path) in paths.into_iter().enumerate() {
            wanted.add(path, slot);
        }
        wanted
    }

    fn add(&mut self, path: &FieldPath, slot: usize) {
        let mut at = 0;
        let last = path.parts().len() - 1;
        for (depth, part) in path.parts().iter().enumerate() {
            let key = part.as_bytes();
            let found = self.nodes[at].children.iter().position(|c| c.key == key);
            let index = found.unwrap_or_else(|| {
                let entry = self.entries;
                self.entries += 1;
                let node = &mut self.nodes[at];
                node.lengths |= 1 << (key.len() % 64);
                node.children.push(Child {
                    key: key.to_vec(),
                    slot: None,
                    node: None,
                    entry,
                });
                node.children.len() - 1
            });
            if depth == last {
                self.nodes[at].children[index].slot = Some(slot);
            } else if let Some(next) = self.nodes[at].children[index].node {
                at = next;
            } else {
                let next = self.nodes.len();
                self.nodes.push(Node::default());
                self.nodes[at].children[index].node = Some(next);
                at = next;
            }
        }
    }

    /// The slot and the number of a key of the top level, for texts that have no other.
    pub(super) fn top(&self, key: &[u8]) -> Option<(usize, usize)> {
        let child = self.find(0, key)?;
        Some((child.slot?, child.entry))
    }

    fn find(&self, node: usize, key: &[u8]) -> Option<&Child> {
        let node = &self.nodes[node];
        if node.lengths & (1 << (key.len() % 64)) == 0 {
            return None;
        }
        node.children.iter().find(|child| child.key == key)
    }
}

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
        at: 0,
        wanted,
        strings,
        found,
        embedded: 0,
    };
    walker.document().is_some()
}

struct Walker<'a> {
    text: &'a [u8],
    at: usize,
    wanted: &'a Wanted,
    strings: bool,
    found: &'a mut Found,
    embedded: usize,
}

impl Walker<'_> {
    fn document(&mut self) -> Option<()> {
        self.space();
        self.object(0, 0)?;
        self.space();
        (self.at == self.text.len()).then_some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// An object whose members are compared with the keys of `node`.
    fn object(&mut self, node: usize, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut seen = 0u128;
        self.expect(b'{')?;
        self.space();
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            let (start, end, escaped) = self.string()?;
            self.space();
            self.expect(b':')?;
            self.space();
            let wanted = self.wanted;
            let child = if escaped {
                let mut key = std::mem::take(&mut self.found.key);
                key.clear();
                unescape(&self.text[start..end], &mut key)?;
                let child = wanted.find(node, &key);
                self.found.key = key;
                child
            } else {
                wanted.find(node, &self.text[start..end])
            };
            if let Some(child) = child {
                let bit = 1u128 << (child.entry % 128);
                self.found.ambiguous |= seen & bit != 0;
                seen |= bit;
                self.member(
                    child,
                    node == 0 && self.strings && self.embedded == 0,
                    depth,
                )?;
            } else if node == 0 && self.strings && self.embedded == 0 && self.peek()? == b'"' {
                let value = self.text_value()?;
                self.found.strings.push(value);
            } else {
                self.skip()?;
            }
            self.space();
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.space();
                }
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// The value of a wanted key.
    fn member(&mut self, child: &Child, keep_string: bool, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => {
                let value = self.text_value()?;
                if keep_string {
                    self.found.strings.push(value);
                }
                self.hit(child, value);
                if let Some(node) = child.node {
                    self.embedded_object(node, value);
                }
                Some(())
            }
            b'{' => match child.node {
                Some(node) => self.object(node, depth + 1),
                None => self.skip(),
            },
            b'[' => self.array(child, depth + 1),
            b'n' => self.literal(b"null"),
            _ => {
                let value = self.scalar()?;
                self.hit(child, value);
                Some(())
            }
        }
    }

    fn hit(&mut self, child: &Child, value: Value) {
        if let Some(slot) = child.slot {
            self.found.hits.push((slot, value));
        }
    }

    /// An array at a wanted key: its scalars are values, its objects are stepped into.
    fn array(&mut self, child: &Child, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.expect(b'[')?;
        self.space();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.member(child, false, depth)?;
            self.space();
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.space();
                }
                b']' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
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
            at: 0,
            wanted: self.wanted,
            strings: false,
            found: self.found,
            embedded: self.embedded + 1,
        };
        let whole = walker.object(node, 0).is_some() && walker.at == inner.len();
        if !whole {
            self.found.hits.truncate(before);
            return;
        }
        for index in before..self.found.hits.len() {
            let value = self.found.hits[index].1;
            if value.place == Place::Original {
                let start = self.found.scratch.len();
                self.found
                    .scratch
                    .extend_from_slice(&inner[value.start..value.end]);
                self.found.hits[index].1 = Value {
                    place: Place::Scratch,
                    start,
                    end: self.found.scratch.len(),
                    kind: value.kind,
                };
            }
        }
    }

    /// The bounds of a string, without its quotes, and whether it holds an escape.
    fn string(&mut self) -> Option<(usize, usize, bool)> {
        self.expect(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += memchr::memchr2(b'"', b'\\', self.text.get(self.at..)?)?;
            if self.text[self.at] == b'"' {
                let end = self.at;
                self.at += 1;
                return Some((start, end, escaped));
            }
            escaped = true;
            self.at += 2;
        }
    }

    fn text_value(&mut self) -> Option<Value> {
        let (start, end, escaped) = self.string()?;
        if !escaped {
            return Some(Value {
                place: Place::Original,
                start,
                end,
                kind: Kind::Text,
            });
        }
        let from = self.found.scratch.len();
        unescape(&self.text[start..end], &mut self.found.scratch)?;
        Some(Value {
            place: Place::Scratch,
            start: from,
            end: self.found.scratch.len(),
            kind: Kind::Text,
        })
    }

    fn scalar(&mut self) -> Option<Value> {
        let start = self.at;
        let kind = match self.peek()? {
            b't' => self.literal(b"true").map(|()| Kind::Bool)?,
            b'f' => self.literal(b"false").map(|()| Kind::Bool)?,
            b'-' | b'0'..=b'9' => {
                self.at += 1;
                while matches!(
                    self.peek(),
                    Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')
                ) {
                    self.at += 1;
                }
                Kind::Number
            }
            _ => return None,
        };
        Some(Value {
            place: Place::Original,
            start,
            end: self.at,
            kind,
        })
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.text[self.at..]
            .starts_with(word)
            .then(|| self.at += word.len())
    }

    /// Passes over one value of any kind.
    fn skip(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'{' | b'[' => self.skip_nested(),
            b'n' => self.literal(b"null"),
            _ => self.scalar().map(|_| ()),
        }
    }

    /// Passes over an object or array by its brackets; what stands in strings does not count.
    fn skip_nested(&mut self) -> Option<()> {
        let mut open = [0u8; MAX_DEPTH];
        let mut depth = 0;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b @ (b'{' | b'[') => {
                    *open.get_mut(depth)? = b + 2;
                    depth += 1;
                }
                b @ (b'}' | b']') => {
                    depth -= 1;
                    if open[depth] != b {
                        return None;
                    }
                    if depth == 0 {
                        self.at += 1;
                        return Some(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// Decodes the inside of a JSON string onto `out`. `None` at an escape that JSON does not have.
pub fn unescape(mut text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    while let Some(at) = memchr::memchr(b'\\', text) {
        out.extend_from_slice(&text[..at]);
        let code = *text.get(at + 1)?;
        text = &text[at + 2..];
        let byte = match code {
            b'"' | b'\\' | b'/' => code,
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                text = unescape_unicode(text, out)?;
                continue;
            }
            _ => return None,
        };
        out.push(byte);
    }
    out.extend_from_slice(text);
    Some(())
}

fn unescape_unicode<'a>(text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let first = hex4(text)?;
    let mut rest = &text[4..];
    let mut code = first;
    if (0xD800..0xDC00).contains(&first) && rest.starts_with(b"\\u") {
        let second = hex4(&rest[2..])?;
        if (0xDC00..0xE000).contains(&second) {
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            rest = &rest[6..];
        }
    }
    let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    Some(rest)
}

fn hex4(text: &[u8]) -> Option<u32> {
    text.get(..4)?.iter().try_fold(0, |code, byte| {
        Some(code << 4 | char::from(*byte).to_digit(16)?)
    })
}
