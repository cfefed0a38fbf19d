//! Copies off the drawing loop: each text on a thread that ends with it.

use std::thread;

use async_channel::{Receiver, Sender};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::clipboard::{self, Around, Routed};
use crate::app::model::Model;
use crate::theme::Theme;
use crate::ui;

/// Copies that may be under way.
const CAPACITY: usize = 8;

/// Copies, from the drawing thread's side.
pub struct Copier {
    sender: Sender<Routed>,
}

impl Copier {
    /// What becomes of each text arrives at the receiver.
    #[must_use]
    pub fn new() -> (Self, Receiver<Routed>) {
        let (sender, receiver) = async_channel::bounded(CAPACITY);
        (Self { sender }, receiver)
    }

    /// Copies a text that is called `what`.
    pub fn copy(&self, what: &'static str, text: String) {
        self.begin(move || clipboard::copy(what, &text, &Around::here()));
    }

    /// Writes it into a file.
    pub fn to_file(&self, what: &'static str, text: String) {
        self.begin(move || clipboard::to_file(what, &text, ""));
    }

    fn begin(&self, work: impl FnOnce() -> Routed + Send + 'static) {
        let sender = self.sender.clone();
        let begun = thread::Builder::new().name("copy".into()).spawn(move || {
            // Nobody may be left who wants to know.
            let _gone = sender.send_blocking(work());
        });
        if let Err(error) = begun {
            tracing::warn!(%error, "nothing was copied");
            let told = Err(format!("nothing was copied: {error}"));
            let _full = self.sender.try_send(Routed { told, send: None });
        }
    }
}

/// The screen as text, without blanks at line ends.
#[must_use]
pub fn text(model: &Model, theme: &Theme) -> String {
    let size = model.size;
    let area = Rect::new(0, 0, size.columns, size.rows);
    let mut buffer = Buffer::empty(area);
    let _cursor = ui::render(model, theme, area, &mut buffer);
    let mut out = String::new();
    for y in 0..area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            // What is two columns wide leaves an empty cell behind it.
            x += unicode_width::UnicodeWidthStr::width(symbol).max(1) as u16;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
