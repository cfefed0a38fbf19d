//! What a platform says of its own, in its own words: that an invocation began, ended, and what it cost.
//! An invocation is no message: it may carry several, or none to keep it warm.

/// How such lines begin; exports put the time and the stream before.
const BEGINS: [&str; 5] = [
    "START RequestId: ",
    "END RequestId: ",
    "REPORT RequestId: ",
    "INIT_START ",
    "XRAY TraceId: ",
];
/// So much is looked at, in bytes.
const BEFORE: usize = 140;

/// Whether a text is the platform's own.
pub(super) fn says(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(BEFORE)];
    BEGINS.iter().any(|begin| {
        let at = head.find(begin);
        at.is_some_and(|at| at == 0 || head[..at].ends_with([' ', '\t']))
    })
}
