//! Where the lines of one file bear their time, in files whose lines do not tell it one by one.
//!
//! Learnt once, when a file is opened ([`super::learn`]); from then on a line is read by itself, so
//! that input may still be cut anywhere.

use super::notation::{self, Reading};
use super::numeric::{self, Shape};
use super::object_reading;
use crate::config::date_order::DateOrder;

/// How far into a line a time is looked for.
pub const REACH: usize = 512;

/// Where the time stands, and how it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// The number of the field, from 0: what stands between blanks, commas, semicolons and bars.
    pub field: usize,
    /// How it is written.
    pub notation: Notation,
}

/// How a time is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// In one of the ways that can be told from a line.
    Known,
    /// As a number of so many digits, since 1970.
    Epoch(usize),
    /// In numbers, of which the file told the order.
    Numbers(Shape, DateOrder),
    /// In the JSON object that the rest of the line is.
    Object,
}

/// What a line says by a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// A day that does not exist: the order of the numbers was not what it seemed.
    Impossible,
    /// A time.
    Time(Reading),
}

impl Layout {
    /// The time of a line.
    pub fn read(&self, line: &[u8]) -> Said {
        let near = &line[..line.len().min(REACH)];
        match field(near, self.field) {
            Some(at) if self.notation == Notation::Object => self.notation.read(&line[at..]),
            Some(at) => self.notation.read(&near[at..]),
            None => Said::Nothing,
        }
    }
}

impl Notation {
    /// The time at the beginning of `bytes`.
    pub fn read(self, bytes: &[u8]) -> Said {
        match self {
            Self::Known => {
                notation::read(bytes).map_or(Said::Nothing, |(time, _)| Said::Time(time))
            }
            Self::Epoch(digits) if epoch_digits(bytes) == Some(digits) => {
                notation::read(bytes).map_or(Said::Nothing, |(time, _)| Said::Time(time))
            }
            Self::Epoch(_) => Said::Nothing,
            Self::Numbers(shape, order) => match numeric::read(bytes) {
                Some((numbers, _)) if numbers.shape == shape => {
                    numbers.reading(order).map_or(Said::Impossible, Said::Time)
                }
                _ => Said::Nothing,
            },
            Self::Object => object_reading::whole(bytes).map_or(Said::Nothing, Said::Time),
        }
    }
}

/// How many digits the number at the beginning of `bytes` has before any point.
pub fn epoch_digits(bytes: &[u8]) -> Option<usize> {
    let len = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    matches!(len, 10 | 13 | 16 | 19).then_some(len)
}

/// Where field number `index` begins, behind what opens it.
pub fn field(line: &[u8], index: usize) -> Option<usize> {
    fields(line).nth(index)
}

/// Where each field begins, behind what opens it.
pub fn fields(line: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let at = next?;
        let between = |b: &&u8| matches!(b, b' ' | b'\t' | b'|' | b';' | b',');
        let rest = &line[at..];
        next = rest.iter().position(|b| between(&b)).and_then(|end| {
            let len = rest[end..].iter().take_while(between).count();
            (end + len < rest.len()).then_some(at + end + len)
        });
        let open = rest
            .first()
            .is_some_and(|b| matches!(b, b'[' | b'(' | b'"' | b'<'));
        Some(at + usize::from(open))
    })
}
