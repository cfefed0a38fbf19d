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
//! │ overlay.rs    help, palette, questions; themes.rs over it    │
//! │ UTC │ 2026-11-22 02:00–03:00 │ 2 of 14 sources not read …    │ status.rs
//! │ enter open  x next gap  t zone  : actions             ? help │ status.rs
//! └──────────────────────────────────────────────────────────────┘
//! ```
//!
//! Every text reaches the screen through [`text::Pen`], which makes it safe.

pub mod axis;
pub mod board;
pub mod chart;
pub mod compare;
pub mod cut;
pub mod echo;
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
pub mod overlay;
pub mod sightings;
pub mod sources;
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
use crate::app::layout::{MIN_COLUMNS, MIN_ROWS, Size};
use crate::app::model::Model;
use crate::app::place::Place;
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
    };
    pen.clear(area, Role::Bg);
    let size = Size {
        columns: area.width,
        rows: area.height,
    };
    if !size.fits() {
        too_small(&mut pen, area);
        return None;
    }
    let body = Rect {
        y: area.y + 1,
        height: size.body(),
        ..area
    };
    header::draw(model, &mut pen, area);
    match model.place {
        Place::Board => board::draw(model, &mut pen, body),
        Place::Messages => messages::draw(model, &mut pen, body),
        Place::Lifecycle => lifecycle::draw(model, &mut pen, body),
        Place::Logs => logs::draw(model, &mut pen, body),
        Place::Sources => sources::draw(model, &mut pen, body),
        Place::Hunt => hunt::draw(model, &mut pen, body),
        Place::Timeline => timeline::draw(model, &mut pen, body),
        Place::Evidence => evidence::draw(model, &mut pen, body),
        Place::Compare => compare::draw(model, &mut pen, body),
        Place::Learnt => learnt::draw(model, &mut pen, body),
    }
    status::draw(model, &mut pen, area);
    let over = Rect {
        height: area.height - 2,
        ..area
    };
    overlay::draw(model, &mut pen, over);
    echo::draw(model, &mut pen, over);
    pen.cursor
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
