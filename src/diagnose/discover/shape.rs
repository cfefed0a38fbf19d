//! What values look like: whether one can be an ID, and which pattern means all of a kind.

use std::fmt::Write as _;

/// Values of at most so many signs may as well be of any length.
const FEW: usize = 6;

/// What a value could be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Class {
    /// 8-4-4-4-12 hex digits.
    Uuid,
    /// So many hex digits.
    Hex,
    /// Digits alone.
    Digits,
    /// Letters and digits, perhaps with a prefix.
    Mixed,
    /// A word or a short text: may say what happens.
    Word,
    /// Nothing of these: a time, a size, a path, an address.
    Other,
}

impl Class {
    /// Whether it can name a message.
    pub(super) const fn can_name(self) -> bool {
        matches!(self, Self::Uuid | Self::Hex | Self::Digits | Self::Mixed)
    }

    /// The class of a value.
    pub(super) fn of(value: &str) -> Self {
        let bytes = value.as_bytes();
        if bytes.is_empty() || bytes.len() > 200 {
            return Self::Other;
        }
        let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
        if digits == bytes.len() {
            return Self::Digits;
        }
        if bytes.len() == 36 && is_uuid(bytes) {
            return Self::Uuid;
        }
        if bytes.iter().all(u8::is_ascii_hexdigit) && bytes.len() >= 8 && digits > 0 {
            return Self::Hex;
        }
        if digits == 0 {
            // An address is somebody's.
            if bytes.contains(&b'@') && !bytes.contains(&b' ') {
                return Self::Other;
            }
            let text = |b: &u8| !b.is_ascii_control();
            return if bytes.len() <= 80 && bytes.iter().all(text) {
                Self::Word
            } else {
                Self::Other
            };
        }
        let sound = |b: &u8| {
            b.is_ascii_alphanumeric()
                || matches!(
                    b,
                    b'_' | b'-'
                        | b'.'
                        | b':'
                        | b'/'
                        | b'#'
                        | b'<'
                        | b'>'
                        | b'@'
                        | b'+'
                        | b'='
                        | b'~'
                )
        };
        // `<memory:8192` is a part of something.
        let torn = bytes.contains(&b'<') != bytes.contains(&b'>');
        if !bytes.iter().all(sound) || torn || is_measure(value) || is_host(value) {
            return if bytes.len() <= 40 && bytes.contains(&b' ') {
                Self::Word
            } else {
                Self::Other
            };
        }
        Self::Mixed
    }
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(i, b)| match i {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    })
}

/// A time, a decimal number, a size, a version or an address rather than a name.
fn is_measure(value: &str) -> bool {
    let bytes = value.as_bytes();
    let plain = |b: &u8| {
        b.is_ascii_digit() || matches!(b, b'.' | b',' | b':' | b'-' | b'+' | b'/' | b'T' | b'Z')
    };
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if bytes.iter().all(plain) && letters <= 2 && bytes.first().is_none_or(|b| *b != b'-') {
        // `17-204-8` is a name, `2026-03-14`, `10.0.0.7:80`, `4.11.0` and `0.7` are not.
        return letters > 0
            || bytes
                .iter()
                .any(|b| matches!(b, b'.' | b':' | b',' | b'/' | b'+'))
            || is_date(bytes);
    }
    // 12ms, 3.5kB, v2
    let number = bytes
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    // A time in parts of a second may be long: 0.387366056s
    let time = matches!(&bytes[number..], b"s" | b"ms" | b"us" | b"ns")
        && value[..number].matches('.').count() == 1;
    number > 0
        && bytes.len() - number <= 3
        && bytes[number..].iter().all(u8::is_ascii_alphabetic)
        && (number <= 7 || time)
}

/// Ends of names with dots that are files, which travel, and not hosts, which do not.
const FILES: [&str; 22] = [
    "avro", "bak", "bz2", "csv", "dat", "edi", "gz", "html", "jpg", "json", "log", "mp4", "ndjson",
    "orc", "parquet", "pdf", "png", "tar", "tmp", "txt", "xml", "zip",
];

/// A full name of a host: `server58.example.com`.
pub(super) fn is_host(value: &str) -> bool {
    let mut labels = value.split('.').rev();
    let Some(last) = labels.next() else {
        return false;
    };
    let sound = |label: &str| {
        let of_name = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.bytes().all(of_name)
    };
    (2..=12).contains(&last.len())
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && !FILES.contains(&last.to_ascii_lowercase().as_str())
        && value.matches('.').count() >= 2
        && labels.all(sound)
}

fn is_date(bytes: &[u8]) -> bool {
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-'
}

/// What all values of a kind have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    prefix: Option<String>,
    min: usize,
    max: usize,
    uuid: usize,
    seen: usize,
    /// Letters of both cases, and what else there is beside digits; each once.
    letters: Vec<u8>,
    others: Vec<u8>,
}

impl Form {
    /// Adds a value.
    pub(super) fn add(&mut self, value: &str) {
        let bytes = value.as_bytes();
        self.prefix = Some(match self.prefix.take() {
            None => value.to_owned(),
            Some(prefix) => {
                let common = prefix.bytes().zip(bytes).take_while(|(a, b)| a == *b);
                prefix[..common.count()].to_owned()
            }
        });
        self.min = if self.seen == 0 {
            bytes.len()
        } else {
            self.min.min(bytes.len())
        };
        self.max = self.max.max(bytes.len());
        self.seen += 1;
        self.uuid += usize::from(bytes.len() == 36 && is_uuid(bytes));
    }

    /// The literal beginning of all values: letters that no digit stands before.
    fn literal(&self) -> &str {
        if self.seen < 3 {
            return "";
        }
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let end = prefix.bytes().take_while(|b| !b.is_ascii_digit()).count();
        // `-` may be a sign.
        let literal = &prefix[..end];
        literal
            .strip_suffix("_-")
            .map_or(literal, |_| &literal[..literal.len() - 1])
    }

    /// Whether all values begin in a way that no other word does: `blk_`, `order-`.
    pub(super) fn is_telling(&self) -> bool {
        let literal = self.literal();
        let letters = literal.bytes().filter(u8::is_ascii_alphabetic).count();
        letters >= 2 && literal.ends_with(['_', '-', ':', '#']) && self.seen >= 10
    }

    /// A pattern that matches all values, `values` of which are given, and little else.
    pub(super) fn pattern<'a>(&self, values: impl Iterator<Item = &'a str>) -> String {
        if self.uuid == self.seen {
            return "[0-9a-fA-F-]{36}".to_owned();
        }
        let literal = self.literal();
        let mut rest = Self::default();
        for value in values {
            rest.learn(value.get(literal.len()..).unwrap_or_default());
        }
        let mut out = regex_syntax::escape(literal);
        let class = rest.class();
        let (min, max) = (self.min - literal.len(), self.max - literal.len());
        if min == max && self.seen >= 3 {
            let _infallible = write!(out, "{class}{{{min}}}");
        } else if min > FEW && class != "\\d" && literal.is_empty() {
            // What is much shorter is something else: a code, a number.
            let _infallible = write!(out, "{class}{{{},}}", min * 2 / 3);
        } else {
            let _infallible = write!(out, "{class}+");
        }
        out
    }

    fn learn(&mut self, rest: &str) {
        for byte in rest.bytes().filter(|b| !b.is_ascii_digit()) {
            let kind = if byte.is_ascii_alphabetic() {
                &mut self.letters
            } else {
                &mut self.others
            };
            if !kind.contains(&byte) {
                kind.push(byte);
            }
        }
    }

    fn class(&self) -> String {
        if self.letters.is_empty() && self.others.is_empty() {
            return "\\d".to_owned();
        }
        let mut set = String::from("0-9");
        let hex = self.letters.iter().all(u8::is_ascii_hexdigit);
        let last = if hex { 'f' } else { 'z' };
        if self.letters.iter().any(u8::is_ascii_uppercase) {
            let _infallible = write!(set, "A-{}", last.to_ascii_uppercase());
        }
        if self.letters.iter().any(u8::is_ascii_lowercase) {
            let _infallible = write!(set, "a-{last}");
        }
        let mut others = self.others.clone();
        others.sort_unstable();
        for other in others.iter().filter(|b| **b != b'-') {
            set.push_str(&regex_syntax::escape(&char::from(*other).to_string()));
        }
        if others.contains(&b'-') {
            set.push('-');
        }
        format!("[{set}]")
    }
}
