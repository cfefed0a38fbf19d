//! The labels that multilog, qmail and svlogd put before each line: `@4000000069b4f96f0f62f700`.
//!
//! Sixteen hex digits count seconds of TAI from 2^62, eight count nanoseconds (D. J. Bernstein, "TAI64,
//! TAI64N, and TAI64NA"). Whoever writes them adds ten seconds to the time of the system and no leap
//! second, so that is what is taken off.

use super::notation::Reading;

/// The seconds of a label at 1970-01-01T00:00:00Z, as its writers count.
const EPOCH: i64 = (1 << 62) + 10;
/// With its mark.
const LENGTH: usize = 25;

/// The label at the beginning of `bytes`, and where it ends.
pub fn read(bytes: &[u8]) -> Option<(Reading, usize)> {
    let label = bytes.get(..LENGTH)?.strip_prefix(b"@")?;
    let label = std::str::from_utf8(label).ok()?;
    let seconds = i64::from_str_radix(&label[..16], 16).ok()? - EPOCH;
    let nanos = i64::from_str_radix(&label[16..], 16).ok()?;
    let sound = (0..1 << 40).contains(&seconds) && (0..1_000_000_000).contains(&nanos);
    let ends = bytes.get(LENGTH).is_none_or(u8::is_ascii_whitespace);
    (sound && ends).then(|| {
        (
            Reading::of_epoch(seconds * 1000 + nanos / 1_000_000),
            LENGTH,
        )
    })
}
