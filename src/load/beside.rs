//! Hunting from a run that is being looked at: one hunt at a time, beside the load.

use std::sync::{Arc, Mutex};

use super::hunt::{HuntRequest, Hunting};
use super::hunter::Hunter;
use super::lock::lock;
use super::stranded;
use crate::config::plan::Plan;
use crate::domain::hunt::Hunt;
use crate::domain::time::Timestamp;
use crate::domain::view::{MessageRow, Overview};

/// The hunter of a real run.
pub(super) struct Beside {
    plan: Plan,
    clock: fn() -> Timestamp,
    /// The hunt, and the version that was told last.
    hunting: Mutex<Option<(Hunting, Option<u64>)>>,
}

impl Beside {
    pub(super) fn new(plan: Plan, clock: fn() -> Timestamp) -> Self {
        Self {
            plan,
            clock,
            hunting: Mutex::default(),
        }
    }
}

impl Hunter for Beside {
    fn begin(&self, messages: Vec<MessageRow>, overview: &Overview) -> Result<(), String> {
        if self.plan.environments.is_empty() && self.plan.files.is_empty() {
            return Err("there is nowhere else to look: no [[environment]] is configured".into());
        }
        if messages.is_empty() {
            return Err("none of these messages is lost".into());
        }
        let (targets, span) = stranded::of_rows(messages);
        let window = span.filter(|_| !self.plan.environments.is_empty());
        let request = HuntRequest {
            targets,
            window: window.map(|span| stranded::around(span, &self.plan, (self.clock)())),
            loaded: Some(stranded::loaded(overview)),
            ..HuntRequest::default()
        };
        let hunting = Hunting::start(&self.plan, &request, self.clock)
            .map_err(|error| format!("the hunt cannot begin: {error}"))?;
        *lock(&self.hunting) = Some((hunting, None));
        Ok(())
    }

    fn news(&self) -> Option<Arc<Hunt>> {
        let mut hunting = lock(&self.hunting);
        let (hunting, told) = hunting.as_mut()?;
        let version = hunting.version();
        let news = told.replace(version) != Some(version);
        news.then(|| Arc::new(hunting.snapshot()))
    }

    fn end(&self) {
        if let Some((hunting, _)) = &*lock(&self.hunting) {
            hunting.cancel();
        }
    }
}
