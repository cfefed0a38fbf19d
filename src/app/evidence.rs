//! What one finding rests on, and where in it one is: the sentences, its messages, the very log lines.
//!
//! The finding stays the one that was opened, wherever it is ranked when more has been read.

use std::sync::Arc;

use super::about;
use super::action::Action;
use super::filter::Filter;
use super::layout::{self, EvidenceRows};
use super::messages::Messages;
use super::moves;
use super::reading::Text;
use super::size::Size;
use super::zone::Zone;
use crate::diagnose::finding::Finding;
use crate::diagnose::telling::{Telling, Wanted};
use crate::domain::event::TextRef;
use crate::domain::mask::Mask;
use crate::domain::view::Overview;
use crate::sources::texts::RawEvent;

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To what is said, scrolled by so many rows.
    About(usize),
    /// To the messages.
    Messages,
    /// To the list of log lines.
    Lines,
    /// To the selected log line, which is open and scrolled by so many rows.
    Log(usize),
}

/// The view's own state.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What was found, as last heard.
    pub finding: Finding,
    /// Its place among the findings; `None` where it is not among them any more.
    pub rank: Option<usize>,
    /// Where the keys go.
    pub pane: Pane,
    /// How far what is said was scrolled when it had the keys.
    pub scrolled: usize,
    /// Its messages.
    pub messages: Messages,
    /// The selected log line.
    pub line: usize,
    /// Of each of the finding's log lines, the text.
    pub texts: Vec<Text>,
    /// As their origin has them, instead of readable.
    pub raw: bool,
    /// What was measured meanwhile.
    pub telling: Option<Arc<Telling>>,
    asked: Option<Wanted>,
    stale: bool,
}

impl Evidence {
    /// A finding, of which nothing but itself is known yet.
    #[must_use]
    pub fn new(finding: &Finding, rank: usize, filter: Filter) -> Self {
        let mut messages = Messages::default();
        messages.show(filter);
        Self {
            finding: finding.clone(),
            rank: Some(rank),
            pane: Pane::About(0),
            scrolled: 0,
            messages,
            line: 0,
            texts: vec![Text::None; finding.lines.len()],
            raw: false,
            telling: None,
            asked: None,
            stale: true,
        }
    }

    /// More has been read: the same finding, with its figures of now.
    pub fn follow(&mut self, findings: &[Finding], filter: impl Fn(&Finding) -> Filter) {
        self.rank = self.finding.again(findings);
        self.stale = true;
        self.messages.refresh();
        let Some(now) = self.rank.and_then(|rank| findings.get(rank)) else {
            return;
        };
        let at = |evidence: &Self| evidence.finding.lines.get(evidence.line).map(|l| l.raw);
        let selected = at(self);
        let texts = std::mem::take(&mut self.texts);
        let known = self.finding.lines.iter().zip(texts);
        let known: Vec<(TextRef, Text)> = known.map(|(line, text)| (line.raw, text)).collect();
        self.finding = now.clone();
        self.messages.filter = filter(now);
        let text = |raw| known.iter().find(|(at, _)| *at == raw).map(|(_, t)| t);
        let lines = &self.finding.lines;
        let texts = lines.iter().map(|l| text(l.raw).cloned());
        self.texts = texts.map(|text| text.unwrap_or(Text::None)).collect();
        let same = lines.iter().position(|l| Some(l.raw) == selected);
        if same.is_none() && matches!(self.pane, Pane::Log(_)) {
            self.pane = Pane::Lines;
        }
        self.line = same.unwrap_or(0);
    }

    /// Shows it from its first sentence on.
    pub const fn show_top(&mut self) {
        (self.pane, self.scrolled) = (Pane::About(0), 0);
    }

    /// How the screen is divided.
    #[must_use]
    pub fn layout(&self, size: Size, overview: &Overview, zone: Zone) -> EvidenceRows {
        let about = self
            .about(size, overview, zone)
            .into_iter()
            .map(|p| p.rows());
        let counts = [about.sum(), self.messages.page.total, self.texts.len()];
        layout::evidence(size, counts, self.pane_weight())
    }

    /// What is said, in parts.
    #[must_use]
    pub fn about(&self, size: Size, overview: &Overview, zone: Zone) -> Vec<about::Part> {
        let telling = self.telling.as_deref();
        about::parts(&self.finding, telling, overview, zone, size)
    }

    /// What was measured, to be asked for now if at all.
    pub fn question(&mut self, overview: &Overview) -> Option<Wanted> {
        if !std::mem::take(&mut self.stale) {
            return None;
        }
        let wanted = Wanted::of(&self.finding, overview);
        self.asked = Some(wanted.clone());
        Some(wanted)
    }

    /// What was measured; the answer to an older question is dropped.
    pub fn answer(&mut self, wanted: &Wanted, telling: Arc<Telling>) {
        if self.asked.as_ref() == Some(wanted) {
            self.telling = Some(telling);
        }
    }

    /// The next text to ask for: the selected one first, one at a time.
    pub fn text_question(&mut self) -> Option<TextRef> {
        if self.texts.iter().any(|t| matches!(t, Text::Reading(_))) {
            return None;
        }
        let missing = |i: &usize| self.texts.get(*i) == Some(&Text::None);
        let next = Some(self.line)
            .filter(missing)
            .or_else(|| (0..self.texts.len()).find(missing))?;
        self.texts[next].question(self.finding.lines.get(next).map(|l| l.raw))
    }

    /// A log event's text.
    pub fn answer_text(
        &mut self,
        at: TextRef,
        text: &Result<RawEvent, String>,
        mask: Option<&Mask>,
    ) {
        for known in &mut self.texts {
            known.answer(at, text.clone(), mask);
        }
    }

    /// The log lines as their origin has them, or readable.
    pub const fn toggle_raw(&mut self) {
        self.raw = !self.raw;
        if matches!(self.pane, Pane::Log(_)) {
            self.pane = Pane::Log(0);
        }
    }

    /// Moves within the view; false where the action is none of it.
    pub fn act(&mut self, action: Action, size: Size, overview: &Overview, zone: Zone) -> bool {
        let forward = action == Action::NextPane;
        match (action, self.pane) {
            (Action::NextPane | Action::PreviousPane, _) => self.turn(forward),
            (Action::Back | Action::Leave, Pane::Log(_)) => self.pane = Pane::Lines,
            (Action::Open, Pane::Lines) if !self.texts.is_empty() => self.pane = Pane::Log(0),
            _ => return self.scroll(action, size, overview, zone),
        }
        true
    }

    /// Selects a message; whether it was selected already.
    pub fn select_message(&mut self, row: usize, rows: usize) -> Option<bool> {
        let again = self.pane == Pane::Messages && row == self.messages.cursor;
        (row < self.messages.page.total).then(|| {
            self.leave_about();
            self.pane = Pane::Messages;
            self.messages.go(row, rows, false);
            again
        })
    }

    /// Selects a log line; whether it was selected already.
    pub fn select_line(&mut self, line: usize) -> Option<bool> {
        let again = self.pane == Pane::Lines && line == self.line;
        (line < self.texts.len()).then(|| {
            self.leave_about();
            (self.pane, self.line) = (Pane::Lines, line);
            again
        })
    }

    /// What is said has the keys.
    pub const fn read_about(&mut self) {
        if !matches!(self.pane, Pane::About(_)) {
            self.pane = Pane::About(self.scrolled);
        }
    }

    /// The selected log line is open, if there is one.
    pub fn read_line(&mut self) -> bool {
        if !self.texts.is_empty() && !matches!(self.pane, Pane::Log(_)) {
            self.leave_about();
            self.pane = Pane::Log(0);
        }
        !self.texts.is_empty()
    }

    const fn leave_about(&mut self) {
        if let Pane::About(top) = self.pane {
            self.scrolled = top;
        }
    }

    fn turn(&mut self, forward: bool) {
        self.pane = match (self.pane, forward) {
            (Pane::About(top), _) => {
                self.scrolled = top;
                if forward { Pane::Messages } else { Pane::Lines }
            }
            (Pane::Messages, true) | (Pane::Log(_), false) => Pane::Lines,
            (Pane::Lines, false) => Pane::Messages,
            (Pane::Messages, false) | (Pane::Lines | Pane::Log(_), true) => {
                Pane::About(self.scrolled)
            }
        };
    }

    fn scroll(&mut self, action: Action, size: Size, overview: &Overview, zone: Zone) -> bool {
        let parts = self.layout(size, overview, zone);
        let page = usize::from(parts.of(self.pane_weight()).saturating_sub(1)).max(1);
        let (at, len) = match self.pane {
            Pane::Messages => {
                let rows = layout::evidence_messages(&parts);
                return self.messages.act(action, 1, rows);
            }
            Pane::About(top) => {
                let rows = self.about(size, overview, zone);
                let rows: usize = rows.iter().map(about::Part::rows).sum();
                (top, rows.saturating_sub(page) + 1)
            }
            Pane::Lines => (self.line, self.texts.len()),
            Pane::Log(top) => {
                let width = layout::log_columns(size);
                let text = self.texts.get(self.line);
                let rows = text.map_or(0, |t| t.rows(self.raw, width));
                (top, rows.saturating_sub(page) + 1)
            }
        };
        let Some(to) = moves::target(action, at, len, page) else {
            return false;
        };
        match self.pane {
            Pane::About(_) => self.pane = Pane::About(to),
            Pane::Log(_) => self.pane = Pane::Log(to),
            _ => self.line = to,
        }
        true
    }

    const fn pane_weight(&self) -> layout::Weight {
        match self.pane {
            Pane::About(_) => layout::Weight::About,
            Pane::Messages => layout::Weight::Messages,
            Pane::Lines => layout::Weight::Lines,
            Pane::Log(_) => layout::Weight::Log,
        }
    }
}
