//! Names that people would have given: what tells places apart, without what all of them share.

use super::process;

/// Words that end like an ID and are none.
const PLAIN: [&str; 5] = ["paid", "unpaid", "valid", "invalid", "void"];
/// A shorter word before a number says nothing: `in`, `of`, `ms`.
const LETTERS: usize = 3;

/// Words before numbers that measure or count, or that name a part of the machine.
const MEASURES: [&str; 40] = [
    "size",
    "bytes",
    "length",
    "count",
    "total",
    "amount",
    "sum",
    "price",
    "cost",
    "balance",
    "duration",
    "elapsed",
    "time",
    "timestamp",
    "took",
    "latency",
    "delay",
    "timeout",
    "after",
    "within",
    "millis",
    "seconds",
    "port",
    "pid",
    "tid",
    "thread",
    "line",
    "code",
    "status",
    "offset",
    "version",
    "rows",
    "memory",
    "used",
    "heap",
    "limit",
    "year",
    "epoch",
    "usec",
    "nsec",
];

/// Words before an ID that are not what it names.
const NO_THINGS: [&str; 47] = [
    "ids",
    "uuid",
    "uuids",
    "guid",
    "key",
    "keys",
    "ref",
    "arn",
    "number",
    "num",
    "correlation",
    "trace",
    "request",
    "root",
    "span",
    "sns",
    "sqs",
    "notification",
    "info",
    "warn",
    "warning",
    "error",
    "debug",
    "notice",
    "fatal",
    "severe",
    "level",
    "from",
    "for",
    "with",
    "the",
    "name",
    "value",
    "api",
    "app",
    "log",
    "png",
    "jpg",
    "pdf",
    "csv",
    "xml",
    "json",
    "txt",
    "img",
    "uetr",
    "cis",
    "not",
];
/// Words that are written short.
const SHORT: [(&str, &str); 5] = [
    ("msg", "message"),
    ("msgs", "messages"),
    ("req", "request"),
    ("evt", "event"),
    ("txn", "transaction"),
];

/// What each is called, without the words that all begin or end with.
pub(super) fn distinct(kinds: &[String]) -> Vec<String> {
    let split: Vec<Vec<String>> = kinds.iter().map(|kind| words(kind)).collect();
    // A word that half of them begin or end with is the system's own.
    let common = |word: Option<&String>, at: &dyn Fn(&Vec<String>) -> Option<String>| {
        let same = split
            .iter()
            .filter(|other| at(other).as_ref() == word)
            .count();
        word.is_some() && same > 1 && same * 2 >= split.len()
    };
    let mut names: Vec<String> = Vec::new();
    for (words, kind) in split.iter().zip(kinds) {
        let mut kept = words.as_slice();
        if kept.len() > 1 && common(kept.first(), &|s| s.first().cloned()) {
            kept = &kept[1..];
        }
        if kept.len() > 1 && common(kept.last(), &|s| s.last().cloned()) {
            kept = &kept[..kept.len() - 1];
        }
        let mut name = kept.join("-");
        if name.is_empty() {
            name.clone_from(kind);
        }
        let mut number = 2;
        let plain = name.clone();
        while names.contains(&name) {
            name = format!("{plain}-{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// The words of a name, the last part of a path alone.
fn words(kind: &str) -> Vec<String> {
    let last = kind
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or(kind);
    let words = last.split(|c: char| !c.is_alphanumeric() && c != '_');
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// What the beginning of several names is, where it ends with a whole word.
pub(super) fn stem(names: &[&str]) -> String {
    let first = names.first().copied().unwrap_or_default();
    let common = (0..=first.len()).rev().find(|end| {
        first.is_char_boundary(*end) && names.iter().all(|n| n.starts_with(&first[..*end]))
    });
    let common = &first[..common.unwrap_or(0)];
    if names.iter().all(|n| *n == common) {
        return common.to_owned();
    }
    let end = common.rfind(|c: char| !c.is_alphanumeric());
    end.map_or(String::new(), |end| common[..=end].to_owned())
}

/// What messages are called whose ID is called so: `messageId` names messages, `shipment.id` shipments.
pub(super) fn plural(id: &str) -> Option<String> {
    if process::is_case(id) {
        return Some("cases".to_owned());
    }
    let mut parts: Vec<String> = Vec::new();
    let mut lower = false;
    let mut word = String::new();
    for c in id.chars() {
        if c.is_uppercase() && lower || !c.is_alphanumeric() {
            parts.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    parts.push(word);
    let name = parts.iter().rev().find(|word| is_thing(word))?;
    let name = SHORT
        .iter()
        .find(|(short, _)| short == name)
        .map_or(name.as_str(), |(_, whole)| whole);
    let vowel = |stem: &str| stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    Some(match name.strip_suffix('y') {
        Some(stem) if !vowel(stem) => format!("{stem}ies"),
        _ if name.ends_with('s') => name.to_owned(),
        _ => format!("{name}s"),
    })
}

/// Whether a word can be what messages are: no part of a name for an ID, no level, no end of a file.
fn is_thing(word: &str) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphabetic());
    let id = word.len() <= 4 && word.ends_with("id");
    let done = word.len() > 4 && word.ends_with("ed");
    plain && word.len() > LETTERS - 1 && !id && !done && !NO_THINGS.contains(&word)
}

/// Whether a name says that an ID stands there.
pub(super) fn says_id(name: &str) -> bool {
    const WORDS: [&str; 30] = [
        "id",
        "ids",
        "uuid",
        "guid",
        "key",
        "ref",
        "reference",
        "no",
        "nr",
        "num",
        "number",
        "job",
        "order",
        "message",
        "msg",
        "task",
        "item",
        "record",
        "event",
        "request",
        "req",
        "txn",
        "transaction",
        "ticket",
        "correlation",
        "trace",
        "document",
        "doc",
        "invoice",
        "shipment",
    ];
    let last = last_word(name);
    let is = |word: &&str| word.eq_ignore_ascii_case(last);
    let end = last.len().checked_sub(2).and_then(|at| last.get(at..));
    let plain = || PLAIN.iter().any(|word| word.eq_ignore_ascii_case(last));
    let ends =
        || last.len() <= 12 && !plain() && end.is_some_and(|end| end.eq_ignore_ascii_case("id"));
    WORDS.iter().any(is) || ends()
}

/// The last word of a name, also where words are told apart by capitals: `orderId`, `MessageID`.
pub(super) fn last_word(name: &str) -> &str {
    let name = name.trim_end_matches(|c: char| !c.is_alphabetic());
    let mut begin = name.len();
    let mut upper = true;
    for (at, c) in name.char_indices().rev() {
        if !c.is_alphabetic() || c.is_lowercase() && begin < name.len() && upper {
            break;
        }
        (begin, upper) = (at, c.is_uppercase());
    }
    &name[begin..]
}

/// Whether a word may say what the number behind it names. A number in brackets right behind a name is the
/// process that ran (`smtpd[12906]`).
pub(super) fn names_number(word: &str) -> bool {
    let mut rest = word;
    if rest.ends_with(['[', '(']) || last_word(rest).len() < LETTERS {
        return false;
    }
    loop {
        let last = last_word(rest);
        if MEASURES
            .iter()
            .any(|measure| measure.eq_ignore_ascii_case(last))
        {
            return false;
        }
        let Some(at) = rest.rfind(last).filter(|_| !last.is_empty()) else {
            return true;
        };
        rest = &rest[..at];
    }
}
