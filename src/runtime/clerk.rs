//! Writes the timeline down, change by change, off the drawing loop.
//!
//! Nothing is left out and nothing overtakes: whatever was taken in is written before the program
//! ends, unless the disk does not answer at all.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::domain::timeline::Change;
use crate::load::answers::Answers;

/// So long the end of the program waits for a disk.
const PATIENCE: Duration = Duration::from_millis(700);

#[derive(Default)]
struct Desk {
    waiting: VecDeque<(u64, Change)>,
    busy: bool,
    quit: bool,
}

type Shared = Arc<(Mutex<Desk>, Condvar)>;

/// The thread, from the drawing thread's side.
pub struct Clerk {
    shared: Shared,
}

impl Clerk {
    /// Starts it.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(answers: Arc<dyn Answers>) -> anyhow::Result<Self> {
        let shared = Shared::default();
        let own = Arc::clone(&shared);
        thread::Builder::new()
            .name("notes".into())
            .spawn(move || work(&own, &*answers))
            .context("the thread that writes the timeline could not be started")?;
        Ok(Self { shared })
    }

    /// Takes in a change.
    pub fn write(&self, number: u64, change: Change) {
        desk(&self.shared).waiting.push_back((number, change));
        self.shared.1.notify_all();
    }
}

impl Drop for Clerk {
    fn drop(&mut self) {
        let mut held = desk(&self.shared);
        held.quit = true;
        self.shared.1.notify_all();
        let unfinished = |desk: &mut Desk| desk.busy || !desk.waiting.is_empty();
        // A disk that does not answer must not keep the program from ending.
        let _ended = self.shared.1.wait_timeout_while(held, PATIENCE, unfinished);
    }
}

fn desk(shared: &Shared) -> MutexGuard<'_, Desk> {
    shared.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(shared: &Shared, answers: &dyn Answers) {
    let mut held = desk(shared);
    loop {
        if let Some((number, change)) = held.waiting.pop_front() {
            held.busy = true;
            drop(held);
            if let Some(notebook) = answers.notebook() {
                notebook.write(number, &change);
            }
            held = desk(shared);
            held.busy = false;
            shared.1.notify_all();
        } else if held.quit {
            return;
        } else {
            held = shared.1.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
