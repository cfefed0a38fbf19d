//! Everything the dashboard shows, as data.

use std::sync::Arc;

use chrono_tz::Tz;

use super::action::Action;
use super::board::{self, Board};
use super::compare::Compare;
use super::evidence::Evidence;
use super::hunt::HuntView;
use super::input::Copied;
use super::keymap::Context;
use super::layout::Size;
use super::lifecycle::Lifecycle;
use super::messages::Messages;
use super::note::Noting;
use super::opened::{self, Opened};
use super::palette::Palette;
use super::prompt::Prompt;
use super::sources::Sources;
use super::timeline::TimelineView;
use super::zone::Zone;
use crate::diagnose::finding::Finding;
use crate::domain::time::Timestamp;
use crate::domain::view::{MessageQuery, Overview};

/// Which view is in front. Each keeps its own state while it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Pipelines, environments, gaps.
    Board,
    /// The list of messages.
    Messages,
    /// One message.
    Lifecycle,
    /// The sources.
    Sources,
    /// Where else messages are mentioned.
    Hunt,
    /// What was pinned and noted.
    Timeline,
    /// What a finding rests on.
    Evidence,
    /// Two sides, edge by edge.
    Compare,
}

impl Place {
    /// The views that are always there, in the order of their number keys.
    pub const ALL: [Self; 6] = [
        Self::Board,
        Self::Messages,
        Self::Lifecycle,
        Self::Compare,
        Self::Timeline,
        Self::Sources,
    ];

    /// The action that leads there from everywhere, if any does.
    #[must_use]
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::Board => Some(Action::ViewBoard),
            Self::Messages => Some(Action::ViewMessages),
            Self::Lifecycle => Some(Action::ViewLifecycle),
            Self::Compare => Some(Action::ViewCompare),
            Self::Timeline => Some(Action::ViewTimeline),
            Self::Sources => Some(Action::ViewSources),
            Self::Hunt => Some(Action::ViewHunt),
            Self::Evidence => None,
        }
    }

    /// Whose keys hold there.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Board => Context::Board,
            Self::Messages => Context::Messages,
            Self::Lifecycle => Context::Lifecycle,
            Self::Sources => Context::Sources,
            Self::Hunt => Context::Hunt,
            Self::Timeline => Context::Timeline,
            Self::Evidence => Context::Evidence,
            Self::Compare => Context::Compare,
        }
    }
}

/// A question that must be answered first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asking {
    /// End the program?
    Quit,
    /// Cancel the load?
    StopLoad,
    /// Copy this line, although it could command a terminal?
    CopyRaw(String),
}

/// What lies over the view, with its state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Nothing.
    Normal,
    /// The keys of the view, scrolled by so many rows.
    Help(usize),
    /// The palette.
    Palette(Palette),
    /// A filter is being typed; what it was before.
    Filter(Prompt, String),
    /// A note is being typed.
    Note(Box<Noting>),
    /// What can be copied is shown.
    Copy,
    /// What to compare is being typed.
    Sides(Prompt),
    /// A question.
    Question(Asking),
}

/// The dashboard.
#[derive(Clone, Debug)]
pub struct Model {
    /// What is being looked at, as the command line gave it.
    pub title: String,
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
    /// What lies over it.
    pub mode: Mode,
    /// The board.
    pub board: Board,
    /// Some of the messages behind what is selected on the board.
    pub preview: Messages,
    /// The list.
    pub messages: Messages,
    /// The message, once one was opened.
    pub lifecycle: Option<Lifecycle>,
    /// The sources.
    pub sources: Sources,
    /// The hunt, once one was begun.
    pub hunt: Option<HuntView>,
    /// The incident's timeline.
    pub timeline: TimelineView,
    /// What was copied last.
    pub copied: Option<(&'static str, Copied)>,
    /// The profile of each environment that has one.
    pub profiles: Vec<(Arc<str>, String)>,
    /// What a finding rests on, once one was opened.
    pub evidence: Option<Evidence>,
    /// Two sides, edge by edge.
    pub compare: Compare,
    /// One line about the last key, gone with the next.
    pub notice: Option<String>,
    /// The load was cancelled here.
    pub stopped: bool,
}

impl Model {
    /// A dashboard that has heard nothing yet.
    #[must_use]
    pub fn new(title: &str, now: Timestamp, other_zone: Option<Tz>, size: (u16, u16)) -> Self {
        Self {
            title: title.into(),
            size: Size {
                columns: size.0,
                rows: size.1,
            },
            now,
            started: now,
            zone: Zone::new(other_zone),
            overview: Arc::default(),
            findings: Arc::default(),
            ready: false,
            place: Place::Board,
            trail: Vec::new(),
            mode: Mode::Normal,
            board: Board::default(),
            preview: Messages::default(),
            messages: Messages::default(),
            lifecycle: None,
            sources: Sources::default(),
            hunt: None,
            timeline: TimelineView::default(),
            copied: None,
            profiles: Vec::new(),
            evidence: None,
            compare: Compare::default(),
            notice: None,
            stopped: false,
        }
    }

    /// Whose keys hold now.
    #[must_use]
    pub const fn context(&self) -> Context {
        match self.mode {
            Mode::Normal => self.place.context(),
            Mode::Help(_) => Context::Help,
            Mode::Palette(_) => Context::Palette,
            Mode::Filter(..) => Context::Filter,
            Mode::Note(_) => Context::Note,
            Mode::Copy => Context::Copying,
            Mode::Sides(_) => Context::Sides,
            Mode::Question(_) => Context::Question,
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

    /// What to ask for the board's preview now, if anything.
    pub fn preview_question(&mut self) -> Option<MessageQuery> {
        let rows = board::parts(self.size, &self.overview, &self.findings).preview;
        let rows = usize::from(rows).checked_sub(2).filter(|rows| *rows > 0)?;
        if let Some(Opened::Messages(filter)) =
            opened::of(&self.board, &self.overview, &self.findings)
            && filter != self.preview.filter
        {
            self.preview.show(filter);
        }
        self.preview.question(rows)
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
