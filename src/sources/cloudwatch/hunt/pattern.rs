//! IDs as filter patterns: `?"one" ?"another"`, as few as there is room in.
//!
//! A pattern only brings candidates, so it may match more than was asked for, but never less: what
//! cannot stand between the quotes of a pattern is left out of its term.

use crate::domain::mention::spellings;

/// The longest pattern that FilterLogEvents takes, in characters; bytes are never fewer.
const LONGEST: usize = 1024;

/// One pattern, and the IDs it looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    /// As FilterLogEvents takes it.
    pub pattern: String,
    /// The IDs.
    pub ids: Vec<String>,
}

/// Patterns for `ids`, and those IDs that no pattern can look for, each with a sentence.
#[must_use]
pub fn rounds(ids: &[String]) -> (Vec<Round>, Vec<(String, String)>) {
    let (mut rounds, mut refused) = (Vec::<Round>::new(), Vec::new());
    for id in ids {
        let terms: Vec<String> = spellings(id).iter().filter_map(|s| term(s)).collect();
        let terms = terms.join(" ");
        if terms.is_empty() || terms.len() > LONGEST {
            refused.push((id.clone(), refusal(id)));
            continue;
        }
        match rounds.last_mut() {
            Some(round) if round.pattern.len() + 1 + terms.len() <= LONGEST => {
                round.pattern.push(' ');
                round.pattern.push_str(&terms);
                round.ids.push(id.clone());
            }
            _ => rounds.push(Round {
                pattern: terms,
                ids: vec![id.clone()],
            }),
        }
    }
    (rounds, refused)
}

/// The longest part of an ID that can stand between quotes. Cut only at characters that end a word
/// anyway, so that it is found whether the service compares words or characters.
fn term(id: &str) -> Option<String> {
    let apart = |c: char| matches!(c, '"' | '\\') || c.is_control();
    let part = id.split(apart).max_by_key(|part| part.len())?.trim();
    let found = part.chars().any(char::is_alphanumeric);
    found.then(|| format!("?\"{part}\""))
}

fn refusal(id: &str) -> String {
    let why = if id.len() > LONGEST / 2 {
        "it is longer than a filter pattern may be"
    } else {
        "it has no letter or digit to search for"
    };
    let start: String = id.chars().take(40).collect();
    format!("CloudWatch cannot be asked for the ID {start}: {why}")
}
