//! `--share` without a screen: log text is masked whole before any of it is quoted.

use std::io;
use std::sync::Arc;

use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::mask::Mask;
use crate::domain::signals::view::Signals;
use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery, Overview};
use crate::load::answers::Answers;
use crate::load::hunter::Hunter;
use crate::sources::texts::RawEvent;

/// Answers whose log text is masked.
pub struct Shared {
    answers: Arc<dyn Answers>,
    mask: Arc<Mask>,
}

impl Shared {
    /// Masks the log text of these answers.
    #[must_use]
    pub const fn new(answers: Arc<dyn Answers>, mask: Arc<Mask>) -> Self {
        Self { answers, mask }
    }
}

impl Answers for Shared {
    fn version(&self) -> u64 {
        self.answers.version()
    }

    fn overview(&self) -> Arc<Overview> {
        self.answers.overview()
    }

    fn findings(&self) -> Arc<Vec<Finding>> {
        self.answers.findings()
    }

    fn signals(&self) -> Arc<Signals> {
        self.answers.signals()
    }

    fn messages(&self, query: &MessageQuery) -> MessagePage {
        self.answers.messages(query)
    }

    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView> {
        self.answers.lifecycle(handle)
    }

    fn text(&self, reference: TextRef) -> io::Result<RawEvent> {
        let event = self.answers.text(reference)?;
        Ok(RawEvent {
            raw: self.mask.mask_bytes(&event.raw),
            text: self.mask.mask_bytes(&event.text),
        })
    }

    fn stop(&self) {
        self.answers.stop();
    }

    fn notices(&self) -> Vec<String> {
        self.answers.notices()
    }

    fn hunter(&self) -> Option<&dyn Hunter> {
        self.answers.hunter()
    }
}
