//! A text as it reads once its escapes are undone, with the way back to where each byte stood.
//!
//! JSON (`\u0040`, `\"`, `\/`), `\x40`, Markdown (`\_`), URL (`%40`), HTML (`&#64;`) and CSV
//! (`""`) escapes. JSON within JSON within JSON is undone one level at a time.

use std::borrow::Cow;
use std::ops::Range;

/// A text at one level.
pub struct Unfolded<'a> {
    text: Cow<'a, str>,
    /// For each byte of the text, and its end, where it stands in the original; none: it is the original.
    at: Option<Vec<usize>>,
}

impl<'a> Unfolded<'a> {
    /// The original.
    #[must_use]
    pub const fn none(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            at: None,
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a part of it stands in the original.
    #[must_use]
    pub fn origin(&self, span: Range<usize>) -> Range<usize> {
        match &self.at {
            None => span,
            Some(at) => at[span.start]..at[span.end],
        }
    }

    /// One level further; `None` where nothing is escaped any more.
    #[must_use]
    pub fn further(&self) -> Option<Unfolded<'static>> {
        // In a table (CSV) a quote within quotes is written twice; elsewhere two are an empty text.
        let table = self.text.contains("\"\":") || self.text.contains("=\"\"");
        let marks = |b| matches!(b, b'\\' | b'%' | b'&');
        if !table && !self.text.bytes().any(marks) {
            return None;
        }
        let (mut text, mut at) = (String::with_capacity(self.text.len()), Vec::new());
        let mut changed = false;
        let mut rest = 0;
        while let Some(c) = self.text[rest..].chars().next() {
            let bytes = &self.text.as_bytes()[rest..];
            let doubled = table && bytes.starts_with(b"\"\"");
            let escaped = if doubled {
                Some(('"', 2))
            } else {
                escape(bytes)
            };
            let (c, length) = escaped.unwrap_or((c, c.len_utf8()));
            changed |= escaped.is_some();
            let origin = self.origin(rest..rest).start;
            at.resize(at.len() + c.len_utf8(), origin);
            text.push(c);
            rest += length;
        }
        at.push(self.origin(rest..rest).start);
        changed.then_some(Unfolded {
            text: Cow::Owned(text),
            at: Some(at),
        })
    }
}

/// A text with every escape undone.
#[must_use]
pub fn whole(text: &str, levels: usize) -> String {
    let mut level = Unfolded::none(text);
    for _ in 0..levels {
        match level.further() {
            Some(next) => level = next,
            None => break,
        }
    }
    level.text.into_owned()
}

/// The character that an escape at the beginning means, and how long the escape is.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    match bytes {
        [b'\\', b'u', ..] => {
            let first = hex(bytes.get(2..6)?)?;
            if let Some(c) = char::from_u32(first) {
                return Some((c, 6));
            }
            // Two halves of one character.
            let second = match bytes.get(6..12)? {
                [b'\\', b'u', digits @ ..] => hex(digits)?,
                _ => return None,
            };
            let mut pair = char::decode_utf16([first as u16, second as u16]);
            Some((pair.next()?.ok()?, 12))
        }
        [b'\\', b'x', ..] => ascii(hex(bytes.get(2..4)?)?, 4),
        [b'%', ..] => ascii(hex(bytes.get(1..3)?)?, 3),
        [b'\\', c, ..] if c.is_ascii_punctuation() => Some((char::from(*c), 2)),
        [b'\\', b'n', ..] => Some(('\n', 2)),
        [b'\\', b'r', ..] => Some(('\r', 2)),
        [b'\\', b't', ..] => Some(('\t', 2)),
        [b'&', ..] => entity(bytes),
        _ => None,
    }
}

/// An entity of HTML.
fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    const NAMED: [(&[u8], char); 5] = [
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
    ];
    if let Some((name, c)) = NAMED.iter().find(|(name, _)| bytes.starts_with(name)) {
        return Some((*c, name.len()));
    }
    let number = bytes.strip_prefix(b"&#")?;
    let end = number.iter().take(8).position(|b| *b == b';')?;
    let digits = std::str::from_utf8(&number[..end]).ok()?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((char::from_u32(code)?, end + 3))
}

fn ascii(code: u32, length: usize) -> Option<(char, usize)> {
    let c = char::from_u32(code).filter(char::is_ascii)?;
    Some((c, length))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        Some(sum * 16 + char::from(*digit).to_digit(16)?)
    })
}
