//! What is written from one picture to the next leads to exactly that picture.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::fmt::Write as _;
use std::num::NonZeroU16;

use lastseen::app::chord::{Chord, Key};
use lastseen::app::input::{Answer, Effect, Input, Question};
use lastseen::app::model::{Mode, Model};
use lastseen::app::update::update;
use lastseen::domain::time::Timestamp;
use lastseen::load::Investigation;
use lastseen::load::answers::Answers as _;
use lastseen::runtime::bridge::{self, changes};
use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::ui;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screens::VIEWS;
use crate::support::dashboard::{Dashboard, text};
use crate::support::fake_answers::FakeAnswers;
use crate::support::incidents::{Case, USUAL, read};

/// What a step may write on a screen of 200x60 in true colours, in bytes.
const STEP: usize = 1 << 10;
/// What a page may.
const PAGE: usize = 12 << 10;

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
fn wide_letters_are_written_over_in_any_order() {
    let answers = FakeAnswers::hostile("注文番号 e\u{301} 👩 wide");
    let mut dashboard = Dashboard::with(answers, 120, 40);
    let mut grown = terminal();
    let empty = Buffer::empty(dashboard.buffer().area);
    let mut before = empty.clone();
    for keys in ["", "2", "j", "<enter>", "4", "<space>", "l", "w", "1"] {
        let after = dashboard.keys(keys).buffer();
        let mut anew = terminal();
        for (old, terminal) in [(&before, &mut grown), (&empty, &mut anew)] {
            let mut bytes = Vec::new();
            bridge::write(&mut bytes, old, &after, true).unwrap();
            terminal.process(&bytes);
        }
        assert_eq!(shown(&grown), shown(&anew), "after {keys}");
        before = after;
    }
}

#[test]
fn what_is_written_looks_the_same_as_painted_anew() {
    for (name, depth, erases) in [
        ("dusk", Depth::True, true),
        ("dusk", Depth::True, false),
        ("ansi", Depth::Ansi16, true),
    ] {
        let mut dashboard = Dashboard::new(120, 40).theme(name, depth);
        let mut grown = terminal();
        let empty = Buffer::empty(dashboard.buffer().area);
        let mut before = empty.clone();
        for keys in [
            "x", "2", "jj", "<enter>", "4", "<space>", "&eng-3", "<esc>", "?",
        ] {
            let after = dashboard.keys(keys).buffer();
            let mut bytes = Vec::new();
            bridge::write(&mut bytes, &before, &after, erases).unwrap();
            grown.process(&bytes);
            let mut anew = terminal();
            let mut bytes = Vec::new();
            bridge::write(&mut bytes, &empty, &after, erases).unwrap();
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

/// What leads from one picture to the next, with the synchronized update and the cursor.
fn cost(before: &Buffer, after: &Buffer) -> usize {
    let mut bytes = Vec::new();
    bridge::write(&mut bytes, before, after, true).unwrap();
    bytes.len() + 36
}

/// The most bytes that one of these keys writes, and what follows once one stays there.
fn most(dashboard: &mut Dashboard, keys: &[&str]) -> (usize, usize) {
    let mut most = (0, 0);
    for keys in keys {
        let before = dashboard.buffer();
        let after = dashboard.typed(keys).buffer();
        let stayed = dashboard.keys("").buffer();
        most.0 = most.0.max(cost(&before, &after));
        most.1 = most.1.max(cost(&after, &stayed));
    }
    most
}

/// A step, also one that scrolls; a page; and nothing where nothing changes. What is previewed on the
/// board follows once one stays there, and costs no more than a page.
#[test]
fn a_step_and_a_page_write_few_bytes() {
    let mut said = String::new();
    let mut wrong = false;
    for (view, keys) in VIEWS {
        let at = || {
            let mut dashboard = Dashboard::new(200, 60);
            dashboard.keys(keys);
            dashboard
        };
        // A letter that is waited for is no step.
        if at().model.mode != Mode::Normal || at().model.pending.is_some() {
            continue;
        }
        let (step, stayed) = most(&mut at(), &["j", "j", "j", "k", "j", "j"]);
        let (page, _) = most(&mut at(), &["<space>", "<space>", "<space>", "b", "b"]);
        let mut below = at();
        below.keys("<space>");
        let (scrolled, _) = most(&mut below, &["j", "j", "j"]);
        wrong |= step.max(scrolled) > STEP || page.max(stayed) > PAGE;
        writeln!(
            said,
            "{view}: step {step}, scrolled {scrolled}, page {page}, once stayed {stayed}"
        )
        .unwrap();
    }
    assert!(!wrong, "\n{said}");
    println!("{said}");
}

/// An incident on a board of 200x60, told by its own run.
struct Told {
    run: Investigation,
    model: Model,
    theme: Theme,
}

impl Told {
    fn new(case: &Case) -> Self {
        let run = read(&case.told());
        let now = run
            .overview()
            .window
            .map_or(Timestamp(0), |window| window.to);
        let mut told = Self {
            model: Model::new(case.name, now, None, (200, 60)),
            theme: Theme::load("dusk", None, Depth::True).unwrap(),
            run,
        };
        let answer = Answer::Overview(told.run.overview(), told.run.findings());
        told.take(Input::Answer(now, answer));
        told
    }

    /// Takes an input in; the board asks for messages and for nothing else.
    fn take(&mut self, input: Input) -> Buffer {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in update(&mut self.model, input) {
                if let Effect::Ask(Question::Messages(query)) = effect {
                    let page = self.run.messages(&query);
                    let answer = Answer::Messages(query, Box::new(page));
                    inputs.push(Input::Answer(self.model.now, answer));
                }
            }
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
        let _cursor = ui::render(&self.model, &self.theme, buffer.area, &mut buffer);
        buffer
    }
}

/// A step over the findings and on through the panels, on the board of every incident; what follows once
/// one stays there is a part of the screen, and may cost as much as a page.
#[test]
fn a_step_on_the_board_of_every_incident_writes_few_bytes() {
    let mut said = String::new();
    let mut wrong = false;
    for case in &USUAL {
        let mut told = Told::new(case);
        let mut before = told.take(Input::Rest);
        let (mut steps, mut stays) = (Vec::new(), Vec::new());
        for key in "jjjjjjjjjjjjkkkkkk".chars() {
            let after = told.take(Input::Key(Chord::plain(Key::Char(key))));
            let stayed = told.take(Input::Rest);
            steps.push(cost(&before, &after));
            stays.push(cost(&after, &stayed));
            before = stayed;
        }
        wrong |= steps.iter().any(|step| *step > STEP) || stays.iter().any(|stay| *stay > PAGE);
        writeln!(
            said,
            "{}: steps {steps:?}, once stayed {stays:?}",
            case.name
        )
        .unwrap();
    }
    assert!(!wrong, "\n{said}");
    println!("{said}");
}
