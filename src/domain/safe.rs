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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_untouched() {
        assert!(matches!(
            safe("plain {\"a\":1}"),
            Cow::Borrowed("plain {\"a\":1}")
        ));
        assert_eq!(safe("größer 注文 🚀"), "größer 注文 🚀");
        assert_eq!(safe("e\u{301}"), "e\u{301}");
    }

    #[test]
    fn controls_become_pictures() {
        assert_eq!(safe("\x1b[31mred\r\n\x07\x7f"), "␛[31mred␍␊␇␡");
        assert_eq!(safe("\u{9b}2J"), "<U+009B>2J");
    }

    #[test]
    fn what_hides_or_reorders_is_named() {
        assert_eq!(safe("a\u{202e}b\u{2066}c"), "a<U+202E>b<U+2066>c");
        assert_eq!(safe("a\u{200b}\u{feff}"), "a<U+200B><U+FEFF>");
        assert_eq!(safe("x\u{e0041}"), "x<U+E0041>");
        assert_eq!(safe("a\u{2028}b"), "a<U+2028>b");
    }

    #[test]
    fn marks_need_a_base_and_do_not_pile_up() {
        assert_eq!(safe("\u{301}a"), "<U+0301>a");
        let tower = format!("a{}", "\u{301}".repeat(5));
        assert_eq!(safe(&tower), "a\u{301}\u{301}\u{301}<U+0301><U+0301>");
    }

    #[test]
    fn bytes_that_are_not_text_are_shown_as_numbers() {
        assert_eq!(safe_bytes(b"ok\xff\x00"), "ok\\xFF␀");
    }
}
