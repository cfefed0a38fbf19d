//! The dashboard without a terminal: types keys, answers its questions at once, reads its screen.

#![expect(clippy::panic, reason = "a helper of tests fails the test it helps")]

use std::sync::Arc;

use lastseen::app::chord::Chord;
use lastseen::app::input::{Answer, Effect, Input, Question};
use lastseen::app::model::{Mode, Model};
use lastseen::app::mouse_event::Mouse;
use lastseen::app::update::update;
use lastseen::diagnose::compare::compare;
use lastseen::diagnose::telling::telling;
use lastseen::domain::time::Timestamp;
use lastseen::domain::timeline::{Change, Kept, Timeline};
use lastseen::load::answers::Answers;
use lastseen::load::notebook::Noted;
use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::ui;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::fake_answers::{END, FakeAnswers};
use super::fake_hunt;

pub(crate) struct Dashboard {
    pub(crate) model: Model,
    pub(crate) answers: Arc<FakeAnswers>,
    pub(crate) theme: Theme,
    /// Effects that nobody here carries out: quit, redraw, suspend.
    pub(crate) effects: Vec<Effect>,
    /// Every question that was asked.
    pub(crate) asked: Vec<Question>,
    /// Answers are held back until [`Dashboard::answer_all`].
    pub(crate) slow: bool,
    /// Every change of the timeline that was to be written down.
    pub(crate) notes: Vec<(u64, Change)>,
    /// Where the timeline is said to be kept.
    pub(crate) kept: Kept,
    /// What other programs have written on it.
    pub(crate) others: Timeline,
    waiting: Vec<Question>,
}

impl Dashboard {
    /// The incident, loaded.
    pub(crate) fn new(columns: u16, rows: u16) -> Self {
        Self::with(FakeAnswers::incident(), columns, rows)
    }

    pub(crate) fn with(answers: impl Into<Arc<FakeAnswers>>, columns: u16, rows: u16) -> Self {
        let mut dashboard = Self::before(answers, columns, rows);
        dashboard.overview();
        dashboard
    }

    /// Nothing has been answered yet.
    pub(crate) fn before(answers: impl Into<Arc<FakeAnswers>>, columns: u16, rows: u16) -> Self {
        let zone = Some(chrono_tz::Europe::Berlin);
        let now = END.plus(4_000);
        Self {
            model: Model::new("acme orders", now, zone, (columns, rows)),
            answers: answers.into(),
            theme: Theme::load("dusk", None, Depth::True).expect("the screen under test"),
            effects: Vec::new(),
            asked: Vec::new(),
            slow: false,
            notes: Vec::new(),
            kept: Kept::In("the case".into()),
            others: Timeline::default(),
            waiting: Vec::new(),
        }
    }

    pub(crate) fn theme(mut self, name: &str, depth: Depth) -> Self {
        self.theme = Theme::load(name, None, depth).expect("the screen under test");
        self
    }

    /// What the runtime sends when the version has changed.
    pub(crate) fn overview(&mut self) {
        let answer = Answer::Overview(self.answers.overview(), self.answers.findings());
        self.input(Input::Answer(END.plus(8_000), answer));
    }

    /// Other data from now on.
    pub(crate) fn change(&mut self, answers: impl Into<Arc<FakeAnswers>>) {
        self.answers = answers.into();
        self.overview();
    }

    pub(crate) fn input(&mut self, input: Input) {
        let input = match input {
            Input::Mouse(Mouse::Click(column, row)) => {
                let target = ui::target(&self.model, &self.theme, (column, row));
                Input::Mouse(Mouse::On(target))
            }
            input => input,
        };
        let effects = update(&mut self.model, input);
        for effect in effects {
            match effect {
                Effect::Ask(question) => {
                    self.asked.push(question.clone());
                    self.waiting.push(question);
                }
                Effect::Note(number, change) => self.notes.push((number, *change)),
                Effect::StopLoad => self.answers.stop(),
                Effect::Theme(name) => {
                    self.theme = Theme::load(&name, None, self.theme.depth).expect("bundled");
                }
                other => self.effects.push(other),
            }
        }
        if !self.slow {
            self.answer_all();
        }
    }

    pub(crate) fn answer_all(&mut self) {
        let mut turns = 0;
        while !self.waiting.is_empty() {
            turns += 1;
            assert!(
                // Looking for the next lost message, a list of one row asks for few at a time.
                turns < 1_000,
                "the dashboard never stops asking: {:?}",
                self.waiting
            );
            self.answer_one();
        }
    }

    /// Answers the oldest question that waits.
    pub(crate) fn answer_one(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let question = self.waiting.remove(0);
        let answer = match question {
            Question::Messages(query) => {
                let page = self.answers.messages(&query);
                Answer::Messages(query, Box::new(page))
            }
            Question::Lifecycle(handle) => {
                Answer::Lifecycle(handle, self.answers.lifecycle(handle).map(Box::new))
            }
            Question::Hunt(query) => {
                let hunt = fake_hunt::begun(&self.answers.messages(&query).rows);
                Answer::Hunt(Ok(Arc::new(hunt)))
            }
            Question::Log(query) => {
                let page = self.answers.log(&query);
                Answer::Log(query, Box::new(page))
            }
            Question::Measured(wanted) => {
                let told = telling(&self.answers.signals(), &wanted, &self.answers.overview());
                Answer::Measured(wanted, Arc::new(told))
            }
            Question::Compare(sides) => {
                let overview = self.answers.overview();
                let compared = compare(&sides, &overview, &|| self.answers.sheets());
                Answer::Compare(sides, Arc::new(compared))
            }
            Question::Text(at) => {
                Answer::Text(at, self.answers.text(at).map_err(|e| e.to_string()))
            }
        };
        let slow = std::mem::replace(&mut self.slow, true);
        self.input(Input::Answer(Timestamp(END.0 + 9_000), answer));
        self.slow = slow;
    }

    /// What the notebook says once it has written everything down.
    pub(crate) fn noted(&mut self) -> &mut Self {
        let mut timeline = self.others.clone();
        for (_, change) in &self.notes {
            timeline.apply(change.clone());
        }
        let noted = Noted {
            timeline,
            number: self.notes.last().map_or(0, |(number, _)| *number),
            kept: self.kept.clone(),
            writer: 7,
        };
        self.input(Input::Answer(self.model.now, Answer::Timeline(noted)));
        self
    }

    /// Types `j<enter>x<esc><ctrl-d>`, and stays there.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        self.typed(keys).input(Input::Rest);
        self
    }

    /// The same, one key after the other without a pause.
    pub(crate) fn typed(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.input(Input::Key(chord));
        }
        self
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.input(Input::Resize(columns, rows));
        self
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let size = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(size.columns, size.rows))
            .expect("the screen under test");
        terminal
            .draw(|frame| ui::draw(&self.model, &self.theme, frame))
            .expect("the screen under test");
        terminal.backend().buffer().clone()
    }

    /// The screen as text, without blanks at line ends.
    pub(crate) fn screen(&self) -> String {
        text(&self.buffer())
    }

    #[track_caller]
    pub(crate) fn shows(&self, wanted: &str) -> &Self {
        let screen = self.screen();
        assert!(screen.contains(wanted), "no {wanted:?} on:\n{screen}");
        self
    }

    #[track_caller]
    pub(crate) fn shows_not(&self, unwanted: &str) -> &Self {
        let screen = self.screen();
        assert!(!screen.contains(unwanted), "{unwanted:?} is on:\n{screen}");
        self
    }

    /// The row with the cursor mark.
    #[track_caller]
    pub(crate) fn selected(&self) -> String {
        let screen = self.screen();
        let mark = match self.model.mode {
            Mode::Palette(_) | Mode::Themes(_) | Mode::Notices(_) => "│ ❯",
            _ => "❯",
        };
        let row = screen.lines().find(|line| line.contains(mark));
        row.unwrap_or_else(|| panic!("nothing is selected on:\n{screen}"))
            .to_owned()
    }
}

pub(crate) fn chords(keys: &str) -> Vec<Chord> {
    let mut chords = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let (name, after) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            Some((name, after)) if !name.is_empty() => (name, after),
            _ => rest.split_at(c.len_utf8()),
        };
        chords.push(Chord::parse(name).unwrap_or_else(|| panic!("no key {name:?}")));
        rest = after;
    }
    chords
}

pub(crate) fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut out = String::new();
    for y in area.top()..area.bottom() {
        let line: String = (area.left()..area.right())
            .map(|x| buffer[(x, y)].symbol())
            .collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
