//! Learns, from lines all over a file, where they bear their time and in which order a date's
//! numbers stand, where no single line tells.
//!
//! A wrong time is worse than none: a layout must hold for nearly all lines, and what stays in
//! doubt is said. It reads no file and knows no configuration but what it is given.

use super::calendar::Assumed;
use super::layout::{self, Layout, Notation, REACH, Said};
use super::notation;
use super::numeric::{self, Numbers, Shape};
use super::settle;
use super::stamp::{Stamp, Stamps};
use crate::domain::time::Timestamp;

/// Fields that are looked at.
const FIELDS: usize = 16;
/// Fewer numbers than this may be anything, whatever they look like.
const NUMBERS: usize = 5;

/// What was learnt of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Learnt {
    /// How its lines are to be read, where they do not say it themselves.
    pub layout: Option<Layout>,
    /// What is not certain about it.
    pub note: Option<String>,
    /// The time of the last line that bears one.
    pub last: Option<Timestamp>,
}

/// Learns from `lines`, in the order of the file.
pub fn learn(lines: &[&[u8]], assumed: &Assumed) -> Learnt {
    let lines: Vec<&[u8]> = lines.iter().copied().filter(|l| is_text(l)).collect();
    let mut stamps = Stamps::new(assumed.clone());
    let own: Vec<Stamp> = lines.iter().map(|line| stamps.line(line)).collect();
    let read = own.iter().filter(|stamp| **stamp != Stamp::None).count();
    let mut learnt = Learnt::default();
    // Few lines of a trace bear a time, and the others belong to them.
    if read * 50 < lines.len() * 49 {
        let column = |index| Column::new(&lines, index, read * 50 > lines.len());
        let columns = (0..FIELDS).filter_map(|index| column(index).layout(assumed));
        let objects = (1..FIELDS).filter_map(|index| Some((column(index).object()?, None)));
        let found = columns
            .chain(objects)
            .find(|(layout, _)| agrees(*layout, &lines, &own, &mut stamps));
        if let Some((layout, note)) = found {
            learnt.layout = Some(layout);
            learnt.note = note;
        }
    }
    let time = |line: &&[u8]| {
        let said = learnt.layout.map(|layout| stamps.said(layout.read(line)));
        match said.unwrap_or_else(|| stamps.line(line)) {
            Stamp::At { time, .. } => Some(time),
            Stamp::None | Stamp::Bad => None,
        }
    };
    learnt.last = lines.iter().rev().find_map(time);
    learnt
}

/// Whether a line could begin an event of text.
fn is_text(line: &[u8]) -> bool {
    let first = line.first().copied().unwrap_or(b' ');
    !first.is_ascii_whitespace() && !matches!(first, b'{' | b'}' | b'#')
}

/// Whether a layout reads what the lines say themselves.
fn agrees(layout: Layout, lines: &[&[u8]], own: &[Stamp], stamps: &mut Stamps) -> bool {
    let (mut both, mut same) = (0, 0);
    for (line, own) in lines.iter().zip(own) {
        let Stamp::At { time: own, .. } = own else {
            continue;
        };
        if let Stamp::At { time, .. } = stamps.said(layout.read(line)) {
            both += 1;
            same += usize::from(time == *own);
        }
    }
    same * 20 >= both * 19
}

/// The same field of every line.
struct Column<'a> {
    lines: &'a [&'a [u8]],
    at: Vec<Option<&'a [u8]>>,
    /// What stands before it.
    before: Vec<&'a [u8]>,
    index: usize,
    /// Lines bear a time of their own.
    reads_some: bool,
}

impl<'a> Column<'a> {
    fn new(lines: &'a [&'a [u8]], index: usize, reads_some: bool) -> Self {
        let near = |line: &&'a [u8]| -> &'a [u8] { &line[..line.len().min(REACH)] };
        let fields = || lines.iter().map(near).map(|n| (n, layout::field(n, index)));
        Self {
            lines,
            at: fields().map(|(near, at)| Some(&near[at?..])).collect(),
            before: fields()
                .map(|(near, at)| &near[..at.unwrap_or(0)])
                .collect(),
            index,
            reads_some,
        }
    }

    fn layout(&self, assumed: &Assumed) -> Option<(Layout, Option<String>)> {
        self.known()
            .map(|notation| (notation, None))
            .or_else(|| self.epoch(assumed))
            .or_else(|| self.numbers(assumed))
            .map(|(notation, note)| {
                let layout = Layout {
                    field: self.index,
                    notation,
                };
                (layout, note)
            })
    }

    /// Whoever collects the output of several programs writes the name of each before its JSON.
    fn object(&self) -> Option<Layout> {
        let layout = Layout {
            field: self.index,
            notation: Notation::Object,
        };
        let read = |line: &&&[u8]| layout.read(line) != Said::Nothing;
        let hits = self.lines.iter().filter(read).count();
        self.is_enough(hits).then_some(layout)
    }

    /// Whether so many lines are enough: what leads a line is a time if it looks like one, and the
    /// lines without it belong to those before.
    fn is_enough(&self, hits: usize) -> bool {
        let all = self.at.len();
        if self.index == 0 && !self.reads_some {
            hits > 0 && hits * 10 >= all
        } else {
            hits > 0 && hits * 20 >= all * 19
        }
    }

    fn bytes(&self) -> impl Iterator<Item = &'a [u8]> {
        self.at.iter().filter_map(|at| *at)
    }

    fn known(&self) -> Option<Notation> {
        let is_time = |at: Option<&[u8]>| {
            at.is_some_and(|bytes| {
                layout::epoch_digits(bytes).is_none() && notation::read(bytes).is_some()
            })
        };
        let lines = self.at.iter().zip(&self.before);
        let (hits, others): (Vec<_>, Vec<_>) = lines.partition(|(at, _)| is_time(**at));
        let before = |lines: Vec<(_, &&[u8])>| -> Vec<Vec<u8>> {
            lines
                .into_iter()
                .map(|(_, before)| outline(before))
                .collect()
        };
        let enough = self.is_enough(hits.len()) || self.leads(&before(hits), &before(others));
        enough.then_some(Notation::Known)
    }

    /// Whether a time that only some lines bear leads them all the same: it stands behind the same signs in
    /// all of these and in no others, which are what a logger wrote below them.
    fn leads(&self, before: &[Vec<u8>], others: &[Vec<u8>]) -> bool {
        let alike = |lines: &[Vec<u8>]| {
            let alike = lines.iter().filter(|b| Some(*b) == before.first());
            alike.count()
        };
        !self.reads_some
            && before.len() * 10 >= self.at.len()
            && before.len() >= NUMBERS
            && alike(before) * 20 >= before.len() * 19
            && alike(others) == 0
    }

    /// Numbers count as times where there are enough of them, of one length, none in the future
    /// and all within some years. Who counts orders writes `order 1234567890`.
    fn epoch(&self, assumed: &Assumed) -> Option<(Notation, Option<String>)> {
        let digits = self.bytes().find_map(layout::epoch_digits)?;
        let notation = Notation::Epoch(digits);
        let stamps = Stamps::new(assumed.clone());
        let times: Vec<i64> = self
            .bytes()
            .filter_map(|bytes| match notation.read(bytes) {
                Said::Time(reading) => stamps.local(&reading),
                _ => None,
            })
            .collect();
        let (first, last) = (*times.iter().min()?, *times.iter().max()?);
        let enough = times.len() >= NUMBERS && times.len() * 50 >= self.at.len() * 49;
        let within = last - first < 20 * settle::YEAR && first < last;
        let past = assumed.written.is_none_or(|w| last <= w.0 + settle::DAY);
        let note = format!(
            "the number in column {} was taken as the time, counted from 1970",
            self.index + 1
        );
        (enough && within && past).then_some((notation, Some(note)))
    }

    fn numbers(&self, assumed: &Assumed) -> Option<(Notation, Option<String>)> {
        let all: Vec<Numbers> = self
            .bytes()
            .filter_map(|bytes| numeric::read(bytes).map(|(numbers, _)| numbers))
            .collect();
        let shape = most(&all)?;
        let alike: Vec<Numbers> = all.into_iter().filter(|n| n.shape == shape).collect();
        if !self.is_enough(alike.len()) {
            return None;
        }
        let (order, doubt) = settle::order(&alike, shape, assumed)?;
        let note = doubt.map(|doubt| settle::words(order, doubt));
        Some((Notation::Numbers(shape, order), note))
    }
}

/// The signs of a text, with any word as one letter and any number as one digit.
fn outline(text: &[u8]) -> Vec<u8> {
    let signs = text.iter().map(|b| match b {
        b'0'..=b'9' => b'0',
        b if b.is_ascii_alphabetic() => b'a',
        b => *b,
    });
    let mut outline: Vec<u8> = signs.collect();
    outline.dedup();
    outline
}

/// The shape that most have.
fn most(all: &[Numbers]) -> Option<Shape> {
    let count = |shape: Shape| all.iter().filter(|n| n.shape == shape).count();
    all.iter()
        .map(|n| n.shape)
        .max_by_key(|shape| count(*shape))
}
