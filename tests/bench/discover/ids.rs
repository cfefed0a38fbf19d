//! IDs in another style: every message of an incident keeps its IDs, and each looks different.

use std::collections::HashMap;

use super::lots::Lots;
use lastseen::sources::demo::truth::MessageTruth;

const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIXES: [&str; 5] = ["ORD-", "job_", "TX", "msg-", "P"];

/// What an ID looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    Uuid,
    Ulid,
    Ksuid,
    Hex,
    /// `ORD-1048313`
    Numbered,
    /// As a mail server has it: `4F2A81C09BE`
    Queue,
}

impl Style {
    const ALL: [Self; 6] = [
        Self::Uuid,
        Self::Ulid,
        Self::Ksuid,
        Self::Hex,
        Self::Numbered,
        Self::Queue,
    ];

    /// The ID of the message with this number that was `usual`.
    fn make(self, lots: Lots, usual: &str, number: usize, which: usize) -> String {
        let bits =
            || (u128::from(lots.number((usual, 1))) << 64) | u128::from(lots.number((usual, 2)));
        let text = |alphabet: &[u8], length: usize| -> String {
            let mut bits = bits();
            let mut letter = || {
                let letter = alphabet[(bits % alphabet.len() as u128) as usize];
                bits /= alphabet.len() as u128;
                char::from(letter)
            };
            (0..length).map(|_| letter()).collect()
        };
        match self {
            Self::Uuid => {
                let hex = format!("{:032x}", bits());
                let (head, tail) = (&hex[..12], &hex[13..16]);
                let (eight, four) = head.split_at(8);
                format!("{eight}-{four}-4{tail}-a{}-{}", &hex[17..20], &hex[20..])
            }
            Self::Ulid => format!("01JP{}", text(CROCKFORD, 22)),
            Self::Ksuid => format!("2uQ{}", text(LETTERS, 24)),
            Self::Hex => format!("{:032x}", bits()),
            Self::Numbered => {
                let prefix = lots.one_of(("prefix", which), &PREFIXES);
                format!("{prefix}{}", 1_000_000 + 7 * number)
            }
            Self::Queue => format!("{:011X}", bits() >> 84),
        }
    }
}

/// Every ID that is known, as it was and as it is.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    /// The style of the first ID, of the second, and so on.
    pub(crate) styles: Vec<Style>,
    new: HashMap<String, String>,
    /// By ID of either kind: the message, by its number in the truth.
    message: HashMap<String, u32>,
    /// What else only lines of one message bear, such as a request ID; `None` where several do.
    beside: HashMap<String, Option<u32>>,
}

/// What is shorter may be anything.
const LONG: usize = 20;

impl Ids {
    pub(crate) fn new(lots: Lots, messages: &[MessageTruth]) -> Self {
        let mut ids = Self::default();
        for (number, message) in messages.iter().enumerate() {
            for (which, usual) in message.ids.iter().enumerate() {
                while ids.styles.len() <= which {
                    let style = lots.one_of(("style", ids.styles.len()), &Style::ALL);
                    ids.styles.push(style);
                }
                let new = ids.styles[which].make(lots, usual, number, which);
                ids.message.insert(usual.clone(), number as u32);
                ids.message.insert(new.clone(), number as u32);
                ids.new.insert(usual.clone(), new);
            }
        }
        ids
    }

    /// What an ID is now.
    pub(crate) fn now(&self, usual: &str) -> Option<&str> {
        self.new.get(usual).map(String::as_str)
    }

    /// The message that an ID of either kind names.
    pub(crate) fn message(&self, id: &str) -> Option<u32> {
        self.message.get(id).copied()
    }

    /// The messages that a text names, by whatever only their lines bear.
    pub(crate) fn named(&self, text: &str) -> Vec<u32> {
        let word = |(at, end)| {
            let word = &text[at..end];
            let beside = || self.beside.get(word).copied().flatten();
            self.message(word).or_else(beside)
        };
        let mut named: Vec<u32> = words(text).filter_map(word).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Takes in what else a line bears.
    pub(crate) fn see(&mut self, line: &str) {
        let mut named = words(line).filter_map(|(at, end)| self.message(&line[at..end]));
        let Some(first) = named.next() else { return };
        let message = named.all(|other| other == first).then_some(first);
        let others: Vec<&str> = words(line)
            .map(|(at, end)| &line[at..end])
            .filter(|word| word.len() >= LONG && self.message(word).is_none())
            .collect();
        for word in others {
            let known = self.beside.entry(word.to_owned()).or_insert(message);
            if *known != message {
                *known = None;
            }
        }
    }
}

/// Where everything stands that may be an ID.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let within = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !within(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && within(bytes[at]) {
            at += 1;
        }
        (at > start).then_some((start, at))
    })
}
