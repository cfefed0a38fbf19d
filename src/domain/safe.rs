//! Log text made safe to show: nothing in it may command a terminal, reorder a line, or hide.
//!
//! Log text is written by strangers. Every screen and every report passes it through here first, so
//! that an escape sequence is read as characters and never obeyed. It only escapes; it never cuts.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// More marks than this on one character are a tower, not a language.
const MAX_MARKS: usize = 3;

/// One line of text in which every character is visible and stays where it is.
///
/// Controls become their pictures (`␛`, `␍`, `␊`), and what has no picture or no width of its own
/// becomes its code point (`<U+202E>`): C1 controls, bidirectional controls, zero-width and other
/// default-ignorable characters, separators of lines, and combining marks without a base or piled up.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut marks = MAX_MARKS;
    for c in text.chars() {
        marks = push(&mut out, c, marks);
    }
    Cow::Owned(out)
}

/// The same for bytes that should be UTF-8: a byte that is not becomes `\xNN`.
#[must_use]
pub fn safe_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&safe(chunk.valid()));
        for byte in chunk.invalid() {
            let _infallible = write!(out, "\\x{byte:02X}");
        }
    }
    out
}

/// Whether a character may be shown as it is (combining marks need a base, which [`safe`] sees to).
#[must_use]
pub fn is_safe(c: char) -> bool {
    !c.is_control() && !is_invisible(c)
}

/// Appends one character; returns how many combining marks now stand on the newest base.
fn push(out: &mut String, c: char, marks: usize) -> usize {
    match c {
        '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + u32::from(c))),
        '\x7f' => out.push('\u{2421}'),
        _ if !is_safe(c) => escape(out, c),
        _ if c.width() == Some(0) => {
            if marks >= MAX_MARKS {
                escape(out, c);
                return marks;
            }
            out.push(c);
            return marks + 1;
        }
        _ => out.push(c),
    }
    0
}

fn escape(out: &mut String, c: char) {
    let _infallible = write!(out, "<U+{:04X}>", u32::from(c));
}

/// Characters that show nothing, move others, or end a line: Unicode's `Default_Ignorable_Code_Point`,
/// `Bidi_Control`, the line and paragraph separators, and the annotation controls (Unicode 16).
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
