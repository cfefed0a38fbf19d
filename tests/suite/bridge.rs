//! What is written from one picture to the next leads to exactly that picture.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fmt::Write as _;
use std::num::NonZeroU16;

use lastseen::app::model::Mode;
use lastseen::app::place::Place;
use lastseen::runtime::bridge::{self, changes};
use lastseen::theme::depth::Depth;
use ratatui::buffer::Buffer;

use crate::screens::VIEWS;
use crate::support::dashboard::{Dashboard, text};
use crate::support::fake_answers::FakeAnswers;

#[test]
fn the_changes_lead_from_each_picture_to_the_next() {
    let wide = FakeAnswers::hostile("注文番号 e\u{301} 👩 wide");
    for answers in [FakeAnswers::incident(), wide.into()] {
        let mut dashboard = Dashboard::with(answers, 120, 40);
        let mut before = dashboard.buffer();
        for keys in [
            "x", "2", "j", "<space>", "<enter>", "4", "<space>", "l", "w", "7", "1", "?",
        ] {
            let after = dashboard.keys(keys).buffer();
            let plain = before.diff(&after).len();
            let cells = changes(&before, &after);
            assert!(cells.len() >= plain);
            for (x, y, cell) in cells {
                before[(x, y)] = cell.clone();
            }
            assert!(before.diff(&after).is_empty(), "after {keys}");
            before = after;
        }
    }
}

/// What a terminal shows after these bytes, with the colours of each cell.
fn shown(terminal: &vt100::Parser) -> Vec<(String, String, String, bool)> {
    let screen = terminal.screen();
    let (rows, columns) = screen.size();
    let mut cells = Vec::new();
    for row in 0..rows.get() {
        for column in 0..columns.get() {
            let cell = screen.cell(row, column).unwrap();
            let text = if cell.contents().is_empty() {
                " "
            } else {
                cell.contents()
            };
            // The colour of a blank is not seen.
            let fg = if text == " " {
                String::new()
            } else {
                format!("{:?}", cell.fgcolor())
            };
            let bold = cell.bold() && text != " ";
            cells.push((text.to_owned(), fg, format!("{:?}", cell.bgcolor()), bold));
        }
    }
    cells
}

fn terminal() -> vt100::Parser {
    let size = |n| NonZeroU16::new(n).unwrap();
    vt100::Parser::new(size(40), size(120), 0)
}

#[test]
fn what_is_written_looks_the_same_as_painted_anew() {
    for (name, depth) in [("dusk", Depth::True), ("ansi", Depth::Ansi16)] {
        let mut dashboard = Dashboard::new(120, 40).theme(name, depth);
        let mut grown = terminal();
        let empty = Buffer::empty(dashboard.buffer().area);
        let mut before = empty.clone();
        for keys in [
            "x", "2", "jj", "<enter>", "4", "<space>", "&eng-3", "<esc>", "?",
        ] {
            let after = dashboard.keys(keys).buffer();
            let mut bytes = Vec::new();
            bridge::write(&mut bytes, &before, &after).unwrap();
            grown.process(&bytes);
            let mut anew = terminal();
            let mut bytes = Vec::new();
            bridge::write(&mut bytes, &empty, &after).unwrap();
            anew.process(&bytes);
            assert_eq!(shown(&grown), shown(&anew), "{name} after {keys}");
            let screen = grown.screen().contents();
            let lines = screen.lines().map(str::trim_end);
            assert!(
                lines.eq(text(&after).trim_end().lines()),
                "{name} after {keys}"
            );
            before = after;
        }
    }
}

/// The most bytes that one of these keys writes.
fn most(dashboard: &mut Dashboard, keys: &[&str]) -> usize {
    let mut before = dashboard.buffer();
    let mut most = 0;
    for keys in keys {
        let after = dashboard.keys(keys).buffer();
        let mut bytes = Vec::new();
        bridge::write(&mut bytes, &before, &after).unwrap();
        // Synchronized update, and the cursor.
        most = most.max(bytes.len() + 36);
        before = after;
    }
    most
}

/// Of the log, which is scrolled most; of the lists hardly more. A step on the board shows another edge
/// and other messages.
#[test]
fn a_step_and_a_page_write_few_bytes() {
    let mut said = String::new();
    let mut wrong = false;
    for (view, keys) in VIEWS {
        let mut dashboard = Dashboard::new(200, 60);
        dashboard.keys(keys);
        if dashboard.model.mode != Mode::Normal {
            continue;
        }
        let step = most(&mut dashboard, &["j", "j", "j", "k", "j", "j"]);
        let scrolled = most(&mut dashboard, &["j"; 70]);
        let page = most(&mut dashboard, &["<space>", "<space>", "<space>", "b", "b"]);
        let allowed = match dashboard.model.place {
            Place::Board => (12_000, 14_000),
            Place::Logs => (1_100, 12 << 10),
            _ => (1_800, 14_500),
        };
        wrong |= step > allowed.0 || page > allowed.1;
        writeln!(
            said,
            "{view}: step {step}, scrolled {scrolled}, page {page}, allowed {allowed:?}"
        )
        .unwrap();
    }
    assert!(!wrong, "\n{said}");
    println!("{said}");
}
