//! Chunks become batches: every line ends up in an event, behind one, or counted as a reject.
//!
//! It decides nothing about where chunks are cut and does no I/O.

use std::sync::Arc;

use super::chunk::{After, Chunk, Kind, TEXT_LIMIT};
use super::cli_text;
use super::decoded::Decoded;
use super::envelope::{self, Body, Object};
use super::frame::Framing;
use super::gather::gather;
use super::sink::Sink;
use super::stamp::{Stamp, Stamps};
use super::streams::Streams;
use crate::domain::event::{Batch, EventRef, OriginId, SourceId};
use crate::domain::feed::RejectReason;
use crate::domain::json::{self, Odd};
use crate::domain::time::{Span, Timestamp};

/// An event of text that may go on in the next line.
struct Open {
    start: usize,
    text: usize,
    end: usize,
    time: Option<Timestamp>,
}

/// Whether the rest must go to another batch, because it lies too far from the base of this one.
#[derive(PartialEq, Eq)]
enum Step {
    Done,
    Split,
}

/// Decodes the chunks of one input.
pub struct Decoder {
    source: SourceId,
    origin: OriginId,
    framing: Arc<Framing>,
    pub(super) stamps: Stamps,
    pub(super) sink: Sink,
    pub(super) streams: Streams,
    events: Vec<EventRef>,
    open: Option<Open>,
    /// The time that the last line of a program's output had, in this chunk.
    output: Option<Timestamp>,
    after: After,
    line: u64,
    cut: bool,
    /// Length of the part at hand: unescaped texts go behind it.
    text_len: usize,
    pub(super) decoded: Decoded,
}

impl Decoder {
    /// A decoder for one input.
    pub fn new(source: SourceId, origin: OriginId, framing: Arc<Framing>) -> Self {
        Self {
            source,
            origin,
            stamps: Stamps::new(framing.assumed.clone()),
            framing,
            sink: Sink::default(),
            streams: Streams::default(),
            events: Vec::new(),
            open: None,
            output: None,
            after: After::Nothing,
            line: 1,
            cut: false,
            text_len: 0,
            decoded: Decoded::default(),
        }
    }

    /// Decodes one chunk.
    pub fn decode(&mut self, chunk: Chunk) -> Decoded {
        let mut base = chunk.base;
        let mut bytes = chunk.bytes;
        self.line = chunk.line;
        self.after = chunk.after;
        self.cut = chunk.cut;
        self.output = None;
        loop {
            self.text_len = bytes.len();
            let done = match &chunk.kind {
                Kind::Lines => match self.framing.table.clone() {
                    Some(table) => self.rows(&bytes, &table),
                    None => self.lines(&bytes),
                },
                Kind::Elements(stream) => {
                    let stream = self.streams.of(stream.as_bytes());
                    self.elements(&bytes, 0, stream)
                }
            };
            self.close(&bytes);
            let rest = (done < bytes.len()).then(|| bytes[done..].to_vec());
            self.line += rest.as_ref().map_or(0, |_| {
                memchr::memchr_iter(b'\n', &bytes[..done]).count() as u64
            });
            self.finish(bytes, base);
            base += done as u64;
            match rest {
                Some(rest) => bytes = rest,
                None => return std::mem::take(&mut self.decoded),
            }
        }
    }

    /// The events so far become a batch.
    fn finish(&mut self, bytes: Vec<u8>, base: u64) {
        let streams = self.streams.finish();
        if !self.events.is_empty() {
            let (text, spare) = gather(&mut self.events, bytes, self.sink.text());
            self.decoded.spare = spare;
            let expected = self.events.len() + self.events.len() / 8;
            let events = std::mem::replace(&mut self.events, Vec::with_capacity(expected));
            self.decoded.batches.push(Batch {
                source: self.source,
                origin: self.origin,
                base,
                text,
                events,
                streams,
            });
        }
        self.sink.truncate(0);
    }

    /// Decodes lines; gives how far it came.
    fn lines(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
            let trimmed = end - usize::from(end > at && bytes[end - 1] == b'\r');
            let within = &bytes[..trimmed];
            at = end - self.framing.untabbed(&bytes[at..end]).len();
            let step = if bytes.get(at) == Some(&b'{') {
                self.json_line(within, at, end == bytes.len())
            } else {
                self.text_line(within, at)
            };
            if step == Step::Split {
                return at;
            }
            at = end + 1;
        }
        bytes.len()
    }

    /// A line that begins with a brace: one object, or several behind each other.
    #[inline]
    fn json_line(&mut self, bytes: &[u8], at: usize, last: bool) -> Step {
        let mut from = at;
        loop {
            let kept = self.sink.end();
            let result = envelope::read(bytes, from, &mut self.sink, &mut self.stamps);
            let next = result.map_or(0, |(_, end)| {
                if end == bytes.len() {
                    end
                } else {
                    json::skip_space(bytes, end)
                }
            });
            match result {
                Ok((object, end)) if next == bytes.len() || bytes[next] == b'{' => {
                    let begins = object != Object::Other;
                    if begins && at > 0 && bytes.len() > Batch::MAX_RAW as usize {
                        self.sink.truncate(kept);
                        return Step::Split;
                    }
                    self.object(bytes, from, end, object);
                    if next == bytes.len() {
                        return Step::Done;
                    }
                    from = next;
                }
                _ => {
                    self.sink.truncate(kept);
                    let torn = last && matches!(result, Err(Odd::Cut));
                    if from == at {
                        return self.odd_line(bytes, at, last, torn);
                    }
                    self.decoded.torn = torn;
                    self.reject(RejectReason::BadJson, bytes, from);
                    return Step::Done;
                }
            }
        }
    }

    /// A line that begins with a brace and is no JSON.
    #[cold]
    fn odd_line(&mut self, bytes: &[u8], at: usize, last: bool, torn: bool) -> Step {
        if self.cut && last {
            self.close(bytes);
            let object = envelope::cut(bytes, at, &mut self.sink, &mut self.stamps);
            let long = self.decoded.rejects.count(RejectReason::TooLong);
            if let Some(object) = object {
                self.take(bytes, at, bytes.len(), object, None);
            }
            if self.decoded.rejects.count(RejectReason::TooLong) == long {
                self.reject(RejectReason::TooLong, bytes, at);
            }
            return Step::Done;
        }
        if self.framing.multiline.is_some() || self.open.is_some() {
            return self.text_line(bytes, at);
        }
        self.decoded.torn = torn;
        self.reject(RejectReason::BadJson, bytes, at);
        Step::Done
    }

    /// One object of a line.
    #[inline]
    fn object(&mut self, bytes: &[u8], at: usize, end: usize, object: Object) {
        match object {
            Object::Page(array, stream) => {
                self.close(bytes);
                let stream = match stream {
                    Some(text) => self.streams.of_text(bytes, text),
                    None => self.streams.of(b""),
                };
                self.elements(&bytes[..end], array + 1, stream);
            }
            Object::Within(_) if self.open.is_none() => self.take(bytes, at, end, object, None),
            Object::Within(_) | Object::Other | Object::Rest
                if self.open.is_some() || self.output.is_none() =>
            {
                if let Some(open) = &mut self.open {
                    open.end = end;
                    self.decoded.continued += 1;
                } else {
                    self.reject(RejectReason::NotAnEvent, bytes, at);
                }
            }
            _ => {
                if self.open.is_some() {
                    self.close(bytes);
                }
                self.take(bytes, at, end, object, None);
            }
        }
    }

    /// Takes an object that is an event.
    #[inline]
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        at: usize,
        end: usize,
        object: Object,
        page: Option<u32>,
    ) {
        self.after = After::Nothing;
        let (stamp, body, stream) = match object {
            Object::Event(stamp, body, stream) => (stamp, body, stream),
            Object::Line(stamp) | Object::Within(stamp) => (stamp, Body::Plain(at, end), None),
            Object::Output(stamp) => {
                if let Stamp::At { time, .. } = stamp {
                    self.output = Some(time);
                }
                (stamp, Body::Plain(at, end), None)
            }
            Object::Rest if let Some(time) = self.output => {
                let stamp = Stamp::At { time, text: 0 };
                (stamp, Body::Plain(at, end), None)
            }
            Object::Page(..) | Object::Rest | Object::Other => {
                return self.reject(RejectReason::NotAnEvent, bytes, at);
            }
        };
        let stream = match (stream, page) {
            (Some(text), _) => self.streams.of_text(bytes, text),
            (None, Some(stream)) => stream,
            (None, None) => self.streams.of(b""),
        };
        match stamp {
            Stamp::At { time, .. } => self.push(bytes, at, time, (body, stream)),
            _ => self.reject(RejectReason::BadTimestamp, bytes, at),
        }
    }

    #[inline]
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        at: usize,
        time: Timestamp,
        (body, stream): (Body, u32),
    ) {
        let (start, len) = match body {
            Body::Plain(start, end) => (start, end - start),
            Body::Unescaped(start, end) => (self.text_len + start, end - start),
        };
        if len > TEXT_LIMIT {
            self.reject(RejectReason::TooLong, bytes, at);
        }
        self.events.push(EventRef {
            time,
            start: start as u32,
            len: len.min(TEXT_LIMIT) as u32,
            raw: at as u32,
            stream,
        });
        let span = self.decoded.span.get_or_insert(Span::new(time, time));
        self.decoded.unordered |= time < span.to;
        span.from = span.from.min(time);
        span.to = span.to.max(time);
    }

    /// A line of text: an event begins, goes on, or there is none.
    fn text_line(&mut self, bytes: &[u8], at: usize) -> Step {
        let line = &bytes[at..];
        if line.trim_ascii().is_empty() {
            self.decoded.continued += 1;
            return Step::Done;
        }
        let (begins, stamp) = self.framing.begins_text(line, &mut self.stamps);
        if begins {
            self.close(bytes);
            if at > 0 && bytes.len() > Batch::MAX_RAW as usize {
                return Step::Split;
            }
            return self.begin(bytes, at, stamp);
        }
        match (&mut self.open, self.after) {
            (Some(open), _) => {
                open.end = bytes.len();
                if open.time.is_none()
                    && let Stamp::At { time, .. } = stamp
                {
                    open.time = Some(time);
                }
                self.decoded.continued += 1;
            }
            (None, After::CutEvent) => self.decoded.continued += 1,
            (None, After::Nothing) => self.reject(RejectReason::NoTimestamp, bytes, at),
        }
        Step::Done
    }

    /// An event of text begins.
    fn begin(&mut self, bytes: &[u8], at: usize, stamp: Stamp) -> Step {
        self.after = After::Nothing;
        let (time, text) = match stamp {
            Stamp::At { time, text } => (Some(time), at + text),
            Stamp::None => (None, at),
            Stamp::Bad => {
                // What follows goes with it.
                self.after = After::CutEvent;
                self.reject(RejectReason::BadTimestamp, bytes, at);
                return Step::Done;
            }
        };
        self.open = Some(Open {
            start: at,
            text: text.min(bytes.len()),
            end: bytes.len(),
            time,
        });
        Step::Done
    }

    /// The open event of text is complete.
    fn close(&mut self, bytes: &[u8]) {
        let Some(open) = self.open.take() else {
            return;
        };
        if self.framing.cli_text
            && let Some(parts) = cli_text::parts(&bytes[open.start..open.end])
        {
            let of = |(from, to): (usize, usize)| (open.start + from, open.start + to);
            let (from, to) = of(parts.stream);
            let stream = self.streams.of(&bytes[from..to]);
            let (from, to) = of(parts.message);
            return self.push(
                bytes,
                open.start,
                parts.time,
                (Body::Plain(from, to), stream),
            );
        }
        let Some(time) = open.time else {
            return self.reject(RejectReason::NoTimestamp, bytes, open.start);
        };
        let stream = self.streams.of(b"");
        let body = Body::Plain(open.text, open.end);
        self.push(bytes, open.start, time, (body, stream));
    }

    pub(super) fn reject(&mut self, reason: RejectReason, bytes: &[u8], at: usize) {
        self.decoded.rejects.add(reason, bytes, at, self.line);
    }
}
