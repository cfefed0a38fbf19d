//! Names that people would have given: what tells places apart, without what all of them share.

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
    let telling = |word: &&String| {
        !word.is_empty()
            && ![
                "id",
                "ids",
                "uuid",
                "key",
                "ref",
                "arn",
                "no",
                "nr",
                "number",
                "correlation",
                "trace",
                "request",
                "sns",
                "sqs",
                "notification",
            ]
            .contains(&word.as_str())
            && word.chars().all(char::is_alphabetic)
    };
    let name = parts.iter().rev().find(telling)?;
    Some(if name.ends_with('s') {
        name.clone()
    } else {
        format!("{name}s")
    })
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
    // Also where words are told apart by capitals: `orderId`, `MessageID`.
    let mut word = String::new();
    let mut last = String::new();
    let mut lower = false;
    for c in name.chars().chain([' ']) {
        if c.is_alphabetic() && !(lower && c.is_uppercase()) {
            word.extend(c.to_lowercase());
        } else {
            if !word.is_empty() {
                last = std::mem::take(&mut word);
            }
            if c.is_alphabetic() {
                word.extend(c.to_lowercase());
            }
        }
        lower = c.is_lowercase();
    }
    WORDS.contains(&last.as_str()) || last.ends_with("id") && last.len() <= 12
}
