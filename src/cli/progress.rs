//! How far a load is: one line on standard error that rewrites itself, on a terminal only.

use std::io::Write;

use crate::domain::show::{count, count_of};
use crate::domain::view::{Overview, SourceState};

/// The line, and whether it is there.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    terminal: bool,
    shown: bool,
}

impl Progress {
    /// Shows something only on a terminal.
    #[must_use]
    pub const fn new(terminal: bool) -> Self {
        Self {
            terminal,
            shown: false,
        }
    }

    /// Rewrites the line.
    pub fn show(&mut self, overview: &Overview, err: &mut dyn Write) {
        if !self.terminal {
            return;
        }
        let loading = |state| state == SourceState::Loading;
        let done = overview
            .sources
            .iter()
            .filter(|s| !loading(s.state))
            .count();
        let words = format!(
            "reading: {}, {} of {} done",
            count_of(overview.events, "log event"),
            count(done as u64),
            count_of(overview.sources.len() as u64, "source"),
        );
        self.say(&words, err);
    }

    /// Rewrites the line with these words.
    pub fn say(&mut self, words: &str, err: &mut dyn Write) {
        if self.terminal {
            let _gone = write!(err, "\r\x1b[K{words}");
            let _gone = err.flush();
            self.shown = true;
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self, err: &mut dyn Write) {
        if std::mem::take(&mut self.shown) {
            let _gone = write!(err, "\r\x1b[K");
            let _gone = err.flush();
        }
    }
}
