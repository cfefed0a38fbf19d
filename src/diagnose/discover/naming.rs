//! Names that people would have given: what tells places apart, without what all of them share.

/// What each is called, without the words that all begin or end with.
pub(super) fn distinct(kinds: &[String]) -> Vec<String> {
    let split: Vec<Vec<String>> = kinds.iter().map(|kind| words(kind)).collect();
    let shared = |at: &dyn Fn(&Vec<String>) -> Option<String>| {
        let first = split.first().and_then(at);
        first.is_some() && split.len() > 1 && split.iter().all(|s| at(s) == first && s.len() > 1)
    };
    let front = usize::from(shared(&|s| s.first().cloned()));
    let back = usize::from(shared(&|s| s.last().cloned()));
    let mut names: Vec<String> = Vec::new();
    for (words, kind) in split.iter().zip(kinds) {
        let kept = words.get(front..words.len().saturating_sub(back)).unwrap_or_default();
        let mut name = kept.join("-");
        if name.is_empty() {
            name = kind.clone();
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
    let last = kind.rsplit('/').find(|part| !part.is_empty()).unwrap_or(kind);
    let words = last.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// What the beginning of several names is, where it ends with a whole word.
pub(super) fn stem(names: &[&str]) -> String {
    let first = names.first().copied().unwrap_or_default();
    let common = (0..=first.len()).rev().find(|end| first.is_char_boundary(*end) && names.iter().all(|n| n.starts_with(&first[..*end])));
    let common = &first[..common.unwrap_or(0)];
    if names.iter().all(|n| *n == common) {
        return common.to_owned();
    }
    let end = common.rfind(|c: char| !c.is_alphanumeric());
    end.map_or(String::new(), |end| common[..=end].to_owned())
}

/// What messages are called whose ID is called so: `messageId` names messages, `shipment.id` shipments.
pub(super) fn plural(id: &str) -> String {
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
    let telling = |word: &&String| !word.is_empty() && !["id", "ids", "uuid", "key", "ref", "sns", "sqs", "notification"].contains(&word.as_str()) && word.chars().all(char::is_alphabetic);
    let name = parts.iter().rev().find(telling).cloned().unwrap_or_else(|| "message".to_owned());
    if name.ends_with('s') { name } else { format!("{name}s") }
}
