//! What the words of a line say of a message: that it failed, was left out, put aside or tried again.

use super::tries;
use crate::domain::signals;
use crate::domain::verdict::Mark;

/// What words mean, the most telling first. Beginnings of words, in lower case. Of trying again
/// [`tries`] tells.
const WORDS: [(Mark, &[&str]); 5] = [
    (
        Mark::DeadLetter,
        &[
            "dead letter",
            "dead-letter",
            "deadletter",
            "dead_letter",
            "dlq",
            "dlt",
            "error queue",
            "error-queue",
            "failed queue",
            "failure queue",
            "poison",
            "parked",
            "quarantin",
        ],
    ),
    // What says that it is over, although it speaks of trying.
    (
        Mark::Fail,
        &[
            "giving up",
            "gave up",
            "gives up",
            "exhausted",
            "max retries",
            "maximum retr",
            "maximum number of retr",
            "no more retr",
            "retry limit",
            "permanently fail",
            "permanent fail",
            "permanent error",
        ],
    ),
    (
        Mark::Skip,
        &[
            "skip",
            "ignor",
            "filtered",
            "duplicate",
            "deduplicated",
            "already processed",
            "already done",
            "opted out",
            "opted-out",
            "not applicable",
        ],
    ),
    (Mark::Fail, &FAILED),
    (Mark::Ack, &["acknowledged", "acked", "ack "]),
];

/// Words that say that it went wrong.
const FAILED: [&str; 31] = [
    "fail",
    "error",
    "exception",
    "reject",
    "refus",
    "declin",
    "abort",
    "denied",
    "timed out",
    "timeout",
    "bounce",
    "expired",
    "invalid",
    "cannot",
    "could not",
    "unable",
    "panic",
    "fatal",
    "crash",
    "undeliverable",
    "undelivered",
    "returned to sender",
    "return to sender",
    "discard",
    "dropped",
    "dropping",
    "unprocessable",
    "cancelled",
    "canceled",
    "killed",
    "terminated abnormally",
];

/// Words that say that a message is done.
const DONE: [&str; 27] = [
    "complete",
    "done",
    "finish",
    "success",
    "succeed",
    "delivered",
    "sent",
    "processed",
    "archived",
    "stored",
    "closed",
    "removed",
    "applied",
    "committed",
    "saved",
    "settled",
    "shipped",
    "persisted",
    "written",
    "confirmed",
    "resolved",
    "ended",
    "end ",
    "exit",
    "indexed",
    "published",
    "accepted",
];

/// Words of a decision against a message.
const DECISIONS: [&str; 9] = [
    "declin",
    "reject",
    "refus",
    "cancel",
    "denied",
    "abandon",
    "withdraw",
    "expired",
    "aborted by",
];

/// Words of what comes when what was made is no longer wanted.
const DOWN: [&str; 13] = [
    "terminat",
    "delet",
    "destroy",
    "tear",
    "shut",
    "stopp",
    "logout",
    "logged out",
    "disconnect",
    "clos",
    "releas",
    "evict",
    "unmount",
];

/// What a kind of line says, if its words say anything; `grave` tells that it says so as an error.
///
/// What is said finally of a message decides: what was tried before it failed, or is not to be tried
/// again, is no retry; and an error that went wrong was not left out.
pub(super) fn of(words: &str, grave: bool) -> Option<Mark> {
    let lower = spelt(words);
    let tries = tries::of(&lower, &FAILED);
    let wrong = || {
        let told = spelt(&without_level(words));
        FAILED.iter().any(|word| stands(&told, word))
    };
    for (mark, begins) in WORDS {
        let again = (mark == Mark::Fail && begins == FAILED)
            .then(|| tries.mark())
            .flatten();
        if again.is_some() {
            return again;
        }
        let said = begins.iter().any(|word| stands(&lower, word));
        if said && !(mark == Mark::Skip && grave && wrong()) {
            return Some(mark);
        }
    }
    None
}

/// The words without the level of the line, which says nothing of what happened.
fn without_level(words: &str) -> String {
    let mut left = false;
    let told = words.split_whitespace().filter(|word| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let set_off = word.starts_with('[') || plain.chars().all(char::is_uppercase);
        let level = !left && set_off && signals::is_level(plain.as_bytes());
        left |= level;
        !level
    });
    told.collect::<Vec<_>>().join(" ")
}

/// Whether the words say that a message is done.
pub(super) fn is_done(words: &str) -> bool {
    let lower = spelt(words);
    DONE.iter().any(|word| stands(&lower, word))
}

/// Whether the words tell of a decision against it, which is an end as good as any.
pub(super) fn is_decision(words: &str) -> bool {
    let lower = spelt(words);
    let trouble = ["fail", "error", "exception", "timeout", "timed out"];
    DECISIONS.iter().any(|word| stands(&lower, word))
        && !trouble.iter().any(|word| stands(&lower, word))
}

/// Whether the words only take down what was done before.
pub(super) fn takes_down(words: &str) -> bool {
    let lower = spelt(words);
    DOWN.iter().any(|word| stands(&lower, word))
}

/// In lower case, with words apart that only capitals tell apart.
fn spelt(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    let mut lower = false;
    for c in words.chars() {
        if c.is_uppercase() && lower {
            out.push(' ');
        }
        lower = c.is_lowercase();
        out.extend(c.to_lowercase());
    }
    out
}

/// Whether a word begins so, without a word before it that turns it round.
pub(super) fn stands(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = &text[..at];
        let begins = before
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        let mut earlier = before.split_whitespace().rev();
        let negated = earlier
            .next()
            .is_some_and(|w| ["no", "not", "without", "0", "zero"].contains(&w));
        begins && !negated
    })
}
