//! JSON by structure: enough to find the top-level fields of an object without building anything.
//!
//! This is the hottest code of the program. It checks strings, numbers and brackets as it passes
//! them, keeps invalid UTF-8 as it is (logs hold it), and never looks into nested values.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// So deep it is checked which bracket closes which; deeper ones are only counted, so that no depth
/// makes a text something else than JSON.
const KINDS: u32 = 64;

/// Why bytes are not the JSON that was looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Odd {
    /// The bytes end in the middle of it.
    Cut,
    /// It is not JSON.
    Bad,
}

/// A string as it stands between its quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// First byte after the opening quote.
    pub start: usize,
    /// The closing quote.
    pub end: usize,
    /// Whether it holds a backslash.
    pub escaped: bool,
}

impl Text {
    /// Its bytes, escapes and all.
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }
}

/// The first byte at or after `at` that is not white space.
#[inline]
pub fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Marks (with the high bit) the bytes of `word` that are zero; exact up to the first of them.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// Marks the quotes and backslashes of eight bytes; exact up to the first of them.
#[inline]
pub const fn specials(word: u64) -> u64 {
    zeros(word ^ (ONES * b'"' as u64)) | zeros(word ^ (ONES * b'\\' as u64))
}

/// Eight bytes from `at`, the first one lowest.
#[inline]
pub fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(chunk.try_into().ok()?))
}

/// The next quote or backslash at or after `at`.
#[inline]
pub fn next_special(bytes: &[u8], mut at: usize) -> Option<usize> {
    let near = at + 32;
    while at < near {
        let Some(word) = word_at(bytes, at) else {
            return bytes[at..]
                .iter()
                .position(|b| matches!(b, b'"' | b'\\'))
                .map(|i| at + i);
        };
        let found = specials(word);
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    memchr::memchr2(b'"', b'\\', bytes.get(at..)?).map(|i| at + i)
}

/// The string whose opening quote is at `at`.
///
/// # Errors
/// When it does not end.
#[inline]
pub fn string(bytes: &[u8], at: usize) -> Result<Text, Odd> {
    let start = at + 1;
    let mut escaped = false;
    let mut next = start;
    while let Some(end) = next_special(bytes, next) {
        if bytes[end] == b'"' {
            return Ok(Text {
                start,
                end,
                escaped,
            });
        }
        escaped = true;
        next = end + 2;
        if next > bytes.len() {
            break;
        }
    }
    Err(Odd::Cut)
}

/// The end of the number or word that begins at `at`.
#[inline]
fn scalar(bytes: &[u8], at: usize) -> Result<usize, Odd> {
    let rest = &bytes[at..];
    let len = rest
        .iter()
        .position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
        .unwrap_or(rest.len());
    if len > 0 && matches!(rest[0], b'0'..=b'9' | b'-') {
        return Ok(at + len);
    }
    for word in [&b"true"[..], b"false", b"null"] {
        if rest.starts_with(word) {
            return Ok(at + word.len());
        }
        if word.starts_with(rest) {
            return Err(Odd::Cut);
        }
    }
    Err(Odd::Bad)
}

/// The end of the object or array whose bracket is at `at`.
fn nested(bytes: &[u8], at: usize) -> Result<usize, Odd> {
    let (mut kinds, mut depth, mut at) = (0_u64, 0_u32, at);
    loop {
        match bytes.get(at).ok_or(Odd::Cut)? {
            b'"' => at = string(bytes, at)?.end,
            open @ (b'{' | b'[') => {
                depth += 1;
                if depth <= KINDS {
                    kinds = kinds << 1 | u64::from(*open == b'{');
                }
            }
            close @ (b'}' | b']') => {
                if depth <= KINDS {
                    if (kinds & 1 == 1) != (*close == b'}') {
                        return Err(Odd::Bad);
                    }
                    kinds >>= 1;
                }
                depth -= 1;
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {}
            _ => at = scalar(bytes, at)? - 1,
        }
        at += 1;
    }
}

/// The end of the value that begins at `at`.
///
/// # Errors
/// When it is no value, or does not end.
#[inline]
pub fn value(bytes: &[u8], at: usize) -> Result<usize, Odd> {
    match bytes.get(at).ok_or(Odd::Cut)? {
        b'"' => Ok(string(bytes, at)?.end + 1),
        b'{' | b'[' => nested(bytes, at),
        _ => scalar(bytes, at),
    }
}

/// Where the top level of an object stands while it is walked.
pub struct Fields {
    at: usize,
    first: bool,
}

/// One step of the walk.
pub enum Field {
    /// A key and where its value begins; continue with [`Fields::go_on`].
    Key(Text, usize),
    /// The byte after the closing brace.
    End(usize),
}

impl Fields {
    /// A walk over the object whose brace is at `at`.
    #[inline]
    pub const fn new(at: usize) -> Self {
        Self {
            at: at + 1,
            first: true,
        }
    }

    /// A walk that begins behind a value which ends at `at`.
    pub const fn behind(at: usize) -> Self {
        Self { at, first: false }
    }

    /// The walk goes on at `at`, behind a value.
    #[inline]
    pub const fn go_on(&mut self, at: usize) {
        self.first = false;
        self.at = at;
    }

    /// Where the next key begins, if it stands right here or behind a comma and a space.
    #[inline]
    pub fn peek(&self, bytes: &[u8]) -> Option<usize> {
        let mut at = self.at;
        if !self.first {
            if bytes.get(at) != Some(&b',') {
                return None;
            }
            at += 1;
        }
        at += usize::from(bytes.get(at) == Some(&b' '));
        (bytes.get(at) == Some(&b'"')).then_some(at)
    }

    /// The next key, or the end of the object.
    ///
    /// # Errors
    /// When this is no object, or does not end.
    #[inline]
    pub fn next(&mut self, bytes: &[u8]) -> Result<Field, Odd> {
        let mut at = skip_space(bytes, self.at);
        match bytes.get(at).ok_or(Odd::Cut)? {
            b'}' => return Ok(Field::End(at + 1)),
            b',' if !self.first => at = skip_space(bytes, at + 1),
            b'"' if self.first => {}
            _ => return Err(Odd::Bad),
        }
        self.first = false;
        match bytes.get(at).ok_or(Odd::Cut)? {
            b'"' => {}
            _ => return Err(Odd::Bad),
        }
        let key = string(bytes, at)?;
        at = skip_space(bytes, key.end + 1);
        match bytes.get(at).ok_or(Odd::Cut)? {
            b':' => Ok(Field::Key(key, skip_space(bytes, at + 1))),
            _ => Err(Odd::Bad),
        }
    }
}

/// Appends a string's text to `out`.
///
/// # Errors
/// When it holds a wrong escape.
pub fn decode(bytes: &[u8], string: Text, out: &mut Vec<u8>) -> Result<(), Odd> {
    let mut len = out.len();
    let whole = &bytes[..=string.end];
    let end = unescape(whole, string.start - 1, out, &mut len);
    out.truncate(len);
    end.map(|_| ())
}

/// Reads the escapes of the string whose opening quote is at `at` while passing over it. The text
/// goes to `out[*len..]` and `len` moves on; the answer is the closing quote. On an error `len`
/// stands behind what there was.
///
/// # Errors
/// When the string does not end or holds a wrong escape.
#[inline]
pub fn unescape(bytes: &[u8], at: usize, out: &mut Vec<u8>, len: &mut usize) -> Result<usize, Odd> {
    let mut at = at + 1;
    let mut to = *len;
    // A text is never longer than its escaped form; eight bytes move at once.
    let room = to + bytes.len().saturating_sub(at) + 16;
    if out.len() < room {
        out.resize(room.next_power_of_two(), 0);
    }
    let result = loop {
        let Some(word) = word_at(bytes, at) else {
            break unescape_end(bytes, at, out, &mut to);
        };
        out[to..to + 8].copy_from_slice(&word.to_le_bytes());
        let found = specials(word);
        let run = (found.trailing_zeros() / 8) as usize;
        at += run;
        to += run;
        if found == 0 {
            continue;
        }
        if bytes[at] == b'"' {
            break Ok(at);
        }
        // Most escapes by far are of quotes.
        if let Some(byte @ (b'"' | b'\\')) = bytes.get(at + 1) {
            out[to] = *byte;
            at += 2;
            to += 1;
            continue;
        }
        match escape(bytes, at, &mut out[to..]) {
            Ok((taken, given)) => {
                at += taken;
                to += given;
            }
            Err(odd) => break Err(odd),
        }
    };
    *len = to;
    result
}

/// The same for the last bytes of the input, one by one.
#[cold]
fn unescape_end(bytes: &[u8], mut at: usize, out: &mut [u8], to: &mut usize) -> Result<usize, Odd> {
    loop {
        match bytes.get(at) {
            None => return Err(Odd::Cut),
            Some(b'"') => return Ok(at),
            Some(b'\\') => {
                let (taken, given) = escape(bytes, at, &mut out[*to..])?;
                at += taken;
                *to += given;
            }
            Some(&byte) => {
                out[*to] = byte;
                at += 1;
                *to += 1;
            }
        }
    }
}

/// Reads the escape at `at` into `out`: how many bytes it took and gave.
#[cold]
fn escape(bytes: &[u8], at: usize, out: &mut [u8]) -> Result<(usize, usize), Odd> {
    out[0] = match bytes.get(at + 1).ok_or(Odd::Cut)? {
        byte @ (b'"' | b'\\' | b'/') => *byte,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'u' => return unicode(bytes, at, out),
        _ => return Err(Odd::Bad),
    };
    Ok((2, 1))
}

/// A `\u` escape, or two that make one character. Half a pair becomes U+FFFD.
#[cold]
fn unicode(bytes: &[u8], at: usize, out: &mut [u8]) -> Result<(usize, usize), Odd> {
    let unit = hex(bytes, at + 2)?;
    let (code, taken) = match unit {
        0xD800..0xDC00 => match bytes.get(at + 6..at + 8) {
            Some(b"\\u") => match hex(bytes, at + 8)? {
                low @ 0xDC00..0xE000 => (0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12),
                _ => (0xFFFD, 6),
            },
            _ => (0xFFFD, 6),
        },
        unit => (unit, 6),
    };
    let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Ok((taken, char.encode_utf8(out).len()))
}

fn hex(bytes: &[u8], at: usize) -> Result<u32, Odd> {
    let digits = bytes.get(at..at + 4).ok_or(Odd::Cut)?;
    digits.iter().try_fold(0, |code, digit| {
        let value = char::from(*digit).to_digit(16).ok_or(Odd::Bad)?;
        Ok(code << 4 | value)
    })
}
