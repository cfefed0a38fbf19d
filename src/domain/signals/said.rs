//! What a line of trouble says: the part of it that people read, and the level that it states.
//!
//! Of JSON these are the message and the codes of the error, also where they stand nested or behind a
//! prefix; of a stack trace its first line and the exception. Only lines that look like trouble come here.

use super::level::{self, Level};
use crate::domain::json::{self, Field, Fields, Text};

/// So much of one value, or of one line, is read.
const MOST: usize = 600;
/// An object begins so near the beginning of a line.
const NEAR: usize = 256;
/// So many objects within each other are looked into.
const DEPTH: usize = 3;
/// So many fields of one object are looked at.
const FIELDS: usize = 200;

/// What a key leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leads {
    Level,
    /// Words, or an object that holds them.
    Words,
    /// A word or a number that stands for an error.
    Code,
    /// The same, within an error.
    Kind,
}

const KEYS: [(&[u8], Leads); 36] = [
    (b"level", Leads::Level),
    (b"severity", Leads::Level),
    (b"lvl", Leads::Level),
    (b"loglevel", Leads::Level),
    (b"levelname", Leads::Level),
    (b"severitytext", Leads::Level),
    (b"ebene", Leads::Level),
    (b"niveau", Leads::Level),
    (b"nivel", Leads::Level),
    (b"livello", Leads::Level),
    (b"message", Leads::Words),
    (b"msg", Leads::Words),
    (b"mt", Leads::Words),
    (b"event", Leads::Words),
    (b"error", Leads::Words),
    (b"err", Leads::Words),
    (b"errors", Leads::Words),
    (b"errormessage", Leads::Words),
    (b"reason", Leads::Words),
    (b"exception", Leads::Words),
    (b"cause", Leads::Words),
    (b"fault", Leads::Words),
    (b"detail", Leads::Words),
    (b"details", Leads::Words),
    (b"description", Leads::Words),
    (b"log", Leads::Words),
    (b"code", Leads::Code),
    (b"errorcode", Leads::Code),
    (b"errortype", Leads::Code),
    (b"status", Leads::Code),
    (b"statuscode", Leads::Code),
    (b"exitcode", Leads::Code),
    (b"type", Leads::Kind),
    (b"name", Leads::Kind),
    (b"class", Leads::Kind),
    (b"kind", Leads::Kind),
];

/// What one line says. Reused from line to line.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// In the order of the line, parts apart by `: `.
    pub(super) text: Vec<u8>,
    pub(super) level: Option<Level>,
    decoded: Vec<u8>,
}

impl Said {
    /// Reads one log event.
    pub(super) fn read(&mut self, event: &[u8]) {
        self.text.clear();
        self.level = None;
        let event = event.trim_ascii();
        let Some(brace) = object_start(event) else {
            self.level = level::stated(event);
            self.lines(event);
            return;
        };
        let (prefix, object) = event.split_at(brace);
        self.level = level::stated(prefix);
        self.text.extend_from_slice(prefix.trim_ascii());
        let before = self.text.len();
        self.object(object, 0);
        if self.text.len() == before {
            self.text
                .extend_from_slice(&object[..object.len().min(MOST)]);
        }
    }

    /// Words: the first line, and the exception that a trace is about.
    fn lines(&mut self, event: &[u8]) {
        let mut lines = event.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end);
        let first = lines.next().unwrap_or_default();
        let first = &first[..first.len().min(MOST)];
        let python = memchr::memmem::find(first, b"Traceback (most recent call last)").is_some();
        if !python {
            self.text.extend_from_slice(first);
        }
        let mut bare = lines.filter(|l| !l.is_empty() && !l[0].is_ascii_whitespace());
        let exception = if python {
            bare.next_back()
        } else {
            bare.next()
        };
        match exception {
            Some(line) if !line.starts_with(b"...") => self.part(line),
            None if python => self.part(first),
            _ => {}
        }
    }

    fn part(&mut self, words: &[u8]) {
        if !self.text.is_empty() {
            self.text.extend_from_slice(b": ");
        }
        let end = memchr::memchr(b'\n', words).unwrap_or(words.len());
        self.text.extend_from_slice(&words[..end.min(MOST)]);
    }

    /// What the fields of an object say; as far as it goes, if it is cut.
    fn object(&mut self, text: &[u8], depth: usize) {
        let mut fields = Fields::new(0);
        for _ in 0..FIELDS {
            let Ok(Field::Key(key, at)) = fields.next(text) else {
                return;
            };
            if let Some(leads) = leads(key.of(text))
                && (leads != Leads::Kind || depth > 0)
            {
                self.value(text, key, at, leads, depth);
            }
            let Ok(end) = json::value(text, at) else {
                return;
            };
            fields.go_on(end);
        }
    }

    fn value(&mut self, text: &[u8], key: Text, at: usize, leads: Leads, depth: usize) {
        match text.get(at) {
            Some(b'"') => {
                let Ok(string) = json::string(text, at) else {
                    return;
                };
                let mut decoded = std::mem::take(&mut self.decoded);
                decoded.clear();
                if json::decode(text, string, &mut decoded).is_ok() {
                    self.string(&decoded, leads, depth);
                }
                self.decoded = decoded;
            }
            Some(b'{') if leads == Leads::Words && depth < DEPTH => {
                self.object(&text[at..], depth + 1);
            }
            Some(b'0'..=b'9') => {
                let number = &text[at..json::value(text, at).unwrap_or(at)];
                match leads {
                    Leads::Level => self.level = level::of_number(number).or(self.level),
                    Leads::Code if number.len() <= 3 => {
                        self.part(key.of(text));
                        self.text.push(b'=');
                        self.text.extend_from_slice(number);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn string(&mut self, words: &[u8], leads: Leads, depth: usize) {
        if leads == Leads::Level {
            self.level = level::of_word(words).or(self.level);
        } else if words.first() == Some(&b'{') && depth < DEPTH {
            self.object(words, depth + 1);
        } else if !words.is_empty() {
            self.part(words);
        }
    }
}

/// Where a JSON object begins near the beginning of a line.
fn object_start(event: &[u8]) -> Option<usize> {
    let near = &event[..event.len().min(NEAR)];
    memchr::memchr_iter(b'{', near)
        .find(|at| event.get(json::skip_space(event, at + 1)) == Some(&b'"'))
}

/// What a key leads to, however it is spelt: `errorType`, `error_type`, `error.type`.
fn leads(key: &[u8]) -> Option<Leads> {
    let mut plain = [0; 16];
    let mut len = 0;
    for byte in key.iter().filter(|b| b.is_ascii_alphanumeric()) {
        *plain.get_mut(len)? = byte.to_ascii_lowercase();
        len += 1;
    }
    let found = KEYS.iter().find(|(known, _)| *known == &plain[..len]);
    found.map(|(_, leads)| *leads)
}
