//! What can be asked of whoever hunts for the messages of a run.

use std::sync::Arc;

use crate::domain::hunt::Hunt;
use crate::domain::view::{MessageRow, Overview};

/// What can hunt for the messages of a run.
pub trait Hunter: Send + Sync {
    /// Begins a hunt for these messages in everything that the run has not read; ends the one before.
    ///
    /// # Errors
    /// Says why there can be none.
    fn begin(&self, messages: Vec<MessageRow>, overview: &Overview) -> Result<(), String>;
    /// The hunt as far as it has come, if that is further than it was told last.
    fn news(&self) -> Option<Arc<Hunt>>;
    /// Ends the hunt; what was found stays.
    fn end(&self);
}
