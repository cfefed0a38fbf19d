//! A report as blocks of plain text: what it says, apart from how Markdown or HTML writes it.
//!
//! Nothing here escapes anything; that is the business of whoever writes it down.

use crate::domain::flow::Flow;
use crate::domain::time::{Span, Timestamp};

/// A part of a report.
#[derive(Clone, Debug)]
pub enum Block {
    /// A heading; 1 is the title.
    Heading(u8, String),
    /// Prose.
    Paragraph(String),
    /// Statements that belong together.
    List(Vec<String>),
    /// Figures.
    Table(Table),
    /// Names or IDs under a word.
    Values(&'static str, Vec<String>),
    /// Log lines, as they are.
    Lines(Vec<String>),
    /// Messages over time.
    Chart(Chart),
}

/// Rows under a head.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Names of the columns; figures stand on the right.
    pub head: Vec<Column>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    /// Words.
    Words(&'static str),
    /// Figures.
    Figures(&'static str),
    /// Names and values as systems write them.
    Values(&'static str),
}

impl Column {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words(name) | Self::Figures(name) | Self::Values(name) => name,
        }
    }
}

/// An edge over time.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it shows, for those who cannot see it.
    pub words: String,
    /// The whole time.
    pub span: Span,
    /// How wide a point is, in milliseconds.
    pub width_ms: i64,
    /// Points with their first millisecond, in order; what is left out is empty.
    pub points: Vec<(Timestamp, Flow)>,
    /// When it began.
    pub onset: Option<Timestamp>,
    /// Times at the ends of the axis, and at the onset.
    pub labels: [String; 3],
}
