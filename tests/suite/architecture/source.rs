//! A source file as the architecture test sees it: its code, and the paths that it names.
//!
//! A small reader instead of a compiler: it strips comments and texts, cuts off the unit tests at the
//! end, and expands `use` trees. It does not see through macros or renamed modules; none are used.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// `use a::{b, c};`
static USES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\buse\s+([^;]+);").unwrap());
/// `a::b::c`
static INLINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[A-Za-z_]\w*(?:\s*::\s*[A-Za-z_]\w*)+").unwrap());

/// One source file.
pub(super) struct Source {
    /// `config/when.rs`, relative to `src`.
    pub(super) file: String,
    /// As it stands.
    pub(super) text: String,
    /// Without comments; unit tests cut off. Lines stay where they are.
    pub(super) code: String,
    /// The same without the contents of texts.
    pub(super) bare: String,
    /// `["config", "when"]`; empty for the root.
    pub(super) module: Vec<String>,
}

/// A path named in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// From 1.
    pub(super) line: usize,
    /// Its segments, as written: `crate`, `config`, `when`, `parse`.
    pub(super) path: Vec<String>,
}

impl Source {
    pub(super) fn new(file: &str, text: &str) -> Self {
        let (code, bare) = strip(text);
        // Unit tests stand at the end of a file by convention.
        let end = bare.find("#[cfg(test)]").unwrap_or(bare.len());
        let mut module: Vec<String> = file
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if ["lib", "main"].contains(&module[0].as_str()) && module.len() == 1 {
            module.clear();
        }
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            // Both have the same length: what is left out is replaced by blanks.
            code: code[..end].to_owned(),
            bare: bare[..end].to_owned(),
            module,
        }
    }

    /// Every path that the code names.
    pub(super) fn named(&self) -> Vec<Named> {
        let mut found = Vec::new();
        let mut rest = self.bare.clone().into_bytes();
        for all in USES.captures_iter(&self.bare) {
            let tree = all.get(1).unwrap();
            let mut paths = Vec::new();
            expand(tree.as_str(), tree.start(), &[], &mut paths);
            found.extend(paths.into_iter().map(|(at, path)| Named {
                line: line_of(&self.bare, at),
                path,
            }));
            let whole = all.get(0).unwrap();
            for byte in &mut rest[whole.range()] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        let rest = String::from_utf8(rest).unwrap();
        found.extend(INLINE.find_iter(&rest).map(|path| {
            Named {
                line: line_of(&rest, path.start()),
                path: path
                    .as_str()
                    .split("::")
                    .map(|s| s.trim().to_owned())
                    .collect(),
            }
        }));
        found
    }

    /// The absolute module path that a named path means, if it lies in this crate.
    pub(super) fn absolute(
        &self,
        named: &[String],
        modules: &BTreeSet<Vec<String>>,
    ) -> Option<Vec<String>> {
        let mut base: Vec<String>;
        let mut rest = named;
        match named.first()?.as_str() {
            "crate" => {
                base = Vec::new();
                rest = &rest[1..];
            }
            "lastseen" if self.file == "main.rs" => {
                base = Vec::new();
                rest = &rest[1..];
            }
            "self" => {
                base = self.module.clone();
                rest = &rest[1..];
            }
            "super" => {
                base = self.module.clone();
                while rest.first().is_some_and(|s| s == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            child => {
                base = self.module.clone();
                base.push(child.to_owned());
                if !modules.contains(&base) {
                    return None;
                }
                rest = &rest[1..];
            }
        }
        for segment in rest {
            base.push(segment.clone());
            if !modules.contains(&base) {
                base.pop();
                break;
            }
        }
        Some(base)
    }
}

/// Line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The paths of a `use` tree, each with its position.
fn expand(tree: &str, at: usize, before: &[String], out: &mut Vec<(usize, Vec<String>)>) {
    let Some(open) = tree.find('{') else {
        let plain = tree.split(" as ").next().unwrap_or(tree);
        let mut path = before.to_vec();
        path.extend(
            plain
                .split("::")
                .map(str::trim)
                .filter(|s| !s.is_empty() && *s != "*")
                .map(str::to_owned),
        );
        let offset = tree.len() - tree.trim_start().len();
        if path.len() > before.len() {
            out.push((at + offset, path));
        }
        return;
    };
    let mut path = before.to_vec();
    path.extend(
        tree[..open]
            .split("::")
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(str::to_owned),
    );
    let close = tree.rfind('}').unwrap_or(tree.len());
    let inner = &tree[open + 1..close];
    let (mut depth, mut start) = (0, 0);
    for (index, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[start..index], at + open + 1 + start, &path, out);
                start = index + 1;
            }
            _ => {}
        }
    }
}

/// The text without comments, and the same without the contents of texts; every byte left out is a
/// blank, so that positions stay.
fn strip(text: &str) -> (String, String) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut bare = bytes.to_vec();
    let blank = |out: &mut Vec<u8>, from: usize, to: usize| {
        for byte in &mut out[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            let end = at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            blank(&mut code, at, end);
            end
        } else if rest.starts_with(b"/*") {
            let end = at + block_comment(rest);
            blank(&mut code, at, end);
            end
        } else if let Some(length) = literal(rest, at.checked_sub(1).map(|i| bytes[i])) {
            at + length
        } else {
            at += 1;
            continue;
        };
        blank(&mut bare, at, end);
        at = end;
    }
    (
        String::from_utf8(code).unwrap(),
        String::from_utf8(bare).unwrap(),
    )
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// Length of the text or character that begins here; `before` is the byte before it.
fn literal(rest: &[u8], before: Option<u8>) -> Option<usize> {
    match rest[0] {
        b'"' => {
            let mut at = 1;
            while at < rest.len() && rest[at] != b'"' {
                at += if rest[at] == b'\\' { 2 } else { 1 };
            }
            Some((at + 1).min(rest.len()))
        }
        b'r' if !before.is_some_and(|b| b.is_ascii_alphanumeric() && b != b'b' || b == b'_') => {
            let hashes = rest[1..].iter().take_while(|b| **b == b'#').count();
            if rest.get(1 + hashes) != Some(&b'"') {
                return None;
            }
            let close = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
            let start = 2 + hashes;
            let body = rest[start..].windows(close.len()).position(|w| w == close);
            Some(body.map_or(rest.len(), |body| start + body + close.len()))
        }
        b'\'' => {
            // A character, unless it is a lifetime.
            let text = std::str::from_utf8(&rest[1..rest.len().min(12)]);
            let text =
                text.unwrap_or_else(|e| std::str::from_utf8(&rest[1..=e.valid_up_to()]).unwrap());
            if text.starts_with('\\') {
                let end = rest[3..].iter().position(|b| *b == b'\'')?;
                return Some(end + 4);
            }
            let first = text.chars().next()?.len_utf8();
            (rest.get(1 + first) == Some(&b'\'')).then_some(first + 2)
        }
        _ => None,
    }
}
