//! Secrets and personal data taken out of a text, each replaced by a pseudonym such as `[email-3f2a1c]`.
//!
//! The same value has the same pseudonym wherever it stands, so that it stays recognisable; the key
//! behind it is secret, so that nobody finds the value by trying. A text is masked whole, before it is
//! wrapped, cut or coloured: half a secret has no shape any more. Escapes hide nothing: a text is also
//! looked at as it reads once they are undone. Masking again changes nothing. Brackets of this kind need no
//! escape in JSON, HTML, Markdown or a table.
//!
//! It takes out what has a known shape or a telling name. A secret in plain prose it cannot know.

pub mod check;
mod persons;
pub mod rules;
pub mod unfold;

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use hmac::{Hmac, KeyInit, Mac};
use regex::Regex;
use sha2::Sha256;

use self::rules::{Kind, Rule, Shape};
use self::unfold::Unfolded;
use super::pattern::Pattern;

/// Escapes within escapes are undone so many times over.
const LEVELS: usize = 4;

/// The secret behind the pseudonyms.
pub type Key = [u8; 32];

/// Masks texts.
#[derive(Clone)]
pub struct Mask {
    key: Key,
    /// That of the case, once one is there: a value has the same pseudonym whenever it is looked at.
    of_case: OnceLock<Key>,
    rules: Arc<[Rule]>,
    own: Arc<[Pattern]>,
    pseudonym: Regex,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the key.
        f.debug_struct("Mask").finish_non_exhaustive()
    }
}

/// Something to be taken out.
struct Found {
    span: Range<usize>,
    kind: Kind,
}

impl Mask {
    /// A mask with the rules that are always there, and with patterns of the user's own.
    ///
    /// # Errors
    /// Never, as long as the rules that are always there are right, which a test sees to.
    pub fn new(key: Key, own: Vec<Pattern>) -> Result<Self, regex::Error> {
        let mut rules = rules::all()?;
        rules.extend(persons::all()?);
        let kinds: Vec<&str> = Kind::ALL.into_iter().map(Kind::word).collect();
        Ok(Self {
            key,
            of_case: OnceLock::new(),
            rules: rules.into(),
            own: own.into(),
            pseudonym: Regex::new(&format!(r"\[(?:{})-[0-9a-f]{{6}}\]", kinds.join("|")))?,
        })
    }

    /// From now on pseudonyms are those of a case. It belongs to the first one.
    pub fn belongs_to_case(&self, key: Key) {
        let _first = self.of_case.set(key);
    }

    /// The text without what is nobody else's business.
    #[must_use]
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.find(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for Found { span, kind } in found {
            out.push_str(&text[at..span.start]);
            self.push_pseudonym(&mut out, kind, &text[span.clone()]);
            at = span.end;
        }
        out.push_str(&text[at..]);
        Cow::Owned(out)
    }

    /// The same for the bytes of a log event; what is no UTF-8 in them is replaced.
    #[must_use]
    pub fn mask_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(bytes);
        self.mask(&text).into_owned().into_bytes()
    }

    /// The value of a field without what is nobody else's business: its name tells as much as its shape.
    #[must_use]
    pub fn mask_value<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        let quoted = format!("\"{}\"=\"", name.replace(['"', '\\'], ""));
        let plain = !value.contains(['"', '\\']);
        let whole = format!("{quoted}{value}\"");
        let found = plain
            .then(|| self.find(&whole))
            .and_then(|f| f.into_iter().next());
        match found {
            Some(found) if found.span == (quoted.len()..quoted.len() + value.len()) => {
                let mut out = String::new();
                self.push_pseudonym(&mut out, found.kind, value);
                Cow::Owned(out)
            }
            _ => self.mask(value),
        }
    }

    /// What is to be taken out, in order, no two overlapping.
    fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut level = Unfolded::none(text);
        for _ in 0..LEVELS {
            self.find_at(&level, &mut found);
            match level.further() {
                Some(next) => level = next,
                None => break,
            }
        }
        if found.is_empty() {
            return found;
        }
        // What is masked already is left alone.
        let done: Vec<Range<usize>> = self.pseudonym.find_iter(text).map(|m| m.range()).collect();
        found.retain(|f| {
            let inside = |d: &Range<usize>| d.start <= f.span.start && f.span.end <= d.end;
            !f.span.is_empty() && !done.iter().any(inside)
        });
        // No pseudonym is cut in two.
        for one in &mut found {
            for d in &done {
                if d.start < one.span.end && one.span.start < d.end {
                    one.span = one.span.start.min(d.start)..one.span.end.max(d.end);
                }
            }
        }
        found.sort_by_key(|f| (f.span.start, f.kind));
        let mut merged: Vec<Found> = Vec::with_capacity(found.len());
        for next in found {
            match merged.last_mut() {
                Some(last) if next.span.start < last.span.end => {
                    last.span.end = last.span.end.max(next.span.end);
                    last.kind = last.kind.min(next.kind);
                }
                _ => merged.push(next),
            }
        }
        merged
    }

    fn find_at(&self, level: &Unfolded<'_>, found: &mut Vec<Found>) {
        let text = level.text();
        let shape = Shape::of(text);
        for rule in self.rules.iter().filter(|rule| rule.may_match(&shape)) {
            for span in rule.find(text) {
                found.push(Found {
                    span: level.origin(span),
                    kind: rule.kind,
                });
            }
        }
        for pattern in self.own.iter() {
            for captures in pattern.regex().captures_iter(text.as_bytes()) {
                let Some(span) = captures.get(1).or_else(|| captures.get(0)) else {
                    continue;
                };
                found.push(Found {
                    span: level.origin(whole_characters(text, span.range())),
                    kind: Kind::Own,
                });
            }
        }
    }

    fn push_pseudonym(&self, out: &mut String, kind: Kind, value: &str) {
        let value = kind.canonical(&unfold::whole(value, LEVELS));
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.of_case.get().unwrap_or(&self.key))
        else {
            // A key of any length is right.
            out.push_str("[masked]");
            return;
        };
        mac.update(value.as_bytes());
        let digest = mac.finalize().into_bytes();
        let _infallible = write!(out, "[{}-", kind.word());
        for byte in digest.iter().take(3) {
            let _infallible = write!(out, "{byte:02x}");
        }
        out.push(']');
    }
}

/// A pattern over bytes may end in the middle of a character.
fn whole_characters(text: &str, span: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = span;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
