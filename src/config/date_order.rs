//! What the numbers of a date are, where a log writes it in numbers alone.

/// What the numbers of a date are, from left to right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateOrder {
    /// Year, month, day.
    Year,
    /// Day, month, and the year if there is one.
    Day,
    /// Month, day, and the year if there is one.
    Month,
}

impl DateOrder {
    /// Every order, as it is written in the configuration.
    pub const ALL: [(&'static str, Self); 3] = [
        ("year-first", Self::Year),
        ("day-first", Self::Day),
        ("month-first", Self::Month),
    ];

    /// The order of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(known, _)| *known == name);
        known.map(|(_, order)| *order)
    }

    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Year => "year-first",
            Self::Day => "day-first",
            Self::Month => "month-first",
        }
    }
}
