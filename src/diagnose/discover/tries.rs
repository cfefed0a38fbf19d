//! What a line says of trying again: that it will be, that it will not, or that it was, before this.
//!
//! "retrying in 5 s" is a retry; "will not be retried", "requeue=false" and "non-retryable" are the
//! contrary; "failed after 3 retries" and "retry failed" only tell of what was. The last word on it counts.

use crate::domain::verdict::Mark;

/// Beginnings of words of trying again.
const AGAIN: [&str; 9] = [
    "retry",
    "retri",
    "requeue",
    "re-queue",
    "deferred",
    "redeliver",
    "re-deliver",
    "rescheduled",
    "backoff",
];
/// The same where there can be no more of them.
const TURNS: [&str; 4] = ["retr", "attempt", "tries", "redeliver"];
/// Trying as a thing, which may have failed itself.
const THINGS: [&str; 6] = [
    "retry",
    "retries",
    "requeue",
    "requeueing",
    "redelivery",
    "redeliveries",
];
/// A thing is counted behind these, and was done before.
const BEHIND: [&str; 3] = ["after", "despite", "upon"];
const LEFT: [&str; 3] = ["left", "remaining", "remain"];
const NONE: [&str; 4] = ["no", "without", "0", "zero"];
const FALSE: [&str; 4] = ["false", "no", "never", "off"];

/// What is said of trying again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tries {
    /// Nothing.
    Nothing,
    /// It was tried.
    Before,
    /// It will be tried.
    Again,
    /// It will not.
    Never,
}

impl Tries {
    /// What that says of a message.
    pub(super) const fn mark(self) -> Option<Mark> {
        match self {
            Self::Again => Some(Mark::Retry),
            Self::Never => Some(Mark::Fail),
            Self::Nothing | Self::Before => None,
        }
    }
}

/// Whether a field speaks of trying again.
pub(super) fn is_named(field: &str) -> bool {
    AGAIN.iter().any(|begin| field.starts_with(begin))
}

/// What words in lower case say of trying again; `failed` are the beginnings of words that it went wrong.
pub(super) fn of(lower: &str, failed: &[&str]) -> Tries {
    let apart = |c: char| !(c.is_alphanumeric() || "_-='<*>".contains(c));
    let words: Vec<&str> = lower.split(apart).filter(|word| !word.is_empty()).collect();
    let mut said = Tries::Nothing;
    for at in 0..words.len() {
        match one(&words, at, failed) {
            Tries::Nothing => {}
            // A refusal alone leaves it to the queue, unless more is said.
            Tries::Again if words[at].starts_with("nack") && said != Tries::Nothing => {}
            now => said = now,
        }
    }
    said
}

/// What one word says of it.
fn one(words: &[&str], at: usize, failed: &[&str]) -> Tries {
    let word = |offset: isize| {
        let index = at.checked_add_signed(offset);
        index.and_then(|i| words.get(i)).copied().unwrap_or("")
    };
    let begins = |list: &[&str], word: &str| list.iter().any(|begin| word.starts_with(begin));
    let (key, value) = words[at].split_once('=').unwrap_or((words[at], ""));
    let plain = key.trim_start_matches("non-");
    let turns = begins(&TURNS, plain);
    let used_up = matches!(
        (word(-2), word(-1)),
        ("no", "more" | "further") | ("out", "of")
    ) || NONE.contains(&word(-1)) && LEFT.contains(&word(1));
    if turns && used_up {
        return Tries::Never;
    }
    let bare = plain.strip_prefix("non").unwrap_or(plain);
    let refused = bare.len() < key.len() || FALSE.contains(&value);
    if !begins(&AGAIN, bare) && !bare.starts_with("nack") {
        return Tries::Nothing;
    }
    // `redelivered=False` says how it came, not what will be.
    let was = bare.ends_with("ed");
    if was && (!value.is_empty() || matches!(word(1), "false" | "true")) {
        return Tries::Nothing;
    }
    let not = |word: &str| matches!(word, "not" | "never" | "cannot") || word.ends_with("n't");
    if refused || not(word(-1)) || not(word(-2)) || word(1) == "false" {
        return Tries::Never;
    }
    if NONE.contains(&word(-1)) || word(1) == "not" {
        return Tries::Nothing;
    }
    let counted = bare.starts_with("retries") || bare.contains("count") || !value.is_empty();
    let thing = THINGS.contains(&bare);
    let after = thing && (1..=3).any(|back: isize| BEHIND.contains(&word(-back)));
    // The number of a try may stand behind it.
    let next = if word(1).contains('*') { 2 } else { 1 };
    let went_wrong = thing && begins(failed, word(next));
    let more = LEFT.contains(&word(1));
    if !more && (counted || after || went_wrong) {
        Tries::Before
    } else {
        Tries::Again
    }
}
