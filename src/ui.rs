//! Draws the model. It has no state of its own, and nothing here decides anything.
//!
//! ```text
//! ┌──────────────────────────────────────────────────────────────┐
//! │ lastseen  ∅ LOST 353 …             1 board 2 3 5 7 │ header.rs
//! │ board.rs      findings.rs, flow.rs (panels), what was unseen │
//! │ messages.rs   the list, and what is known of the selected    │
//! │ lifecycle.rs  verdict, lanes.rs, sightings.rs, log.rs        │
//! │ evidence.rs   what a finding rests on, chart.rs              │
//! │ compare.rs    two sides, edge by edge                        │
//! │ sources.rs    the list, and what is known of the selected    │
//! │ timeline.rs   what was pinned and noted                      │
//! │ learnt.rs     what was guessed, to be corrected              │
//! │ note.rs       a note being typed, over the view              │
//! │ notices.rs    what was said and what failed, over the view   │
//! │ overlay.rs    help, palette, questions; themes.rs over it    │
//! │ UTC │ 2026-11-22 02:00–03:00 │ 2 of 14 sources not read …    │ status.rs
//! │ enter open  x next gap  t zone  : actions             ? help │ bottom.rs
//! └──────────────────────────────────────────────────────────────┘
//! ```
//!
//! Every text reaches the screen through [`text::Pen`], which makes it safe.

pub mod axis;
pub mod board;
pub mod bottom;
pub mod chart;
pub mod compare;
pub mod cut;
pub mod evidence;
pub mod findings;
pub mod flow;
pub mod format;
pub mod frame;
pub mod header;
pub mod hints;
pub mod hunt;
pub mod lanes;
pub mod learnt;
pub mod lifecycle;
pub mod log;
pub mod logs;
pub mod messages;
pub mod note;
pub mod notices;
pub mod overlay;
pub mod sightings;
pub mod sources;
pub mod split;
pub mod state;
pub mod status;
pub mod story;
pub mod text;
pub mod themes;
pub mod timeline;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::text::Pen;
use crate::app::model::Model;
use crate::app::mouse_event::Target;
use crate::app::place::Place;
use crate::app::size::{MIN_COLUMNS, MIN_ROWS, Size};
use crate::theme::Theme;
use crate::theme::role::Role;

/// Draws the whole screen.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if let Some(cursor) = render(model, theme, area, frame.buffer_mut()) {
        frame.set_cursor_position(cursor);
    }
}

/// The same into a buffer, so that two pictures can be compared before one is written; returns where
/// the terminal's own cursor belongs, which is how a screen reader knows what is selected.
pub fn render(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let mut pen = Pen {
        buf,
        theme,
        mask: model.share.mask(),
        cursor: None,
        targets: Vec::new(),
    };
    everything(model, &mut pen, area);
    pen.cursor
}

/// What stands at a place of the screen and can be selected there.
#[must_use]
pub fn target(model: &Model, theme: &Theme, (column, row): (u16, u16)) -> Option<Target> {
    let area = Rect::new(0, 0, model.size.columns, model.size.rows);
    let mut buf = Buffer::empty(area);
    let mut pen = Pen {
        buf: &mut buf,
        theme,
        mask: None,
        cursor: None,
        targets: Vec::new(),
    };
    everything(model, &mut pen, area);
    let place = Position::new(column, row);
    let found = pen.targets.iter().rfind(|(area, _)| area.contains(place));
    found.map(|(_, target)| *target)
}

fn everything(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    pen.clear(area, Role::Bg);
    let size = Size {
        columns: area.width,
        rows: area.height,
    };
    if !size.fits() {
        return too_small(pen, area);
    }
    let body = Rect {
        y: area.y + 1,
        height: size.body(),
        ..area
    };
    header::draw(model, pen, area);
    match model.place {
        Place::Board => board::draw(model, pen, body),
        Place::Messages => messages::draw(model, pen, body),
        Place::Lifecycle => lifecycle::draw(model, pen, body),
        Place::Logs => logs::draw(model, pen, body),
        Place::Sources => sources::draw(model, pen, body),
        Place::Hunt => hunt::draw(model, pen, body),
        Place::Timeline => timeline::draw(model, pen, body),
        Place::Evidence => evidence::draw(model, pen, body),
        Place::Compare => compare::draw(model, pen, body),
        Place::Learnt => learnt::draw(model, pen, body),
    }
    status::draw(model, pen, area);
    let over = Rect {
        height: area.height - 2,
        ..area
    };
    overlay::draw(model, pen, over);
}

fn too_small(pen: &mut Pen<'_>, area: Rect) {
    let lines = [
        format!("{}x{} is too small", area.width, area.height),
        format!("needs {MIN_COLUMNS}x{MIN_ROWS}"),
        "ctrl-c quits".to_owned(),
    ];
    for (line, text) in lines.iter().enumerate() {
        pen.row(area, line as u16, false).put(Role::Title, text);
    }
}
