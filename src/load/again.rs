//! A run whose configuration was learnt and is being corrected: each correction makes another run of
//! the same files, in the place of the one before.
//!
//! The timeline and the hunt belong to what is read, not to how: they stay.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::answers::Answers;
use super::beside::Beside;
use super::hunter::Hunter;
use super::lock::lock;
use super::notebook::Notebook;
use super::notes::Notes;
use super::{Clock, Investigation};
use crate::config::plan::Plan;
use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::sheet::Sheet;
use crate::domain::signals::view::Signals;
use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery, Overview};
use crate::sources::texts::RawEvent;

/// What a text makes of the run: the plan, or what is wrong with it.
pub type Planner = Arc<dyn Fn(&str) -> Result<Plan, String> + Send + Sync>;

/// Versions of one run; the next run's are above them all.
const TURN: u64 = 1 << 40;

/// See the module.
pub struct Again {
    run: Mutex<Arc<Investigation>>,
    turn: AtomicU64,
    planner: Planner,
    clock: Clock,
    beside: Arc<Beside>,
    notes: Arc<Notes>,
}

impl Again {
    /// A run that can be judged again, as `planner` plans it.
    #[must_use]
    pub fn new(first: Investigation, planner: Planner, clock: Clock) -> Self {
        Self {
            beside: Arc::clone(&first.beside),
            notes: Arc::clone(&first.notes),
            run: Mutex::new(Arc::new(first)),
            turn: AtomicU64::new(0),
            planner,
            clock,
        }
    }

    /// The newest run. Whoever asks it keeps it, even if another takes its place meanwhile.
    #[must_use]
    pub fn run(&self) -> Arc<Investigation> {
        Arc::clone(&lock(&self.run))
    }
}

impl Answers for Again {
    fn version(&self) -> u64 {
        let run = lock(&self.run);
        self.turn.load(Ordering::Acquire) * TURN + run.version()
    }

    fn overview(&self) -> Arc<Overview> {
        self.run().overview()
    }

    fn findings(&self) -> Arc<Vec<Finding>> {
        self.run().findings()
    }

    fn signals(&self) -> Arc<Signals> {
        self.run().signals()
    }

    fn sheets(&self) -> Vec<Sheet> {
        self.run().sheets()
    }

    fn messages(&self, query: &MessageQuery) -> MessagePage {
        self.run().messages(query)
    }

    fn messages_unless(
        &self,
        query: &MessageQuery,
        given_up: &dyn Fn() -> bool,
    ) -> Option<MessagePage> {
        self.run().messages_unless(query, given_up)
    }

    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.run().lifecycle(handle)
    }

    fn text(&self, reference: TextRef) -> io::Result<RawEvent> {
        self.run().text(reference)
    }

    fn log(&self, query: &LogQuery) -> LogPage {
        self.run().log(query)
    }

    fn stop(&self) {
        self.run().stop();
    }

    fn notices(&self) -> Vec<String> {
        self.run().notices()
    }

    fn hunter(&self) -> Option<&dyn Hunter> {
        Some(&*self.beside)
    }

    fn judge_again(&self, text: &str) -> Result<(), String> {
        let plan = (self.planner)(text)?;
        // Two runs at once would share memory and disk.
        self.run().stop();
        let next = Investigation::start(&plan, self.clock)
            .map_err(|error| format!("reading cannot begin: {error}"))?;
        let mut run = lock(&self.run);
        self.turn.fetch_add(1, Ordering::AcqRel);
        *run = Arc::new(next);
        Ok(())
    }

    fn notebook(&self) -> Option<&dyn Notebook> {
        Some(&*self.notes)
    }
}
