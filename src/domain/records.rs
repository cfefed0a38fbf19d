//! The objects of a list within one log event (`"Records": [{…}, {…}]`): each is a record of its own, and an
//! ID in one of them is no other name of an ID in another.
//!
//! Brackets and quotes are all that is read, so that it does not matter who wrote the list, how, and whether
//! it was cut. A list of one object makes no records: all that is said there is said of one thing.

use std::ops::Range;

use super::fields::Place;

/// So many beginnings of lists are looked at in one text.
const TRIES: usize = 16;

/// Where the records of one log event stand.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Sorted, each buffer by itself.
    spans: Vec<(Place, Range<usize>)>,
}

impl Records {
    /// Forgets the last event.
    pub fn clear(&mut self) {
        self.spans.clear();
    }

    /// Adds the records in a text that begins `base` bytes into its buffer. Buffers are given one after the
    /// other, the original first, and their texts in order.
    pub fn find(&mut self, text: &[u8], place: Place, base: usize) {
        let (mut at, mut tries) = (0, TRIES);
        while let Some(open) = memchr::memchr(b'[', &text[at..]).map(|found| at + found) {
            at = open + 1;
            if tries == 0 || text.get(skip(text, at)) != Some(&b'{') {
                continue;
            }
            tries -= 1;
            if let Some((spans, end)) = list(text, open)
                && spans.len() > 1
            {
                let spans = spans.into_iter();
                let moved = spans.map(|span| (place, span.start + base..span.end + base));
                self.spans.extend(moved);
                at = end;
            }
        }
    }

    /// The number of the record that a byte stands in.
    #[must_use]
    pub fn at(&self, place: Place, at: usize) -> Option<usize> {
        let begun = |(p, span): &(Place, Range<usize>)| (*p, span.start) <= (place, at);
        let last = self.spans.partition_point(begun).checked_sub(1)?;
        let (p, span) = &self.spans[last];
        (*p == place && span.contains(&at)).then_some(last)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

/// The next byte that is no white space, written out or escaped.
fn skip(text: &[u8], mut at: usize) -> usize {
    loop {
        at += match text[at..] {
            [b' ' | b'\t' | b'\n' | b'\r', ..] => 1,
            [b'\\', b'n' | b'r' | b't', ..] => 2,
            _ => return at,
        }
    }
}

/// The objects of the list that opens there, and its end. `None` where it lists anything else.
fn list(text: &[u8], open: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let (mut spans, mut depth, mut begin) = (Vec::new(), 0usize, open);
    let (mut at, mut before) = (open + 1, b'[');
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            // An apostrophe opens nothing.
            b'"' | b'\'' if b"[{(,:=".contains(&before) => at = quoted(text, at),
            b'{' | b'[' => {
                if depth == 0 {
                    begin = at;
                    if *byte == b'[' {
                        return None;
                    }
                }
                depth += 1;
            }
            b'}' | b']' if depth == 0 => return (*byte == b']').then_some((spans, at + 1)),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    spans.push(begin..at + 1);
                }
            }
            b',' | b' ' | b'\t' | b'\n' | b'\r' => {}
            _ if depth == 0 => return None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            before = *byte;
        }
        at += 1;
    }
    // It was cut.
    if depth > 0 {
        spans.push(begin..text.len());
    }
    Some((spans, text.len()))
}

/// Where what is quoted ends.
fn quoted(text: &[u8], open: usize) -> usize {
    let (quote, mut at) = (text[open], open + 1);
    while let Some(byte) = text.get(at).filter(|byte| **byte != quote) {
        at += 1 + usize::from(*byte == b'\\');
    }
    at
}
