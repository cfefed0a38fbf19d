//! One log event as lines to show: as its origin has it, and readable.
//!
//! JSON is only indented, never parsed and written again: a repeated key, an odd number, the order of
//! fields all stay as they are. Everything is made safe here, once, not at each frame.

use serde::de::IgnoredAny;
use unicode_width::UnicodeWidthChar;

use crate::domain::mask::Mask;
use crate::domain::safe::{safe, safe_bytes};
use crate::sources::texts::RawEvent;

/// More of one event than this is not shown; how much is left out is said.
const MAX_BYTES: usize = 256 * 1024;

/// The two forms of a log event. Every line is safe to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogText {
    /// As it stands in the file or page.
    pub raw: Vec<String>,
    /// The event's text, JSON indented.
    pub readable: Vec<String>,
    /// The event's text as it is: to be kept or copied, never to be shown.
    pub text: String,
    /// Whether the readable form is JSON (then keys and values are told apart).
    pub json: bool,
}

impl LogText {
    /// Prepares an event.
    #[must_use]
    pub fn new(event: &RawEvent, mask: Option<&Mask>) -> Self {
        let text = String::from_utf8_lossy(cut(&event.text).0);
        let indented = indent(&text);
        let json = indented.is_some();
        let mut readable = match indented {
            Some(lines) => match mask {
                // The lines together: a name and its value must not be torn apart.
                Some(mask) => made_safe(mask.mask(&lines.join("\n")).split('\n')),
                None => made_safe(lines.iter().map(String::as_str)),
            },
            None => shown(&event.text, mask),
        };
        if json {
            note_cut(&mut readable, &event.text);
        }
        Self {
            raw: shown(&event.raw, mask),
            readable,
            text: mask.map_or_else(
                || text.clone().into_owned(),
                |mask| String::from_utf8_lossy(&mask.mask_bytes(&event.text)).into_owned(),
            ),
            json,
        }
    }

    /// The lines of one form.
    #[must_use]
    pub fn lines(&self, raw: bool) -> &[String] {
        if raw { &self.raw } else { &self.readable }
    }

    /// How many rows it takes at a width.
    #[must_use]
    pub fn rows(&self, raw: bool, width: usize) -> usize {
        self.lines(raw)
            .iter()
            .map(|line| wrap(line, width).count())
            .sum()
    }
}

/// A line cut into pieces of at most `width` columns. Never empty.
pub fn wrap(line: &str, width: usize) -> impl Iterator<Item = &str> {
    let width = width.max(1);
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        let mut used = 0;
        for (at, c) in line.char_indices() {
            let columns = c.width().unwrap_or(0);
            if used + columns > width && at > 0 {
                let (head, tail) = line.split_at(at);
                rest = Some(tail);
                return Some(head);
            }
            used += columns;
        }
        Some(line)
    })
}

fn cut(bytes: &[u8]) -> (&[u8], usize) {
    let shown = bytes.len().min(MAX_BYTES);
    (&bytes[..shown], bytes.len() - shown)
}

fn made_safe<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    lines.map(|line| safe(line).into_owned()).collect()
}

/// The lines of a text, masked whole before anything is cut off.
fn shown(bytes: &[u8], mask: Option<&Mask>) -> Vec<String> {
    match mask {
        Some(mask) => lines(&mask.mask_bytes(bytes)),
        None => lines(bytes),
    }
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let mut lines: Vec<_> = cut(bytes)
        .0
        .split(|b| *b == b'\n')
        .map(|line| safe_bytes(line.strip_suffix(b"\r").unwrap_or(line)))
        .collect();
    note_cut(&mut lines, bytes);
    lines
}

fn note_cut(lines: &mut Vec<String>, bytes: &[u8]) {
    let more = cut(bytes).1;
    if more > 0 {
        lines.push(format!("… {more} more bytes are not shown"));
    }
}

/// Indents the JSON that a text is or ends in, token by token; `None` where there is none.
fn indent(text: &str) -> Option<Vec<String>> {
    let start = text.find('{')?;
    let (head, json) = text.split_at(start);
    serde_json::from_str::<IgnoredAny>(json).ok()?;
    let mut out = Indenter::default();
    if !head.trim().is_empty() {
        out.lines.push(head.trim_end().to_owned());
    }
    let mut in_string = false;
    let mut escaped = false;
    for c in json.chars() {
        if in_string {
            out.line.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else {
            in_string = c == '"';
            out.token(c);
        }
    }
    out.end_line();
    Some(out.lines)
}

#[derive(Default)]
struct Indenter {
    lines: Vec<String>,
    line: String,
    depth: usize,
    opened: bool,
}

impl Indenter {
    fn token(&mut self, c: char) {
        match c {
            '{' | '[' => {
                self.line.push(c);
                self.depth += 1;
                self.end_line();
                self.opened = true;
                return;
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.opened {
                    self.join();
                } else {
                    self.end_line();
                }
                self.line.push(c);
            }
            ',' => {
                self.line.push(c);
                self.end_line();
            }
            ':' => self.line.push_str(": "),
            c if c.is_ascii_whitespace() => return,
            c => self.line.push(c),
        }
        self.opened = false;
    }

    /// An empty object or array stays on one line.
    fn join(&mut self) {
        self.line = self.lines.pop().unwrap_or_default();
    }

    fn end_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        // Deep nesting must not push everything off the screen.
        self.line = "  ".repeat(self.depth.min(16));
    }
}
