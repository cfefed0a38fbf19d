//! What an answer can be written as: the words of `export --format`.

use clap::ValueEnum;

/// What an answer can be written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// One object, schema 1, as `check --json`
    Json,
    /// The messages, one JSON object a line
    Ndjson,
    /// The messages, for a spreadsheet
    Csv,
    /// A report for a ticket or a post-mortem
    Markdown,
    /// The same as one file for a browser
    Html,
    /// The messages with what their first log event bears, oldest first: to send them again
    Redrive,
}

impl Format {
    /// Whether it is about some of the messages, and not about everything.
    #[must_use]
    pub const fn lists(self) -> bool {
        matches!(self, Self::Ndjson | Self::Csv | Self::Redrive)
    }
}
