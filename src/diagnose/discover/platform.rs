//! What a platform says of its own, in its own words: that an invocation began, ended, and what it cost.
//! An invocation is no message: it may carry several, or none to keep it warm.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::shape::Class;

/// How such lines begin; exports put the time and the stream before.
const BEGINS: [&str; 5] = [
    "START RequestId: ",
    "END RequestId: ",
    "REPORT RequestId: ",
    "INIT_START ",
    "XRAY TraceId: ",
];
static FINDERS: LazyLock<[Finder<'_>; 5]> = LazyLock::new(|| BEGINS.map(Finder::new));
/// So much is looked at, in bytes.
const BEFORE: usize = 140;

/// What stands before the name of an invocation: in the platform's own lines, and in what a function says.
const BEFORE_NAME: [&str; 2] = ["RequestId: ", "Z\t"];
static NAME_FINDERS: LazyLock<[Finder<'_>; 2]> = LazyLock::new(|| BEFORE_NAME.map(Finder::new));
/// So long is the name of an invocation.
const NAME: usize = 36;

/// The invocation that a line is of, as a runtime writes it: `START RequestId: ...`, or
/// `2026-03-14T07:59:56.858Z<tab>bdb939b6-...<tab>INFO<tab>...`.
pub(super) fn invocation(text: &str) -> Option<&str> {
    let head = &text[..text.floor_char_boundary(BEFORE)];
    NAME_FINDERS.iter().find_map(|before| {
        let from = before.find(head.as_bytes())? + before.needle().len();
        let name = text.get(from..from + NAME)?;
        let end = text[from + NAME..].chars().next();
        (Class::of(name) == Class::Uuid && end.is_none_or(char::is_whitespace)).then_some(name)
    })
}

/// Whether a text is the platform's own.
pub(super) fn says(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(BEFORE)];
    FINDERS.iter().any(|begin| {
        let at = begin.find(head.as_bytes());
        at.is_some_and(|at| at == 0 || head[..at].ends_with([' ', '\t']))
    })
}
