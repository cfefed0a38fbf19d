//! Values that a text begins with, behind nothing but the time it was written: what stands before such a
//! value says nothing, so that the beginning itself is the way to find it. Else it would be looked for in
//! the whole line, and in every field of an object, where any number looks like it.
//!
//! Nothing is taken for an ID here: such values are judged like any others.

use super::lines::{Key, Lines, Stands};

impl Lines {
    /// The value that a text begins with is found there and nowhere else.
    pub(super) fn lead(&mut self, text: &str, path: &str, out: &mut [(u32, u32)]) {
        let Some((behind, word)) = word(text) else {
            return;
        };
        let bare =
            |key: &Key| matches!(key, Key::Behind(text) if text.trim_matches(' ').is_empty());
        let first = out
            .iter_mut()
            .find(|(key, value)| bare(self.keys.of(*key)) && begins(word, self.values.of(*value)));
        if let Some((key, _)) = first {
            *key = self.keys.intern((Stands::First, &place(behind, path)));
        }
    }
}

/// The first word of a text that is no time, and how many words stand before it.
fn word(text: &str) -> Option<(usize, &str)> {
    let mut words = text.split_whitespace().enumerate();
    words.find(|(_, word)| !is_time(word))
}

/// Whether a word is this value, with nothing but a sign behind it.
fn begins(word: &str, value: &str) -> bool {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    word.strip_prefix(value).is_some_and(|rest| !goes_on(rest))
}

/// A part of a time or of a zone.
fn is_time(word: &str) -> bool {
    let sign = |c: char| matches!(c, '-' | ':' | '.' | ',' | '/' | '+');
    let of_time = |c: char| c.is_ascii_digit() || sign(c) || matches!(c, 'T' | 'Z');
    word.contains(sign) && word.chars().all(of_time)
}

/// The key of what stands behind so many words, in the text of a field or in the line itself.
fn place(behind: usize, path: &str) -> String {
    format!("{behind} {path}")
}

/// The field of a key, if it has one.
pub(super) fn path(key: &str) -> Option<String> {
    let (_, path) = key.split_once(' ')?;
    (!path.is_empty()).then(|| path.to_owned())
}

/// How values are found that look like `values`.
pub(super) fn selector(key: &str, values: &str) -> String {
    let behind = match key.split(' ').next() {
        None | Some("0") => String::new(),
        Some("1") => "\\S+\\s+".to_owned(),
        Some(more) => format!("(?:\\S+\\s+){{{more}}}"),
    };
    format!("^\\s*{behind}(?<id>{values})\\b")
}
