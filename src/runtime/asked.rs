//! The run that is asked: who asks it, who writes its timeline, and how another takes its place.
//!
//! While another run begins nobody is asked; what is written on the timeline meanwhile waits.

use std::sync::Arc;
use std::thread;

use anyhow::Context as _;
use async_channel::{Receiver, Sender, bounded};

use super::clerk::Clerk;
use super::worker::{Report, Save, Worker};
use crate::app::input::{Input, Question};
use crate::domain::time::{Span, Timestamp};
use crate::domain::timeline::Change;
use crate::load::answers::Answers;

/// A run that has begun, or why there is none.
type Begun = anyhow::Result<Arc<dyn Answers>>;

/// See the module.
pub(super) struct Asked {
    clock: fn() -> Timestamp,
    /// Nothing while another begins.
    desk: Option<Desk>,
    inputs: Receiver<Input>,
    /// What was written while nobody wrote it down.
    waiting: Vec<(u64, Change)>,
    begun: (Sender<Begun>, Receiver<Begun>),
    /// Keeps the channel of inputs open while nobody sends.
    nobody: Option<Sender<Input>>,
}

struct Desk {
    answers: Arc<dyn Answers>,
    worker: Worker,
    clerk: Clerk,
}

impl Asked {
    /// Begins to ask a run.
    pub(super) fn start(
        answers: Arc<dyn Answers>,
        clock: fn() -> Timestamp,
    ) -> anyhow::Result<Self> {
        let mut asked = Self {
            clock,
            desk: None,
            inputs: bounded(1).1,
            waiting: Vec::new(),
            begun: bounded(1),
            nobody: None,
        };
        asked.go_on(answers)?;
        Ok(asked)
    }

    /// Asks this run from now on.
    pub(super) fn go_on(&mut self, answers: Arc<dyn Answers>) -> anyhow::Result<()> {
        let clerk = Clerk::start(Arc::clone(&answers))?;
        for (number, change) in self.waiting.drain(..) {
            clerk.write(number, change);
        }
        let (worker, inputs) = Worker::start(Arc::clone(&answers), self.clock)?;
        (self.inputs, self.nobody) = (inputs, None);
        self.desk = Some(Desk {
            answers,
            worker,
            clerk,
        });
        Ok(())
    }

    /// Ends this run and begins another, which reads the same over another time.
    pub(super) fn again(&mut self, window: Span) -> Result<(), String> {
        let desk = self.desk.as_ref().ok_or("another range is being read")?;
        let again = desk.answers.wider(window)?;
        let Some(Desk {
            answers,
            worker,
            clerk,
        }) = self.desk.take()
        else {
            return Ok(());
        };
        let (nobody, inputs) = bounded(1);
        (self.inputs, self.nobody) = (inputs, Some(nobody));
        let begun = self.begun.0.clone();
        thread::Builder::new()
            .name("again".into())
            .spawn(move || {
                drop((worker, clerk));
                let run = again(answers).context("the other range cannot be read");
                // Whoever has quit meanwhile wants no other.
                let _ = begun.send_blocking(run);
            })
            .map(drop)
            .map_err(|error| error.to_string())
    }

    /// What comes from the run.
    pub(super) fn inputs(&self) -> Receiver<Input> {
        self.inputs.clone()
    }

    /// The other run, once it has begun.
    pub(super) fn begun(&self) -> Receiver<Begun> {
        self.begun.1.clone()
    }

    pub(super) fn ask(&self, question: Question) {
        if let Some(desk) = &self.desk {
            desk.worker.ask(question);
        }
    }

    pub(super) fn report(&self, report: Report) {
        if let Some(desk) = &self.desk {
            desk.worker.report(report);
        }
    }

    pub(super) fn note(&mut self, number: u64, change: Change) {
        match &self.desk {
            Some(desk) => desk.clerk.write(number, change),
            None => self.waiting.push((number, change)),
        }
    }

    pub(super) fn judge(&self, text: String) {
        if let Some(desk) = &self.desk {
            desk.worker.judge(text);
        }
    }

    pub(super) fn save(&self, save: Save) {
        if let Some(desk) = &self.desk {
            desk.worker.save(save);
        }
    }

    pub(super) fn stop_load(&self) {
        if let Some(desk) = &self.desk {
            desk.worker.stop_load();
        }
    }

    pub(super) fn stop_hunt(&self) {
        if let Some(desk) = &self.desk {
            desk.worker.stop_hunt();
        }
    }
}
