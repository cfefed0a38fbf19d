//! Files of a log that were not given: `store.log.1` where there are `store.log` and `store.log.2`.
//! What happened meanwhile is not known, so that nothing may be called lost for it.
//!
//! A log that ends in the middle of a file is no hole: a service that stopped writes no more files. That is
//! told, too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::series::{File, Key, Member, Series, series};
use crate::domain::event::{Source, SourceId};
use crate::domain::feed::{End, Fault, FaultKind, FeedEvent};
use crate::domain::time::{Span, Timestamp};
use crate::sources::channel::{Feed, Stopped};

/// More files than that are not missing: the numbers mean something else.
const MOST: u64 = 100;
/// A log was written until the next file if less than such a part of a file's time is between.
const CLOSE: i64 = 50;

/// Opens a source for what is missing among files that have been read. It covers all but the time that
/// its events would be of.
///
/// # Errors
/// When nobody reads the feed.
pub fn tell(read: &BTreeMap<SourceId, File>, feed: &Feed) -> Result<(), Stopped> {
    let files: Vec<File> = read.values().cloned().collect();
    for missing in missing(&files) {
        match missing {
            Missing::Hole {
                source,
                span,
                fault,
            } => {
                let id = feed.ids.source();
                feed.send_blocking(FeedEvent::Opened(id, Arc::new(source)))?;
                feed.send_blocking(FeedEvent::Fault(id, fault))?;
                for known in around(span) {
                    feed.send_blocking(FeedEvent::Covered(id, known))?;
                }
                feed.send_blocking(FeedEvent::Ended(id, End::AsCovered))?;
            }
            Missing::End { file, word } => {
                let id = read.keys().nth(file).copied();
                if let Some(id) = id {
                    feed.send_blocking(FeedEvent::Note(id, word))?;
                }
            }
        }
    }
    Ok(())
}

/// All time but this.
fn around(span: Span) -> impl Iterator<Item = Span> {
    let before = (span.from > Timestamp::MIN).then(|| Span {
        from: Timestamp::MIN,
        to: span.from.plus(-1),
    });
    let after = (span.to < Timestamp::MAX).then(|| Span {
        from: span.to.plus(1),
        to: Timestamp::MAX,
    });
    before.into_iter().chain(after)
}

/// What was found missing.
#[derive(Debug)]
pub enum Missing {
    /// One or several files in a row.
    Hole {
        /// The first of them.
        source: Source,
        /// What they could have held is not known; ends are open where nothing is known of them.
        span: Span,
        /// How it is told.
        fault: Fault,
    },
    /// A log ends before others.
    End {
        /// The index of its last file.
        file: usize,
        /// How it is told.
        word: String,
    },
}

/// What is missing among files that have been read.
#[must_use]
pub fn missing(files: &[File]) -> Vec<Missing> {
    let all = series(files);
    let look = |one: &Series| {
        let alike: Vec<&Series> = all
            .iter()
            .filter(|other| other.form == one.form && other.falling == one.falling)
            .filter(|other| other.stem != one.stem)
            .collect();
        let log = Log {
            one,
            usual: usual(std::iter::once(one).chain(alike.iter().copied())),
            alike,
        };
        log.missing(files)
    };
    all.iter().flat_map(look).collect()
}

/// How long a file of these lasts: the median.
fn usual<'a>(series: impl Iterator<Item = &'a Series>) -> i64 {
    let spans = series.flat_map(|one| &one.members).filter_map(|m| m.span);
    let mut lengths: Vec<i64> = spans.map(|span| span.to.since(span.from)).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or_default()
}

/// A log and those that are cut like it.
struct Log<'a> {
    one: &'a Series,
    alike: Vec<&'a Series>,
    /// In milliseconds.
    usual: i64,
}

impl Log<'_> {
    fn missing(&self, files: &[File]) -> Vec<Missing> {
        let mut absent: Vec<(Key, String)> = self.absent().into_iter().collect();
        absent.sort_by(|(a, _), (b, _)| self.one.older(b, a).cmp(&self.one.older(a, b)));
        let mut gaps: BTreeMap<(Option<usize>, Option<usize>), Vec<String>> = BTreeMap::new();
        for (key, text) in absent {
            gaps.entry(self.beside(&key)).or_default().push(text);
        }
        let member = |at: Option<usize>| at.map(|at| &self.one.members[at]);
        let gaps = gaps.iter();
        gaps.filter_map(
            |((before, after), texts)| match (member(*before), member(*after)) {
                (Some(last), None) if self.stopped(last, texts) => Some(Missing::End {
                    file: last.file,
                    word: self.word(texts),
                }),
                (before, after) => {
                    let span = self.hole(before, after, texts)?;
                    let like = &files[before.or(after)?.file].source;
                    Some(self.tell(like, span, texts))
                }
            },
        )
        .collect()
    }

    /// Whether a log ends in the middle of its last file. One that is written to the moment when others
    /// begin the next file hardly stopped just then; and the file that is written now is always there.
    fn stopped(&self, last: &Member, texts: &[String]) -> bool {
        let written = texts.iter().any(String::is_empty);
        let near = |next: Span| {
            let until = last.span.map(|span| next.from.since(span.to));
            until.is_none_or(|until| until.abs() <= self.usual / CLOSE)
        };
        !written && !self.held(texts).any(near)
    }

    /// When the files were written that other logs have in the place of these.
    fn held(&self, texts: &[String]) -> impl Iterator<Item = Span> {
        let others = self.alike.iter().flat_map(|other| &other.members);
        let same = others.filter(|member| texts.contains(&member.text));
        same.filter_map(|member| member.span)
    }

    /// The files that others have and this one has not, and those that its own numbers pass over.
    fn absent(&self) -> BTreeSet<(Key, String)> {
        let own: BTreeSet<&Key> = self.one.members.iter().map(|member| &member.key).collect();
        let others = self.alike.iter().flat_map(|other| &other.members);
        let others = others.map(|member| (member.key.clone(), member.text.clone()));
        let mut absent: BTreeSet<_> = others.chain(self.passed_over()).collect();
        absent.retain(|(key, _)| !own.contains(key));
        absent
    }

    /// `3` of `1 2 4`, where files with numbers in a row follow each other closely.
    fn passed_over(&self) -> Vec<(Key, String)> {
        let members = &self.one.members;
        let mut close: Vec<i64> = Vec::new();
        let mut wide = Vec::new();
        for pair in members.windows(2) {
            let (Some(from), Some(to)) = (pair[0].span, pair[1].span) else {
                continue;
            };
            match steps(&pair[0].key, &pair[1].key) {
                Some(1) => close.push(to.from.since(from.to)),
                Some(2..=MOST) => wide.push((pair, to.from.since(from.to))),
                _ => {}
            }
        }
        close.sort_unstable();
        // The file that is written becomes number 1, and number 1 becomes number 2.
        let counted = self.one.falling && members.iter().any(|member| member.key.is_empty());
        let near = match close.get(close.len() / 2) {
            Some(near) if close.len() >= 2 => Some(*near),
            _ => None,
        };
        let sure = |apart: i64| counted || near.is_some_and(|near| apart > near * 4);
        let wide = wide.into_iter().filter(|(_, apart)| sure(*apart));
        wide.flat_map(|(pair, _)| between(&pair[0], &pair[1]))
            .collect()
    }

    /// The nearest files with events on both sides of one that is absent.
    fn beside(&self, key: &Key) -> (Option<usize>, Option<usize>) {
        let members = &self.one.members;
        let at = members.partition_point(|member| self.one.older(&member.key, key));
        let known = |at: &usize| members[*at].span.is_some();
        ((0..at).rev().find(known), (at..members.len()).find(known))
    }

    /// The time that the absent files must have held, if there is room for them.
    fn hole(
        &self,
        before: Option<&Member>,
        after: Option<&Member>,
        texts: &[String],
    ) -> Option<Span> {
        let (from, to) = (before.and_then(|m| m.span), after.and_then(|m| m.span));
        let slack = self.usual / 4;
        let room = match (from, to) {
            (Some(from), Some(to)) => to.from.since(from.to) >= self.usual / 2,
            // Others had files that were over when this one began.
            (None, Some(to)) => self.held(texts).any(|other| {
                to.from.since(other.from) > self.usual / 2 && to.from.since(other.to) >= -slack
            }),
            // Others have begun a new file since.
            (Some(from), None) => self
                .held(texts)
                .any(|other| other.from.since(from.to) >= -slack),
            (None, None) => false,
        };
        room.then(|| Span {
            from: from.map_or(Timestamp::MIN, |span| span.to.plus(1)),
            to: to.map_or(Timestamp::MAX, |span| span.from.plus(-1)),
        })
    }

    fn tell(&self, like: &Source, span: Span, texts: &[String]) -> Missing {
        let name = self.one.name(&texts[0]);
        let when = match (span.from, span.to) {
            (Timestamp::MIN, to) => format!("before {to}"),
            (from, Timestamp::MAX) => format!("after {from}"),
            (from, to) => format!("from {from} to {to}"),
        };
        let which = match texts.len() {
            1 => "not there".to_owned(),
            2 => "this and another file of its log are not there".to_owned(),
            n => format!("this and {} other files of its log are not there", n - 1),
        };
        Missing::Hole {
            source: Source {
                name: name.into(),
                ..like.clone()
            },
            span,
            fault: Fault {
                kind: FaultKind::Missing,
                message: format!("{which}: what was logged {when} is not known"),
                remedy: self.remedy(texts),
            },
        }
    }

    fn remedy(&self, texts: &[String]) -> String {
        let has = |other: &&&Series| other.members.iter().any(|m| m.text == texts[0]);
        let like = self.alike.iter().find(has);
        let like = like.map_or_else(String::new, |other| {
            format!(" (the file beside it, {}, is there)", other.name(&texts[0]))
        });
        format!("Give that file too, packed or not{like}.")
    }

    fn word(&self, texts: &[String]) -> String {
        let name = self.one.name(&texts[0]);
        format!(
            "it ends here: there is no {name}, though other logs have one; if there is, give it too"
        )
    }
}

/// How far apart two numbers are, where nothing else in them differs.
fn steps(a: &Key, b: &Key) -> Option<u64> {
    match (a.split_last(), b.split_last()) {
        (Some((a, first)), Some((b, second))) => (first == second).then(|| a.abs_diff(*b)),
        (None, Some((b, []))) => Some(*b),
        (Some((a, [])), None) => Some(*a),
        _ => None,
    }
}

/// The files between two, written like the first that has a number.
fn between(a: &Member, b: &Member) -> Vec<(Key, String)> {
    let last = |member: &Member| member.key.last().copied().unwrap_or(0);
    let like = if a.text.is_empty() { b } else { a };
    let (low, high) = (last(a).min(last(b)), last(a).max(last(b)));
    let digits = like.text.len()
        - like
            .text
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .len();
    let lead = &like.text[..like.text.len() - digits];
    let zeros = like.text[lead.len()..].starts_with('0');
    let width = if zeros || digits == low.to_string().len() && digits == high.to_string().len() {
        digits
    } else {
        0
    };
    let file = |number: u64| {
        let mut key = like.key.clone();
        key.pop();
        key.push(number);
        (key, format!("{lead}{number:0width$}"))
    };
    (low + 1..high).map(file).collect()
}
