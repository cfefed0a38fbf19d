//! The same sources over another time: the run is ended, and another begins in the same case, so that
//! only what is missing is fetched.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::answers::{Answers, Wider};
use super::lock::lock;
use crate::case::place::NoPlace;
use crate::config::plan::{CasePlan, Plan};
use crate::domain::time::Span;
use crate::sources::channel::Stopper;

/// So often, and with such a pause, a case is tried that the run before is still letting go of.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(50);

/// Whether a run has ended, and who stops it.
pub(super) type Ending = (Arc<(Mutex<bool>, Condvar)>, Stopper);

/// Ends the run, then begins the one of this plan; `start` starts it.
pub(super) fn wider(
    plan: Plan,
    ending: Ending,
    start: impl Fn(&Plan) -> io::Result<Arc<dyn Answers>> + Send + 'static,
) -> Wider {
    Box::new(move |before| {
        end(ending, before);
        begin(plan, start)
    })
}

/// Ends a run, and lets go of it.
fn end((finished, stopper): Ending, run: Arc<dyn Answers>) {
    stopper.stop();
    let held = lock(&finished.0);
    let waited = finished.1.wait_while(held, |finished| !*finished);
    drop(waited.unwrap_or_else(PoisonError::into_inner));
    drop(run);
}

/// The plan that reads the same over another time, in the case at `path`.
///
/// # Errors
/// Why there can be none.
pub(super) fn plan(plan: &Plan, window: Span, path: Option<PathBuf>) -> Result<Plan, String> {
    if plan.stdin.is_some() && plan.spooled.is_none() {
        return Err("standard input was read as it came, and cannot be read again".to_owned());
    }
    if matches!(plan.case, CasePlan::Reopen(_)) {
        return Err("this case is only looked at; ask its sources again for more".to_owned());
    }
    let files = !plan.files.is_empty() || plan.stdin.is_some();
    if plan.environments.is_empty() && (!files || plan.window.is_none()) {
        return Err("all that is there was read: there is no more time to it".to_owned());
    }
    let mut plan = plan.clone();
    // What is followed ends where it was to end.
    let to = plan
        .window
        .filter(|_| plan.follow)
        .map_or(window.to, |w| w.to);
    let window = Span::new(window.from, to);
    plan.window = Some(window);
    if let CasePlan::Write(write) = &mut plan.case {
        write.file = path.or(write.file.take());
        write.fresh = false;
        write.question.window = Some((window.from.0, window.to.0));
        let typed = &mut write.question.typed;
        typed.since = None;
        typed.from = Some(window.from.to_string());
        typed.to = Some(window.to.to_string());
    }
    Ok(plan)
}

/// Begins it. Where the case cannot be gone on with, everything is fetched again.
fn begin(
    mut plan: Plan,
    start: impl Fn(&Plan) -> io::Result<Arc<dyn Answers>>,
) -> io::Result<Arc<dyn Answers>> {
    for _ in 0..TRIES {
        match start(&plan) {
            Ok(run) => return Ok(run),
            Err(error) if is_held(&error) => thread::sleep(PAUSE),
            Err(_) => break,
        }
    }
    plan.case = CasePlan::None;
    start(&plan)
}

fn is_held(error: &io::Error) -> bool {
    let none = error.get_ref().and_then(|e| e.downcast_ref::<NoPlace>());
    none.is_some_and(|none| none.message.contains("is being written"))
}
