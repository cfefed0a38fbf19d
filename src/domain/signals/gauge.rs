//! Numbers in a line that tell of a resource: how full, how deep, how long.
//!
//! The list of what counts as a resource is here and nowhere else. Reads `key=number`, `"key": number`,
//! `key=number/limit`, and what Lambda reports of an invocation; understands no other sentence.

use std::sync::LazyLock;

use super::needles::{Needle, Needles};
use super::view::Amount;

/// A key of which a part is one of these tells of a resource: `heap_used_mb`, `queueDepth`, `in-flight`.
const RESOURCES: [&[u8]; 15] = [
    b"mem",
    b"memory",
    b"heap",
    b"rss",
    b"inflight",
    b"flight",
    b"depth",
    b"backlog",
    b"queue",
    b"pool",
    b"lag",
    b"cpu",
    b"connections",
    b"conns",
    b"free",
];

/// A key that ends so names something.
const NAMES: [&[u8]; 6] = [b"id", b"port", b"index", b"name", b"version", b"time"];

/// What finding a needle means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Hint {
    /// It may be part of the key of a resource.
    Key,
    /// Lambda tells of an invocation or of a start, as JSON.
    Platform,
    /// A process may say that it starts; see `start`.
    Start(Start),
}

/// The words of a process that starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Start {
    /// Enough by themselves.
    Certain,
    /// With the time it took.
    Started,
    /// With a version.
    Starting,
}

use Hint::Key;

pub(super) static NEEDLES: LazyLock<Needles<Hint>> = LazyLock::new(|| {
    Needles::new(&[
        ("m", "emory", Key),
        ("", "heap", Key),
        ("", "Heap", Key),
        ("f", "light", Key),
        ("d", "epth", Key),
        ("b", "acklog", Key),
        ("qu", "eue=", Key),
        ("qu", "eue\"", Key),
        ("qu", "eue_", Key),
        ("qu", "eueS", Key),
        ("", "pool", Key),
        ("", "Pool", Key),
        ("c", "onnections", Key),
        ("", "free=", Key),
        ("", "free\"", Key),
        ("", "free_", Key),
        ("", "lag=", Key),
        ("", "lag\"", Key),
        ("", "lag_", Key),
        ("", "Lag\"", Key),
        ("", "cpu=", Key),
        ("", "cpu\"", Key),
        ("", "cpu_", Key),
        ("", "cpuP", Key),
        ("", "mem=", Key),
        ("", "mem\"", Key),
        ("", "mem_", Key),
        ("", "memU", Key),
        ("", "rss=", Key),
        ("", "rss\"", Key),
        ("", "rss_", Key),
        ("pla", "tform.", Hint::Platform),
        ("l", "istening on", Hint::Start(Start::Certain)),
        ("", "Started ", Hint::Start(Start::Started)),
        ("", "Starting ", Hint::Start(Start::Starting)),
    ])
});

/// A key is no longer, in bytes.
const LONGEST_KEY: usize = 48;

/// One number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Measure<'a> {
    pub(super) key: &'a [u8],
    pub(super) amount: Amount,
    pub(super) limit: Option<Amount>,
    /// Where what follows it begins.
    pub(super) end: usize,
}

/// The number of the key that a needle is part of.
pub(super) fn measure(text: &[u8], needle: Needle<Hint>) -> Option<Measure<'_>> {
    let head = text[..needle.start].iter().rev();
    let start = needle.start - head.take(LONGEST_KEY).take_while(|b| in_key(**b)).count();
    let tail = text[start..].iter().take(LONGEST_KEY + 1);
    let key = &text[start..start + tail.take_while(|b| in_key(**b)).count()];
    if key.len() > LONGEST_KEY || !is_resource(key) {
        return None;
    }
    let rest = behind_key(&text[start + key.len()..])?;
    let (amount, rest) = number(rest)?;
    let limit = rest
        .strip_prefix(b"/")
        .or_else(|| rest.strip_prefix(b" of "));
    let limit = limit.and_then(number);
    let rest = limit.map_or(rest, |(_, rest)| rest);
    let goes_on = |b: &u8| in_key(*b) || matches!(b, b':' | b'/');
    let is_end = match rest {
        [] | [b'.'] => true,
        [b'.', more, ..] => more.is_ascii_whitespace(),
        [first, ..] => !goes_on(first),
    };
    is_end.then_some(Measure {
        key,
        amount,
        limit: limit.map(|(limit, _)| limit),
        end: text.len() - rest.len(),
    })
}

/// What Lambda reports of one invocation: memory with its limit in MB, durations in milliseconds. Text
/// and JSON give the same keys.
pub(super) fn report(text: &[u8], json: bool) -> impl Iterator<Item = Measure<'static>> {
    let names: [&[u8]; 4] = if json {
        [
            b"\"maxMemoryUsedMB\":",
            b"\"memorySizeMB\":",
            b"\"durationMs\":",
            b"\"initDurationMs\":",
        ]
    } else {
        [
            b"Max Memory Used: ",
            b"Memory Size: ",
            b"\tDuration: ",
            b"Init Duration: ",
        ]
    };
    let find = |name: &[u8]| {
        let at = memchr::memmem::find(text, name)? + name.len();
        // The unit is known from the name.
        plain_number(text[at..].trim_ascii_start()).map(|(value, _)| Amount(value))
    };
    let [used, size, took, start] = names.map(find);
    let measured = [
        (&b"max_memory_used_mb"[..], used, size),
        (b"duration_ms", took, None),
        (b"init_duration_ms", start, None),
    ];
    measured.into_iter().filter_map(|(key, amount, limit)| {
        Some(Measure {
            key,
            amount: amount?,
            limit,
            end: 0,
        })
    })
}

const fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_resource(key: &[u8]) -> bool {
    let (mut any, mut last) = (false, &b""[..]);
    for part in parts(key) {
        if part.iter().all(u8::is_ascii_digit) {
            return false;
        }
        any |= RESOURCES.iter().any(|r| r.eq_ignore_ascii_case(part));
        last = part;
    }
    any && !NAMES.iter().any(|n| n.eq_ignore_ascii_case(last))
}

/// The words of a key: apart by punctuation, or by a capital behind a small letter.
fn parts(key: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = key.split(|b| !b.is_ascii_alphanumeric());
    words
        .flat_map(|w| w.chunk_by(|a, b| !(a.is_ascii_lowercase() && b.is_ascii_uppercase())))
        .filter(|part| !part.is_empty())
}

/// What stands behind the key and its sign.
fn behind_key(rest: &[u8]) -> Option<&[u8]> {
    let rest = strip_quote(rest).trim_ascii_start();
    let [b'=' | b':', rest @ ..] = rest else {
        return None;
    };
    Some(strip_quote(rest.trim_ascii_start()))
}

/// Also one that is escaped: JSON often stands in a string.
fn strip_quote(rest: &[u8]) -> &[u8] {
    let bare = rest.strip_prefix(b"\\").unwrap_or(rest);
    bare.strip_prefix(b"\"").unwrap_or(rest)
}

/// A number with its unit, and what follows. Bytes are told in MB, times in milliseconds.
fn number(text: &[u8]) -> Option<(Amount, &[u8])> {
    let (value, rest) = plain_number(text)?;
    let spaced = rest.strip_prefix(b" ");
    let word = |rest: &[u8]| {
        rest.iter()
            .take_while(|b| b.is_ascii_alphabetic() || **b == b'%')
            .count()
    };
    let (unit, behind) = rest.split_at(word(rest));
    if unit.is_empty() {
        // Behind a space, only what can be nothing else is a unit.
        let far = spaced.map(|rest| rest.split_at(word(rest)));
        return Some(match far {
            Some((unit, behind)) if unit.ends_with(b"B") || unit == b"ms" => {
                (scaled(value, scale(unit)?), behind)
            }
            _ => (Amount(value), rest),
        });
    }
    Some((scaled(value, scale(unit)?), behind))
}

/// A number in thousandths, and what follows.
fn plain_number(text: &[u8]) -> Option<(i64, &[u8])> {
    let (minus, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let whole = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if whole == 0 || whole > 18 {
        return None;
    }
    let (whole, mut rest) = digits.split_at(whole);
    let mut value = whole
        .iter()
        .fold(0_i64, |n, d| n * 10 + i64::from(d - b'0'));
    value = value.saturating_mul(1000);
    if let [b'.', fraction @ ..] = rest {
        let len = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if len > 0 {
            let mut unit = 100;
            for digit in &fraction[..len.min(3)] {
                value = value.saturating_add(i64::from(digit - b'0') * unit);
                unit /= 10;
            }
            rest = &fraction[len..];
        }
    }
    Some((if minus { -value } else { value }, rest))
}

/// How much of MB or of a millisecond a unit is, as numerator and denominator.
fn scale(unit: &[u8]) -> Option<(i64, i64)> {
    Some(match unit {
        b"%" | b"ms" | b"M" | b"MB" | b"MiB" | b"Mi" | b"mb" => (1, 1),
        b"B" | b"bytes" => (1, 1 << 20),
        b"K" | b"k" | b"KB" | b"kB" | b"KiB" | b"Ki" | b"kb" => (1, 1 << 10),
        b"G" | b"GB" | b"GiB" | b"Gi" | b"gb" => (1 << 10, 1),
        b"T" | b"TB" | b"TiB" | b"Ti" => (1 << 20, 1),
        b"s" | b"sec" => (1000, 1),
        b"us" => (1, 1000),
        _ => return None,
    })
}

fn scaled(value: i64, (times, by): (i64, i64)) -> Amount {
    Amount(value.saturating_mul(times) / by)
}
