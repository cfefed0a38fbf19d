//! Cuts a text into words, pairs and variable parts.
//!
//! The masking step of Drain (He, Zhu, Zheng and Lyu, "Drain: An Online Log Parsing Approach with Fixed
//! Depth Tree", ICWS 2017): a token with a digit in it is variable, and what is left is the template.
//! Pairs are read as rules on fields read them ([`crate::domain::logfmt`]), so that what is found can be
//! written down as a field.

use super::naming::{names_number, says_id};
use super::shape::Class;
use super::traces;
use crate::domain::logfmt::{self, Bounds};

/// A template is no longer, in bytes.
const MOST: usize = 300;
/// The last step of a path is a name if it is so long.
const NAME: usize = 16;
/// What stands for a variable part.
pub(super) const VARIABLE: &str = "<*>";

/// What a text is made of.
pub(super) enum Part<'a> {
    /// `key=value`.
    Pair(&'a str, &'a str),
    /// A variable part, and the literal text right before it.
    Variable(&'a str, &'a str),
    /// A variable part and its number behind a colon, as a device counts what it sends.
    Counted(&'a str),
}

/// Gives each part to `each`, and returns the template.
pub(super) fn scan<'a>(text: &'a str, each: &mut dyn FnMut(Part<'a>)) -> String {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        out: String::with_capacity(text.len().min(MOST)),
        literal: 0,
    };
    let mut at = 0;
    while at < scan.bytes.len() {
        at = scan.step(at, each);
    }
    let mut out = scan.out;
    if out.len() > MOST {
        let end = (0..=MOST).rev().find(|end| out.is_char_boundary(*end));
        out.truncate(end.unwrap_or(0));
    }
    out.truncate(out.trim_end().len());
    out
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    out: String,
    /// Where the literal text behind the last variable part begins.
    literal: usize,
}

impl<'a> Scan<'a> {
    fn step(&mut self, at: usize, each: &mut dyn FnMut(Part<'a>)) -> usize {
        let byte = self.bytes[at];
        if byte.is_ascii_whitespace() {
            if !self.out.ends_with(' ') && !self.out.is_empty() {
                self.out.push(' ');
            }
            return at + 1;
        }
        if !in_token(byte) {
            self.out.push(char::from(byte));
            return at + 1;
        }
        if let Some((key, Bounds { start, end, .. })) = self.pair(at) {
            let value = &self.text[start..end];
            let trace = traces::within(value);
            if let Some((before, part)) = trace.or_else(|| below(value)) {
                each(Part::Variable(part, &self.text[at..start + before.len()]));
            }
            if trace.is_none() {
                each(Part::Pair(key, value));
            }
            self.out.push_str(key);
            self.out.push('=');
            self.out.push_str(VARIABLE);
            // A quote that closes is part of the value; what closes a clause stays literal.
            let quoted = matches!(self.bytes[start - 1], b'"' | b'\'');
            self.literal = end + usize::from(quoted);
            return self.literal;
        }
        let run = self.bytes[at..].iter().take_while(|b| in_token(**b));
        let mut end = at + run.count();
        while end > at + 1 && matches!(self.bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        let token = &self.text[at..end];
        if is_variable(token) {
            let context = self.context(at, token);
            match traces::within(token) {
                Some((before, trace)) => {
                    let begin = at - context.len();
                    let context = &self.text[begin..at + before.len()];
                    each(Part::Variable(trace, context));
                }
                None => each(Part::Variable(token, context)),
            }
            if let Some(end) = self.counted(token, end) {
                each(Part::Counted(&self.text[at..end]));
            }
            if !self.out.ends_with(VARIABLE) {
                self.out.push_str(VARIABLE);
            }
            self.literal = end;
        } else {
            self.out.push_str(token);
        }
        end
    }

    /// Where the number behind the colon of a name ends (`meter08:6827`).
    fn counted(&self, name: &str, end: usize) -> Option<usize> {
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('.');
        let rest = self.bytes[end..].strip_prefix(b":").filter(|_| named)?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let goes_on = rest.get(digits).is_some_and(|b| in_token(*b) || *b == b':');
        (digits > 0 && !goes_on).then_some(end + 1 + digits)
    }

    /// The literal text before a variable part: the last word of it, or two.
    fn context(&self, at: usize, token: &str) -> &'a str {
        let literal = &self.text[self.literal..at];
        let line = literal.rfind(['\n', '\t']).map_or(0, |i| i + 1);
        // A tab right before the value is its context.
        let literal = if line == literal.len() {
            literal
        } else {
            &literal[line..]
        };
        let words = literal.trim_end();
        let begins = |(i, c): &(usize, char)| {
            let before = words[..*i].chars().next_back();
            !c.is_whitespace() && before.is_none_or(char::is_whitespace)
        };
        let mut starts = words.char_indices().rev().filter(begins).map(|(i, _)| i);
        let Some(last) = starts.next() else {
            return literal;
        };
        // A word that says what comes is enough; the one before it may be anything.
        let word = &words[last..];
        if says_id(word) || names_number(word) && token.bytes().all(|b| b.is_ascii_digit()) {
            return &literal[last..];
        }
        &literal[starts.next().unwrap_or(0)..]
    }

    /// A pair that begins here: its key, and where its value stands.
    fn pair(&self, at: usize) -> Option<(&'a str, Bounds)> {
        if !logfmt::may_begin(at.checked_sub(1).map(|i| self.bytes[i])) {
            return None;
        }
        let in_key = |b: &&u8| logfmt::in_key(**b);
        let key = self.bytes[at..].iter().take_while(in_key).count();
        let equals = at + key;
        let opens = logfmt::opens(self.bytes, equals + 1);
        if key == 0 || self.bytes.get(equals) != Some(&b'=') || opens {
            return None;
        }
        let bounds = logfmt::bounds(self.bytes, equals + 1)?;
        (bounds.start < bounds.end).then(|| (&self.text[at..equals], bounds))
    }
}

/// The last step of a path that begins with words, where it looks like a name, and what stands before it.
fn below(value: &str) -> Option<(&str, &str)> {
    let (before, last) = value.split_at(value.rfind('/')? + 1);
    (last.len() >= NAME && is_variable(last) && !is_variable(before)).then_some((before, last))
}

fn in_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'%' | b'@' | b'$' | b'~')
}

/// Whether letters stand together as in no word: many of them, and long without a vowel.
fn cannot_be_spoken(letters: &[u8]) -> bool {
    const MANY: usize = 12;
    const LONG: usize = 8;
    let vowel = |b: &u8| b"AEIOUY".contains(&b.to_ascii_uppercase());
    letters.len() >= MANY && letters.split(vowel).any(|run| run.len() >= LONG)
}

/// Whether a token is no word.
fn is_variable(token: &str) -> bool {
    let bytes = token.as_bytes();
    // An address is somebody's.
    let address = || bytes.contains(&b'@') && !token.starts_with('@') && !token.ends_with('@');
    if bytes.iter().any(u8::is_ascii_digit) || address() {
        return true;
    }
    // No word of so many letters is made of the first six alone.
    let hex = || bytes.len() >= 8 && bytes.iter().all(u8::is_ascii_hexdigit);
    let capitals = || bytes.iter().all(u8::is_ascii_uppercase);
    let letters = || (bytes.len() >= 24 || cannot_be_spoken(bytes)) && capitals();
    hex() || letters()
}

/// The words of a list (`kind: refund, size: small`), each with the name before it. What looks like an ID
/// is left to those who look for IDs.
pub(super) fn listed<'a>(text: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) {
    let in_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let mut within = false;
    for (at, _) in text.match_indices(": ") {
        let key = text.as_bytes()[..at].iter().rev().take_while(|b| in_key(b));
        let begin = at - key.count();
        let rest = &text[at + 2..];
        let end = rest.find(|c: char| c.is_whitespace() || c == ',' || c == ';');
        let value = &rest[..end.unwrap_or(rest.len())];
        let goes_on = end.is_some_and(|end| rest[end..].starts_with([',', ';']));
        let ends = within && end.is_none();
        let plain = matches!(Class::of(value), Class::Word) || value.len() < 4;
        if begin < at && !value.is_empty() && plain && (goes_on || ends) {
            each(&text[begin..at + 2], value);
        }
        within = goes_on;
    }
}

/// Whether a variable part behind a text may be an ID: few digits only where the word before says so.
pub(super) fn can_name(value: &str, before: &str) -> bool {
    let enough = value.len() >= 4 || value.bytes().all(|b| b.is_ascii_digit()) && says_id(before);
    enough && Class::of(value).can_name()
}
