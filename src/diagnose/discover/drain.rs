//! Templates that differ in one word only, where many words stand, are one: that word is a name.
//!
//! The tree of Drain (He, Zhu, Zheng and Lyu, ICWS 2017) with its first two levels, length and first
//! word; below them templates are not joined by how alike they are, as Drain does, but where one position
//! takes many words: "job accepted" and "job refused" are alike, and not the same. What stands in a list
//! (`kind: refund, size: small`) is data from the beginning, unless its name says that it is what happens.

use std::collections::{BTreeMap, BTreeSet};

use super::words::VARIABLE;

/// Names of fields that say what happens, even where each message says it once.
pub(super) const OUTCOMES: [&str; 12] = [
    "event",
    "status",
    "state",
    "outcome",
    "result",
    "action",
    "disposition",
    "verdict",
    "decision",
    "msg",
    "message",
    "reason",
];
/// A position that takes so many words holds a name.
const WORDS: usize = 8;
/// So many names in one template.
const ROUNDS: usize = 4;

/// For every template that is one of several alike: what they are together.
pub(super) fn merge<'a>(templates: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut now: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for template in templates {
        now.insert(template.to_owned(), without_lists(template));
    }
    for _ in 0..ROUNDS {
        let joined = round(&now);
        if joined.is_empty() {
            break;
        }
        for words in now.values_mut() {
            if let Some(at) = joined.get(words) {
                VARIABLE.clone_into(&mut words[*at]);
            }
        }
    }
    let merged = now
        .into_iter()
        .map(|(template, words)| (template, words.join(" ")));
    merged
        .filter(|(template, merged)| template != merged)
        .collect()
}

/// The words of a template, with the values of a list as variable parts.
fn without_lists(template: &str) -> Vec<String> {
    let words: Vec<&str> = template.split(' ').collect();
    let ends = |word: &str| word.ends_with([',', ';']);
    let value = |at: usize| {
        let key = words[at.checked_sub(1)?].strip_suffix(':')?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let named = !key.is_empty() && key.chars().all(plain);
        let behind = at >= 2 && ends(words[at - 2]);
        let listed = ends(words[at]) || (behind && at + 1 == words.len());
        let outcome = OUTCOMES.contains(&key.to_ascii_lowercase().as_str());
        (named && listed && !outcome).then(|| {
            let end = words[at].trim_end_matches([',', ';']).len();
            format!("{VARIABLE}{}", &words[at][end..])
        })
    };
    let opened = (0..words.len()).map(|at| value(at).unwrap_or_else(|| words[at].to_owned()));
    folded(opened)
}

/// A list of variable parts is as long as it happens to be (`flushing part-7: 81, 82, 83`): it says what one
/// of them would.
fn folded(words: impl Iterator<Item = String>) -> Vec<String> {
    let listed = format!("{VARIABLE},");
    let mut out: Vec<String> = Vec::new();
    for word in words {
        match out.last_mut() {
            Some(last) if last.ends_with(&listed) && word.starts_with(VARIABLE) => {
                last.truncate(last.len() - listed.len());
                last.push_str(&word);
            }
            _ => out.push(word),
        }
    }
    out
}

/// Which position of which templates holds a name.
fn round(now: &BTreeMap<String, Vec<String>>) -> BTreeMap<Vec<String>, usize> {
    let distinct: BTreeSet<&Vec<String>> = now.values().collect();
    let mut alike: BTreeMap<(Vec<&str>, usize), Vec<&Vec<String>>> = BTreeMap::new();
    for words in distinct {
        for at in 1..words.len() {
            if words[at].contains(VARIABLE) {
                continue;
            }
            let mut open: Vec<&str> = words.iter().map(String::as_str).collect();
            open[at] = VARIABLE;
            alike.entry((open, at)).or_default().push(words);
        }
    }
    let mut joined = BTreeMap::new();
    for ((_, at), members) in alike
        .into_iter()
        .filter(|(_, members)| members.len() > WORDS)
    {
        for words in members {
            joined.insert(words.clone(), at);
        }
    }
    joined
}
