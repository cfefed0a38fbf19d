//! Values that carry the name of a trace among others: `traceparent` (W3C Trace Context) and `b3` (Zipkin).
//! Their span differs from line to line, so only a part of them names anything.

/// The trace of a value, and what stands right before it within the value.
pub(super) fn within(value: &str) -> Option<(&str, &str)> {
    let parts: Vec<&str> = value.split('-').take(5).collect();
    match parts.as_slice() {
        [version, trace, span, flags] if is_hex(version, &[2]) => {
            let whole = is_hex(trace, &[32]) && is_hex(span, &[16]) && is_hex(flags, &[2]);
            whole.then(|| (&value[..3], *trace))
        }
        [trace, span, rest @ ..] => {
            let sampled = rest.first().is_none_or(|s| matches!(*s, "0" | "1" | "d"));
            let parent = rest.get(1).is_none_or(|parent| is_hex(parent, &[16]));
            let whole = is_hex(trace, &[16, 32]) && is_hex(span, &[16]);
            (whole && sampled && parent && rest.len() < 3).then_some(("", *trace))
        }
        _ => None,
    }
}

fn is_hex(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}
