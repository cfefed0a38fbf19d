//! Filter patterns, as far as they are needed: terms, quoted or not, wanted (`a`), of which one is
//! wanted (`?a`), or unwanted (`-a`); a regular expression (`%a|b%`). Case counts, as in the service.

use regex::Regex;

/// A pattern that is understood.
#[derive(Default)]
pub(super) struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
    regex: Option<Regex>,
}

impl Pattern {
    /// Reads it; `None` where it is another kind, or longer than the service takes.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut pattern = Self::default();
        let mut rest = text.trim_start();
        if let Some(regex) = rest.strip_prefix('%').and_then(|r| r.strip_suffix('%')) {
            // What the service takes, but for operators.
            let plain = |c: char| c.is_ascii_alphanumeric() || ":_#=@/;,-|".contains(c);
            pattern.regex = Some(
                Regex::new(regex)
                    .ok()
                    .filter(|_| regex.chars().all(plain))?,
            );
            return Some(pattern);
        }
        if text.len() > 1024 || rest.starts_with(['{', '[', '%']) {
            return None;
        }
        while let Some(first) = rest.chars().next() {
            let list = match first {
                '?' => &mut pattern.any,
                '-' => &mut pattern.none,
                _ => &mut pattern.all,
            };
            rest = rest.strip_prefix(['?', '-']).unwrap_or(rest);
            let (term, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_at(rest.find(' ').unwrap_or(rest.len())),
            };
            list.push(term.to_owned());
            rest = after.trim_start();
        }
        Some(pattern)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        self.regex
            .as_ref()
            .is_none_or(|regex| regex.is_match(message))
            && self.all.iter().all(|term| message.contains(term))
            && (self.any.is_empty() || self.any.iter().any(|term| message.contains(term)))
            && !self.none.iter().any(|term| message.contains(term))
    }
}
