//! One message: its sightings, the place where it should have come next, and the log line behind
//! the selected sighting.

use super::action::Action;
use super::layout::{self, LifecycleRows};
use super::moves;
use super::reading::Text;
use super::size::Size;
use crate::domain::event::TextRef;
use crate::domain::time::Timestamp;
use crate::domain::view::{LifecycleView, MessageHandle, SightingView, StepView};

/// Where the keys go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pane {
    /// To the sightings.
    Sightings,
    /// To the log line, which is open and scrolled by so many rows.
    Log(usize),
}

/// What to select once the message is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    /// This row.
    Row(usize),
    /// The sighting nearest to this time.
    Time(Timestamp),
}

/// One message's own state.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    /// Which message.
    pub handle: MessageHandle,
    /// What is known of it; `None` until the first answer.
    pub view: Option<Box<LifecycleView>>,
    /// The answer was that there is no such message any more.
    pub gone: bool,
    /// The selected row: a sighting, or behind them the gap.
    pub cursor: usize,
    /// The first visible row.
    pub top: usize,
    /// Where the keys go.
    pub pane: Pane,
    /// The log line.
    pub text: Text,
    /// As its origin has it, instead of readable.
    pub raw: bool,
    stale: bool,
    /// What to select once it is known.
    wanted: Option<Wanted>,
}

impl Lifecycle {
    /// A message about which nothing is known yet.
    #[must_use]
    pub const fn new(handle: MessageHandle, raw: bool) -> Self {
        Self {
            handle,
            view: None,
            gone: false,
            cursor: 0,
            top: 0,
            pane: Pane::Sightings,
            text: Text::None,
            raw,
            stale: true,
            wanted: None,
        }
    }

    /// The same, with another row selected than the last sighting.
    #[must_use]
    pub const fn at(mut self, row: usize) -> Self {
        self.wanted = Some(Wanted::Row(row));
        self
    }

    /// The stage where it should have come next and did not.
    #[must_use]
    pub fn missing(&self) -> Option<&StepView> {
        self.view.as_ref()?.steps.iter().find(|step| step.missing)
    }

    /// The rows of the list: every sighting, and one for the gap.
    #[must_use]
    pub fn len(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.sightings.len())
            + usize::from(self.missing().is_some())
    }

    /// Whether there is no row at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The selected sighting; `None` on the gap.
    #[must_use]
    pub fn sighting(&self) -> Option<&SightingView> {
        self.view.as_ref()?.sightings.get(self.cursor)
    }

    /// How the screen is divided for it.
    #[must_use]
    pub fn layout(&self, size: Size) -> LifecycleRows {
        let stages = self.view.as_ref().map_or(0, |view| view.steps.len());
        let open = matches!(self.pane, Pane::Log(_));
        let why = self
            .view
            .as_ref()
            .map_or(0, |view| view.why.chars().count());
        layout::lifecycle(size, why, stages, self.len(), open)
    }

    /// The data changed: ask again.
    pub const fn refresh(&mut self) {
        self.stale = true;
    }

    /// Whether to ask for the message now.
    pub const fn ask(&mut self) -> bool {
        std::mem::replace(&mut self.stale, false)
    }

    /// The text to ask for now, if another is needed than the one at hand.
    pub fn question(&mut self) -> Option<TextRef> {
        let wanted = self.shown_sighting().map(|sighting| sighting.raw);
        self.text.question(wanted)
    }

    /// The sighting whose log line is shown: the selected one, on the gap the last before it.
    #[must_use]
    pub fn shown_sighting(&self) -> Option<&SightingView> {
        self.sighting()
            .or_else(|| self.view.as_ref()?.sightings.last())
    }

    /// What is known of the message.
    pub fn answer(&mut self, view: Option<Box<LifecycleView>>, size: Size) {
        self.gone = view.is_none();
        let Some(view) = view else { return };
        let selected = self.sighting().map(|s| (s.raw, s.mark));
        let first = self.view.is_none();
        self.view = Some(view);
        let sightings = self.view.as_ref().map_or(&[][..], |view| &view.sightings);
        if first {
            self.cursor = last_seen(sightings);
        } else if let Some(selected) = selected {
            let same = sightings.iter().position(|s| (s.raw, s.mark) == selected);
            self.cursor = same.unwrap_or(self.cursor);
        }
        self.show_cursor(size);
        match self.wanted.take() {
            Some(Wanted::Time(time)) => self.look_at(time, size),
            Some(Wanted::Row(row)) => {
                self.cursor = row;
                self.show_cursor(size);
            }
            None => {}
        }
    }

    /// Selects the sighting nearest to a time, now or when it is known.
    pub fn look_at(&mut self, time: Timestamp, size: Size) {
        let Some(view) = &self.view else {
            self.wanted = Some(Wanted::Time(time));
            return;
        };
        let rows = view.sightings.iter().enumerate();
        let nearest = rows.min_by_key(|(_, s)| s.time.since(time).saturating_abs());
        self.cursor = nearest.map_or(self.cursor, |(row, _)| row);
        self.pane = Pane::Sightings;
        self.show_cursor(size);
    }

    /// Carries out an action on the message; false where it is none.
    pub fn act(&mut self, action: Action, size: Size) -> bool {
        match (action, self.pane) {
            (Action::ToggleRaw, _) => {
                self.raw = !self.raw;
                if matches!(self.pane, Pane::Log(_)) {
                    self.pane = Pane::Log(0);
                }
            }
            (Action::Open | Action::NextPane | Action::PreviousPane, Pane::Sightings) => {
                self.pane = Pane::Log(0);
                self.show_cursor(size);
            }
            (
                Action::Back | Action::Leave | Action::NextPane | Action::PreviousPane,
                Pane::Log(_),
            ) => {
                self.pane = Pane::Sightings;
                self.show_cursor(size);
            }
            (Action::NextGap | Action::PreviousGap, _) => {
                let Some(sightings) = self.view.as_ref().map(|view| view.sightings.len()) else {
                    return false;
                };
                if self.missing().is_none() || self.cursor == sightings {
                    return false;
                }
                self.cursor = sightings;
                self.show_cursor(size);
            }
            (_, Pane::Sightings) => {
                let page = usize::from(self.layout(size).sightings.saturating_sub(1));
                let Some(row) = moves::target(action, self.cursor, self.len(), page) else {
                    return false;
                };
                self.cursor = row;
                self.show_cursor(size);
            }
            (_, Pane::Log(top)) => return self.scroll(action, top, size),
        }
        true
    }

    /// Selects a row; whether it was selected already, `None` where there is none.
    pub fn select(&mut self, row: usize, size: Size) -> Option<bool> {
        let again = row == self.cursor && self.pane == Pane::Sightings;
        (row < self.len()).then(|| {
            self.cursor = row;
            self.pane = Pane::Sightings;
            self.show_cursor(size);
            again
        })
    }

    fn scroll(&mut self, action: Action, top: usize, size: Size) -> bool {
        let page = usize::from(self.layout(size).log.saturating_sub(2)).max(1);
        let rows = self.text.rows(self.raw, layout::log_columns(size));
        let most = rows.saturating_sub(page);
        let Some(row) = moves::target(action, top, most + 1, page) else {
            return false;
        };
        self.pane = Pane::Log(row);
        true
    }

    fn show_cursor(&mut self, size: Size) {
        let rows = usize::from(self.layout(size).sightings.saturating_sub(1));
        let len = self.len();
        self.cursor = self.cursor.min(len.saturating_sub(1));
        self.top = layout::keep_in_sight(self.top, self.cursor, rows, len);
        // The gap belongs to the sighting before it: show both where there is room.
        if self.missing().is_some() && self.cursor + 2 == len && rows > 1 {
            self.top = layout::keep_in_sight(self.top, self.cursor + 1, rows, len);
        }
    }

    /// The screen changed its size.
    pub fn resize(&mut self, size: Size) {
        self.show_cursor(size);
    }
}

/// The newest sighting's row.
#[must_use]
pub fn last_seen(sightings: &[SightingView]) -> usize {
    let newest = sightings.iter().enumerate().max_by_key(|(_, s)| s.time);
    newest.map_or(0, |(i, _)| i)
}

/// How long a message has been awaited, in milliseconds: from its last sighting to the horizon.
#[must_use]
pub fn awaited_ms(last_seen: Timestamp, horizon: Option<Timestamp>) -> i64 {
    horizon.map_or(0, |horizon| horizon.since(last_seen).max(0))
}
