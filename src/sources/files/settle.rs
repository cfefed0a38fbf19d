//! Settles, from many dates of one file, which of their numbers is the day.
//!
//! In this order: a number that can be no month, a date in the future, the order of the lines, and
//! when the file was last written. Where that leaves a doubt, it is given with the answer.

use super::calendar::Assumed;
use super::numeric::{Numbers, Shape};
use super::stamp::Stamps;
use crate::config::date_order::DateOrder;

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;
/// Milliseconds of a year, more or less.
pub const YEAR: i64 = 366 * DAY;

/// What an order rests on, where it is not certain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doubt {
    /// How the lines follow each other.
    Order,
    /// Custom alone.
    Guess,
}

/// The order in which the numbers of these dates, in the order of the file, stand.
pub fn order(
    dates: &[Numbers],
    shape: Shape,
    assumed: &Assumed,
) -> Option<(DateOrder, Option<Doubt>)> {
    let stamps = Stamps::new(assumed.clone());
    if let Some(order) = assumed.dates
        && shape.orders().contains(&order)
    {
        return Some((order, None));
    }
    let possible: Vec<Reading> = shape
        .orders()
        .iter()
        .filter_map(|order| Reading::new(dates, *order, &stamps))
        .collect();
    let past: Vec<&Reading> = match assumed.written {
        Some(written) => {
            let behind = |reading: &&Reading| reading.newest <= written.0 + DAY;
            possible.iter().filter(behind).collect()
        }
        None => possible.iter().collect(),
    };
    match past[..] {
        [] => None,
        [only] => Some((only.order, None)),
        _ => Some(weigh(&past, shape, assumed)),
    }
}

/// The dates, read in one order.
struct Reading {
    order: DateOrder,
    newest: i64,
    oldest: i64,
    last: i64,
    /// How often a line is older than the one before it by more than a day.
    back: usize,
    /// All steps between neighbouring lines together.
    way: i64,
}

impl Reading {
    /// `None` if one of the days does not exist.
    fn new(dates: &[Numbers], order: DateOrder, stamps: &Stamps) -> Option<Self> {
        let times: Option<Vec<i64>> = dates
            .iter()
            .map(|date| date.reading(order).and_then(|r| stamps.local(&r)))
            .collect();
        let times = times?;
        let steps = || times.windows(2).map(|pair| pair[1] - pair[0]);
        Some(Self {
            order,
            newest: *times.iter().max()?,
            oldest: *times.iter().min()?,
            last: *times.last()?,
            back: steps().filter(|step| *step < -DAY).count(),
            way: steps().map(i64::abs).sum(),
        })
    }
}

/// Several orders are possible: which is most likely.
fn weigh(readings: &[&Reading], shape: Shape, assumed: &Assumed) -> (DateOrder, Option<Doubt>) {
    let least = |value: &dyn Fn(&Reading) -> i64, by: i64| {
        let mut sorted: Vec<&&Reading> = readings.iter().collect();
        sorted.sort_by_key(|reading| value(reading));
        let (first, second) = (sorted.first()?, sorted.get(1)?);
        (value(first) * by < value(second)).then_some(first.order)
    };
    let same = |r: &&&Reading| (r.oldest, r.newest) == (readings[0].oldest, readings[0].newest);
    if readings.iter().filter(same).count() == readings.len() {
        return (readings[0].order, None);
    }
    if let Some(order) = least(&|r| r.back as i64, 1) {
        return (order, Some(Doubt::Order));
    }
    // Lines that pass midnight step a minute in the right order and a month in the wrong one.
    if let Some(order) = least(&|r| r.way, 5) {
        return (order, Some(Doubt::Order));
    }
    if let Some(written) = assumed.written {
        let only = |within: i64| {
            let near = |r: &&&Reading| (written.0 - r.last).abs() <= within;
            let mut near = readings.iter().filter(near);
            near.next().filter(|_| near.next().is_none())
        };
        if let Some(only) = only(2 * DAY) {
            return (only.order, None);
        }
        if let Some(only) = only(YEAR) {
            return (only.order, Some(Doubt::Guess));
        }
    }
    let usual = readings.iter().find(|r| r.order == shape.usual());
    let order = usual
        .or(readings.first())
        .map_or(DateOrder::Year, |r| r.order);
    (order, Some(Doubt::Guess))
}

/// What to say of an order that is not certain.
pub fn words(order: DateOrder, doubt: Doubt) -> String {
    let read = match order {
        DateOrder::Year => "the year first",
        DateOrder::Day => "the day first",
        DateOrder::Month => "the month first",
    };
    let other = match order {
        DateOrder::Day => DateOrder::Month.word(),
        DateOrder::Year | DateOrder::Month => DateOrder::Day.word(),
    };
    match doubt {
        Doubt::Order => {
            format!("dates were read with {read}: its lines follow each other only then")
        }
        Doubt::Guess => format!(
            "nothing in it tells the order of the numbers in a date: read with {read}; if that \
             is wrong, say `dates = \"{other}\"` in its [[files]]"
        ),
    }
}
