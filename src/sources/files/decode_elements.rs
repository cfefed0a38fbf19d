//! Elements of an array become log events: as they are, or what they hold, in the documents that
//! tracers and queries write.

use super::decode::Decoder;
use super::entry;
use super::envelope::{self, Body, Object};
use super::page_keys;
use super::pairs;
use super::stamp::Stamp;
use crate::domain::event::Batch;
use crate::domain::feed::RejectReason;
use crate::domain::json::{self, Field, Fields, Odd};

/// Known documents hold arrays in arrays no deeper than this.
const DEPTH: u32 = 3;

impl Decoder {
    /// Decodes the elements of an array from `at`, up to its end or that of the bytes.
    pub(super) fn elements(&mut self, bytes: &[u8], at: usize, stream: u32) -> usize {
        self.elements_in(bytes, at, stream, DEPTH)
    }

    fn elements_in(&mut self, bytes: &[u8], at: usize, stream: u32, depth: u32) -> usize {
        let mut at = at;
        loop {
            at = json::skip_space(bytes, at);
            match bytes.get(at) {
                Some(b',') => at += 1,
                Some(b'{') => {
                    let kept = self.sink.end();
                    let Ok((object, end)) =
                        envelope::read(bytes, at, &mut self.sink, &mut self.stamps)
                    else {
                        self.sink.truncate(kept);
                        match self.odd_element(bytes, at, RejectReason::BadJson) {
                            Some(end) => at = end,
                            None => return bytes.len(),
                        }
                        continue;
                    };
                    if end > Batch::MAX_RAW as usize && at > 0 {
                        self.sink.truncate(kept);
                        return at;
                    }
                    let event = !matches!(object, Object::Rest | Object::Other);
                    if event || !self.within(bytes, at, stream, depth) {
                        self.take(bytes, at, end, object, Some(stream));
                    }
                    at = end;
                }
                Some(b'[') if let Some(end) = self.array_in(bytes, at, stream, depth) => at = end,
                None | Some(b']') => return bytes.len(),
                Some(_) => match self.odd_element(bytes, at, RejectReason::NotAnEvent) {
                    Some(end) => at = end,
                    None => return bytes.len(),
                },
            }
        }
    }

    /// An element that is no event; gives its end, if it has one.
    #[cold]
    fn odd_element(&mut self, bytes: &[u8], at: usize, reason: RejectReason) -> Option<usize> {
        let end = json::value(bytes, at);
        let reason = end.map_or(RejectReason::BadJson, |_| reason);
        self.reject(reason, bytes, at);
        // Where the array only breaks off, the cutter knows.
        self.decoded.broken |= matches!(end, Err(Odd::Bad));
        end.ok()
    }

    /// Decodes the arrays that an element of a known document holds; says whether there were any.
    #[cold]
    fn within(&mut self, bytes: &[u8], at: usize, stream: u32, depth: u32) -> bool {
        let mut fields = Fields::new(at);
        let (mut stream, mut labels, mut any) = (stream, false, false);
        while let Ok(Field::Key(key, value)) = fields.next(bytes) {
            let Ok(end) = json::value(bytes, value) else {
                break;
            };
            let key = key.of(bytes);
            if key == b"stream" && bytes[value] == b'{' {
                stream = self.streams.of(&bytes[value..end]);
                labels = true;
            }
            let inner = depth > 0 && page_keys::holds_within(key, labels);
            if inner && bytes[value] == b'[' {
                any = true;
                self.elements_in(&bytes[..end], value + 1, stream, depth - 1);
            }
            fields.go_on(end);
        }
        any
    }

    /// Decodes an element that is an array: a row of a query's result, or elements of its own.
    /// Gives its end, if it has one.
    fn array_in(&mut self, bytes: &[u8], at: usize, stream: u32, depth: u32) -> Option<usize> {
        let end = json::value(bytes, at).ok()?;
        let kept = self.sink.end();
        if let Some(entry) = entry::read(&bytes[..end], at, &mut self.stamps, &mut self.sink) {
            let (from, to) = entry.text;
            self.push(bytes, at, entry.time, (Body::Unescaped(from, to), stream));
            return Some(end);
        }
        self.sink.truncate(kept);
        match pairs::read(&bytes[..end], at, &mut self.stamps, &mut self.sink) {
            Some(row) if let Stamp::At { time, .. } = row.stamp => {
                let stream = match row.stream {
                    Some(text) => self.streams.of_text(bytes, text),
                    None => stream,
                };
                let (from, to) = row.text;
                self.push(bytes, at, time, (Body::Unescaped(from, to), stream));
            }
            Some(_) => {
                self.sink.truncate(kept);
                self.reject(RejectReason::NotAnEvent, bytes, at);
            }
            None if depth > 0 => {
                self.sink.truncate(kept);
                self.elements_in(&bytes[..end], at + 1, stream, depth - 1);
            }
            None => return None,
        }
        Some(end)
    }
}
