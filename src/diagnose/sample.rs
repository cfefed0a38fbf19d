//! How detectors look at single messages: through a function, a few at a time.

use crate::domain::view::{MessagePage, MessageQuery};

/// At most so many IDs stand beside a finding.
pub const SAMPLE: usize = 20;

/// Asks for some of the messages.
pub type Sample<'a> = &'a dyn Fn(&MessageQuery) -> MessagePage;
