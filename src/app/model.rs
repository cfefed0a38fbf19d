//! Everything the dashboard shows, as data.

use std::sync::Arc;

use chrono_tz::Tz;

use super::board::{self, Board};
use super::bound::Keymap;
use super::compare::Compare;
use super::context::Context;
use super::evidence::Evidence;
use super::history::History;
use super::hunt::HuntView;
use super::input::Copied;
use super::kept::Session;
use super::layout;
use super::learnt::LearntView;
use super::lifecycle::Lifecycle;
use super::logs::Logs;
use super::marks::Marks;
use super::messages::Messages;
use super::note::Noting;
use super::notices::Notices;
use super::opened::{self, Opened};
use super::palette::Palette;
use super::pending::Pending;
use super::place::Place;
use super::prompt::{LogTyping, Prompt};
use super::share::Share;
use super::size::Size;
use super::sources::Sources;
use super::themes::Themes;
use super::timeline::TimelineView;
use super::typing::Typing;
use super::zone::Zone;
use crate::diagnose::finding::Finding;
use crate::domain::time::{Span, Timestamp};
use crate::domain::verdict::Verdict;
use crate::domain::view::{MessageQuery, Overview};

/// A question that must be answered first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asking {
    /// End the program?
    Quit,
    /// Cancel the load?
    StopLoad,
    /// Show what is masked?
    Reveal,
    /// Save the configuration, which is not masked, here while others look on?
    Save(String),
    /// Save the configuration in the place of this file?
    Replace(String),
    /// Copy this line, although it could command a terminal?
    CopyRaw(String),
}

/// What lies over the view, with its state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Nothing.
    Normal,
    /// The keys of the view.
    Help(Palette),
    /// The palette.
    Palette(Palette),
    /// A line is being typed.
    Typing(Typing),
    /// What to look for in the log is being typed.
    LogText(Box<LogTyping>),
    /// Every mark; the selected one.
    Marks(usize),
    /// What was said; the selected one.
    Notices(usize),
    /// A note is being typed.
    Note(Box<Noting>),
    /// What can be copied is shown.
    Copy,
    /// What to compare is being typed.
    Sides(Prompt),
    /// A question.
    Question(Asking),
    /// The list of themes and the place in it.
    Themes(usize),
}

/// The dashboard.
#[derive(Clone, Debug)]
pub struct Model {
    /// What is being looked at, as the command line gave it.
    pub title: String,
    /// The configuration that the run goes by.
    pub config: Option<String>,
    /// The screen.
    pub size: Size,
    /// The time of the newest input that told it.
    pub now: Timestamp,
    /// When the dashboard started.
    pub started: Timestamp,
    /// Which clock times are shown on.
    pub zone: Zone,
    /// The whole picture. Empty until the first answer.
    pub overview: Arc<Overview>,
    /// The findings.
    pub findings: Arc<Vec<Finding>>,
    /// Whether the first answer has come.
    pub ready: bool,
    /// The view in front.
    pub place: Place,
    /// The views to go back to.
    pub trail: Vec<Place>,
    /// The places that were left.
    pub history: History,
    /// The letters that mark something.
    pub marks: Marks,
    /// What lies over it.
    pub mode: Mode,
    /// A key that waits for another.
    pub pending: Option<Pending>,
    /// The keys.
    pub keys: Arc<Keymap>,
    /// Where the last session ended, until there is something to show.
    pub resume: Option<Session>,
    /// The board.
    pub board: Board,
    /// Some of the messages behind what is selected on the board.
    pub preview: Messages,
    /// The list.
    pub messages: Messages,
    /// The message, once one was opened.
    pub lifecycle: Option<Lifecycle>,
    /// The log.
    pub logs: Logs,
    /// The sources.
    pub sources: Sources,
    /// The hunt, once one was begun.
    pub hunt: Option<HuntView>,
    /// The incident's timeline.
    pub timeline: TimelineView,
    /// What was learnt, where no configuration says it.
    pub learnt: Option<Box<LearntView>>,
    /// What was copied last.
    pub copied: Option<(&'static str, Copied)>,
    /// The profile of each environment that has one.
    pub profiles: Vec<(Arc<str>, String)>,
    /// The mouse is ours.
    pub mouse: bool,
    /// How many were lost when a key was pressed last, and when that was.
    pub looked: Option<(u64, Timestamp)>,
    /// What a finding rests on, once one was opened.
    pub evidence: Option<Evidence>,
    /// Two sides, edge by edge.
    pub compare: Compare,
    /// One line about the last key, gone with the next.
    pub notice: Option<String>,
    /// What was said before, and what failed.
    pub notices: Notices,
    /// Where Enter was pressed before there was anything to open: it is opened as soon as it is there.
    pub opens: Option<Place>,
    /// Why no other range of time can be read, where that is so.
    pub fixed: Option<String>,
    /// Another range of time that is to be read.
    pub range: Option<Span>,
    /// The load was cancelled here.
    pub stopped: bool,
    /// The themes to choose from.
    pub themes: Themes,
    /// What others may see.
    pub share: Share,
}

impl Model {
    /// A dashboard that has heard nothing yet.
    #[must_use]
    pub fn new(
        title: &str,
        now: Timestamp,
        other_zones: impl IntoIterator<Item = Tz>,
        size: (u16, u16),
    ) -> Self {
        Self {
            title: title.into(),
            config: None,
            size: Size {
                columns: size.0,
                rows: size.1,
            },
            now,
            started: now,
            zone: Zone::new(other_zones),
            overview: Arc::default(),
            findings: Arc::default(),
            ready: false,
            place: Place::Board,
            trail: Vec::new(),
            history: History::default(),
            marks: Marks::default(),
            mode: Mode::Normal,
            pending: None,
            keys: Arc::default(),
            resume: None,
            board: Board::default(),
            preview: Messages::default(),
            messages: Messages::default(),
            lifecycle: None,
            logs: Logs::default(),
            sources: Sources::default(),
            hunt: None,
            timeline: TimelineView::default(),
            learnt: None,
            copied: None,
            profiles: Vec::new(),
            mouse: false,
            looked: None,
            evidence: None,
            compare: Compare::default(),
            notice: None,
            notices: Notices::default(),
            opens: None,
            fixed: None,
            range: None,
            stopped: false,
            themes: Themes::default(),
            share: Share::default(),
        }
    }

    /// Whose keys hold now.
    #[must_use]
    pub const fn context(&self) -> Context {
        match self.mode {
            Mode::Normal => self.place.context(),
            Mode::Help(_) => Context::Help,
            Mode::Palette(_) => Context::Palette,
            Mode::Typing(_) | Mode::LogText(_) => Context::Typing,
            Mode::Marks(_) => Context::Marks,
            Mode::Notices(_) => Context::Notices,
            Mode::Note(_) => Context::Note,
            Mode::Copy => Context::Copying,
            Mode::Sides(_) => Context::Sides,
            Mode::Question(_) => Context::Question,
            Mode::Themes(_) => Context::Themes,
        }
    }

    /// To another view; Esc leads back.
    pub fn go(&mut self, place: Place) {
        if place == self.place {
            return;
        }
        match self.trail.iter().position(|p| *p == place) {
            Some(at) => self.trail.truncate(at),
            None => self.trail.push(self.place),
        }
        self.place = place;
    }

    /// The screen, the data or the place changed: what is selected is in sight.
    pub fn refit(&mut self) {
        let rows = layout::list_rows(self.size);
        let list = &mut self.messages;
        list.top = layout::keep_in_sight(list.top, list.cursor, rows, list.page.total);
        self.sources.refit(self.size, &self.overview);
        self.logs.show_cursor(self.size, &self.overview);
        self.timeline.refit(rows);
        if let Some(hunt) = &mut self.hunt {
            hunt.refit(self.size);
        }
        if let Some(learnt) = &mut self.learnt {
            learnt.refit(self.size);
        }
        self.compare.refit(self.size);
        if let Some(lifecycle) = &mut self.lifecycle {
            lifecycle.resize(self.size);
        }
    }

    /// The screen without the row that tells on the board what was learnt.
    #[must_use]
    pub fn board_size(&self) -> Size {
        Size {
            rows: self
                .size
                .rows
                .saturating_sub(u16::from(self.learnt.is_some())),
            ..self.size
        }
    }

    /// What to ask for the board's preview now, if anything.
    pub fn preview_question(&mut self) -> Option<MessageQuery> {
        let rows = board::parts(self.board_size(), &self.overview, &self.findings).preview;
        let rows = usize::from(rows).checked_sub(2).filter(|rows| *rows > 0)?;
        let cursor = self.board.previewed(&self.overview, &self.findings);
        if let Some(Opened::Messages(filter)) =
            opened::under(cursor, &self.overview, &self.findings)
            && filter != self.preview.filter
        {
            self.preview.show(filter);
        }
        self.preview.question(rows)
    }

    /// Somebody looks: what is lost now is known.
    pub fn looked_at(&mut self) {
        self.looked = Some((self.overview.totals().of(Verdict::Lost), self.now));
        self.messages.looked_at();
    }

    /// How many more are lost than when somebody looked last, and since when.
    #[must_use]
    pub fn newly_lost(&self) -> Option<(u64, Timestamp)> {
        let (before, when) = self.looked?;
        let more = self
            .overview
            .totals()
            .of(Verdict::Lost)
            .checked_sub(before)
            .filter(|more| *more > 0)?;
        Some((more, when))
    }

    /// Whether something is still being read that was there before.
    #[must_use]
    pub fn loading(&self) -> bool {
        !self.ready || !(self.overview.settled || self.overview.live)
    }

    /// Whether more may come.
    #[must_use]
    pub fn running(&self) -> bool {
        !self.ready || !self.overview.settled
    }
}
