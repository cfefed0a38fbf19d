//! Finds where, among lines, a JSON document of several lines begins.
//!
//! It only looks; what is done with a document is not its business.

use std::sync::Arc;

use super::chunk::LINE_LIMIT;
use super::document::{self, HEAD, Probe};
use super::envelope::{self, Object};
use super::frame::Framing;
use super::sink::Sink;
use super::stamp::Stamps;
use super::window::Window;

/// What was found.
pub enum Found {
    /// No document.
    None,
    /// More bytes are needed to tell.
    More,
    /// A document at this place in the window.
    At(usize, Probe),
}

/// Looks for documents in one input.
pub struct Finder {
    stamps: Stamps,
    sink: Sink,
    /// Nothing but JSON came before: objects may be spread over lines.
    fresh: bool,
    /// No document begins before this offset.
    probed: u64,
}

impl Finder {
    /// For the beginning of an input with this framing.
    pub fn new(framing: &Arc<Framing>) -> Self {
        Self {
            stamps: Stamps::new(framing.assumed.clone()),
            sink: Sink::default(),
            fresh: true,
            probed: 0,
        }
    }

    /// Lines came before what comes next.
    pub const fn behind_lines(&mut self) {
        self.fresh = false;
    }

    /// Only JSON came before what comes next.
    pub const fn behind_json(&mut self) {
        self.fresh = true;
    }

    /// No document begins before this offset.
    pub const fn from(&mut self, offset: u64) {
        self.probed = offset;
    }

    /// Looks at the complete lines of the window that it has not seen.
    pub fn find(&mut self, window: &Window) -> Found {
        let bytes = window.bytes();
        let mut at = self.probed.saturating_sub(window.base()) as usize;
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map(|len| at + len);
            let line = &bytes[at..end.unwrap_or(bytes.len())];
            let first = at == 0 && self.fresh;
            let known = end.is_some() || window.ended() || (at == 0 && line.len() >= LINE_LIMIT);
            if !known {
                break;
            }
            if document::may_begin(line)
                || (first && line.first() == Some(&b'['))
                || line.len() >= LINE_LIMIT
            {
                match document::probe(&bytes[at..]) {
                    Probe::More if !window.ended() && bytes.len() - at < HEAD => {
                        return Found::More;
                    }
                    Probe::Object(end) if first && self.is_bare_event(&bytes[..end]) => {
                        return Found::At(at, Probe::Object(end));
                    }
                    probe @ Probe::Page { .. } => return Found::At(at, probe),
                    _ => {}
                }
            }
            at = end.map_or(bytes.len(), |end| end + 1);
            self.probed = window.base() + at as u64;
        }
        Found::None
    }

    /// Whether one object spread over lines is an event.
    fn is_bare_event(&mut self, object: &[u8]) -> bool {
        if memchr::memchr(b'\n', object).is_none() {
            return false;
        }
        self.sink.truncate(0);
        let read = envelope::read(object, 0, &mut self.sink, &mut self.stamps);
        matches!(
            read,
            Ok((Object::Event(..) | Object::Line(..) | Object::Within(..), _))
        )
    }
}
