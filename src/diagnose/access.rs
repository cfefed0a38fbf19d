//! How detectors look at single messages: through functions, a few at a time.

use crate::domain::view::{LifecycleView, MessageHandle, MessagePage, MessageQuery};

/// At most so many IDs stand beside a finding.
pub const SAMPLE: usize = 20;

/// Asks for single messages.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// Some of the messages.
    pub messages: &'a dyn Fn(&MessageQuery) -> MessagePage,
    /// One message with all its sightings.
    pub lifecycle: &'a dyn Fn(MessageHandle) -> Option<LifecycleView>,
}
