//! Paths with captures: `logs/{env}/{region}/{group}.jsonl` beside ordinary glob syntax.

use globset::GlobBuilder;
use regex::bytes::{Regex, RegexBuilder};

/// Characters that stand for the captures while the glob is compiled; no path holds them.
const CAPTURES: [(&str, char, &str); 3] = [
    ("{env}", '\u{F0000}', "env"),
    ("{region}", '\u{F0001}', "region"),
    ("{group}", '\u{F0002}', "group"),
];

/// What a path gave away about its source.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Captured {
    /// Environment.
    pub env: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Log group.
    pub group: Option<String>,
}

/// A compiled path.
pub struct PathPattern {
    regex: Regex,
}

/// Whether a path is a pattern at all.
pub fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The part of a pattern before its first variable component: where to begin to look.
pub fn fixed_part(path: &str) -> &str {
    let variable = path.find(['*', '?', '[', '{']).unwrap_or(path.len());
    path[..variable]
        .rfind('/')
        .map_or("", |slash| &path[..=slash])
}

impl PathPattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Says what is wrong with it, in one line.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let mut glob = pattern.to_owned();
        for (name, stand_in, _) in CAPTURES {
            glob = glob.replace(name, &stand_in.to_string());
        }
        let glob = GlobBuilder::new(&glob)
            .literal_separator(true)
            .build()
            .map_err(|error| error.kind().to_string())?;
        let mut regex = glob.regex().to_owned();
        for (_, stand_in, name) in CAPTURES {
            let escaped = escape(stand_in);
            regex = regex.replacen(&escaped, &format!("(?P<{name}>[^/]+?)"), 1);
            regex = regex.replace(&escaped, "[^/]+?");
        }
        let regex = RegexBuilder::new(&regex)
            .dot_matches_new_line(true)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { regex })
    }

    /// What a path gives, if it matches.
    pub fn captures(&self, path: &str) -> Option<Captured> {
        let found = self.regex.captures(path.as_bytes())?;
        let get = |name| {
            let text = found.name(name)?.as_bytes();
            Some(String::from_utf8_lossy(text).into_owned())
        };
        Some(Captured {
            env: get("env"),
            region: get("region"),
            group: get("group"),
        })
    }
}

/// A character as globset writes it into its expression.
fn escape(char: char) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in char.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(text, "\\x{byte:02x}");
    }
    text
}
