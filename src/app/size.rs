//! The screen's size, and the least that is of use.

/// Fewer columns than this and nothing useful fits.
pub const MIN_COLUMNS: u16 = 40;
/// Fewer rows than this and nothing useful fits.
pub const MIN_ROWS: u16 = 12;

/// Columns and rows of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

impl Size {
    /// Whether the views fit at all.
    #[must_use]
    pub const fn fits(self) -> bool {
        self.columns >= MIN_COLUMNS && self.rows >= MIN_ROWS
    }

    /// Rows between the header and the status line.
    #[must_use]
    pub const fn body(self) -> u16 {
        self.rows.saturating_sub(3)
    }
}
