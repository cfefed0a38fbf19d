//! A property that a message can have: the terms in which lost and kept are compared.

use crate::domain::sheet::{Column, Sheet};

/// How a cell is tested.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Test {
    /// It says just this (0: nothing was said).
    Is(u32),
    /// It says a number of at least this.
    AtLeast(f64),
    /// It says a number of at most this.
    AtMost(f64),
}

/// A test of one column.
#[derive(Clone, Copy, Debug)]
pub struct Condition<'a> {
    /// What is tested.
    pub column: &'a Column,
    /// How.
    pub test: Test,
}

impl Condition<'_> {
    /// Whether a message has the property.
    #[must_use]
    pub fn holds(&self, sheet: &Sheet, case: u32) -> bool {
        let cell = self.column.cells[case as usize];
        let number = || sheet.value(self.column, cell).and_then(number);
        match self.test {
            Test::Is(wanted) => cell == wanted,
            Test::AtLeast(least) => number().is_some_and(|n| n >= least),
            Test::AtMost(most) => number().is_some_and(|n| n <= most),
        }
    }

    /// `kind`.
    #[must_use]
    pub fn name(&self, sheet: &Sheet) -> String {
        sheet.names[self.column.name].text.to_string()
    }

    /// `order.refunded`, `(none)`, `>= 64`.
    #[must_use]
    pub fn value(&self, sheet: &Sheet) -> String {
        match self.test {
            Test::Is(cell) => sheet
                .value(self.column, cell)
                .unwrap_or("(none)")
                .to_owned(),
            Test::AtLeast(least) => format!(">= {least}"),
            Test::AtMost(most) => format!("<= {most}"),
        }
    }

    /// `kind=order.refunded`, `without kind`, `inflight >= 64`.
    #[must_use]
    pub fn text(&self, sheet: &Sheet) -> String {
        let name = self.name(sheet);
        match self.test {
            Test::Is(0) => format!("no {name}"),
            Test::Is(_) => format!("{name}={}", self.value(sheet)),
            _ => format!("{name} {}", self.value(sheet)),
        }
    }

    /// Whether it is about where a log event was, not about what it said.
    #[must_use]
    pub fn implied(&self, sheet: &Sheet) -> bool {
        sheet.names[self.column.name].implied
    }
}

/// The number that a value is, or begins with where a limit follows: `64/64`.
#[must_use]
pub fn number(value: &str) -> Option<f64> {
    let first = value.split('/').next().unwrap_or_default().trim();
    first.parse().ok().filter(|n: &f64| n.is_finite())
}
