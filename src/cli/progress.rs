//! How far a load is: one line on standard error that rewrites itself, on a terminal only; and what
//! the user should know of it, once.

use std::io::Write;

use super::complain;
use crate::domain::show::{count, count_of};
use crate::domain::view::SourceState;
use crate::load::answers::Answers;

/// The line, and whether it is there.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    terminal: bool,
    shown: bool,
    /// So many notices were told.
    told: usize,
}

impl Progress {
    /// Shows something only on a terminal.
    #[must_use]
    pub const fn new(terminal: bool) -> Self {
        Self {
            terminal,
            shown: false,
            told: 0,
        }
    }

    /// Tells how far a load is; what is new to know of it is told above.
    pub fn show(&mut self, answers: &dyn Answers, err: &mut dyn Write) {
        self.tell(answers, err);
        if !self.terminal {
            return;
        }
        let overview = answers.overview();
        let loading = |state| state == SourceState::Loading;
        let done = overview
            .sources
            .iter()
            .filter(|s| !loading(s.state))
            .count();
        let line = format!(
            "reading: {}, {} of {} done",
            count_of(overview.events, "log event"),
            count(done as u64),
            count_of(overview.sources.len() as u64, "source"),
        );
        self.line(&line, err);
    }

    /// Rewrites the line.
    pub fn line(&mut self, line: &str, err: &mut dyn Write) {
        if !self.terminal {
            return;
        }
        let _gone = write!(err, "\r\x1b[K{line}");
        let _gone = err.flush();
        self.shown = true;
    }

    /// Takes the line away, and tells what is new.
    pub fn end(&mut self, answers: &dyn Answers, err: &mut dyn Write) {
        self.tell(answers, err);
        self.clear(err);
    }

    fn tell(&mut self, answers: &dyn Answers, err: &mut dyn Write) {
        let notices = answers.notices();
        for notice in notices.get(self.told..).unwrap_or_default() {
            self.clear(err);
            complain::say("note", notice, "", err);
        }
        self.told = notices.len();
    }

    /// A line that stays.
    pub fn say(&mut self, line: &str, err: &mut dyn Write) {
        self.line(line, err);
        if std::mem::take(&mut self.shown) {
            let _gone = writeln!(err);
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
