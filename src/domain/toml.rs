//! Words as TOML has them, for whoever writes a configuration or a part of one.

use std::fmt::Write as _;

use super::safe::is_safe;

/// A text as TOML has it, on one line, with everything visible that is in it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_safe(c) => out.push(c),
            c => {
                let _infallible = write!(out, "\\U{:08X}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// A TOML key: bare where it may be.
#[must_use]
pub fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}
