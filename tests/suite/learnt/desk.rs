//! The dashboard over real files that nobody has configured: types keys, carries out what it asks for
//! at once, reads its screen.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lastseen::app::input::{Answer, Effect, Input, Question};
use lastseen::app::learnt::{Basis, LearntView};
use lastseen::app::model::Model;
use lastseen::app::update::update;
use lastseen::config::file::File;
use lastseen::config::learnt;
use lastseen::config::overrides::Overrides;
use lastseen::config::plan::Plan;
use lastseen::config::resolve::resolve;
use lastseen::diagnose::discover::discover;
use lastseen::domain::correction::Part;
use lastseen::domain::discovery::Discovery;
use lastseen::domain::time::Timestamp;
use lastseen::domain::verdict::Verdict;
use lastseen::domain::view::MessageQuery;
use lastseen::load::Investigation;
use lastseen::load::again::{Again, Planner};
use lastseen::load::answers::Answers as _;
use lastseen::load::look::look;
use lastseen::runtime::save::save;
use lastseen::theme::Theme;
use lastseen::theme::depth::Depth;
use lastseen::ui;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::support::alone::folder;
use crate::support::dashboard::{chords, text};

/// Orders, of which the 40th and the 41st never reach the worker.
const ORDERS: i64 = 90;

pub(super) struct Desk {
    pub(super) model: Model,
    pub(super) folder: PathBuf,
    again: Again,
    /// How often the run was judged again.
    pub(super) judged: usize,
    pub(super) quit: bool,
}

/// Long after everything that is read: 2027.
const fn later() -> Timestamp {
    Timestamp(1_800_000_000_000)
}

pub(super) fn plan(folder: &Path, config: &str) -> Result<Plan, String> {
    let overrides = Overrides {
        folder: folder.to_owned(),
        sources: vec!["logs".to_owned()],
        ..Overrides::default()
    };
    let file = File::parse("lastseen.toml", folder, config);
    let resolved = resolve(&file, &overrides, &|path| folder.join(path).exists());
    resolved
        .map(|resolved| resolved.plan)
        .map_err(|errors| errors.to_string())
}

/// An order gets a job at the dispatcher; three orders share a trip.
fn write(folder: &Path) {
    let mut files = [(); 3].map(|()| String::new());
    for n in 0..ORDERS {
        let id = |kind: &str, n: i64| {
            format!("{kind}-{:08x}", (n as u32 + 7).wrapping_mul(2_654_435_761))
        };
        let (order, job, trip) = (id("ord", n), id("job", n), id("trip", n / 3));
        let mut say = |file: usize, ms: i64, event: &str, ids: &[(&str, &str)]| {
            let time = Timestamp(1_767_600_000_000 + n * 10_000 + ms).to_rfc3339();
            let ids = ids.iter().map(|(k, v)| format!(", \"{k}\": \"{v}\""));
            let ids: String = ids.collect::<Vec<_>>().concat();
            writeln!(
                files[file],
                "{{\"timestamp\": \"{time}\", \"level\": \"INFO\", \"event\": \"{event}\"{ids}}}"
            )
            .unwrap();
        };
        say(0, 0, "received", &[("orderId", &order)]);
        let all = [("orderId", &*order), ("jobId", &job), ("tripId", &trip)];
        say(1, 300, "dispatched", &all);
        if n != 40 && n != 41 {
            say(2, 700, "started", &[("jobId", &job)]);
            say(2, 1200, "finished", &[("jobId", &job)]);
        }
    }
    let logs = folder.join("logs");
    fs::create_dir_all(&logs).unwrap();
    for (name, text) in ["gateway", "dispatcher", "worker"].into_iter().zip(&files) {
        fs::write(logs.join(format!("{name}.jsonl")), text).unwrap();
    }
}

pub(super) fn found(folder: &Path) -> Discovery {
    discover(
        &look(&plan(folder, "").unwrap(), later, &mut |_| {})
            .unwrap()
            .corpus,
    )
}

/// How many messages of each verdict a configuration leads to.
pub(super) fn counts(folder: &Path, config: &str) -> Vec<(Verdict, u64)> {
    let run = Investigation::start(&plan(folder, config).unwrap(), later).unwrap();
    run.wait(Duration::from_hours(1), |_| {});
    let totals = run.overview().totals();
    let all = Verdict::ALL.into_iter().map(|v| (v, totals.of(v)));
    all.filter(|(_, n)| *n > 0).collect()
}

/// Compares with what was kept under this name.
pub(super) fn kept(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

impl Desk {
    pub(super) fn new(name: &str, columns: u16, rows: u16) -> Self {
        let folder = folder(&format!("corrected-{name}"));
        write(&folder);
        Self::over(folder, columns, rows)
    }

    /// Over logs that are there.
    pub(super) fn over(folder: PathBuf, columns: u16, rows: u16) -> Self {
        let found = found(&folder);
        let config = learnt::text(&found);
        let first = Investigation::start(&plan(&folder, &config).unwrap(), later).unwrap();
        first.wait(Duration::from_hours(1), |_| {});
        let here = folder.clone();
        let planner: Planner = Arc::new(move |text| plan(&here, text));
        let mut model = Model::new("logs", later(), None, (columns, rows));
        model.learnt = Some(Box::new(LearntView::new(Basis {
            found: Arc::new(found),
            own: String::new(),
            base: folder.clone(),
            target: folder.join("lastseen.toml"),
            saved: false,
            at_once: true,
        })));
        Self {
            model,
            again: Again::new(first, planner, later),
            folder,
            judged: 0,
            quit: false,
        }
    }

    /// The run has told what it knows.
    pub(super) fn told(mut self) -> Self {
        self.news();
        self
    }

    pub(super) fn news(&mut self) {
        let answer = Answer::Overview(self.again.overview(), self.again.findings());
        self.input(Input::Answer(later(), answer));
    }

    pub(super) fn input(&mut self, input: Input) {
        for effect in update(&mut self.model, input) {
            match effect {
                Effect::Ask(question) => {
                    if let Some(answer) = self.answer(question) {
                        self.input(Input::Answer(later(), answer));
                    }
                }
                Effect::Judge(text) => {
                    let begun = self.again.judge_again(&text);
                    self.judged += 1;
                    self.input(Input::Answer(later(), Answer::JudgedAgain(begun)));
                    self.again.run().wait(Duration::from_hours(1), |_| {});
                    self.news();
                }
                Effect::SaveConfiguration {
                    path,
                    text,
                    replace,
                } => {
                    let saved = Answer::Saved(save(&path, &text, replace));
                    self.input(Input::Answer(later(), saved));
                }
                Effect::Quit => self.quit = true,
                _ => {}
            }
        }
    }

    fn answer(&self, question: Question) -> Option<Answer> {
        Some(match question {
            Question::Messages(query) => {
                let page = self.again.messages(&query);
                Answer::Messages(query, Box::new(page))
            }
            Question::Lifecycle(handle) => {
                Answer::Lifecycle(handle, self.again.lifecycle(handle).map(Box::new))
            }
            Question::Text(at) => Answer::Text(at, self.again.text(at).map_err(|e| e.to_string())),
            Question::Log(query) => {
                let page = self.again.log(&query);
                Answer::Log(query, Box::new(page))
            }
            _ => return None,
        })
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for chord in chords(keys) {
            self.input(Input::Key(chord));
        }
        self
    }

    /// Deletes what stands at the prompt and types this instead.
    pub(super) fn types(&mut self, text: &str) -> &mut Self {
        self.keys("<ctrl-u>");
        self.input(Input::Paste(text.to_owned()));
        self
    }

    /// Goes to a guess by the keys that move.
    #[track_caller]
    pub(super) fn to(&mut self, wanted: impl Fn(Part, &str) -> bool) -> &mut Self {
        let rows = &self.model.learnt.as_ref().unwrap().rows;
        let row = rows
            .iter()
            .position(|guess| wanted(guess.part, &guess.text));
        let row = row.unwrap_or_else(|| panic!("no such guess among {rows:#?}"));
        self.keys("9g").keys(&"j".repeat(row))
    }

    pub(super) fn lost(&self) -> u64 {
        self.model.overview.totals().of(Verdict::Lost)
    }

    pub(super) fn blind(&self) -> u64 {
        self.model.overview.totals().of(Verdict::Blind)
    }

    /// How many messages there are, whatever became of them.
    pub(super) fn messages(&self) -> usize {
        let all = MessageQuery {
            limit: 1,
            ..MessageQuery::default()
        };
        self.again.messages(&all).total
    }

    pub(super) fn config(&self) -> &str {
        &self.model.learnt.as_ref().unwrap().text
    }

    pub(super) fn screen(&self) -> String {
        let theme = Theme::load("dusk", None, Depth::True).unwrap();
        let size = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(size.columns, size.rows)).unwrap();
        terminal
            .draw(|frame| ui::draw(&self.model, &theme, frame))
            .unwrap();
        text(terminal.backend().buffer())
    }

    #[track_caller]
    pub(super) fn shows(&mut self, wanted: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(wanted), "no {wanted:?} on:\n{screen}");
        self
    }
}
