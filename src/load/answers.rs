//! What can be asked of a run: the one interface between a load and whoever shows it.
//!
//! Answers are plain data ([`crate::domain::view`]); nobody outside holds the ledger's lock.

use std::io;
use std::sync::Arc;

use super::hunter::Hunter;
use super::notebook::Notebook;
use crate::diagnose::finding::Finding;
use crate::domain::event::TextRef;
use crate::domain::log::view::{LogPage, LogQuery};
use crate::domain::sheet::Sheet;
use crate::domain::signals::view::Signals;
use crate::domain::time::Span;
use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery, Overview};
use crate::sources::texts::RawEvent;

/// Ends a run, and begins the one that reads the same over another time. What the first has fetched into
/// a case is not fetched again.
pub type Wider = Box<dyn FnOnce(Arc<dyn Answers>) -> io::Result<Arc<dyn Answers>> + Send>;

/// What can be asked of a run at any time while it loads and after.
///
/// Every call may block for as long as a batch takes to be applied: call it off the drawing thread.
pub trait Answers: Send + Sync {
    /// Changes whenever an answer may have changed.
    fn version(&self) -> u64;
    /// The whole picture.
    fn overview(&self) -> Arc<Overview>;
    /// The findings, most telling first.
    fn findings(&self) -> Arc<Vec<Finding>>;
    /// What all log lines told, whether they name a message or not. Large: ask for it when it is needed.
    fn signals(&self) -> Arc<Signals>;
    /// All messages side by side, for comparisons. Walks over everything: ask for it when it is needed.
    fn sheets(&self) -> Vec<Sheet>;
    /// Some of the messages.
    fn messages(&self, query: &MessageQuery) -> MessagePage;
    /// The same, unless nobody waits for it any more before it is there.
    fn messages_unless(
        &self,
        query: &MessageQuery,
        _given_up: &dyn Fn() -> bool,
    ) -> Option<MessagePage> {
        Some(self.messages(query))
    }
    /// One message.
    fn lifecycle(&self, handle: MessageHandle) -> Option<LifecycleView>;
    /// A log event's raw text.
    ///
    /// # Errors
    /// When its origin is gone or has changed.
    fn text(&self, reference: TextRef) -> io::Result<RawEvent>;
    /// Some lines of the log, as far as they can be looked at in a moment: who wants more goes on from
    /// where the answer ends.
    fn log(&self, query: &LogQuery) -> LogPage;
    /// Cancels the load; what was read stays.
    fn stop(&self);
    /// What the user should know of where the pages of this run stay.
    fn notices(&self) -> Vec<String> {
        Vec::new()
    }
    /// How to read the same over another time.
    ///
    /// # Errors
    /// Why it cannot be read again.
    fn wider(&self, _window: Span) -> Result<Wider, String> {
        Err("this cannot be read over another time: start it with --from and --to".to_owned())
    }
    /// Who hunts for messages of this run in what it has not read.
    fn hunter(&self) -> Option<&dyn Hunter> {
        None
    }
    /// Reads and judges everything again, by the configuration that this text is; the answers of before
    /// are forgotten.
    ///
    /// # Errors
    /// Why it cannot; the answers stay then.
    fn judge_again(&self, _text: &str) -> Result<(), String> {
        Err(
            "what is read here cannot be read again at once; w saves this for the next run"
                .to_owned(),
        )
    }
    /// Who keeps the timeline of this run.
    fn notebook(&self) -> Option<&dyn Notebook> {
        None
    }
}
