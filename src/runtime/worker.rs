//! The one thread that asks the run, so that the drawing thread never waits.
//!
//! Of each kind of question only the newest waits; an older one that was not begun is forgotten, and a
//! list that is being made for an older question is given up. A change of the data is noticed by its version, looked at a few times a second while loading.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use async_channel::{Receiver, Sender};
use chrono_tz::Tz;

use super::post_mortem;
use super::save::save;
use crate::app::input::{Answer, Input, Question};
use crate::diagnose::compare::{Sides, compare};
use crate::diagnose::telling::{Wanted, telling};
use crate::domain::event::TextRef;
use crate::domain::hunt::Hunt;
use crate::domain::log::view::LogQuery;
use crate::domain::mask::Mask;
use crate::domain::time::Timestamp;
use crate::domain::timeline::Timeline;
use crate::domain::view::{MessageHandle, MessageQuery};
use crate::load::answers::Answers;
use crate::load::hunter::Hunter;
use crate::load::notebook::Notebook;

/// How often the version is looked at while something loads.
const LOADING: Duration = Duration::from_millis(150);
/// And after that: what is followed may still grow.
const SETTLED: Duration = Duration::from_millis(500);
/// Answers that fit between the worker and the screen.
const CAPACITY: usize = 16;

/// A report to be written: with which notes, in which zone, and what masks it.
pub type Report = (Timeline, Tz, Option<Mask>);

/// A configuration to be saved: where, what, and whether a file that is there may be replaced.
pub type Save = (PathBuf, String, bool);

/// What waits to be asked.
#[derive(Default)]
struct Waiting {
    messages: Option<MessageQuery>,
    lifecycle: Option<MessageHandle>,
    text: Option<TextRef>,
    log: Option<LogQuery>,
    hunt: Option<MessageQuery>,
    report: Option<Report>,
    measured: Option<Wanted>,
    compare: Option<Sides>,
    judge: Option<String>,
    save: Option<Save>,
    stop_load: bool,
    stop_hunt: bool,
    quit: bool,
}

#[derive(Default)]
struct Desk {
    waiting: Mutex<Waiting>,
    rung: Condvar,
    /// A newer question about messages waits. Only changed by who holds the lock.
    newer: AtomicBool,
}

/// What the worker does next.
enum Job {
    Ask(Question),
    Report(Report),
    Judge(String),
    Save(Save),
    StopLoad,
    StopHunt,
    Look,
    Quit,
}

/// The worker, from the drawing thread's side.
pub struct Worker {
    desk: Arc<Desk>,
}

impl Worker {
    /// Starts the thread; its answers arrive at the receiver.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(
        answers: Arc<dyn Answers>,
        clock: fn() -> Timestamp,
    ) -> anyhow::Result<(Self, Receiver<Input>)> {
        let (sender, receiver) = async_channel::bounded(CAPACITY);
        let desk = Arc::<Desk>::default();
        let own = Arc::clone(&desk);
        thread::Builder::new()
            .name("answers".into())
            .spawn(move || work(&own, &*answers, clock, &sender))
            .context("the thread that asks for answers could not be started")?;
        Ok((Self { desk }, receiver))
    }

    /// Asks; replaces a question of the same kind that still waits.
    pub fn ask(&self, question: Question) {
        self.ring(|waiting| match question {
            Question::Messages(query) => {
                waiting.messages = Some(query);
                self.desk.newer.store(true, Ordering::Relaxed);
            }
            Question::Lifecycle(handle) => waiting.lifecycle = Some(handle),
            Question::Text(at) => waiting.text = Some(at),
            Question::Log(query) => waiting.log = Some(query),
            Question::Hunt(query) => waiting.hunt = Some(query),
            Question::Measured(wanted) => waiting.measured = Some(wanted),
            Question::Compare(sides) => waiting.compare = Some(sides),
        });
    }

    /// Writes the report into a file.
    pub fn report(&self, report: Report) {
        self.ring(|waiting| waiting.report = Some(report));
    }

    /// Judges everything again by this configuration.
    pub fn judge(&self, text: String) {
        self.ring(|waiting| waiting.judge = Some(text));
    }

    /// Saves the configuration.
    pub fn save(&self, save: Save) {
        self.ring(|waiting| waiting.save = Some(save));
    }

    /// Cancels the load.
    pub fn stop_load(&self) {
        self.ring(|waiting| waiting.stop_load = true);
    }

    /// Cancels the hunt.
    pub fn stop_hunt(&self) {
        self.ring(|waiting| waiting.stop_hunt = true);
    }

    fn ring(&self, change: impl FnOnce(&mut Waiting)) {
        let mut waiting = self
            .desk
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        change(&mut waiting);
        self.desk.rung.notify_one();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.ring(|waiting| waiting.quit = true);
    }
}

impl Desk {
    /// The next thing to do: a question as soon as there is one, else a look at `due`.
    fn next(&self, due: Instant) -> Job {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if waiting.quit {
                return Job::Quit;
            }
            if let Some(text) = waiting.judge.take() {
                // They are about the run before.
                (waiting.lifecycle, waiting.text) = (None, None);
                return Job::Judge(text);
            }
            if let Some(save) = waiting.save.take() {
                return Job::Save(save);
            }
            if std::mem::take(&mut waiting.stop_load) {
                return Job::StopLoad;
            }
            if std::mem::take(&mut waiting.stop_hunt) {
                return Job::StopHunt;
            }
            let left = due.saturating_duration_since(Instant::now());
            // Data that is due comes before the next question, so that typing never starves it.
            if left.is_zero() {
                return Job::Look;
            }
            if let Some(at) = waiting.text.take() {
                return Job::Ask(Question::Text(at));
            }
            if let Some(handle) = waiting.lifecycle.take() {
                return Job::Ask(Question::Lifecycle(handle));
            }
            if let Some(query) = waiting.hunt.take() {
                return Job::Ask(Question::Hunt(query));
            }
            if let Some(query) = waiting.messages.take() {
                self.newer.store(false, Ordering::Relaxed);
                return Job::Ask(Question::Messages(query));
            }
            if let Some(query) = waiting.log.take() {
                return Job::Ask(Question::Log(query));
            }
            if let Some(report) = waiting.report.take() {
                return Job::Report(report);
            }
            if let Some(wanted) = waiting.measured.take() {
                return Job::Ask(Question::Measured(wanted));
            }
            if let Some(sides) = waiting.compare.take() {
                return Job::Ask(Question::Compare(sides));
            }
            waiting = self
                .rung
                .wait_timeout(waiting, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

fn work(desk: &Desk, answers: &dyn Answers, clock: fn() -> Timestamp, sender: &Sender<Input>) {
    let mut seen = None;
    let (mut settled, mut live) = (false, false);
    let mut hunting = false;
    let mut due = Instant::now();
    loop {
        let input = match desk.next(due) {
            Job::Quit => return,
            Job::StopLoad => {
                answers.stop();
                continue;
            }
            Job::StopHunt => {
                if let Some(hunter) = answers.hunter() {
                    hunter.end();
                }
                continue;
            }
            Job::Judge(text) => {
                let begun = answers.judge_again(&text);
                (settled, due) = (false, Instant::now());
                Input::Answer(clock(), Answer::JudgedAgain(begun))
            }
            Job::Save((path, text, replace)) => {
                Input::Answer(clock(), Answer::Saved(save(&path, &text, replace)))
            }
            Job::Ask(question) => {
                let given_up = || desk.newer.load(Ordering::Relaxed);
                let Some(answer) = answer(answers, question, &given_up) else {
                    continue;
                };
                Input::Answer(clock(), answer)
            }
            Job::Report((timeline, zone, mask)) => {
                let how = (zone, clock(), mask.as_ref());
                Input::Told(post_mortem::write(answers, &timeline, how, &folders()))
            }
            Job::Look => {
                for news in beside(answers, &mut hunting) {
                    if sender.send_blocking(Input::Answer(clock(), news)).is_err() {
                        return;
                    }
                }
                let version = answers.version();
                let input = if seen == Some(version) {
                    (!settled).then(|| Input::Tick(clock()))
                } else {
                    seen = Some(version);
                    let overview = answers.overview();
                    (settled, live) = (overview.settled, overview.live);
                    let findings = answers.findings();
                    let answer = Answer::Overview(overview, findings);
                    Some(Input::Answer(clock(), answer))
                };
                let quiet = (settled || live) && !hunting;
                due = Instant::now() + if quiet { SETTLED } else { LOADING };
                match input {
                    Some(input) => input,
                    None => continue,
                }
            }
        };
        if sender.send_blocking(input).is_err() {
            return;
        }
    }
}

/// News of the timeline and of the hunt.
fn beside(answers: &dyn Answers, hunting: &mut bool) -> Vec<Answer> {
    let noted = answers.notebook().and_then(Notebook::news);
    let hunt = answers.hunter().and_then(Hunter::news);
    if let Some(hunt) = &hunt {
        *hunting = !hunt.done;
    }
    let noted = noted.map(Answer::Timeline);
    noted
        .into_iter()
        .chain(hunt.map(|hunt| Answer::Hunt(Ok(hunt))))
        .collect()
}

/// Where a report may go: where the program was started, else where everybody may write.
fn folders() -> Vec<PathBuf> {
    let here = std::env::current_dir().ok();
    here.into_iter().chain([std::env::temp_dir()]).collect()
}

fn answer(
    answers: &dyn Answers,
    question: Question,
    given_up: &dyn Fn() -> bool,
) -> Option<Answer> {
    Some(match question {
        Question::Messages(query) => {
            let page = answers.messages_unless(&query, given_up)?;
            Answer::Messages(query, Box::new(page))
        }
        Question::Lifecycle(handle) => {
            Answer::Lifecycle(handle, answers.lifecycle(handle).map(Box::new))
        }
        Question::Text(at) => Answer::Text(at, answers.text(at).map_err(|error| error.to_string())),
        Question::Log(query) => {
            let page = answers.log(&query);
            Answer::Log(query, Box::new(page))
        }
        Question::Measured(wanted) => {
            let told = telling(&answers.signals(), &wanted, &answers.overview());
            Answer::Measured(wanted, Arc::new(told))
        }
        Question::Compare(sides) => {
            let compared = compare(&sides, &answers.overview(), &|| answers.sheets());
            Answer::Compare(sides, Arc::new(compared))
        }
        Question::Hunt(query) => Answer::Hunt(begin(answers, &query)),
    })
}

/// Begins a hunt; what is known of it at once.
fn begin(answers: &dyn Answers, query: &MessageQuery) -> Result<Arc<Hunt>, String> {
    let hunter = answers.hunter().ok_or("nothing can be hunted here")?;
    hunter.begin(answers.messages(query).rows, &answers.overview())?;
    hunter.news().ok_or_else(|| "the hunt is over".to_owned())
}
