//! What a platform says of its own, in its own words: that an invocation began, ended, and what it cost.
//! An invocation is no message: it may carry several, or none to keep it warm.

use std::sync::LazyLock;

use memchr::memmem::Finder;

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

/// Whether a text is the platform's own.
pub(super) fn says(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(BEFORE)];
    FINDERS.iter().any(|begin| {
        let at = begin.find(head.as_bytes());
        at.is_some_and(|at| at == 0 || head[..at].ends_with([' ', '\t']))
    })
}
