//! What one JSON object is: a CloudWatch log event, a line of a service's own log, a page of
//! events, or nothing that bears a time.
//!
//! Looks at top-level keys only, each exactly, and unescapes `message` as it passes over it.

use super::inner_time;
use super::notation;
use super::object_reading::unquoted;
use super::object_time::{any_time, output_time, time_in};
use super::otlp_body;
use super::page_keys;
use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use crate::domain::json::{self, Field, Fields, Odd, Text};

const TIMESTAMP: u8 = 1;
const MESSAGE: u8 = 2;
const STREAM: u8 = 4;
const MARKER: u8 = 8;
const UNKNOWN: u8 = 16;
const TWICE: u8 = 32;

/// Where the text of a message is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
    /// As it stands.
    Plain(usize, usize),
    /// In the sink, from here to there.
    Unescaped(usize, usize),
}

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Object {
    /// An event in CloudWatch's shape: the message is the text.
    Event(Stamp, Body, Option<Text>),
    /// A line of a service's own: the whole object is the text.
    Line(Stamp),
    /// The same, with the time in an object within it.
    Within(Stamp),
    /// The same, with the time in what a program wrote to its output.
    Output(Stamp),
    /// What a program wrote to its output, without a time.
    Rest,
    /// A page of events: where its array begins, and its stream.
    Page(usize, Option<Text>),
    /// Neither.
    Other,
}

/// What has been found of an object.
#[derive(Default)]
struct Found {
    seen: u8,
    /// Where the value of `timestamp` is.
    timestamp: (usize, usize),
    /// The same, where it was read on the way.
    millis: Option<i64>,
    message: Option<Body>,
    stream: Option<Text>,
    page: Option<usize>,
    page_stream: Option<Text>,
    /// Rank and place of the most telling time under another name.
    time: Option<(u8, usize, usize)>,
}

/// Reads the object whose brace is at `at`: what it is, and where it ends.
///
/// # Errors
/// When it is not JSON, or is cut off. A cut-off message is still found by [`cut`].
#[inline]
pub fn read(
    bytes: &[u8],
    at: usize,
    sink: &mut Sink,
    stamps: &mut Stamps,
) -> Result<(Object, usize), Odd> {
    let mut found = Found::default();
    let end = walk(bytes, at, sink, &mut found)?;
    Ok((found.judge(bytes, at, sink, stamps), end))
}

/// What can be said of an object that ends in the middle: an event whose message is cut.
pub fn cut(bytes: &[u8], at: usize, sink: &mut Sink, stamps: &mut Stamps) -> Option<Object> {
    let mut found = Found::default();
    let before = sink.end();
    match walk(bytes, at, sink, &mut found) {
        Err(Odd::Cut) if found.message.is_none() && sink.end() > before => {
            found.message = Some(Body::Unescaped(before, sink.end()));
            found.seen |= MESSAGE;
        }
        _ => {}
    }
    match found.judge(bytes, at, sink, stamps) {
        Object::Page(..) | Object::Rest | Object::Other => None,
        object => Some(object),
    }
}

fn walk(bytes: &[u8], at: usize, sink: &mut Sink, found: &mut Found) -> Result<usize, Odd> {
    let mut fields = Fields::new(at);
    loop {
        if let Some(key) = fields.peek(bytes)
            && let Some(end) = found.expected(bytes, key, sink)?
        {
            fields.go_on(end);
            continue;
        }
        match fields.next(bytes)? {
            Field::End(end) => return Ok(end),
            Field::Key(key, value) => {
                let end = if key.escaped {
                    found.escaped_key(bytes, key, value, sink)?
                } else {
                    found.field(key.of(bytes), bytes, value, sink)?
                };
                fields.go_on(end);
            }
        }
    }
}

impl Found {
    /// Takes the field whose key begins at `at` if it is one of CloudWatch's, written as tersely as
    /// programs write it. Only a short cut: gives what [`Found::field`] would.
    #[inline]
    fn expected(&mut self, bytes: &[u8], at: usize, sink: &mut Sink) -> Result<Option<usize>, Odd> {
        let rest = &bytes[at..];
        let value = |key: &[u8]| at + key.len() + usize::from(rest.get(key.len()) == Some(&b' '));
        match rest.get(1) {
            Some(b't') if rest.starts_with(b"\"timestamp\":") => {
                let start = value(b"\"timestamp\":");
                let (millis, end) = whole_number(bytes, start);
                if end == start {
                    return Ok(None);
                }
                self.mark(TIMESTAMP);
                self.timestamp = (start, end);
                self.millis = Some(millis);
                Ok(Some(end))
            }
            Some(b'i') if rest.starts_with(b"\"ingestionTime\":") => {
                let start = value(b"\"ingestionTime\":");
                let (_, end) = whole_number(bytes, start);
                self.seen |= MARKER;
                Ok((end > start).then_some(end))
            }
            Some(b'm') if rest.starts_with(b"\"message\":") => {
                self.message(bytes, value(b"\"message\":"), sink).map(Some)
            }
            Some(b'l') if rest.starts_with(b"\"logStreamName\":\"") => {
                let text = json::string(bytes, at + b"\"logStreamName\":".len())?;
                self.mark(STREAM);
                self.stream = Some(text);
                Ok(Some(text.end + 1))
            }
            _ => Ok(None),
        }
    }

    /// Takes one field; gives the end of its value.
    #[inline]
    fn field(
        &mut self,
        key: &[u8],
        bytes: &[u8],
        value: usize,
        sink: &mut Sink,
    ) -> Result<usize, Odd> {
        match key {
            b"timestamp" => {
                let end = json::value(bytes, value)?;
                self.mark(TIMESTAMP);
                self.timestamp = (value, end);
                self.millis = None;
                Ok(end)
            }
            b"message" => self.message(bytes, value, sink),
            b"ingestionTime" | b"eventId" => {
                self.seen |= MARKER;
                json::value(bytes, value)
            }
            b"logStreamName" if bytes.get(value) == Some(&b'"') => {
                let text = json::string(bytes, value)?;
                self.mark(STREAM);
                self.stream = Some(text);
                Ok(text.end + 1)
            }
            b"id" => json::value(bytes, value),
            _ => self.other(key, bytes, value),
        }
    }

    fn other(&mut self, key: &[u8], bytes: &[u8], value: usize) -> Result<usize, Odd> {
        self.seen |= UNKNOWN;
        let first = bytes.get(value).copied();
        if self.seen & (TIMESTAMP | MESSAGE) == 0
            && self.time.is_none()
            && self.page.is_none()
            && matches!(first, Some(b'[' | b'{'))
            && let Some(array) = page_keys::events(key, bytes, value)
        {
            self.page = Some(array.at);
        }
        if key == b"logStream" && first == Some(b'"') {
            let text = json::string(bytes, value)?;
            self.page_stream = Some(text);
            return Ok(text.end + 1);
        }
        let end = json::value(bytes, value)?;
        if let Some(rank) = notation::rank(key)
            && self.time.is_none_or(|(known, ..)| rank < known)
            && let Some((start, stop)) = time_in(bytes, value, end)
        {
            self.time = Some((rank, start, stop));
        }
        Ok(end)
    }

    #[inline]
    fn message(&mut self, bytes: &[u8], value: usize, sink: &mut Sink) -> Result<usize, Odd> {
        if bytes.get(value) != Some(&b'"') {
            self.seen |= UNKNOWN;
            return json::value(bytes, value);
        }
        let start = value + 1;
        let special = json::next_special(bytes, start);
        let (body, end) = match special {
            Some(end) if bytes[end] == b'"' => (Body::Plain(start, end), end),
            _ => {
                let from = sink.end();
                let end = sink.unescape(bytes, value)?;
                (Body::Unescaped(from, sink.end()), end)
            }
        };
        self.mark(MESSAGE);
        self.message = Some(body);
        Ok(end + 1)
    }

    /// A key with escapes counts as what it spells.
    #[cold]
    fn escaped_key(
        &mut self,
        bytes: &[u8],
        key: Text,
        value: usize,
        sink: &mut Sink,
    ) -> Result<usize, Odd> {
        let mut name = Sink::default();
        name.unescape(bytes, key.start - 1)?;
        self.field(name.text(), bytes, value, sink)
    }

    #[inline]
    const fn mark(&mut self, bit: u8) {
        if self.seen & bit != 0 {
            self.seen |= TWICE;
        }
        self.seen |= bit;
    }

    #[inline]
    fn judge(&self, bytes: &[u8], at: usize, sink: &mut Sink, stamps: &mut Stamps) -> Object {
        // An event may bear an array of that name: only what is no event itself is a page of them.
        if let Some(page) = self.page
            && self.seen & (TIMESTAMP | MESSAGE) == 0
            && self.time.is_none()
        {
            return Object::Page(page, self.page_stream);
        }
        let marked = self.seen & (MARKER | STREAM) != 0;
        if self.seen & TIMESTAMP != 0
            && let Some(body) = self.message
            && (marked || self.seen & UNKNOWN == 0)
            && let Some(stamp) = self.event_time(bytes, stamps, marked)
        {
            if self.seen & TWICE != 0 {
                return Object::Other;
            }
            return Object::Event(stamp, body, self.stream);
        }
        if let Some(stamp) = self.own_time(bytes, at, stamps) {
            return match self.time {
                Some((otlp_body::RANK, ..)) => match otlp_body::with_keys(bytes, at, sink) {
                    Some((from, to)) => Object::Event(stamp, Body::Unescaped(from, to), None),
                    None => Object::Line(stamp),
                },
                _ => Object::Line(stamp),
            };
        }
        match output_time(bytes, at, stamps) {
            Some(Stamp::None) => Object::Rest,
            Some(stamp) => Object::Output(stamp),
            None => Self::of_parts(bytes, at, sink, stamps),
        }
    }

    /// What an object is that bears no time at its top.
    #[cold]
    fn of_parts(bytes: &[u8], at: usize, sink: &mut Sink, stamps: &mut Stamps) -> Object {
        if let Some((stamp, (from, to))) = inner_time::segment(bytes, at, sink, stamps) {
            return Object::Event(stamp, Body::Unescaped(from, to), None);
        }
        inner_time::latest(bytes, at, stamps).map_or(Object::Other, Object::Within)
    }

    /// CloudWatch counts milliseconds, whatever their size.
    #[inline]
    fn event_time(&self, bytes: &[u8], stamps: &mut Stamps, marked: bool) -> Option<Stamp> {
        if let Some(millis) = self.millis {
            return Some(Stamp::of_millis(millis, 0));
        }
        let value = &bytes[self.timestamp.0..self.timestamp.1];
        if let Some(millis) = integer(value) {
            return Some(Stamp::of_millis(millis, 0));
        }
        match stamps.value(unquoted(value)) {
            Stamp::None => None,
            stamp => marked.then_some(stamp),
        }
    }

    fn own_time(&self, bytes: &[u8], at: usize, stamps: &mut Stamps) -> Option<Stamp> {
        let named = (self.seen & TIMESTAMP != 0).then_some(self.timestamp);
        let other = self.time.map(|(_, start, end)| (start, end));
        named
            .into_iter()
            .chain(other)
            .map(|(start, end)| stamps.value(unquoted(&bytes[start..end])))
            .find(|stamp| *stamp != Stamp::None)
            .or_else(|| any_time(bytes, at, stamps))
    }
}

/// The whole number of 1 to 18 digits that is the value at `at`, and its end; `at` if there is none.
#[inline]
fn whole_number(bytes: &[u8], at: usize) -> (i64, usize) {
    let (mut number, mut end) = (0_i64, at);
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        if end - at == 18 {
            return (0, at);
        }
        number = number * 10 + i64::from(digit - b'0');
        end += 1;
    }
    match bytes.get(end) {
        Some(b',' | b'}') => (number, end),
        _ => (0, at),
    }
}

/// A whole number of at most 18 digits.
#[inline]
fn integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let value = digits.iter().try_fold(0_i64, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0'))
    })?;
    Some(if digits.len() < text.len() {
        -value
    } else {
        value
    })
}
